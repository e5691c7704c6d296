// What a line of a manual page says: roff's escapes as characters, and what a macro makes of its arguments.

import { unknown } from './alignment.mjs';

/** Characters by name: `\(aq`, `\[lq]`. What is missing here is unknown. */
const characters = new Map(
  Object.entries({
    aq: "'", dq: '"', lq: '“', rq: '”', oq: '‘', cq: '’', Bq: '„', bq: '‚', Fo: '«', Fc: '»', fo: '‹', fc: '›',
    em: '—', en: '–', hy: '-', bu: '•', co: '©', rg: '®', tm: '™', ga: '`', ha: '^', ti: '~', rs: '\\', sl: '/',
    at: '@', sh: '#', Do: '$', ba: '|', bv: '|', br: '|', lB: '[', rB: ']', lC: '{', rC: '}', la: '⟨', ra: '⟩',
    mu: '×', di: '÷', '+-': '±', '**': '*', pl: '+', mi: '−', '->': '→', '<-': '←', '<=': '≤', '>=': '≥', '!=': '≠',
    '==': '≡', '~~': '≈', de: '°', mc: 'µ', '12': '½', '14': '¼', '34': '¾', S1: '¹', S2: '²', S3: '³', ss: 'ß',
    ':a': 'ä', ':o': 'ö', ':u': 'ü', ':A': 'Ä', ':O': 'Ö', ':U': 'Ü', ':e': 'ë', ':i': 'ï', "'e": 'é', "'a": 'á',
    "'i": 'í', "'o": 'ó', "'u": 'ú', "'E": 'É', '`e': 'è', '`a': 'à', '`u': 'ù', '^e': 'ê', '^a': 'â', '^o': 'ô',
    '^i': 'î', '^u': 'û', ',c': 'ç', ',C': 'Ç', '~n': 'ñ', '~a': 'ã', '~o': 'õ', oe: 'œ', ae: 'æ', '/o': 'ø', oa: 'å',
    Po: '£', Eu: '€', ct: '¢', Ye: '¥', sc: '§', ps: '¶', dg: '†', dd: '‡', '*a': 'α', '*b': 'β', '*p': 'π', '*m': 'μ',
    pc: '·', if: '∞', 'r!': '¡', 'r?': '¿', Of: 'ª', Om: 'º',
  }),
); // prettier-ignore

/** Strings of the macro packages: `\*(lq`, `\*R`. */
const strings = new Map(
  Object.entries({ lq: '“', rq: '”', Aq: "'", R: '®', Tm: '™', 'C+': 'C++', Lq: '“', Rq: '”' }),
);

/** A raised number that leads to a note: `\s-2\u[1]\d\s+2`. */
const noteMark = /\\s-\d\\u\[\d{1,3}\]\\d\\s\+\d/g;

/**
 * An escape: `\(xx` `\[name]`; `\*(xx` `\*[name]` `\*x`; fonts, colours and sizes; what moves or draws, and its
 * argument in quotes; registers; or a backslash and one character.
 */
const escape =
  /\\(?:\(([^\s]{2})|\[([^\]]{1,20})\]|\*(?:\((..)|\[([^\]]{1,20})\]|(.))|[fFmM](?:\(..|\[[^\]]{0,20}\]|.)|s(?:[-+]?\d{1,2}|\[[^\]]{0,9}\]|\([-+]?\d\d)|[hvwlLxzZDoNbBRX]'[^']{0,80}'|[nk](?:\(..|\[[^\]]{0,20}\]|.)|(.)|$)/gsu;

/**
 * A text with its escapes as characters.
 * @param {string} text
 */
export function plainText(text) {
  return text
    .replace(noteMark, '')
    .replace(escape, (_, two, named, stringTwo, stringNamed, stringOne, single) => {
      const character = two ?? named;
      if (character !== undefined) {
        const code = /^u([0-9A-F]{4,5})$/.exec(character)?.[1];
        return code === undefined
          ? (characters.get(character) ?? unknown)
          : String.fromCodePoint(Number.parseInt(code, 16));
      }
      const string = stringTwo ?? stringNamed ?? stringOne;
      if (string !== undefined) return strings.get(string) ?? unknown;
      if (single === undefined) return '';
      if (single === '~') return '\u00a0';
      if (/[ 0t]/.test(single)) return ' ';
      if (/[e\\]/.test(single)) return '\\';
      if (/[-.'`"_]/.test(single)) return single;
      // \& \| \^ \% \: \/ \, \c and what moves up and down print nothing.
      return /[&|^%:/,cdu){}a!?\n]/.test(single) ? '' : unknown;
    });
}

/**
 * The arguments of a macro: words, or in double quotes with `""` for one.
 * @param {string} line what follows the macro's name
 */
export function macroArguments(line) {
  /** @type {string[]} */
  const found = [];
  for (const [, quoted, word] of withoutComment(line).matchAll(
    /"((?:[^"]|"")*)(?:"|$)|((?:\\.|[^\s\\])+|\\$)/g,
  )) {
    found.push(quoted === undefined ? (word ?? '') : quoted.replaceAll('""', '"'));
  }
  return found;
}

/** @param {string} line @returns {string} without `\"` and what follows */
export function withoutComment(line) {
  return line.replace(/(^|[^\\])(?:\\"|\\#).*$/, '$1');
}
