/**
 * The many quotation marks, dashes and spaces of Unicode as the few of ASCII: what Moses' normalize-punctuation.perl
 * does to a line before it is tokenised (Koehn et al. 2007, "Moses: Open Source Toolkit for Statistical Machine
 * Translation"). Each rule sees what the ones before it left, so their order is part of the result.
 */
import type { MosesLanguage } from './abbreviations';

type Rule = readonly [pattern: RegExp, replacement: string];

const spacesAroundBrackets: readonly Rule[] = [
  [/\r/g, ''],
  [/\(/g, ' ('],
  [/\)/g, ') '],
  [/ +/g, ' '],
  [/\) ([.!:?;,])/g, ')$1'],
  [/\( /g, '('],
  [/ \)/g, ')'],
  [/(\d) %/g, '$1%'],
  [/ ([:;])/g, '$1'],
];

const quotesAndDashes: readonly Rule[] = [
  [/`/g, "'"],
  [/''/g, ' " '],
  [/[„“”]/g, '"'],
  [/–/g, '-'],
  [/—/g, ' - '],
  [/´/g, "'"],
  // Between ASCII letters it is an apostrophe; after é it is not, as there.
  [/([a-z])‘([a-z])/gi, "$1'$2"],
  [/([a-z])’([a-z])/gi, "$1'$2"],
  [/[‘‚’]/g, '"'],
  [/''/g, '"'],
  [/…/g, '...'],
  [/\u00A0«\u00A0|«\u00A0?/g, '"'],
  [/\u00A0»\u00A0|\u00A0?»/g, '"'],
];

/** French puts a no-break space before these signs. (Any other becomes a plain space in tokenizer.ts.) */
const noBreakSpaces: readonly Rule[] = [[/\u00A0([%:?!;])/g, '$1']];

const forAll = [...spacesAroundBrackets, ...quotesAndDashes, ...noBreakSpaces];

/** Whether a comma or full stop belongs inside the quotation marks or behind them, and what groups digits. */
const byLanguage: Record<MosesLanguage, readonly Rule[]> = {
  en: [
    [/"([,.]+)/g, '$1"'],
    [/(\d)\u00A0(\d)/g, '$1.$2'],
  ],
  de: continental(),
  fr: continental(),
};

function continental(): readonly Rule[] {
  return [
    [/,"/g, '",'],
    [/(\.+)"(\s*[^<])/g, '"$1$2'],
    [/(\d)\u00A0(\d)/g, '$1,$2'],
  ];
}

/** One line (without its line break), normalised; white space at its ends is not. */
export function normalizePunctuation(line: string, language: MosesLanguage): string {
  const rules = [...forAll, ...byLanguage[language]];
  // The scripts see the line with its line break, and to one of their rules it is a character like any other.
  return rules.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), `${line}\n`);
}
