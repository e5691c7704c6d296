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

/** `en → de`, with `auto` for a language that the engine chooses, and for both of them. */
export function shortName({ from, to }: AskedPair): string {
  return isAutomatic(from) && isAutomatic(to) ? automatic : `${from} → ${to}`;
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
  if (isAutomatic(from) && isAutomatic(to)) return l10n.t('Languages detected');
  const source = isAutomatic(from) ? l10n.t('Detected') : languageName(from);
  return `${source} → ${isAutomatic(to) ? l10n.t('your language') : languageName(to)}`;
}

/** Whether two tags are of one language, whatever their regions: `zh-cn` and `zh`. */
export function isSameLanguage(one: string, other: string): boolean {
  const [first, second] = [one, other].map((tag) => tag.toLowerCase().split('-', 1)[0]);
  return first === second;
}

export const isAutomatic = (tag: string): boolean => tag === automatic;

/** Whether a translation between the languages of `last` may be what was asked for. */
export function fits(asked: AskedPair, last: AskedPair): boolean {
  const fitsOne = (tag: string, lastTag: string): boolean => isAutomatic(tag) || isSameLanguage(tag, lastTag);
  return fitsOne(asked.from, last.from) && fitsOne(asked.to, last.to);
}

/**
 * The pair the other way round. A language that the engine chose is known from the last translation only.
 *
 * @param last the pair of the last translation
 * @returns undefined where it is not known what to swap
 */
export function swap(asked: AskedPair, last: AskedPair | undefined): AskedPair | undefined {
  if (!isAutomatic(asked.from) && !isAutomatic(asked.to)) return { from: asked.to, to: asked.from };
  if (last === undefined || !fits(asked, last)) return undefined;
  return { from: last.to, to: last.from };
}

export function isSamePair(one: AskedPair, other: AskedPair): boolean {
  return one.from === other.from && one.to === other.to;
}

/** The pair that is asked for, among others; where it is not, one of the same languages, as the engine takes. */
export function nearest<Pair extends AskedPair>(pairs: readonly Pair[], asked: AskedPair): Pair | undefined {
  return (
    pairs.find((pair) => isSamePair(pair, asked)) ??
    pairs.find(({ from, to }) => isSameLanguage(from, asked.from) && isSameLanguage(to, asked.to))
  );
}
