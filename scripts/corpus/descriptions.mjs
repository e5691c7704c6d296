// Package descriptions and their translations by Debian's description translation project (DDTP), as apt's lists
// Translation-en and Translation-<language> hold them.
import { foldSpace } from './messages.mjs';

/** @typedef {import('./alignment.mjs').Block} Block */
/**
 * @typedef {object} Description
 * @property {string} name of the package
 * @property {Block[]} blocks the synopsis first
 */

/**
 * The descriptions of a list by the package's name and the English description's MD5, by which translations name what
 * they translate.
 * @param {string} list
 * @param {string} language as the list's field names have it: `de` of `Description-de`
 * @returns {Map<string, Description>}
 */
export function readDescriptions(list, language) {
  const field = `Description-${language}`;
  /** @type {Map<string, Description>} */
  const descriptions = new Map();
  for (const stanza of list.split(/\n{2,}/)) {
    const name = /^Package: (\S+)$/m.exec(stanza)?.[1];
    const sum = /^Description-md5: ([0-9a-f]{32})$/m.exec(stanza)?.[1];
    const start = stanza.indexOf(`\n${field}: `);
    if (name === undefined || sum === undefined || start < 0) continue;
    const [synopsis = '', ...lines] = stanza.slice(start + field.length + 3).split('\n');
    const end = lines.findIndex((line) => !line.startsWith(' '));
    const body = end < 0 ? lines : lines.slice(0, end);
    descriptions.set(`${name} ${sum}`, { name, blocks: [synopsisBlock(synopsis), ...bodyBlocks(body)] });
  }
  return descriptions;
}

/** @param {string} text @returns {Block} */
const synopsisBlock = (text) => ({ kind: 'synopsis', text: foldSpace(text) });

const item = /^ {1,}(?:[-*+•o·]|\d{1,2}[.)]) +/;

/**
 * Paragraphs and list items. A line of two spaces or more is set as it is: an item, the next line of one, or a
 * table, which is nothing to learn from.
 * @param {readonly string[]} lines each with the space that continues a field
 * @returns {Block[]}
 */
function bodyBlocks(lines) {
  /** @type {Block[]} */
  const blocks = [];
  /** @type {Block | undefined} */
  let open;
  /** @param {string} kind @param {string} text */
  const begin = (kind, text) => {
    open = { kind, text };
    blocks.push(open);
  };
  for (const line of lines) {
    const text = line.slice(1);
    const mark = item.exec(line)?.[0];
    if (text.trim() === '.' || text.trim() === '') open = undefined;
    else if (mark !== undefined) begin('item', line.slice(mark.length));
    else if (text.startsWith(' ') && open?.kind !== 'item') {
      if (open?.kind === 'verbatim') open.text += `\n${text}`;
      else begin('verbatim', text);
    } else if (open === undefined || open.kind === 'verbatim') begin('paragraph', text);
    // A compound that is broken over two lines: „Unix-“, „Schnittstelle“.
    else
      open.text +=
        /\p{L}-$/u.test(open.text) && !/^(?:und|oder|bzw|and|or|y|o|et|ou) /.test(text) ? text : ` ${text}`;
  }
  return blocks.map(({ kind, text }) => ({ kind, text: foldSpace(text) }));
}
