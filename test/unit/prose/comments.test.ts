/** Which comment a line belongs to, and that code is none. The comments are shown as the engine reads them. */
import { describe, expect, it } from 'vitest';
import { commentsFrom } from '../../../extension/prose/comments';
import type { CommentRules } from '../../../extension/prose/reading/commentSigns';
import { commentAround, linesOf, rulesOf, translateAtMark } from './commentDocument';

type Language = keyof typeof rulesOf;

const read = (marked: string, language: Language): string | undefined =>
  translateAtMark(marked, rulesOf[language])?.read;

describe('a comment behind code', () => {
  it.each<[Language, string, string]>([
    ['c', 'let colour = "#fff"; // the colour', 'the colour'],
    ['c', "open('https://example.org'); // the page", 'the page'],
    ['c', "const name = 'it\\'s // no comment'; // a comment", 'a comment'],
    ['c', 'see(`http://${host}//x`); // and so on', 'and so on'],
    ['c', "x.replace(/'/g, '’'); // apostrophes", 'apostrophes'],
    ['c', 'x.replace(/^https?:\\/\\//, ""); // the scheme', 'the scheme'],
    ['c', "fn f<'a>(x: &'a str) {} // a lifetime", 'a lifetime'],
    ['c', "fn g(x: &'static str) {} // one apostrophe", 'one apostrophe'],
    ['c', 'return x;//no space', 'no space'],
    ['c', 'int x; /* the width */', 'the width'],
    ['c', 'f(/* 1 */ true); // the first has words', 'the first has words'],
    ['c', 'f(/* one */ 1, /* two */ 2);', 'one'],
    ['css', "a { color: '#fff' } /* white */", 'white'],
    ['python', "colour = '#fff'  # white", 'white'],
    ['python', "pattern = r'#' + rb'#'  # two signs", 'two signs'],
    ['shell', 'echo "${#list[@]}" ${#list} $# # how many', 'how many'],
    ['shell', "echo it\\'s # escaped", 'escaped'],
    ['shell', "title: don't # a single apostrophe", 'a single apostrophe'],
    ['shell', "who: it's Anna's # two in words", 'two in words'],
    ['sql', "SELECT 'a--b' FROM t; -- the names", 'the names'],
    ['lua', 'local x = "--" -- dashes', 'dashes'],
    ['haskell', "foldl' f x -- strict", 'strict'],
    ['latex', '\\newcommand{\\x}{50\\%} % per cent', 'per cent'],
    ['vb', 'Dim path = "C:\\dir\\" \' the folder', 'the folder'],
  ])('is found in %s: %s', (language, line, text) => {
    expect(read(`${line}▮`, language)).toBe(text);
  });

  it.each<[Language, string]>([
    ['c', "import x from 'https://example.org';"],
    ['c', "const files = 'src/*.ts'; const all = '**/*.ts';"],
    ['c', 'const sign = /[/*]/; const end = /\\/*$/;'],
    ['c', 'const blank = ""; /* */'],
    ['shell', 'curl https://example.org/#anchor'],
    ['shell', 'echo a#b ${x#y} ${#x}'],
    ['python', "x = 'a # b'"],
    ['sql', "SELECT '--' || name"],
    ['latex', 'fifty\\% of it'],
    ['bat', '@REMARK this is no comment'],
  ])('is not seen in %s: %s', (language, line) => {
    // What a sign that is none would open, the comment below would close.
    expect(read(`${line}▮\n/* A comment, */\nand code. -- -->`, language)).toBeUndefined();
  });
});

describe('a block comment', () => {
  it.each<[string, Language, string, string]>([
    ['with a gutter', 'c', '/**\n * One▮\n * two.\n */\ncode();', 'One two.'],
    ['with a gutter of two', 'c', '/*\n** One▮\n** two.\n*/', 'One two.'],
    ['without a gutter', 'css', '/* One\n   two▮. */', 'One two.'],
    ['whose lines begin in bold', 'c', '/*\n**One** and\n**two**▮.\n*/', '**One** and **two**.'],
    ['whose bullets are no gutter', 'c', '/* Two things:▮\n* one\n- two\n*/', 'Two things:\none\ntwo'],
    ['of HTML', 'html', "<p>It's</p> <!-- it's▮ here -->", "it's here"],
    ['of Haskell', 'haskell', '{- One\n   two. -}▮', 'One two.'],
    ['of Lua', 'lua', '--[[\nOne▮ two.\n]]\nx = t[i]', 'One two.'],
    ['of PowerShell', 'powershell', '<#\nOne▮ two.\n#>\nGet-Item', 'One two.'],
    ['that holds a line sign', 'c', '/* see // here▮ */', 'see // here'],
    ['that holds an opening sign', 'c', '/* one /* two\n three▮ */', 'one /* two three'],
    ['that begins behind code', 'c', 'int x; /* One\n two▮. */', 'One two.'],
    ['that begins behind another', 'c', '/* one */ x /* two▮\nthree */', 'one'],
    ['that ends where another begins', 'c', '/* One\ntwo▮ */ f(); /* three */', 'One two'],
    ['at its first line', 'c', '/** ▮\n * One.\n */', 'One.'],
    ['at its last line', 'c', '/**\n * One.\n ▮*/', 'One.'],
    ['of CoffeeScript', 'coffeescript', '###\nOne▮ two.\n###', 'One two.'],
  ])('%s is read as its sentences', (_, language, source, text) => {
    expect(read(source, language)).toBe(text);
  });

  it.each<[string, Language, string]>([
    ['between two comments', 'c', '/* one */\ncode();▮\n/* two */'],
    ['between two comments in a line', 'c', '/*\none */\ncode();▮\n/* two\n*/'],
    ['behind one that never ends', 'c', 'code(); /* one▮\ntwo\nthree'],
    ['below a line comment with an opening sign', 'c', '// as in /* here\ncode();▮\n/* two */'],
    ['below a text with an opening sign', 'c', "glob('src/*.ts');\ncode();▮\n/* two */"],
    ['between two docstrings', 'python', 'def f():\n  """One."""\n  code()▮\ndef g():\n  """Two."""'],
    ['between docstrings of many lines', 'python', '"""\nOne.\n"""\ncode()▮\n"""\nTwo.\n"""'],
    ['a text that is assigned', 'python', 'query = """\nSELECT all▮\n"""'],
  ])('does not reach to code %s', (_, language, source) => {
    expect(read(source, language)).toBeUndefined();
  });

  it('is a docstring where one opens, by counting from the beginning', () => {
    const source = '"""A module."""\ndef f():\n    """Does\n    this▮.\n    """\n    x = \'"""\'  # """\n';
    expect(read(source, 'python')).toBe('Does this.');
    expect(read(`${source}def g():\n    r"""Does that▮."""\n`.replace('▮', ''), 'python')).toBe('Does that.');
  });

  it('is not opened by a ruler where line and block signs are the same character', () => {
    expect(read('##########\n# One▮ two.\n##########\ncode()', 'coffeescript')).toBe('One two.');
  });
});

describe('line comments in a row', () => {
  it.each<[string, Language, string, string]>([
    ['are one', 'c', 'f();\n// One\n// two▮\n// three.\nf();', 'One two three.'],
    ['begin at the first line of a file', 'sql', '-- One▮\n-- two.', 'One two.'],
    ['end at another column', 'c', '// One.▮\n  // Two.', 'One.'],
    ['end at another kind', 'c', '/// One▮\n/// two.\n// Three.', 'One two.'],
    ['end at code with a comment behind it', 'shell', '# One.▮\nx=1 # two', 'One.'],
    ['do not hold the interpreter', 'shell', '#!/bin/sh -e\n# One▮ two.', 'One two.'],
    ['may be of Rust', 'c', '//! One▮\n//! two.', 'One two.'],
    ['may be of Visual Basic', 'vb', "' One▮\n' isn't two.", "One isn't two."],
    ['may be of batch files', 'bat', '@REM One▮\n@REM two.', 'One two.'],
    ['may be indented by tabs', 'c', '\t\t// One▮\n\t\t// two.', 'One two.'],
    ['are told from a block that begins with their sign', 'lua', '-- One.▮\n--[[ Two. ]]', 'One.'],
  ])('%s', (_, language, source, text) => {
    expect(read(source, language)).toBe(text);
  });

  it('end where code stands behind one, which its line keeps', () => {
    const lines = linesOf("#' One\n#' @param x\n#' two.");
    const regions = [6, 2, 7].map((end, line) => {
      return { kind: 'line', first: line, start: 0, last: line, end, open: "#'", close: '' } as const;
    });
    const comments = commentsFrom(lines, regions);
    expect(comments.map(({ first, lines: own }) => [first, own.length])).toEqual([
      [0, 2],
      [2, 1],
    ]);
    expect(comments[0]!.lines[1]!.tail).toBe(' @param x');
  });

  it.each<[string, Language, string]>([
    ['an interpreter', 'shell', '#!/bin/sh▮\necho'],
    ['an empty comment', 'c', '//▮'],
    ['an empty block', 'c', '/*▮ */'],
    ['a ruler', 'shell', '#-------▮'],
    ['an empty line', 'c', '▮\n// below'],
    ['a language without signs', 'css', '// no sign here▮'],
  ])('are not made of %s', (_, language, source) => {
    expect(read(source, language)).toBeUndefined();
  });
});

describe('hostile documents', () => {
  it('have lines too long for a person: only the end of a comment is looked for in them', () => {
    const long = 'x '.repeat(10_001);
    expect(read(`${long} // word▮`, 'c')).toBeUndefined();
    expect(read(`/*\n${long} word */▮`, 'c')).toMatch(/word$/);
  });

  const megabytes = (text: string): string => text.repeat(Math.ceil(2_000_000 / text.length));
  /** The quicker of two, since the machine may be busy with something else. */
  function milliseconds(source: string, line: number, rules: CommentRules): number {
    const lines = linesOf(source);
    return Math.min(
      ...[1, 2].map(() => {
        const start = performance.now();
        commentAround(lines, line, rules);
        return performance.now() - start;
      }),
    );
  }

  // What takes more than linear time takes minutes here.
  it.each<[string, string, number, Language]>([
    ['one line of code', megabytes('f("x", \'y\'); '), 0, 'c'],
    ['one line of quotation marks', megabytes('"'), 0, 'c'],
    ['one line of single quotation marks', `"${megabytes("a ' b` ")}`, 0, 'c'],
    ['one line of escapes', `"${megabytes('\\')}`, 0, 'c'],
    ['one line of comments', megabytes('/* */'), 0, 'c'],
    ['one line of opening signs', megabytes('/*'), 0, 'c'],
    ['one line of line signs that are none', megabytes(':// '), 0, 'c'],
    ['one line of white space', megabytes(' '), 0, 'c'],
    ['one line comment', `//${megabytes(' ! ')}`, 0, 'c'],
    ['many lines of code', megabytes('code();\n'), 200_000, 'c'],
    ['many lines of docstrings', megabytes('"""One."""\n'), 150_000, 'python'],
    ['a block without an end', `/*\n${megabytes('text\n')}`, 200_000, 'c'],
  ])('of %s are read in a moment', (_, source, line, language) => {
    expect(milliseconds(source, line, rulesOf[language])).toBeLessThan(3000);
  });
});
