// Reads help pages: Mallard (GNOME) and DocBook (GNOME, MATE, older ones).
import { SaxesParser } from 'saxes';
import { unknown } from './alignment.mjs';
import { foldSpace } from './messages.mjs';

/** @typedef {import('./alignment.mjs').Block} Block */

const largestPage = 8 * 2 ** 20;
const deepest = 200;
const longestName = 64;
const mostEntities = 500;

/** Elements that hold blocks or begin one, also in the middle of a paragraph's text. */
const structural = new Set(
  (
    'page section info title subtitle desc p note steps list item terms tree table thead tbody tr td example figure ' +
    'synopsis listing quote comment details div ' +
    'article book chapter appendix part preface sect1 sect2 sect3 sect4 sect5 simplesect para simpara formalpara ' +
    'itemizedlist orderedlist variablelist simplelist segmentedlist procedure step substeps stepalternatives listitem ' +
    'varlistentry term member glossary glossdiv glossentry glossterm glossdef informaltable tgroup row entry tip ' +
    'warning caution important informalexample informalfigure screenshot mediaobject programlisting screen ' +
    'literallayout blockquote qandaset qandaentry question answer footnote caption'
  ).split(' '),
);

/** What is no prose: code, pictures, legal text, names, and what is put in from elsewhere. */
const skipped = new Set(
  (
    'programlisting screen synopsis cmdsynopsis funcsynopsis literallayout listing credit license revhistory ' +
    'legalnotice authorgroup author editor othercredit copyright releaseinfo publisher pubdate date edition ' +
    'mediaobject inlinemediaobject media graphic inlinegraphic screeninfo indexterm comment footnote remark ' +
    'xi:include years'
  ).split(' '),
);

/** In a text these stand for a word. */
const pictures = new Set(['media', 'inlinemediaobject', 'inlinegraphic']);

/** Keys that are pressed together, and menus that are walked through. */
const joints = new Map([
  ['keyseq', '+'],
  ['keycombo', '+'],
  ['guiseq', ' > '],
  ['menuchoice', ' > '],
]);

/** Reading ends: a page of a person's is nested a dozen deep. */
class TooDeep extends Error {}

/** An element that is read at the moment. @typedef {{ name: string, path: string, block: Block | undefined, holdsText: boolean }} Open */

/**
 * The blocks of a page in order, each with its path of elements as its kind.
 * @param {string} xml
 * @returns {Block[] | undefined} nothing where the page is not well formed
 */
export function readHelpPage(xml) {
  if (xml.length > largestPage) return undefined;
  const parser = new SaxesParser();
  /** @type {Block[]} */
  const blocks = [];
  /** @type {Open[]} */
  const open = [];
  let skipping = 0;
  let broken = false;

  parser.on('doctype', (doctype) => defineEntities(parser, doctype));
  parser.on('error', (error) => {
    // A page without its DTD has entities that nobody can look up: they come as the text `&name;`.
    if (!/undefined entity/.test(error.message)) broken = true;
  });
  parser.on('opentag', ({ name: qualified, isSelfClosing }) => {
    // Tools add translators' credits with a prefix.
    const name = qualified.replace(/^mal:/, '');
    const parent = open.at(-1);
    const isInline = parent?.block !== undefined && parent.holdsText && !structural.has(name);
    // `code` is a block of its own in Mallard where it is not part of a text.
    const skip = skipped.has(name) || (name === 'code' && parent?.path.endsWith('section') === true);
    if (skip || skipping > 0) skipping++;
    // “Press ⟲ or ⟳ in the header bar”
    if (skipping === 1 && pictures.has(name) && parent?.block !== undefined) parent.block.text += unknown;
    if (open.length >= deepest || name.length > longestName) throw new TooDeep();
    const path = isInline ? parent.path : `${parent?.path ?? ''}/${name}`;
    const block = isInline && parent.block !== undefined ? parent.block : { kind: path, text: '' };
    if (skipping === 0 && !isInline) blocks.push(block);
    if (isInline) joinTo(parent, block);
    if (isInline && isSelfClosing && /^(?:link|xref)$/.test(name)) block.text += unknown;
    open.push({ name, path, block, holdsText: isInline || mayHoldText(name) });
  });
  parser.on('closetag', () => {
    open.pop();
    if (skipping > 0) skipping--;
  });
  const addText = (/** @type {string} */ text) => {
    const element = open.at(-1);
    if (skipping > 0 || element?.block === undefined || !element.holdsText) return;
    // Indentation between the keys of a combination is no text of it.
    if (joints.has(element.name) && text.trim() === '') return;
    element.block.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  try {
    parser.write(xml).close();
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
    return undefined;
  }
  if (broken) return undefined;
  return blocks.map(({ kind, text }) => ({ kind, text: foldSpace(text.replace(/&[\w.-]+;/g, unknown)) }));
}

/** Elements whose children are blocks: white space and stray text in them is none. @param {string} name */
function mayHoldText(name) {
  return !/^(?:page|section|info|steps|list|terms|tree|table|thead|tbody|tr|article|book|chapter|sect\d|itemizedlist|orderedlist|variablelist|varlistentry|tgroup|row)$/.test(
    name,
  );
}

/** Puts “+” or “>” before the second and later parts of a combination. @param {Open} parent @param {Block} block */
function joinTo(parent, block) {
  const joint = joints.get(parent.name);
  if (joint === undefined) return;
  const { text } = block;
  // The first part stands where the combination began.
  const start = starts.get(parent);
  if (start === undefined) starts.set(parent, text.length);
  else if (text.length > start) block.text = text + joint;
}

/** Where the combinations that are open began in their block's text. @type {WeakMap<Open, number>} */
const starts = new WeakMap();

/**
 * Entities of the page's own that are plain text.
 * @param {SaxesParser} parser
 * @param {string} doctype
 */
function defineEntities(parser, doctype) {
  let count = 0;
  for (const [, name, double, single] of doctype.matchAll(
    /<!ENTITY\s+([\w.-]{1,64})\s+(?:"([^"<&%]{0,500})"|'([^'<&%]{0,500})')\s*>/g,
  )) {
    if (name === undefined || count++ >= mostEntities) break;
    parser.ENTITIES[name] = double ?? single ?? '';
  }
}
