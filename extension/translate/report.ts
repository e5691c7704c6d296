/**
 * What the person is told after a translation: nothing when all went well, else one message with what to look over.
 */
import { l10n } from 'vscode';
import type { Translation } from '../../models/engine/protocol';
import { languageName } from '../languages/languagePair';
import type { Nothing } from './passages';
import type { Refusal } from './passageEdits';

/**
 * A segment is uncertain below this confidence. Of the shipped model's test lines these are one in seventeen, with a
 * chrF of 37 where all have 62; of text in a language that is not the model's, nine in ten (docs/confidence.md).
 */
export const uncertainBelow = 0.4;

export interface Report {
  readonly sentence: string;
  readonly serious: boolean;
  /** Texts, by index, that the sentence asks to look over. */
  readonly uncertain: readonly number[];
  /** Segments were left because of `polyhead.minimumConfidence`. */
  readonly tooUncertain: boolean;
}

const isUncertain = ({ confidence, left }: Translation['segments'][number]): boolean =>
  !left && confidence !== undefined && confidence < uncertainBelow;

/** Whether anything of the text was translated. */
export function isTranslated({ alreadyInTarget, segments }: Translation): boolean {
  return !alreadyInTarget && segments.some(({ left }) => !left);
}

/**
 * What is worth saying.
 *
 * @param left selections, or cursors, that had nothing to translate
 * @param unfit texts that were left since their translation lost something that must stay, such as the target of a link
 */
export function reportOn(
  translations: readonly Translation[],
  left: readonly Nothing[],
  unfit = 0,
): Report | undefined {
  const sentences: string[] = [];
  let serious = false;
  const say = (sentence: string, isSerious: boolean): void => {
    sentences.push(sentence);
    serious ||= isSerious;
  };
  const segments = translations.flatMap((translation) => translation.segments);
  const uncertain = translations.flatMap((text, index) => (text.segments.some(isUncertain) ? [index] : []));
  const uncertainSegments = segments.filter(isUncertain).length;
  const leftSegments = segments.filter((segment) => segment.left).length;
  const cut = segments.filter(({ truncated }) => truncated).length;
  const already = translations.filter(({ alreadyInTarget }) => alreadyInTarget);
  if (uncertainSegments > 0) {
    say(l10n.t('Uncertain: {0} of {1} sentences. Look them over.', uncertainSegments, segments.length), true);
  }
  if (leftSegments > 0) {
    say(
      l10n.t('Left untranslated, as too uncertain: {0} of {1} sentences.', leftSegments, segments.length),
      true,
    );
  }
  if (cut > 0) {
    say(
      l10n.t('Cut, since the translation grew too long: {0} of {1} sentences.', cut, segments.length),
      true,
    );
  }
  if (unfit > 0) {
    say(
      l10n.t(
        'Left as they were, since the translation lost or moved something that must stay, as a link or a value: {0} of {1} texts.',
        unfit,
        translations.length,
      ),
      true,
    );
  }
  const foreign = translations.filter(({ withoutModel }) => withoutModel).length;
  if (foreign > 0) {
    say(
      l10n.t(
        'Left as they were, since no model translates their language: {0} of {1} texts.',
        foreign,
        translations.length,
      ),
      true,
    );
  }
  if (already.length > 0) say(alreadyThere(already, translations.length), false);
  if (left.length > 0) say(whyLeft(left, translations.length), false);
  if (sentences.length === 0) return undefined;
  return { sentence: sentences.join(' '), serious, uncertain, tooUncertain: leftSegments > 0 };
}

function alreadyThere(already: readonly Translation[], all: number): string {
  const language = languageName(already[0]!.to);
  return all === 1
    ? l10n.t('The text is in the target language already ({0}).', language)
    : l10n.t('In the target language already ({0}): {1} of {2} texts.', language, already.length, all);
}

/** Why some or all of what was selected was not even tried. */
export function whyLeft(left: readonly Nothing[], translated: number): string {
  if (translated > 0) {
    return l10n.t(
      'Without words, and left as they are: {0} of {1} selections.',
      left.length,
      left.length + translated,
    );
  }
  return left.includes('codeLine')
    ? l10n.t('There is code at the cursor and no comment: select the text to translate.')
    : l10n.t('There are no words here to translate: select some text.');
}

/** Why a document was not changed. */
export function whyUnchanged(refusal: Refusal): string {
  switch (refusal) {
    case 'changed':
      return l10n.t(
        'The text changed while it was being translated, so it was left as it is. Translate it once more.',
      );
    case 'closed':
      return l10n.t('The file was closed while it was being translated; nothing in it was changed.');
    case 'readOnly':
      return l10n.t(
        'This editor is read-only, so its text cannot be changed. Its translation can be copied.',
      );
    case 'same':
      return l10n.t('The translation is the same as the text; nothing was changed.');
  }
}
