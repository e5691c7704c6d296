/**
 * An engine and a finder of prose without processes: every line with words is a passage, and its translation is its
 * capitals; who reads is German. Lines with Chinese signs have no model, as the engine says where a request has no other.
 */
import { EngineError } from '../../../extension/engine/engineError';
import type { DocumentServices } from '../../../extension/documents/wholeDocument';
import type { ProsePassage } from '../../../extension/prose/passage';
import type { ParametersOf, ReplyOf, Translation } from '../../../models/engine/protocol';
import { collectLog } from '../extension/collectLog';

export const noModel = 'There is no model that translates zh → de.';
const isChinese = (text: string): boolean => /\p{Script=Han}/u.test(text);
const isGerman = (text: string): boolean => /\b(?:der|die|das)\b/.test(text);

/** Requests that the test answers as it likes, and what was asked. */
export class FakeEngine {
  /** The texts of each request. */
  readonly asked: (readonly string[])[] = [];
  readonly modelListeners = new Set<() => void>();
  /** How often a translation was fitted into its place. */
  fitted = 0;
  answer: (texts: readonly string[]) => Promise<ReplyOf<'translate'>> = translateAll;

  get services(): DocumentServices {
    return {
      engines: {
        translate: ({ texts }: ParametersOf<'translate'>) => {
          this.asked.push(texts);
          return this.answer(texts);
        },
        onDidChangeModels: (listener: () => void) => {
          this.modelListeners.add(listener);
          return { dispose: () => this.modelListeners.delete(listener) };
        },
      },
      languages: {
        request: () => ({ from: 'auto', to: 'de', preferredTarget: 'de' }),
        used: () => undefined,
      },
      finder: {
        passagesIn: (document: { getText: () => string }) =>
          Promise.resolve(this.passagesOf(document.getText())),
      },
      log: collectLog().log,
    } as unknown as DocumentServices;
  }

  passagesOf(text: string): ProsePassage[] {
    return [...text.matchAll(/[^\n]+/g)].map(({ 0: line, index }) => ({
      kind: 'comment',
      span: { start: index, end: index + line.length },
      text: line,
      keep: [],
      fits: () => true,
      fit: (translation) => {
        this.fitted++;
        return translation;
      },
      below: () => ({ line: 0, text: '' }),
    }));
  }
}

/** As the engine answers: fails where no text of a request has a model, and leaves single ones. */
export function translateAll(texts: readonly string[]): Promise<ReplyOf<'translate'>> {
  const isForeign = (text: string): boolean => !isChinese(text) && !isGerman(text);
  if (!texts.some(isForeign) && texts.some(isChinese))
    return Promise.reject(new EngineError('user', noModel));
  return Promise.resolve({ translations: texts.map(translationOf) });
}

function translationOf(text: string): Translation {
  const untouched = { text, from: 'en', to: 'de', alreadyInTarget: false, segments: [], masked: false };
  if (isGerman(text)) return { ...untouched, alreadyInTarget: true };
  if (isChinese(text)) return { ...untouched, withoutModel: true };
  const segments = [{ start: 0, end: text.length, confidence: 0.9, left: false }];
  return { ...untouched, text: text.toUpperCase(), segments };
}
