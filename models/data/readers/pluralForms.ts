/** Which plural form of a catalogue a number takes: `Plural-Forms: nplurals=3; plural=(n==1 ? 0 : …);`. */
import compile from '@tannin/plural-forms';

/** No language needs so much; what is longer is no expression of this kind. */
const longest = 1000;

/**
 * The form of a number.
 *
 * @param field the header's field without its name
 * @returns undefined where the field cannot be understood
 */
export function pluralFormOf(field: string, n: number): number | undefined {
  const expression = /\bplural\s*=\s*([^;]+)/.exec(field)?.[1] ?? '';
  if (expression.length > longest) return undefined;
  const formOf = compile(expression) as (n: number) => number;
  const form = formOf(n);
  return Number.isSafeInteger(form) && form >= 0 ? form : undefined;
}
