import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fusePieces } from '../../../models/text/pieces';
import { findProtectedSpans, protect, protectPair, restore } from '../../../models/text/protectedSpans';
import { learnVocabulary } from '../../../models/text/learnVocabulary';
import { expectLinear } from './linearTime';
import { corpusLines } from './subwordNmt';

const found = (text: string): string[] =>
  findProtectedSpans(text).map(({ start, end }) => text.slice(start, end));
const kinds = (text: string): string[] => findProtectedSpans(text).map(({ kind }) => kind);

describe('protected', () => {
  const whole: Record<string, string[]> = {
    printf: [
      ...[
        '%s',
        '%d',
        '%1$d',
        '%-5.2lf',
        '%*s',
        '%.*s',
        '%lld',
        '%zu',
        '%%',
        '%n',
        '%@',
        '%1$@',
        '%#x',
        '%02d',
        '%I64u',
      ],
      ...[
        '%(name)s',
        '%(count).2f',
        '%{name}',
        '%1',
        '%12',
        '%L1',
        '%Y',
        '%H',
        '%qs',
        '%q+D',
        '%<',
        '%<PRIu64>',
        '%APPDATA%',
      ],
    ],
    brace: [
      '{0}',
      '{}',
      '{name}',
      '{{x}}',
      '{{ user.name }}',
      '{x!r:>10}',
      '{0:08x}',
      '{0,number,integer}',
      '#{x}',
      '{items[0]}',
      '{@link Foo#bar the label}',
      '{min, number}',
      '{ day , date , ::yMMMMd }',
      '{count, plural, one {# file} other {# files}}',
      '{who, select,\n  male {He}\n  other {{count, plural, one {One} other {Many of {name}}}}\n}',
      "{count, plural, one {a '{'} other {'{{'}}",
      '{0, selectordinal, one {#st} other {#th}}',
    ],
    variable: ['${x}', '$(x)', '$HOME', '$name', '$HOME/.config/x.conf', '${HOME}/x'],
    tag: [
      '<b>',
      '</a>',
      '<br/>',
      '<br />',
      '<a href="x.html">',
      "<font color='red' size=2>",
      '<xliff:g id="1"/>',
      '<!-- x -->',
    ],
    entity: ['&amp;', '&nbsp;', '&#8217;', '&#x20AC;'],
    url: [
      ...[
        'https://example.com/a?b=c&d#e',
        'http://',
        'ftp://x.org/%s',
        'www.example.org',
        'mailto:a@b.de',
        'example.com',
      ],
      ...[
        'github.com/x/y',
        'vscode://file/x',
        'http://[::1]:80/',
        'https://de.wikipedia.org/wiki/Otto_(Name)',
      ],
    ],
    email: ['a.b+c@example.co.uk'],
    path: [
      ...[
        '/usr/bin/x',
        '/etc',
        '/tmp/',
        '~/x',
        './x',
        '../a/b.c',
        'C:\\x\\y.txt',
        'c:\\',
        '\\\\server\\share',
        '/home/müller/x',
      ],
      ...[
        'foo.txt',
        'README.md',
        'Node.js',
        'src/main.c',
        'libx.so.1',
        'a.tar.gz',
        '.gitignore',
        '*.txt',
        '.desktop',
        'README.TXT',
      ],
      ...['Größe.txt', 'Übersicht.pdf', 'docs/Gro\u0308ße.md', 'файл.txt'],
    ],
    option: ['--output', '--no-color', '-o', '-O2', '-j4'],
    code: [
      '`code`',
      '``code``',
      '`` ` ``',
      '`` a`b ``',
      '`let x = 1`',
      "`x = 'y'`",
      '[`Vec`]',
      ':class:`~os.PathLike`',
    ],
    identifier: [
      ...[
        'camelCase',
        'FileReader',
        'XMLHttpRequest',
        'HTMLElement',
        'snake_case',
        'SCREAMING_SNAKE',
        '__init__',
        'x86_64',
      ],
      ...[
        'foo()',
        'foo.bar()',
        'a->b()',
        'std::vector',
        'Foo::bar::Baz',
        'printf(3)',
        'apt-get(8)',
        'g++(1)',
        'os.path',
      ],
      ...[
        'org.gnome.Files',
        'window.onLoad',
        '@param',
        '@jane-doe',
        '@types/node',
        '%NULL',
        '%-EINVAL',
        '&struct page',
        '0xFF',
        '02+len(r)+r+02',
        'axis=0',
        'i==n',
        'f(a,b)=g(c)',
        'LANG=de_DE',
      ],
    ],
    version: [
      '1.2.3',
      'v1.2',
      'v20.11.1',
      '2.0.0-rc1',
      '1.2.3~beta2',
      '192.168.0.1',
      '10.0.0.0/8',
      'v2',
      '2.0.0-rc.1',
      'typescript@5.9.3',
      '@types/node@20',
    ],
    quantity: [
      '10 ms',
      '64kB',
      '1.5 GHz',
      '1,234.5 MiB',
      '20 °C',
      '95 %',
      '50%',
      '3.3 V',
      '5 s',
      '100 Mbit/s',
      '16px',
      '-40 °C',
    ],
    value: [
      ...['2024-12-31T23:59:59Z', '2023-11-05T08:15:30.123+02:00', '2024-12-31T23:59'],
      ...['2024-12-31', '2024-12-31 23:59:59', '-1', '-0.5', '-1,5'],
      ...['550e8400-e29b-41d4-a716-446655440000', '3c:22:fb:aa:bb:cc', '3C-22-FB-AA-BB-CC'],
      ...['fe80::1ff:fe23:4567:890a', '::1', '2001:db8::/32', 'fe80::1%eth0', '::ffff:192.0.2.1'],
      ...['2001:0db8:85a3:0000:0000:8a2e:0370:7334', '#ff8800', '#fff', '#FFF8', '#12345678'],
    ],
    escape: ['\\n', '\\t', '\\r\\n', '\\n\\n'],
    issue: ['#123', 'owner/project#12', 'GH-77', 'CVE-2024-12345', 'PROJ-1234'],
    emoji: ['🚀', '⚠️', '👩‍💻', '👍🏽', '❤️', '1️⃣', '🇩🇪', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🎉🎉🚀', '✅'],
  };
  for (const [kind, texts] of Object.entries(whole)) {
    it.each(texts)(`as ${kind}: %s`, (text) => {
      for (const sentence of [
        text,
        `Das ist ${text} hier.`,
        `See (${text}), then`,
        `“${text}”: x`,
        `请用${text} 打开`,
      ]) {
        // A border must come before options and paths; Chinese is one.
        expect(found(sentence)).toEqual([text]);
        expect(kinds(sentence)).toEqual([kind]);
      }
    });
  }

  const parts: [text: string, spans: string[]][] = [
    ['Siehe https://example.com/a. Dann', ['https://example.com/a']],
    ['(siehe http://x.org/y)', ['http://x.org/y']],
    ['打开 https://example.com，然后', ['https://example.com']],
    ['<b>%s</b>: %d%%', ['<b>', '%s', '</b>', '%d%%']],
    ['%1%2 %1$s%2$s', ['%1%2', '%1$s%2$s']],
    ['%dx%d, %ss', ['%dx%d', '%s']],
    ['Cannot reach {host}:{port}, %s:%d, ${user}@%s.', ['{host}:{port}', '%s:%d', '${user}@%s']],
    ['an 0.0.0.0:80 und in main.c:12:5: weiter', ['0.0.0.0:80', 'main.c:12:5']],
    ['{0}: {1}, {a}; {b}, {file}.%n', ['{0}', '{1}', '{a}', '{b}', '{file}', '%n']],
    ['<b>{0}</b>:{1}, `a`:`b`', ['<b>', '{0}', '</b>', '{1}', '`a`', '`b`']],
    ['from 2024-01-01 to 2024-12-31.', ['2024-01-01', '2024-12-31']],
    ['返回-1。成功为 0 或-2', ['-1', '-2']],
    ['-o, --output=FILE, -h/--help', ['-o', '--output', '-h', '--help']],
    ['[--verbose|--quiet]', ['--verbose', '--quiet']],
    ['GtkWidget-Objekt, die JSON.parse-Funktion, /dev/null-Datei', ['GtkWidget', 'JSON.parse', '/dev/null']],
    ['eine .zip-Datei und foo.c-Dateien', ['.zip', 'foo.c']],
    ['使用printf()函数和fooBar变量', ['printf()', 'fooBar']],
    ['Datei foo.txt. Weiter', ['foo.txt']],
    ['path /usr/lib, /etc: done', ['/usr/lib', '/etc']],
    ['%<-std=c++11%> fehlt', ['%<', '%>']],
    ["n%'a pas %<x%>", ["%'", '%<', '%>']],
    ['<me@example.org>', ['me@example.org']],
    ['100 % sicher, 50% of, 100%% %d', ['100 %', '50%', '%%', '%d']],
    ['die @param-Tags von @jane-doe.', ['@param-Tags', '@jane-doe']],
    ['wird zu `:not(a) > `, wenn `x` und `y`', ['`:not(a) > `', '`x`', '`y`']],
    ['Erste Zeile\\nZweite Zeile.\\nund weiter\\n', ['\\n', '\\n', '\\n']],
    ['a::b2::c, f64::MAX und a::add1()', ['a::b2::c', 'f64::MAX', 'a::add1()']],
    ['Pakete in __Pyx_Module und __init__', ['__Pyx_Module', '__init__']],
    ["`quoted' und `mehr', ``doppelt'' ``so''", []],
    [
      '{who, select, male {He} other {They}} added {count, plural, one {a file} other {# files}}.',
      ['{who, select, male {He} other {They}}', '{count, plural, one {a file} other {# files}}'],
    ],
    ['{count, plural, one {# file} other {# files} left', []],
    ['{count, plural, one {{name}', ['{name}']],
  ];
  it.each(parts)('in %s', (text, spans) => {
    expect(found(text)).toEqual(spans);
  });
});

describe('left as text', () => {
  it.each([
    'Die Datei wurde gelöscht. Ende.',
    'and/or, I/O, GNU/Linux, Bitte/Danke, client/server/proxy, Ja / Nein, /S',
    'e.g. this, i.e. that, z.B. jenes, z. B. dies, u.a. d.h. etc.',
    '100%ige, %, the 80s, 5 seconds, 5 Sekunden, 10 bit, 3 A, 4K, 2x, kB',
    'CPU, PDFs, URLs, IPv4, kHz, MiB, kWh, PhD, CD-ROM, E-Mail, eMail, UTF-8, ISO-8859-1',
    'BenutzerInnen, AutorInnen',
    '1, 1.5, 3,14, 1.000.000, 12:30, 31.12.2024, 1/2, +5, 3-5, 10-12, 2024-12-311',
    "don't, l'utilisateur, 'quoted', o'clock, rock 'n' roll",
    'Ein- und Ausgabe, Windows- oder -Linux-Version, -er, Teilnehmer/-in, word -- word, a - b',
    'Datei(en), file(s), Schritt (3), f(x)',
    '<none>, <not set>, a < b > c, x<y, <>, < b >, <3',
    'R&D, A & B; AT&T, a&b',
    '$5, US$, 5$, $, $ 5',
    '{a, b}, { }, {two words}, {',
    'Ende.Anfang, St.Gallen, Ph.D. U.S. 3.Mai',
    '_File, Datei_, _betont_, E_xit, Pr_eferences, ___',
    '@, a @ b, C#, C++, .NET, ..., …, v, # 5, #include, ©, ®',
    '这是一个测试。和/或者，100%确定',
    'Ü_ber, Größe.Max, naïve',
    'Beispiel 1:: x, 12:30:45, 1:2, a:b, ::, 1::2::3, C#add, #ab, #abcde',
    'ID 01-02-03-04-05-06-07',
    '\\nabla, dir\\name, \\x',
    '__Warning__, __Important note__',
    'Strg+F5, Ctrl+Alt+F5, Shift+1, ja=nein, Tag+Nacht, C++11, GPL2+, a = 0, x ^ 2',
  ])('%s', (text) => {
    expect(found(text)).toEqual([]);
  });
});

it('takes linear time for hostile texts', () => {
  const units = [
    '<',
    '<a ',
    '<a b="',
    '{',
    '{{',
    '$(',
    '${',
    '`',
    '%',
    '%(',
    '&',
    '&a',
    'a.',
    'a/',
    'a-',
    'a@',
    'a::',
    'a_',
    'a+',
    'a=(',
    '-',
    '--',
    '/',
    '\\',
  ];
  const more = [
    'a:',
    'a::',
    'ab-',
    '00:',
    '2024-12-31T',
    '2024-12-31 ',
    '%s:',
    '{a}:1',
    '-1',
    '\\n',
    'é.',
    'é/',
    'a',
    'aB',
    'http://',
    'www.',
    'x://',
    '1.',
    '(',
    'é',
    '中',
    '\ud800',
    'a.b@',
    '~/',
    './',
    '.a',
    '*.',
    'a(',
    '%-',
    '<!--',
    "'",
    '0x',
    '{a, plural, ',
    "{a, plural, '{",
    '{a, plural, b {',
  ];
  for (const unit of [...units, ...more]) {
    for (const tail of ['', ' ', 'é']) {
      expectLinear(JSON.stringify(unit + tail), (times) => {
        const text = unit.repeat((times * 10_000) / unit.length) + tail;
        const parts = protect(text).map((part) => restore(part.pieces, part.spans));
        expect(parts.join('')).toBe(text);
      });
    }
  }
});

const spanTexts = ['%s', '<b>', 'foo()', 'https://x.org/a', '`a b`', '--all', '{0}', '/etc/x'];
const fragments = [
  '. ',
  '。',
  ', ',
  ' ',
  '\r\n',
  '\0',
  '\u202e',
  'שלום',
  '😀',
  '\ud83d',
  'Wort',
  'é',
  '<x0>',
  '!',
];
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 100 }),
  fc.array(fc.constantFrom(...spanTexts, ...fragments), { maxLength: 120 }).map((list) => list.join('')),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
    .map((units) => String.fromCharCode(...units)),
);

describe('protect', () => {
  it('gives any text back, in parts of at most 16 spans that follow each other', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const parts = protect(text);
        let end = 0;
        for (const part of parts) {
          expect(part.start).toBe(end);
          end = part.end;
          expect(part.spans.length).toBeLessThanOrEqual(16);
          expect(restore(part.pieces, part.spans)).toBe(text.slice(part.start, part.end));
          const numbers = part.pieces.flatMap((piece) =>
            typeof piece === 'string' ? [] : [piece.placeholder],
          );
          expect(numbers).toEqual(part.spans.map((_, index) => index));
        }
        expect(end).toBe(text.length);
        expect(parts.flatMap((part) => part.spans)).toEqual(found(text));
      }),
      { seed: 41, numRuns: 3000 },
    );
  });

  it('gives real lines back', () => {
    for (const line of corpusLines) {
      expect(
        protect(line)
          .map((part) => restore(part.pieces, part.spans))
          .join(''),
      ).toBe(line);
    }
  });

  const cut = (text: string): string[] => protect(text).map((part) => text.slice(part.start, part.end));
  it('cuts at the last sentence border that leaves 16 spans', () => {
    const list = (from: number, to: number): string =>
      Array.from({ length: to - from }, (_, index) => `{${from + index}}`).join(', ');
    expect(cut(list(0, 16))).toHaveLength(1);
    expect(cut(`A ${list(0, 4)}. B ${list(4, 12)}! C ${list(12, 20)}.`)).toEqual([
      `A ${list(0, 4)}. B ${list(4, 12)}! `,
      `C ${list(12, 20)}.`,
    ]);
    expect(cut(list(0, 18))).toEqual([`${list(0, 16)}, `, list(16, 18)]);
    expect(cut('%s %s '.repeat(9))).toEqual(['%s '.repeat(16), '%s %s ']);
    expect(cut('<b>'.repeat(40)).map((part) => part.length)).toEqual([48, 48, 24]);
    expect(cut('用%s。'.repeat(20))).toEqual(['用%s。'.repeat(16), '用%s。'.repeat(4)]);
  });

  it('tells where tokens stand in the original', () => {
    const vocabulary = learnVocabulary(corpusLines.slice(0, 500), { size: 600 });
    fc.assert(
      fc.property(anyText, (text) => {
        let end = 0;
        for (const part of protect(text)) {
          const encoding = vocabulary.encode(part.pieces);
          const offsets = part.originalOffsets(encoding);
          let span = 0;
          encoding.ids.forEach((id, index) => {
            const [from, to] = offsets[index]!;
            if (id >= 4 && id < 20) expect(text.slice(from, to)).toBe(part.spans[span++]);
            // Without a gap, but for the bytes of one character.
            if (from !== end) expect([from, to]).toEqual(offsets[index - 1]);
            end = to;
          });
        }
        expect(end).toBe(text.length);
      }),
      { seed: 42, numRuns: 500 },
    );
  });
});

describe('protectPair', () => {
  it('takes what both sides hold, the k-th with the k-th', () => {
    expect(protectPair('Copy %s to %s with --all', 'Mit --alle %s nach %s kopieren')).toEqual({
      source: ['Copy ', { placeholder: 0 }, ' to ', { placeholder: 1 }, ' with --all'],
      target: ['Mit --alle ', { placeholder: 0 }, ' nach ', { placeholder: 1 }, ' kopieren'],
      count: 2,
    });
    expect(protectPair('%s and %d', '%d und %s').target).toEqual([
      { placeholder: 1 },
      ' und ',
      { placeholder: 0 },
    ]);
    expect(protectPair('%s and %s', 'nur %s').count).toBe(1);
    expect(protectPair('nothing', 'nichts')).toEqual({ source: ['nothing'], target: ['nichts'], count: 0 });
  });

  it('counts on from the offset, modulo 16, and keeps what is beyond 16 as text', () => {
    const text = '%s '.repeat(18).trim();
    const { source, target, count } = protectPair(text, text, 14);
    expect(count).toBe(16);
    expect(source.slice(0, 5)).toEqual([
      { placeholder: 14 },
      ' ',
      { placeholder: 15 },
      ' ',
      { placeholder: 0 },
    ]);
    expect(source.at(-1)).toBe(' %s %s');
    expect(target).toEqual(source);
  });

  it('gives both sides back with the spans of the source', () => {
    fc.assert(
      fc.property(anyText, anyText, fc.nat({ max: 40 }), (source, target, offset) => {
        const pair = protectPair(source, target, offset);
        const spans = new Map<number, string>();
        let rest = source;
        for (const piece of pair.source) {
          if (typeof piece === 'string') rest = rest.slice(piece.length);
          else {
            const text = found(source).find((span) => rest.startsWith(span))!;
            spans.set(piece.placeholder, text);
            rest = rest.slice(text.length);
          }
        }
        const table = Array.from({ length: 16 }, (_, index) => spans.get(index) ?? '');
        expect(spans.size).toBe(pair.count);
        expect(restore(pair.source, table)).toBe(source);
        expect(restore(pair.target, table)).toBe(target);
        const numbers = (pieces: typeof pair.source): number[] =>
          pieces
            .flatMap((piece) => (typeof piece === 'string' ? [] : [piece.placeholder]))
            .sort((a, b) => a - b);
        expect(numbers(pair.target)).toEqual(numbers(pair.source));
        expect(pair.source).toEqual(fusePieces(pair.source));
      }),
      { seed: 43, numRuns: 2000 },
    );
  });
});

it('restore refuses a placeholder without a span', () => {
  expect(restore(['a', { placeholder: 1 }, 'b'], ['x', 'y'])).toBe('ayb');
  expect(() => restore([{ placeholder: 2 }], ['x', 'y'])).toThrow('The placeholder <x2> stands for nothing');
});
