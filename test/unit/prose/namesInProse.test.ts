/** Which words of a comment are names of the code around it: by their form, never since the code has such a word. */
import { describe, expect, it } from 'vitest';
import { keepsNames } from '../../../extension/prose/keptParts';
import { knownNames, namesInProse } from '../../../extension/prose/namesInProse';
import { codeNames, isGerman } from '../../../extension/prose/reading/codeNames';

const c = { line: '//', block: ['/*', '*/'] } as const;
const code = `
struct page *page; struct buffer buffer; class Buffer extends Stream { count = 0; size; }
enum Kind { A, B } int md5, x1, pMax, _rest, EOF, NOT, name, file, list, next, items, T;
function flush(force, all) {} Kunde kunde; Liste liste; None; getName
`;
const names = knownNames(codeNames(code, 'c', c));
const german = { ...names, inGerman: true };

describe('in English', () => {
  it.each<[text: string, kept: string[]]>([
    // Plain words, whatever the code names so.
    ['The buffer has a name, a size and a count of items next to the list.', []],
    ['Flushes the file(s) and the list.', []],
    ['Does NOT flush; the NAME counts.', []],
    // Class names within a sentence.
    ['Fills the Buffer of a Stream until None is left.', ['Buffer', 'Stream', 'None']],
    ['Buffer size in bytes. Stream comes next.', []],
    ['Basic Usage Of The Buffer', []],
    // What is said to be a name by its form.
    ['Takes md5 of x1 up to pMax and _rest.', ['md5', 'x1', 'pMax', '_rest']],
    ['Reads to EOF.', ['EOF']],
    ['READ UNTIL EOF HAS COME', []],
    // By what stands around it.
    ['Call flush() or flush(force, all), not file(s).', ['flush()', 'flush(force, all)']],
    ["The 'count' and “size” of 'things'.", ["'count'", '“size”']],
    ['See [flush] and [other].', ['[flush]']],
    ['Where @page and %EOF go, &buffer stays.', ['@page', '%EOF', '&buffer']],
    ['What *count*s is *not* the **size**, but *items.', ['*items']],
    ['The \\p count of bytes.', ['\\p count']],
    ['Frees a struct page of the page cache.', ['struct page']],
    ['When list->next or items[0] is set, list.size too.', ['list->next', 'items[0]', 'list.size']],
    ['It comes at the end of the list.Next is another.', []],
    ["It's what doesn't count; well-known names.", []],
  ])('%s', (text, kept) => {
    expect(namesInProse(text, names)).toEqual(kept);
  });
});

describe('in German all nouns have capital letters', () => {
  it.each<[text: string, kept: string[]]>([
    ['Die Liste gehört dem Kunde, wenn der Buffer voll ist.', []],
    ['Anzahl in Liste', []],
    ['Ruft flush() auf, bis EOF kommt, und setzt _rest.', ['flush()', 'EOF', '_rest']],
    ['Das Feld ‚kunde‘ und „Liste“.', ['‚kunde‘', '„Liste“']],
    ['This fills the Buffer of the file.', ['Buffer']],
  ])('%s', (text, kept) => {
    expect(namesInProse(text, german)).toEqual(kept);
  });
});

it('in a script of its own a word in Latin letters is a name', () => {
  expect(namesInProse('返回buffer的count，不是other。', names)).toEqual(['buffer', 'count']);
  expect(namesInProse('Возвращает size и list.', names)).toEqual(['size', 'list']);
});

describe('names of code', () => {
  const of = (text: string, language = 'typescript', rules: Parameters<typeof codeNames>[2] = c): string[] =>
    codeNames(text, language, rules).names.toSorted();

  it('are what is in no comment and no string', () => {
    expect(of(`a /* b */ = "c" + 'd' + f("e\\" g", h) // i\n k`)).toEqual(['a', 'f', 'h', 'k']);
    expect(of('x = 1 # y\n"""\nz\n"""\nw', 'python', { line: '#', block: ['"""', '"""'] })).toEqual([
      'w',
      'x',
    ]);
    expect(of('größe := 名字 + 12px', 'go')).toEqual(['größe', '名字']);
    expect(of("fn of<'a>(x: &'a str) -> char { 'b' }", 'rust')).toEqual([
      'a',
      'char',
      'fn',
      'of',
      'str',
      'x',
    ]);
  });

  it('of HTML and PHP are in the parts that are code', () => {
    expect(of('<p>Some Text</p><script>let a; // b\n</script> and', 'html', {})).toEqual(['a', 'let']);
    expect(of('Some Text <?php $a = 1; # b ?> and <?= c ?>', 'php', {})).toEqual(['$a', 'c']);
  });

  it('an unclosed sign, of which there are many, hides nothing and takes no time', () => {
    const text = `${'/* '.repeat(200_000)}a`;
    const before = performance.now();
    expect(of(text)).toEqual(['a']);
    expect(performance.now() - before).toBeLessThan(2000);
  });

  it('tells the language of the comments', () => {
    const source = (comment: string): string => `int a; // ${comment}\nint der, das, und, ist;`;
    expect(codeNames(source('Die Größe des Puffers ist nicht bekannt'), 'c', c).inGerman).toBe(true);
    expect(codeNames(source('The size of the buffer is not known'), 'c', c).inGerman).toBe(false);
    expect(isGerman(['Anzahl Kunden'], true)).toBe(true);
  });
});

it('a name is kept as a word of its own', () => {
  expect(keepsNames('Buffer and Buffers', 'Buffer und Puffer', ['Buffer'])).toBe(true);
  expect(keepsNames('the Buffer', 'der Puffer', ['Buffer'])).toBe(false);
  expect(keepsNames('the Buffer', 'der Bufferspeicher', ['Buffer'])).toBe(false);
  expect(keepsNames('返回buffer的值', '値はbufferです', ['buffer'])).toBe(true);
});
