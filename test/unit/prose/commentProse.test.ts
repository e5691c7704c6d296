/** What of a comment is translated, and what a document looks like with the translation in it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { proseOfComment } from '../../../extension/prose/commentProse';
import type { CommentRules } from '../../../extension/prose/reading/commentSigns';
import { commentAround, linesOf, rulesOf, translateAt, translateAtMark } from './commentDocument';

type Language = keyof typeof rulesOf;

const inCapitals = (marked: string, language: Language) => translateAtMark(marked, rulesOf[language])!;

describe('a translated comment', () => {
  it.each<[string, Language, string, string, string]>([
    [
      'tags of documentation with their names',
      'c',
      '/**\n * Adds▮ two\n * numbers.\n *\n * @param {number} a - the first\n * @param b\n * @throws {Error} when too big\n * @returns the sum\n */',
      'Adds two numbers.\nthe first\nwhen too big\nthe sum',
      '/**\n * ADDS TWO NUMBERS.\n *\n * @param {number} a - THE FIRST\n * @param b\n * @throws {Error} WHEN TOO BIG\n * @returns THE SUM\n */',
    ],
    [
      'examples of code',
      'c',
      '/**\n * Use it:▮\n *\n * ```ts\n * const a = word;\n * ```\n *\n *     call(word)\n *     $ run this\n *\n * @example\n * add word\n *\n * word\n * @deprecated for ever\n */',
      'Use it:\nfor ever',
      '/**\n * USE IT:\n *\n * ```ts\n * const a = word;\n * ```\n *\n *     call(word)\n *     $ run this\n *\n * @example\n * add word\n *\n * word\n * @deprecated FOR EVER\n */',
    ],
    [
      'bullets, numbers and what hangs from them',
      'shell',
      '# Two things:▮\n# - one,\n#   which goes on\n# 2. two\n#    and on\n# - [x] three',
      'Two things:\none, which goes on\ntwo and on\nthree',
      '# TWO THINGS:\n# - ONE, WHICH GOES ON\n# 2. TWO AND ON\n# - [x] THREE',
    ],
    [
      'rulers, tables and blank lines',
      'shell',
      '# ------▮\n# Title\n# ======\n#\n# | a | b |\n# |---|---|\n#\n# --- Other\n# Text',
      'Title\nOther\nText',
      '# ------\n# TITLE\n# ======\n#\n# | a | b |\n# |---|---|\n#\n# --- OTHER\n# TEXT',
    ],
    [
      'a call that was commented out below a sentence',
      'python',
      '# enable this for debugging▮\n# print(source, target)',
      'enable this for debugging',
      '# ENABLE THIS FOR DEBUGGING\n# print(source, target)',
    ],
    [
      'a list below a label, which is no block of settings',
      'python',
      '# options:▮\n#   - fast\n#     It is the fast way of doing it.\n#   - slow\n#     It is the slow way of doing it.',
      'options:\nfast\nIt is the fast way of doing it.\nslow\nIt is the slow way of doing it.',
      '# OPTIONS:\n#   - FAST\n#     IT IS THE FAST WAY OF DOING IT.\n#   - SLOW\n#     IT IS THE SLOW WAY OF DOING IT.',
    ],
    [
      'headings of Rust',
      'c',
      '/// Adds.▮\n/// # Panics\n/// When full.\n/// # Why so\n/// Since.',
      'Adds.\nWhen full.\nWhy so\nSince.',
      '/// ADDS.\n/// # Panics\n/// WHEN FULL.\n/// # WHY SO\n/// SINCE.',
    ],
    [
      'an example that is longer than what is said of it',
      'c',
      '/// Adds▮ a number.\n///\n/// ```\n/// let a = add(1);\n/// let b = add(a);\n/// assert_eq!(b, 2);\n/// ```',
      'Adds a number.',
      '/// ADDS A NUMBER.\n///\n/// ```\n/// let a = add(1);\n/// let b = add(a);\n/// assert_eq!(b, 2);\n/// ```',
    ],
    [
      'code below the sentence that speaks of it',
      'c',
      '// This was so until the old ones▮ were gone\n// if (this.old) {\n//   return this.old;\n// }',
      'This was so until the old ones were gone',
      '// THIS WAS SO UNTIL THE OLD ONES WERE GONE\n// if (this.old) {\n//   return this.old;\n// }',
    ],
    [
      'examples with their results',
      'shell',
      '# Counts the days.▮\n#\n#   1.day.to_s # => "86400"\n#\n#   # the same for months\n#   1.month.to_s # => "2629746"\n#\n# Since 2.0.',
      'Counts the days.\nSince 2.0.',
      '# COUNTS THE DAYS.\n#\n#   1.day.to_s # => "86400"\n#\n#   # the same for months\n#   1.month.to_s # => "2629746"\n#\n# SINCE 2.0.',
    ],
    [
      'command lines',
      'shell',
      '# Deploys it.▮\n#\n# Usage: deploy.sh [-v] <target>\n#        deploy.sh --help\n# Usage:\n#   drain word\n# The target is a host.\n#\n# usage: see the manual for this',
      'Deploys it.\nUsage:\nThe target is a host.\nusage: see the manual for this',
      '# DEPLOYS IT.\n#\n# Usage: deploy.sh [-v] <target>\n#        deploy.sh --help\n# USAGE:\n#   drain word\n# THE TARGET IS A HOST.\n#\n# USAGE: SEE THE MANUAL FOR THIS',
    ],
    [
      'blocks of reStructuredText, and names to see besides',
      'python',
      '    """Adds.\n\n    See Also\n    --------\n    choose, select\n    take : Takes one▮ of\n        many.\n\n    Notes\n    -----\n    It is written to\n    a file::\n\n        some words here\n\n    .. math::\n        alpha beta\n\n        gamma delta\n\n    So it is.\n    """',
      'Adds.\nTakes one of many.\nIt is written to a file::\nSo it is.',
      '    """ADDS.\n\n    See Also\n    --------\n    choose, select\n    take : TAKES ONE OF MANY.\n\n    Notes\n    -----\n    IT IS WRITTEN TO A FILE::\n\n        some words here\n\n    .. math::\n        alpha beta\n\n        gamma delta\n\n    SO IT IS.\n    """',
    ],
    [
      'people, and what CVS writes',
      'c',
      '/*\n * $Source: /a/b.c,v $\n * $State: Exp $\n * Written for▮ all.\n * Ann B. Example <ann@example.org>\n * Revision 1.16  2007/04/23 18:07:14  ann\n */',
      'Written for all.',
      '/*\n * $Source: /a/b.c,v $\n * $State: Exp $\n * WRITTEN FOR ALL.\n * Ann B. Example <ann@example.org>\n * Revision 1.16  2007/04/23 18:07:14  ann\n */',
    ],
    [
      'names in a docstring',
      'python',
      '    """Adds.\n\n    Args:▮\n        first: a number\n            of any size\n        *rest (int): others\n    Returns:\n        The sum.\n    """',
      'Adds.\na number of any size\nothers\nThe sum.',
      '    """ADDS.\n\n    Args:\n        first: A NUMBER OF ANY SIZE\n        *rest (int): OTHERS\n    Returns:\n        THE SUM.\n    """',
    ],
    [
      'fields of reStructuredText',
      'python',
      '"""Adds.\n\n:param int a: the first▮\n:returns: the sum\n"""',
      'Adds.\nthe first\nthe sum',
      '"""ADDS.\n\n:param int a: THE FIRST\n:returns: THE SUM\n"""',
    ],
    [
      'what tools read',
      'c',
      '// eslint-disable-next-line no-console▮\n// @ts-expect-error since it is old\n// SPDX-License-Identifier: MIT\n// eslint finds this',
      'since it is old\neslint finds this',
      '// eslint-disable-next-line no-console\n// @ts-expect-error SINCE IT IS OLD\n// SPDX-License-Identifier: MIT\n// ESLINT FINDS THIS',
    ],
    [
      'the text behind the opening sign',
      'c',
      '  /** One▮\n   * two.\n   */',
      'One two.',
      '  /** ONE TWO.\n   */',
    ],
    ['code that follows', 'c', '/* one▮ */ code();', 'one', '/* ONE */ code();'],
    ['what hangs below a colon', 'c', '// To do: one\n//        two▮', 'To do: one two', '// TO DO: ONE TWO'],
    ['lines without spaces between words', 'shell', '# 日本▮\n# 語です', '日本語です', '# 日本語です'],
  ])('keeps %s', (_, language, source, read, replaced) => {
    const translated = inCapitals(source, language);
    expect(translated.read).toBe(read);
    expect(translated.replaced).toBe(replaced);
  });

  it.each<[string, Language, string, (long: string) => string]>([
    ['line comments', 'c', '\t// one▮\n\tcode();', (long) => `\t// ${long}\n\t// y\n\tcode();`],
    ['a block', 'html', '<!-- one▮ -->', (long) => `<!-- ${long}\n  y -->`],
    ['a block with a gutter', 'c', '/**\n * one▮\n */', (long) => `/**\n * ${long}\n * y\n */`],
    ['a block that may have a gutter', 'c', '  /** one▮ */', (long) => `  /** ${long}\n   * y */`],
    ['a bullet', 'shell', '# - one▮', (long) => `# - ${long}\n#   y`],
    ['but not behind code', 'c', 'f(); // one▮', (long) => `f(); // ${long} y`],
    ['but not before code', 'c', '/* one▮ */ f();', (long) => `/* ${long} y */ f();`],
  ])('grows by lines like its own: %s', (_, language, source, replaced) => {
    const long = 'x'.repeat(78);
    expect(translateAtMark(source, rulesOf[language], () => `${long} y`)?.replaced).toBe(replaced(long));
  });
});

describe('a translation below', () => {
  it.each<[string, Language, string, string]>([
    ['is more lines of line comments', 'c', ' // one▮\n // two\nf();', ' // one\n // two\n // ONE TWO\nf();'],
    ['is a comment above the next line', 'c', '  f(); // one▮\ng();', '  f(); // one\n  // ONE\ng();'],
    ['is a block of its own below a closed one', 'c', '  /* one▮ */\nf();', '  /* one */\n  /* ONE */\nf();'],
    ['is within a block that is still open', 'c', '/**\n * one▮\n */', '/**\n * one\n * ONE\n */'],
    ['is within it, also behind the opening sign', 'c', '/** one▮\n */', '/** one\n * ONE\n */'],
    ['keeps the tags', 'c', '/**\n * @param a - one▮\n */', '/**\n * @param a - one\n * @param a - ONE\n */'],
    [
      'is a block of several lines',
      'c',
      '/* one▮\n * - two */',
      '/* one\n * - two */\n/*\n * ONE\n * - TWO\n */',
    ],
    ['of HTML', 'html', '<p> <!-- one▮ --> </p>', '<p> <!-- one --> </p>\n<!-- ONE -->'],
    ['at the end of a docstring', 'python', '  """One▮."""', '  """One."""\n  """ ONE. """'],
  ])('%s', (_, language, source, below) => {
    expect(inCapitals(source, language).below).toBe(below);
  });
});

describe('any comment', () => {
  const line = fc
    .array(
      fc.constantFrom(
        'one',
        'Two,',
        'three.',
        '- ',
        '1. ',
        '@param x ',
        '```',
        '----',
        'code();',
        ':',
        '語',
        '  ',
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join(' ').trim());
  const contents = fc.array(line, { minLength: 1, maxLength: 9 });
  const indentation = fc.constantFrom('', '  ', '\t\t');
  const words = (text: string): string[] => text.split(/\s+/u).filter((word) => word !== '');

  interface Shape {
    readonly rules: CommentRules;
    readonly source: (contents: readonly string[], indentation: string) => string[];
    /** What every line is, of the result too. */
    readonly every: RegExp;
    readonly signs: RegExp;
  }
  const shapes: Shape[] = [
    {
      rules: rulesOf.c,
      source: (texts, space) => texts.map((text) => `${space}// ${text}`.trimEnd()),
      every: /^\s*\/\/(?: |$)/,
      signs: /^\s*\/\/ ?/gm,
    },
    {
      rules: rulesOf.c,
      source: (texts, space) => [
        `${space}/**`,
        ...texts.map((text) => `${space} * ${text}`.trimEnd()),
        `${space} */`,
      ],
      every: /^\s*(?:\/\*\*$| \*(?: |$)| \*\/$)/,
      signs: /^\s*(?:\/\*\*| \*\/| \* ?)/gm,
    },
    {
      rules: rulesOf.html,
      source: (texts, space) => ['<!--', ...texts, '-->'].map((text) => space + text),
      every: /^/,
      signs: /^\s*(?:<!--|-->)/gm,
    },
  ];

  it.each(shapes.map((shape, index) => [index, shape] as const))(
    'has the same words, signs and surroundings after a translation that changes nothing (shape %d)',
    (_, { rules, source, every, signs }) => {
      fc.assert(
        fc.property(contents, indentation, fc.nat(10), (texts, space, cursor) => {
          const comment = source(texts, space);
          const document = ['before();', '', ...comment, '', 'after();'].join('\n');
          const at = 2 + (cursor % comment.length);
          const translated = translateAt(document, at, rules, (text) => text);
          if (translated === undefined) return;
          for (const result of [translated.replaced, translated.below]) {
            const lines = result.split('\n');
            expect([...lines.slice(0, 2), ...lines.slice(-2)]).toEqual(['before();', '', '', 'after();']);
            for (const fitted of lines.slice(2, -2)) {
              expect(fitted).toMatch(every);
              if (every.source !== '^' && fitted.trim() !== '') expect(fitted.startsWith(space)).toBe(true);
            }
          }
          const plain = (text: string): string => text.replace(signs, '').replace(/\s/gu, '');
          expect(plain(translated.replaced)).toBe(plain(document));
          if (!document.includes('語')) {
            const spoken = (text: string): string[] => words(text.replace(signs, ''));
            expect(spoken(translated.replaced)).toEqual(spoken(document));
          }
          // Below, nothing that was there is touched.
          const rest = translated.below.split('\n');
          for (const original of document.split('\n')) {
            const place = rest.indexOf(original);
            expect(place).toBeGreaterThanOrEqual(0);
            rest.splice(0, place + 1);
          }
        }),
        { seed: 7, numRuns: 200 },
      );
    },
  );

  it('behind code stays one line, whatever its translation', () => {
    fc.assert(
      fc.property(line, fc.lorem({ maxCount: 60 }), (text, translation) => {
        const translated = translateAt(`code(); // ${text}\nmore();`, 0, rulesOf.c, () => translation);
        if (translated === undefined) return;
        expect(translated.replaced.split('\n')).toHaveLength(2);
        expect(translated.replaced).toMatch(/^code\(\); \/\/ .*\nmore\(\);$/u);
      }),
      { seed: 7 },
    );
  });

  it.each([
    ['of 100,000 lines', '// word and more\n'.repeat(100_000), 50_000],
    ['of 100,000 blank lines', `//\n`.repeat(100_000) + '// word', 50_000],
    ['of one line of 500 kB in a block', `/*\n${'word '.repeat(100_000)}\n*/`, 0],
    ['of white space behind a colon', `/*\n:a ${' '.repeat(200_000)} bed\n*/`, 0],
    ['of white space behind a tag', `/*\n@param ${' '.repeat(200_000)}x${' '.repeat(200_000)}yes\n*/`, 0],
  ])('%s is fitted in a moment', (_, source, at) => {
    const before = process.cpuUsage();
    expect(translateAt(source, at, rulesOf.c, (text) => text)).toBeDefined();
    // More than linear would be minutes.
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(5000);
  });
});

it('what a Go function prints stays, and what a field called Output holds does not', () => {
  const textOf = (source: string): string =>
    proseOfComment(commentAround(linesOf(source), 0, rulesOf.c)!, { languageId: 'go' }).text;
  expect(textOf('\t// Output: hello world\n\t// and more')).toBe('');
  expect(textOf('\t// Output: where the result is written to.\n\t// It may be empty.')).toBe(
    'Output: where the result is written to. It may be empty.',
  );
});
