// What a line of a manual page says: roff's escapes as characters, and what a macro makes of its arguments.

/** Characters by name: `\(aq`, `\[lq]`. Those that are missing here make a text that is dropped. */
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
 * A text with its escapes as characters.
 * @param {string} text
 * @returns {string | undefined} nothing where an escape stands for something that is not known
 */
export function plainText(text) {
  let known = true;
  const plain = text
    .replace(noteMark, '')
    .replace(
      /\\(?:\(([^\s]{2})|\[([^\]]{1,20})\]|\*(?:\((..)|\[([^\]]{1,20})\]|(.))|[fFmM](?:\(..|\[[^\]]{0,20}\]|.)|s(?:[-+]?\d{1,2}|\[[^\]]{0,9}\]|\([-+]?\d\d)|[hvwlLxzZDoNbBRX]'[^']{0,80}'|[nk](?:\(..|\[[^\]]{0,20}\]|.)|(.)|$)/gsu,
      (_, two, named, stringTwo, stringNamed, stringOne, single) => {
        const character = two ?? named;
        if (character !== undefined) {
          const code = /^u([0-9A-F]{4,5})$/.exec(character)?.[1];
          const found =
            code === undefined ? characters.get(character) : String.fromCodePoint(parseInt(code, 16));
          if (found === undefined) known = false;
          return found ?? '';
        }
        const string = stringTwo ?? stringNamed ?? stringOne;
        if (string !== undefined) {
          const found = strings.get(string);
          if (found === undefined) known = false;
          return found ?? '';
        }
        if (single === undefined) return '';
        // \- \e \\ \. are characters; \& \| \^ \% \: \/ \, \c \d \u nothing; \~ \0 and a backslash before a space one space.
        if (single === '~') return '\u00a0';
        if (single === ' ' || single === '0') return ' ';
        if (single === 'e' || single === '\\') return '\\';
        if (single === 't') return ' ';
        if (/[-.'`"_]/.test(single)) return single;
        if (/[&|^%:/,cdu){}a!?\n]/.test(single)) return '';
        known = false;
        return '';
      },
    );
  return known ? plain : undefined;
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
