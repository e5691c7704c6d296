/**
 * The passages of a document in translation: what the engine is asked, and what of its answers takes whose place.
 */
import { workspace, type TextDocument } from 'vscode';
import type { Translation } from '../../models/engine/protocol';
import { readConfig } from '../contributions';
import type { RequestOptions } from '../engine/engineProcess';
import type { Direction } from '../languages/languages';
import { inSentences, withPatientProgress } from '../progress';
import type { ProseKind, ProsePassage } from '../prose/passage';
import type { ProseFinder } from '../prose/proseFinder';
import { PassageMarks } from '../translate/passageMarks';
import { accepts } from '../translate/accepts';
import { isTranslated } from '../translate/report';
import type { TranslateServices } from '../translate/translateCommands';
import type { Replacement } from './translatedText';

export interface DocumentServices extends TranslateServices {
  readonly finder: ProseFinder;
}

/** Translates passages of a document; one translation each. @throws EngineError */
export async function translatePassages(
  document: TextDocument,
  passages: readonly ProsePassage[],
  direction: Direction,
  { engines, languages }: DocumentServices,
  options: RequestOptions<'translate'>,
): Promise<Translation[]> {
  if (passages.length === 0) return [];
  const parameters = {
    ...languages.request(direction, document),
    minimumConfidence: readConfig(workspace, 'polyhead.minimumConfidence', document),
    texts: passages.map(({ text }) => text),
    keep: passages.map(({ keep }) => [...keep]),
  };
  const { translations } = await engines.translate(parameters, options);
  const used = translations.find(({ alreadyInTarget }) => !alreadyInTarget);
  if (used !== undefined) languages.used({ from: used.from, to: used.to });
  return translations;
}

/** What takes a passage's place; undefined where the passage stays: untranslated, or with something lost. */
export function replacementOf(
  passage: ProsePassage,
  translation: Translation | undefined,
): Replacement | undefined {
  if (translation === undefined || !isTranslated(translation) || !accepts(passage, translation))
    return undefined;
  return { span: passage.span, text: passage.fit(translation.text) };
}

export interface WholeTranslation {
  /** The document's text that the spans are of. */
  readonly source: string;
  /** Its version then. */
  readonly version: number;
  readonly passages: readonly ProsePassage[];
  /** One a passage. */
  readonly translations: readonly Translation[];
  readonly replacements: readonly Replacement[];
  /** Passages that stay since their translation lost something. */
  readonly unfit: number;
}

/** A whole document at once, with progress that can be cancelled. @throws EngineError */
export function translateWhole(
  document: TextDocument,
  kinds: ReadonlySet<ProseKind>,
  direction: Direction,
  services: DocumentServices,
  title: string,
): Promise<WholeTranslation> {
  return withPatientProgress(title, inSentences, async (signal, count) => {
    const passages = await services.finder.passagesIn(document, kinds, { signal });
    const [source, version] = [document.getText(), document.version];
    const spans = passages.map(({ span }) => span);
    const marks = new PassageMarks(document, () => (document.version === version ? spans : undefined));
    const translations = await translatePassages(document, passages, direction, services, {
      signal,
      onProgress: ({ done, total }) => count(done, total),
    }).finally(() => marks.dispose());
    const replacements = passages.flatMap(
      (passage, index) => replacementOf(passage, translations[index]) ?? [],
    );
    const unfit = translations.filter(isTranslated).length - replacements.length;
    return { source, version, passages, translations, replacements, unfit };
  });
}
