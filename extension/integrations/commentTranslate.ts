/**
 * Polyhead as a translation source of the extension Comment Translate (intellsmi.comment-translate): it finds sources by
 * `contributes.translates` in package.json, activates their extensions, and asks what they export for `extendTranslate`.
 * Nothing of ours depends on it.
 */
import { workspace } from 'vscode';
import { automatic } from '../../models/engine/protocol';
import { readConfig } from '../contributions';
import type { TranslateServices } from '../translate/translateCommands';

/** What a source is asked for; a language tag, or `auto`. */
interface SourceOptions {
  readonly from?: string;
  readonly to?: string;
}

/** What Comment Translate expects of a source. */
export interface TranslationSource {
  /** Characters of one request, at most. */
  readonly maxLen: number;
  /** Rejects with an Error whose message the person is shown. */
  translate(content: string, options?: SourceOptions): Promise<string>;
  /** Markdown that leads to the source. */
  link(content: string, options?: SourceOptions): string;
  isSupported(language: string): boolean;
}

/** Takes the source's class under its name. */
export type RegisterSource = (name: string, source: new () => TranslationSource) => void;

/** The name in package.json's `contributes.translates`. */
export const sourceName = 'polyhead';

const mostCharacters = 10_000;

/** What the extension exports for Comment Translate. */
export function extendTranslate({
  engines,
  languages,
}: TranslateServices): (register: RegisterSource) => void {
  class PolyheadSource implements TranslationSource {
    readonly maxLen = mostCharacters;

    async translate(
      content: string,
      { from = automatic, to = automatic }: SourceOptions = {},
    ): Promise<string> {
      const reading = languages.request('reading');
      const { translations } = await engines.translate({
        ...reading,
        from,
        to: to === automatic ? reading.to : to,
        minimumConfidence: readConfig(workspace, 'polyhead.minimumConfidence'),
        texts: [content],
      });
      return translations[0]!.text;
    }

    link(): string {
      return '[Polyhead](vscode:extension/polyhead.polyhead)';
    }

    /** What there is no model for is answered with a sentence that names the pairs that there are. */
    isSupported(): boolean {
      return true;
    }
  }
  return (register) => register(sourceName, PolyheadSource);
}
