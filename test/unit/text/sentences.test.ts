import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findProtectedSpans } from '../../../models/text/protectedSpans';
import { splitSentences } from '../../../models/text/sentences';
import { expectLinear } from './linearTime';

const split = (text: string, language: string): string[] =>
  splitSentences(text, language).map(({ start, end }) => text.slice(start, end));

describe('sentences', () => {
  // Each case is given joined by spaces (Chinese: by nothing) and has to come apart again.
  const cases: [language: string, sentences: string[]][] = [
    ['en', ['It ends here.', 'Does it?', 'Yes!', 'Good.']],
    ['en', ['Dr. Smith met Mr. Jones vs. Prof. Brown.', 'They left.']],
    ['en', ['Use a loop, e.g. For or While, i.e. Any loop.', 'Then stop.']],
    [
      'en',
      ['See Fig. 3 and No. 5.', 'He said no.', 'Then he left.', 'Bring paper, pens, etc.', 'Come early.'],
    ],
    ['en', ['George W. Bush was here.', 'We need a plan B.', 'Then we go.', 'J. R. R. Tolkien wrote it.']],
    ['en', ['He said “Stop.”', 'Then he left.', '(See above.)', 'What?!', 'Yes.']],
    ['en', ['Call foo.bar() and printf(3).', '%s is missing.', 'See https://x.org/a.', '--all does it.']],
    ['en', ['Version 1.2.3 costs 3.50.', 'It is done.', 'Wait... and see.']],
    ['en', ['Run `a. B. C` now.', 'FileReader is next.']],
    ['de', ['Geräte, z. B. Drucker, z.B. Scanner bzw. Kameras.', 'Das ist ca. Zehn.', 'Siehe Nr. 5.']],
    [
      'de',
      [
        'Am 3. Mai und im 19. Jahrhundert.',
        'Es sind 3.',
        'Die nächste Datei, d. h. Die letzte, usw.',
        'Danach ist Schluss.',
      ],
    ],
    ['de', ['Hr. Dr. Müller, vgl. Abb. 3, ggf. Abschn. 4.', 'Ist das o. g. Gerät da?', 'Ja.']],
    ['en', ['Use .NET or (.Xresources).', 'Then .Xdefaults is read.', 'Cf. Section 3.', 'Approx. Five.']],
    [
      'de',
      [
        'Die 1. Zeile und die 2. Spalte.',
        'Im 3. Schritt, zum 1. Mal.',
        'Die 1. und 2. Zeile, jede 3. Zeile.',
      ],
    ],
    ['de', ['Es ist die 5.', 'Das ist gut.', 'Werte von 1 bis 5.', 'Standard ist 3.']],
    [
      'de',
      [
        'D. h. Dateien.',
        'Z. B. Drucker.',
        'Max. Anzahl, min. Breite.',
        'Min. Höhe.',
        'Ggf. Löschen.',
        'Vgl. Abschnitt 3.',
      ],
    ],
    ['de', ['Frag Max.', 'Er weiß es.', 'Ich warte eine Min.', 'Dateigröße: Max. 5 MB.']],
    ['de', ['Das ist die 5.', 'Klicken Sie hier.', 'Seite der 12.', 'Öffnen Sie das Buch.']],
    ['de', ['Inkl. Quelltext.', 'Ca. Zehn.', 'Evtl. Fehler.', 'Das ist .NET.', 'Ja.']],
    ['fr', ['M. Dupont et Mme. Durand arrivent.', 'Prenez p. ex. Paris.', 'Est-ce fini ?', 'Oui !']],
  ];
  it.each(cases)('in %s: %j', (language, sentences) => {
    expect(split(sentences.join(' '), language)).toEqual(sentences);
    expect(split(sentences.join('  \n'), language)).toEqual(sentences);
  });

  it('end at a line break that is written as an escape sequence', () => {
    expect(split('First line.\\nSecond line.\\n\\nThird\\nline', 'en')).toEqual([
      'First line.\\n',
      'Second line.\\n\\n',
      'Third\\nline',
    ]);
  });

  it('in Chinese, without spaces', () => {
    const sentences = ['这是一个测试。', '真的吗？', '是的！', '请运行 foo()。', '“好。”', '完成。'];
    expect(split(sentences.join(''), 'zh')).toEqual(sentences);
  });

  it('go on over a line break and end at a blank line or before a list item', () => {
    const text =
      'One line\ngoes on.\r\n\r\nA title\n \n- item one\n- item two\n  goes on\n1. First\n2) Second\n';
    expect(split(text, 'en')).toEqual([
      'One line\ngoes on.',
      'A title',
      '- item one',
      '- item two\n  goes on',
      '1. First',
      '2) Second',
    ]);
  });

  it('of nothing are none', () => {
    expect(split('', 'en')).toEqual([]);
    expect(split(' \n\n ', 'en')).toEqual([]);
  });

  it('leave out only white space, never begin or end with it, and cut no protected span', () => {
    const unit = fc.constantFrom(
      '. ',
      '.',
      '! ',
      '。',
      ' ',
      '\n',
      '\n\n- ',
      '\r\n',
      'A',
      'wort',
      'Dr. ',
      '%s',
      '`a. B`',
      'x()',
      '3.',
      '“',
      '”',
      '😀',
      '\ud800',
      '\u2028',
    );
    const text = fc.oneof(fc.string({ unit, maxLength: 60 }), fc.string({ unit: 'binary', maxLength: 60 }));
    fc.assert(
      fc.property(text, fc.constantFrom('en', 'de', 'fr', 'zh'), (drawn, language) => {
        let end = 0;
        const sentences = splitSentences(drawn, language);
        for (const sentence of sentences) {
          expect(drawn.slice(end, sentence.start).trim()).toBe('');
          const inside = drawn.slice(sentence.start, sentence.end);
          expect(inside.trim()).toBe(inside);
          expect(inside).not.toBe('');
          end = sentence.end;
        }
        expect(drawn.slice(end).trim()).toBe('');
        for (const span of findProtectedSpans(drawn)) {
          expect(sentences.some(({ start, end: last }) => start <= span.start && span.end <= last)).toBe(
            true,
          );
        }
      }),
      { seed: 51, numRuns: 2000 },
    );
  });

  it('take linear time', () => {
    for (const unit of ['a. ', 'A. ', 'Dr. ', '\n', '. ', '1. ', ' ', '。']) {
      expectLinear(JSON.stringify(unit), (times) => {
        splitSentences(unit.repeat((times * 20_000) / unit.length), 'de');
      });
    }
  });
});
