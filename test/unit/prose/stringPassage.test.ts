/**
 * What becomes of strings in translation: line breaks, continued lines, bytes, what YAML folds, and what programs read
 * in them.
 */
import { describe, expect, it, vi } from 'vitest';
import type { ProsePassage } from '../../../extension/prose/passage';
import { ProseFinder } from '../../../extension/prose/proseFinder';
import { asDocument, FakeDocument, type FakeVscode } from '../extension/fakeVscode';
import { testReader } from './testReader';

vi.mock('vscode', async () => (await import('../extension/fakeVscode')).fakeVscode());
const vscode = (await import('vscode')) as unknown as FakeVscode;

const finder = new ProseFinder(testReader());

async function firstString(languageId: string, source: string): Promise<ProsePassage> {
  const document = asDocument(new FakeDocument(vscode, source, languageId, '/file'));
  const [passage] = await finder.passagesIn(document, new Set(['string']));
  return passage!;
}

/** The first string of a source, and the source with “the” translated in it. */
async function translated(
  languageId: string,
  source: string,
  article = 'die',
): Promise<{ text: string; result: string }> {
  const passage = await firstString(languageId, source);
  const { text, span } = passage;
  const fitted = passage.fit(text.replace(/\bthe\b/g, article));
  return { text, result: source.slice(0, span.start) + fitted + source.slice(span.end) };
}

describe('a line that a backslash continues', () => {
  it.each(['c', 'cpp', 'javascript', 'python', 'rust', 'ruby', 'php', 'lua', 'yaml', 'shellscript'])(
    'is no line of its own, and stays: %s',
    async (languageId) => {
      const before = { yaml: 's: ', php: '<?php $s = ', shellscript: 'echo ' }[languageId] ?? 's = ';
      for (const lineEnding of ['\n', '\r\n']) {
        const source = (article: string): string =>
          `${before}"${article} line ends \\${lineEnding}   and ${article} other goes on"${lineEnding}`;
        const { text, result } = await translated(languageId, source('the'));
        expect(text).toBe('the line ends \\\n   and the other goes on');
        expect(result).toBe(source('die'));
      }
    },
  );
});

describe('line breaks of a string', () => {
  it.each<[string, (article: string) => string, string]>([
    [
      'are as Windows has them',
      (article) => `${article} one line\\r\\n${article} other line\\r\\n`,
      'the one line\nthe other line',
    ],
    [
      'are as others have them',
      (article) => `${article} one line\\n${article} other line\\n`,
      'the one line\nthe other line',
    ],
    [
      'are of two kinds',
      (article) => `${article} one line\\r\\n${article} other\\n${article} third\\r`,
      'the one line\\r\nthe other\nthe third',
    ],
  ])('%s', async (_, written, text) => {
    for (const [languageId, before, mark] of [
      ['javascript', 's = ', '"'],
      ['rust', 'let s = ', '"'],
      ['c', 's = ', '"'],
      ['python', 's = ', '"'],
    ] as const) {
      const source = (article: string): string => `${before}${mark}${written(article)}${mark};`;
      expect(await translated(languageId, source('the'))).toEqual({ text, result: source('die') });
    }
  });

  it('are escaped between marks that could hold them too, where they were', async () => {
    expect((await translated('javascript', 's = `the one line\\nthe other`')).result).toBe(
      's = `die one line\\ndie other`',
    );
    expect((await translated('javascript', 's = `the one line\nthe other`')).result).toBe(
      's = `die one line\ndie other`',
    );
  });

  it('come in from no translation', async () => {
    expect((await translated('javascript', 's = "the line of it"', 'die\n')).result).toBe(
      's = "the line of it"',
    );
  });
});

it.each([
  ['python', "s = b'the file is not found'"],
  ['python', 's = Rb"the file is not found"'],
  ['rust', 'let s = b"the file is not found";'],
  ['rust', 'let s = br#"the file is not found"#;'],
])('a string of bytes takes letters of ASCII alone: %s %s', async (languageId, source) => {
  expect((await translated(languageId, source)).result).toBe(source.replace('the', 'die'));
  expect((await translated(languageId, source, 'größte')).result).toBe(source);
});

it.each(['"', "'"])('what YAML folds is one text, and is folded again: %s', async (mark) => {
  const folded = (article: string): string =>
    `a: ${mark}${article} first line of it\n  is ${article} one of two\n\n  ${article} second${mark}\n`;
  const { text, result } = await translated('yaml', folded('the'));
  expect(text).toBe('the first line of it is the one of two\nthe second');
  expect(result).toBe(folded('die'));
  expect((await translated('yaml', folded('the'), 'die allerlängste')).result).toBe(
    `a: ${mark}die allerlängste\n  first line of it is\n  die allerlängste one\n  of two\n\n  die allerlängste\n  second${mark}\n`,
  );
});

it.each([
  ["a: 'the first line of it.\n\n  And the second line of it.'\n", 'a first paragraph of one line'],
  ["a: 'the first line of it.\n\n\n  And the second line of it.'\n", 'two blank lines'],
])('YAML keeps its indentation and its blank lines: %j, %s', async (source) => {
  expect((await translated('yaml', source)).result).toBe(source.replaceAll('the', 'die'));
});

it('a continued line at an end of a string is no part of what it says', async () => {
  const source = 'a = """\\\nThe usage of the tool is here\nand goes on \\\n"""';
  const { text, result } = await translated('python', source);
  expect(text).toBe('The usage of the tool is here\nand goes on');
  expect(result).toBe(source.replace('of the', 'of die'));
});

describe('what a program reads in a message', () => {
  const files = 'You have {count, plural, one {# file} other {# files}} left.';
  const range = 'It goes from {min, number} to {max, number} at most.';
  const apples = 'There are no apples | there is one apple | there are {count} apples';
  it.each<[string, string, string, boolean]>([
    ['an argument as it was', files, `Es bleiben {count, plural, one {# file} other {# files}}.`, true],
    ['one without its last brace', files, 'Es bleiben {count, plural, one {# file} other {# files}.', false],
    ['one of another name', files, 'Es bleiben {Anzahl, plural, one {# file} other {# files}}.', false],
    ['one of another kind', range, 'Höchstens von {min, Zahl} bis {max, number}.', false],
    ['two in another order', range, 'Höchstens bis {max, number}, von {min, number} an.', true],
    ['every branch', apples, 'Es gibt keine | es gibt einen | es gibt {count} Äpfel', true],
    ['a branch too few', apples, 'Es gibt keine Äpfel | es gibt {count} Äpfel', false],
    ['a branch too many', 'This is either of them.', 'Das ist dies | das.', false],
  ])('%s', async (_, text, translation, fits) => {
    expect((await firstString('javascript', `s = "${text}";`)).fits(translation)).toBe(fits);
  });

  it('is Laravel’s “:count” in PHP alone', async () => {
    const text = 'The :count files of:them are gone from here, at 16:30 by :User.';
    const passage = await firstString('php', `<?php $s = "${text}";`);
    expect(passage.keep).toEqual([':count', ':User']);
    expect(passage.fits('Die :count files of:them sind weg von hier, 16:30 von :User.')).toBe(true);
    expect(passage.fits('Die :kount files of:them sind weg von hier, 16:30 von :User.')).toBe(false);
    expect((await firstString('javascript', `s = "${text}";`)).keep).toEqual([]);
  });
});
