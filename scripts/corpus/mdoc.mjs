// What the inline macros of mdoc(7) print.
import { unknown } from './alignment.mjs';
import { macroArguments, plainText } from './roff.mjs';

/** Quotation marks and brackets around the rest of a line. */
const enclosing = new Map(
  Object.entries({
    Op: '[]', Sq: '‘’', Dq: '“”', Pq: '()', Bq: '[]', Qq: '""', Aq: '<>', Ql: '‘’', Brq: '{}',
  }),
); // prettier-ignore

/** Macros that print their arguments as they are, but for the font. */
const plain = new Set(
  'Ar Pa Em Sy Va Dv Ev Er Cm Ic Li Tn Vt Ft Fa An Ad Ms Nm Ux Bx Fx At It No Lk Mt'.split(' '),
);

const punctuation = /^[.,:;)\]?!]$/;
const opening = /^[([]$/;

/**
 * A macro line as text.
 * @param {string} name of the macro that the line begins with
 * @param {string} rest
 */
export function mdocText(name, rest) {
  let text = '';
  let glued = true;
  /** @type {string[]} what is still to be closed at the end of the line */
  const closing = [];
  let macro = '';
  let noSpace = false;
  /** @param {string} word */
  const say = (word) => {
    if (!glued && !noSpace && !punctuation.test(word) && text !== '') text += ' ';
    text += word;
    glued = opening.test(word);
    noSpace = false;
  };
  for (const word of [name, ...macroArguments(rest)]) {
    const marks = enclosing.get(word);
    if (word === 'Ns' || word === 'Ap') {
      if (word === 'Ap') text += '’';
      noSpace = true;
    } else if (marks !== undefined) {
      say(marks.charAt(0));
      glued = true;
      closing.push(marks.charAt(1));
    } else if (word === 'Fl' || word === 'Xr' || plain.has(word)) {
      macro = word;
    } else if (/^[A-Z][a-z]$/.test(word)) {
      return unknown;
    } else if (macro === 'Fl' && !punctuation.test(word) && word !== '|') {
      say(`-${word}`);
    } else if (macro === 'Xr' && /^\d\w*$/.test(word)) {
      text += `(${word})`;
      macro = '';
    } else {
      // Punctuation at the end of the line stands outside of brackets.
      if (punctuation.test(word) && closing.length > 0) text += closing.splice(0).reverse().join('');
      say(word);
    }
  }
  return plainText(text + closing.reverse().join(''));
}
