/** A text in parts: nothing is lost, and nothing that a model cannot take reaches it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  protectMore,
  sourceOf,
  splitIntoParts,
  type Part,
  type Segment,
} from '../../../models/inference/segments';
import { movedBy } from '../../../models/text/changes';
import { findProtectedSpans } from '../../../models/text/protectedSpans';
import type { Piece } from '../../../models/text/pieces';

const fixedSeed = 20_240_612;
const longest = 60;

/** Characters, a placeholder counting as one. */
const lengthOf = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, piece) => sum + (typeof piece === 'string' ? piece.length : 1), 0);
const isTooLong = (pieces: readonly Piece[]): boolean => lengthOf(pieces) > longest;

const split = (text: string, language = 'en', keep: readonly string[] = []): Part[] =>
  splitIntoParts(text, language, { isTooLong, keep, piecesOf: () => 1 });
const isSegment = (part: Part): part is Segment => typeof part !== 'string';
const textOf = (part: Part): string => (isSegment(part) ? sourceOf(part) : part);
const segmentsOf = (text: string, language?: string): string[] =>
  split(text, language).filter(isSegment).map(textOf);

/** What holds for the parts of any text. */
function checkParts(text: string, language: string): void {
  const parts = split(text, language);
  expect(parts.map(textOf).join('')).toBe(text);
  expect(parts).not.toContain('');
  const segments = parts.filter(isSegment);
  const breaking = (rule: (segment: Segment, strings: string) => boolean): Segment[] =>
    segments.filter((segment) =>
      rule(segment, segment.pieces.filter((piece) => typeof piece === 'string').join('')),
    );
  expect(breaking((_, strings) => !/[\p{L}\p{N}]/u.test(strings))).toEqual([]);
  expect(breaking((_, strings) => /[\n\r\u2028\u2029]/u.test(strings))).toEqual([]);
  expect(breaking((segment) => textOf(segment) !== textOf(segment).trim())).toEqual([]);
  expect(breaking(({ spans }) => spans.length > 16)).toEqual([]);
  const numbers = (pieces: readonly Piece[]): number[] =>
    pieces.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.placeholder]));
  expect(breaking(({ pieces, spans }) => numbers(pieces).join() !== [...spans.keys()].join())).toEqual([]);
  expect(breaking(({ pieces }) => isTooLong(pieces))).toEqual([]);
  expectSpansWhole(text, parts);
}

/** No protected span reaches into what the model reads as text. */
function expectSpansWhole(text: string, parts: readonly Part[]): void {
  const readAsText: [start: number, end: number][] = [];
  let start = 0;
  for (const part of parts) {
    if (isSegment(part)) {
      const marks = part.mnemonic ? [part.mnemonic] : [];
      let place = 0;
      for (const piece of part.pieces) {
        const before = place;
        place += typeof piece === 'string' ? piece.length : part.spans[piece.placeholder]!.length;
        if (typeof piece !== 'string') continue;
        const [from, to] = movedBy(marks, [before, place]);
        readAsText.push([start + from, start + to]);
      }
    }
    start += textOf(part).length;
  }
  for (const { start, end } of findProtectedSpans(text)) {
    const reached = readAsText.filter((read) => read[0] < end && start < read[1]);
    expect(reached, text.slice(start, end)).toEqual([]);
  }
}

describe('the parts of a text', () => {
  const fragment = fc.oneof(
    fc.constantFrom(
      '\n',
      '\r\n',
      '\r',
      '\u2028',
      '\u2029',
      '\n\n',
      ' ',
      '  \t',
      '\u00a0',
      '\ufeff',
      '\u0000',
    ),
    fc.constantFrom(
      'Open the file',
      'Datei öffnen',
      'E.g. this',
      'Go. ',
      'Wait! ',
      'one, two; three: ',
      '打开文件。',
      '真的吗？',
    ),
    fc.constantFrom('العربية', 'עברית', '👩‍👩‍👧', '𝄞', 'é', '\ud800', '\udc00', '...', '—', '“', ')'),
    fc.constantFrom('&File', 'Save &As...', '文件(&F)', 'E&xit', ' (&X)', '&', 'R&D'),
    fc.constantFrom('%s', '{0}', '${HOME}/x', '<a href="x, y">', '<b\n>', '</b>', '--all', 'a_b', '`x y`'),
    fc.constantFrom(
      'https://x.org/a,b;c',
      '<img\r\n  alt="a, b"\n  src="c">',
      '{0, number, #,##0}',
      '/usr/bin/env',
    ),
    fc.string({ unit: 'binary', maxLength: 6 }),
    fc.string({ unit: 'grapheme', maxLength: 6 }),
    fc.string({ unit: fc.constantFrom('a', 'b', 'ä', '字', '😀'), minLength: 50, maxLength: 200 }),
  );
  const anyText = fc
    .array(fc.tuple(fragment, fc.constantFrom('', ' ', '. ')), { maxLength: 25, size: 'max' })
    .map((all) => all.flat().join(''));

  it('are the text, whatever it is', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom('en', 'de', 'zh'), (text, language) => checkParts(text, language)),
      { seed: fixedSeed, numRuns: 1500 },
    );
  });

  it.each([
    ['nothing', ''],
    ['white space', ' \t\u3000 \n  \r\n '],
    [
      '300 placeholders',
      Array.from({ length: 300 }, (_, index) => `Value %${index}$s of {${index}}, `).join(''),
    ],
    ['300 placeholders without a word', '%s'.repeat(300)],
    ['a word of 10,000 letters', 'a'.repeat(10_000)],
    ['a word of 10,000 characters beyond the first plane', '𝄞a'.repeat(5000)],
    ['10,000 emoji and one word', `${'😀'.repeat(10_000)} x`],
    ['a long option list', `Use ${'--some-option, '.repeat(200)}please.`],
    [
      'a long tag in a long sentence',
      `${'word '.repeat(15)}<a title="${'x, y '.repeat(20)}">${' word'.repeat(15)}`,
    ],
    ['20,000 lines', 'a\n'.repeat(20_000)],
    ['one line of 20,000 sentences', 'It is so. '.repeat(20_000)],
  ])('are the text: %s', (_, text) => checkParts(text, 'en'));
});

describe('a text is cut', () => {
  it('into lines and sentences, with white space kept apart', () => {
    expect(split('  Open it. Close it.\r\n\tDone\n').map(textOf)).toEqual([
      '  ',
      'Open it.',
      ' ',
      'Close it.',
      '\r\n',
      '\t',
      'Done',
      '\n',
    ]);
  });

  it('into columns, at tabs and wide gaps', () => {
    expect(split('Name:\tthe  name \t\t(a %s)    1\t2   %s.').map(textOf)).toEqual([
      'Name:',
      '\t',
      'the  name',
      ' ',
      '\t\t',
      '(a %s)',
      '    ',
      '1',
      '\t',
      '2',
      '   ',
      '%s.',
    ]);
  });

  it('by the rules of its language', () => {
    expect(segmentsOf('Geräte, z. B. Drucker. Danach ist Schluss.', 'de')).toHaveLength(2);
  });

  it('at the clause nearest to the middle where it is too long', () => {
    const clauses = ['the first of the clauses is here,', 'the second one,', 'and the third of them is last'];
    expect(segmentsOf(clauses.join(' '))).toEqual([clauses[0], clauses.slice(1).join(' ')]);
  });

  it('at the word nearest to the middle where it has no clauses', () => {
    expect(segmentsOf('one two three four five six seven eight nine ten eleven twelve thirteen')).toEqual([
      'one two three four five six seven',
      'eight nine ten eleven twelve thirteen',
    ]);
  });

  it('in the middle of a word that is too long, and of no character', () => {
    expect(segmentsOf('a'.repeat(100))).toEqual(['a'.repeat(50), 'a'.repeat(50)]);
    expect(segmentsOf('𠀀'.repeat(35))).toEqual(['𠀀'.repeat(18), '𠀀'.repeat(17)]);
  });

  it('beside a protected span and not inside', () => {
    const tag = '<a href="https://example.org/some, where" title="one, two, three, four">';
    const [before, after] = ['some words that stand before the tag,', 'words behind it and still more'];
    expect(segmentsOf(`${before} ${tag} ${after}`)).toEqual([before, `${tag} ${after}`]);
    const wordless = `${'a'.repeat(40)}${tag}${'b'.repeat(40)}`;
    expect(segmentsOf(wordless)).toEqual(['a'.repeat(40), `${tag}${'b'.repeat(40)}`]);
  });

  it('not at a line break or a gap inside a protected span', () => {
    expect(segmentsOf('Click <a\n  href="x">here</a> now.\nDone')).toEqual([
      'Click <a\n  href="x">here</a> now.',
      'Done',
    ]);
    expect(segmentsOf('Type `a\tb    c` here.')).toEqual(['Type `a\tb    c` here.']);
  });
});

describe('a part without letters and digits', () => {
  it.each(['%s: %s', '-----', '…', '“{0}” → “{1}”', '<br/>', '😀 👍', '--all'])(
    'is left alone: %s',
    (text) => {
      expect(split(text).some(isSegment)).toBe(false);
    },
  );
});

describe('a label with the mark of a key', () => {
  const labelOf = (text: string): Segment | undefined =>
    split(text)
      .filter(isSegment)
      .find((segment) => segment.mnemonic);

  it.each<[string, Piece[]]>([
    ['  Save &As...\n', ['Save As...']],
    ['E&xit', ['Exit']],
    ['文件(&F)', ['文件']],
    ['&Replace %s', ['Replace ', { placeholder: 0 }]],
    ['DELETE &ALL FILES', ['Delete all files']],
  ])('is read without it: %s', (text, pieces) => {
    const label = labelOf(text);
    expect(label?.pieces).toEqual(pieces);
    expect(sourceOf(label!)).toBe(text.trim());
    const held = protectMore(label!, ['As']);
    if (held) expect(sourceOf(held)).toBe(text.trim());
  });

  it.each(['R&D', 'Open `a&b` &now', 'Look at https://a.org/?b&c', 'It is so. See &Bar', '(&F)'])(
    'is none: %s',
    (text) => {
      expect(labelOf(text)).toBeUndefined();
      checkParts(text, 'en');
    },
  );
});

describe('a segment with more of its text protected', () => {
  const only = (text: string): Segment => split(text).find(isSegment)!;

  it('says the same, its placeholders in order', () => {
    const segment = only('Set %s to 1000, or 1000 of <b>22</b>.');
    const held = protectMore(segment, ['1000', '22'])!;
    expect(textOf(held)).toBe(textOf(segment));
    expect(held.spans).toEqual(['%s', '1000', '1000', '<b>', '22', '</b>']);
    expect(held.pieces.filter((piece) => typeof piece !== 'string')).toEqual(
      held.spans.map((_, placeholder) => ({ placeholder })),
    );
  });

  it('has no more than there are placeholders', () => {
    const numbers = Array.from({ length: 20 }, (_, index) => String(index + 10));
    const held = protectMore(
      { pieces: [{ placeholder: 0 }, ` of ${numbers.join(' ')}`], spans: ['%s'] },
      numbers,
    )!;
    expect(held.spans).toEqual(['%s', ...numbers.slice(0, 15)]);
    expect(textOf(held)).toBe(`%s of ${numbers.join(' ')}`);
  });

  it.each([
    ['there is nothing to protect', 'Open %s.', []],
    ['it has no such part', 'Open 12 files.', ['123', '1']],
    ['no words would be left', '1000', ['1000']],
  ])('is not made where %s', (_, text, keep) => {
    expect(protectMore(only(text), keep)).toBeUndefined();
  });
});
