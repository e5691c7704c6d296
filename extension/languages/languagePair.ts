/**
 * Pairs of languages as people read them, and which pair a person asks for.
 */
import { env, l10n } from 'vscode';
import { automatic } from '../../models/engine/protocol';

/** Language tags, or `automatic` for one or both. */
export interface AskedPair {
  readonly from: string;
  readonly to: string;
}

/** `en → de`, with what stands for a language that the engine chooses. */
export function shortName({ from, to }: AskedPair): string {
  return `${from} → ${to}`;
}

/** The language's name in the language of the person's editor, with a capital, as where it stands alone. */
export function languageName(tag: string): string {
  try {
    const name = new Intl.DisplayNames([env.language, 'en'], { type: 'language' }).of(tag) ?? tag;
    return name.charAt(0).toLocaleUpperCase(env.language) + name.slice(1);
  } catch {
    // A setting may hold what is no language tag.
    return tag;
  }
}

/** `English → German`, in the language of the editor. */
export function pairName({ from, to }: AskedPair): string {
  const name = (tag: string): string => (isAutomatic(tag) ? l10n.t('detected') : languageName(tag));
  return `${name(from)} → ${name(to)}`;
}

/** Whether two tags are of one language, whatever their regions: `zh-cn` and `zh`. */
export function isSameLanguage(one: string, other: string): boolean {
  const [first, second] = [one, other].map((tag) => tag.toLowerCase().split('-', 1)[0]);
  return first === second;
}

export const isAutomatic = (tag: string): boolean => tag === automatic;

/**
 * The pair the other way round. A language that the engine chose is known from the last translation only.
 *
 * @param last the pair of the last translation
 * @returns undefined where it is not known what to swap
 */
export function swap(asked: AskedPair, last: AskedPair | undefined): AskedPair | undefined {
  if (!isAutomatic(asked.from) && !isAutomatic(asked.to)) return { from: asked.to, to: asked.from };
  const isOfLast = (tag: string, lastTag: string | undefined): boolean => isAutomatic(tag) || tag === lastTag;
  if (last === undefined || !isOfLast(asked.from, last.from) || !isOfLast(asked.to, last.to))
    return undefined;
  return { from: last.to, to: last.from };
}
