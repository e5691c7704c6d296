import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairSections, readManualPage } from '../../../scripts/corpus/manualPages.mjs';
import { mdocText } from '../../../scripts/corpus/mdoc.mjs';
import { macroArguments, plainText } from '../../../scripts/corpus/roff.mjs';

describe('plainText', () => {
  it.each([
    ['\\fBls\\fP \\-\\-all', 'ls --all'],
    ['don\\(aqt \\(lqquote\\(rq', "don't “quote”"],
    ['\\[u00E9]t\\[u00E9]\\~là', 'été\u00a0là'],
    ['a\\|b\\&c\\%d\\e', 'abcd\\'],
    ['\\f[CW]code\\fR and \\s-1SMALL\\s0', 'code and SMALL'],
    ['\\*(lqstring\\*(rq', '“string”'],
    ['see Journal\\s-2\\u[1]\\d\\s+2 files', 'see Journal files'],
    ["\\h'-04'x\\v'1m'", 'x'],
    ['a \\(zz b', 'a \ufffc b'],
    ['\\*[unknown]', '\ufffc'],
    ['\\q', '\ufffc'],
  ])('of %s', (text, expected) => {
    expect(plainText(text)).toBe(expected);
  });
});

it('macroArguments: words and quotes, without comments', () => {
  expect(macroArguments(' a "b c" "say ""x""" d\\ e \\" comment')).toEqual(['a', 'b c', 'say "x"', 'd\\ e']);
});

describe('mdocText', () => {
  it.each([
    ['Fl', ' a Ar file Ns , ...', '-a file, ...'],
    ['Op', ' Fl v | Fl q', '[-v | -q]'],
    ['Xr', ' ls 1 ,', 'ls(1),'],
    ['Dq', ' Pa /etc/hosts .', '“/etc/hosts”.'],
    ['Nm', ' tar', 'tar'],
    ['Zz', ' what', '\ufffc'],
  ])('.%s%s', (name, rest, expected) => {
    expect(mdocText(name, rest)).toBe(expected);
  });
});

describe('readManualPage', () => {
  it('reads sections of paragraphs, tags, items and lists', () => {
    const page = `.\\" A comment
.TH LS 1
.SH NAME
ls \\- list
.SH "SEE ALSO"
.PP
First
.B bold
and
.BR stat (2),
.IR more .
.TP
.B \\-a
Shows
all.
.IP \\(bu 2
An item.
.nf
code
.fi
.if n \\{\\
skipped
.\\}
Last.`;
    expect(readManualPage(page)).toEqual([
      [
        { kind: 'SH', text: 'NAME' },
        { kind: 'paragraph', text: 'ls - list' },
      ],
      [
        { kind: 'SH', text: 'SEE ALSO' },
        { kind: 'paragraph', text: 'First bold and stat(2), more.' },
        { kind: 'tag', text: '-a' },
        { kind: 'item', text: 'Shows all.' },
        { kind: 'item', text: 'An item.' },
        { kind: 'nf', text: '' },
        { kind: 'paragraph', text: 'Last.' },
      ],
    ]);
  });

  it('marks what it does not understand', () => {
    expect(
      readManualPage('.SH A\nKnown.\n.PP\nSome \\(zz.\n.PP\nKnown too.')[0]?.map(({ text }) => text),
    ).toEqual(['A', 'Known.', 'Some \ufffc.', 'Known too.']);
  });

  it('ends on whatever it is given', () => {
    const piece = fc.constantFrom(
      '.SH',
      '.TP',
      '.IP',
      '.nf',
      '.de',
      '\\{',
      '\\}',
      '.if',
      '"',
      '\\',
      '\n',
      ' ',
      'x',
      '.Op Fl',
      '\\f(',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        readManualPage(pieces.join(''));
      }),
      { seed: 7, numRuns: 500 },
    );
    const begun = performance.now();
    readManualPage(`.SH A\n${'"'.repeat(200_000)}\n.B ${'"a '.repeat(100_000)}\n${'\\'.repeat(200_000)}`);
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});

describe('pairSections', () => {
  const section = (text: string): { kind: string; text: string }[] => [{ kind: 'SH', text }];

  it('lets a translation have a section more, about itself, and takes the first of pages that differ', () => {
    const source = [section('NAME'), section('OPTIONS')];
    const translated = [section('BEZEICHNUNG'), section('OPTIONEN')];
    expect(pairSections(source, [...translated, section('ÜBERSETZUNG')])).toHaveLength(2);
    expect(pairSections(source, translated.slice(0, 1))).toEqual([[source[0], translated[0]]]);
    expect(pairSections(source, [...translated, ...translated])).toHaveLength(1);
  });
});
