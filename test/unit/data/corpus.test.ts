/** Reading parallel corpora: real files of every kind, good and bad, in a folder of their own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { mkdir, mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describeReport, readCorpora, type CorpusReport } from '../../../models/data/corpus';
import type { FilterOptions } from '../../../models/data/pairFilter';
import type { SentencePair } from '../../../models/data/readers/candidates';
import { UserError } from '../../../models/userError';

let folder: string;
let written = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'corpus-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Writes a file of a name not used before and returns its path. */
async function write(content: string | Buffer, extension = '.tsv'): Promise<string> {
  const path = join(folder, `${++written}${extension}`);
  await writeFile(path, content);
  return path;
}

function table(pairs: readonly SentencePair[]): string {
  return pairs.map(({ source, target }) => `${source}\t${target}\n`).join('');
}

const two: SentencePair[] = [
  { source: 'Open file', target: 'Datei öffnen' },
  { source: 'Cancel', target: 'Abbrechen' },
];

/** All that is kept, at once. */
async function readCorpus(
  specifications: readonly string[],
  filter: FilterOptions = {},
): Promise<{ pairs: SentencePair[]; reports: CorpusReport[] }> {
  const pairs: SentencePair[] = [];
  const reports: CorpusReport[] = [];
  const options = { languages: { from: 'en', to: 'de' }, filter };
  for await (const kept of readCorpora(specifications, options, (report) => reports.push(report))) {
    pairs.push(...kept.pairs);
  }
  return { pairs, reports };
}

/** Counts of what is dropped: none but these. */
const drops = (counts: Partial<CorpusReport['dropped']> = {}): CorpusReport['dropped'] => ({
  ...{ malformed: 0, otherLanguage: 0, obsolete: 0, fuzzy: 0 },
  ...{ empty: 0, identical: 0, tooLong: 0, ratio: 0, duplicate: 0 },
  ...counts,
});

/** Paths of the files that this process holds open, as Linux tells them. */
async function openFiles(): Promise<string[]> {
  const descriptors = await readdir('/proc/self/fd');
  return Promise.all(
    descriptors.map((descriptor) => readlink(`/proc/self/fd/${descriptor}`).catch(() => '')),
  );
}

async function failure(specifications: readonly string[]): Promise<UserError> {
  const error: unknown = await readCorpus(specifications).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
}

describe('a table', () => {
  it('is read plain or as gzip, without the columns after the second', async () => {
    const text = 'Open file\tDatei öffnen\tpackage\nCancel\tAbbrechen\tpackage\tmore\n';
    for (const path of [await write(text), await write(gzipSync(text), '.tsv.gz')]) {
      const { pairs, reports } = await readCorpus([path]);
      expect(pairs).toEqual(two);
      expect(reports).toEqual([
        {
          file: path,
          entries: 'lines',
          read: 2,
          kept: 2,
          dropped: drops(),
          examples: [],
        },
      ]);
    }
  });

  it('may have a byte order mark, CRLF and no end of its last line', async () => {
    const path = await write('\uFEFFOpen file\tDatei öffnen\r\nCancel\tAbbrechen');
    expect((await readCorpus([path])).pairs).toEqual(two);
  });

  it('keeps white space and line separators of Unicode inside a text', async () => {
    const pairs = [{ source: ' a\u2028b\u0085 ', target: '\u00a0c\u2029d ' }];
    expect((await readCorpus([await write(table(pairs))])).pairs).toEqual(pairs);
  });

  it('gives back any texts, wherever a block of bytes ends', async () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
      .filter((s) => !/[\t\r\n\0]/.test(s) && /\S/.test(s));
    // Long enough for several blocks, each pair once.
    const texts = fc.sample(text, { seed: 7, numRuns: 20_000 });
    const pairs = texts.map((target, index) => ({ source: `${index} ${'ü'.repeat(index % 10)}`, target }));
    const content = Buffer.from(table(pairs));
    expect(content.length).toBeGreaterThan(2 * 256 * 1024);
    for (const path of [await write(content), await write(gzipSync(content), '.tsv.gz')]) {
      const result = await readCorpus([path], { maximumLengthRatio: Infinity });
      expect(result.pairs).toEqual(pairs);
    }
  });
});

describe('two files with a line for each line', () => {
  it('are read side by side, whatever the length of their lines', async () => {
    const pairs = Array.from({ length: 30_000 }, (_, line) => ({
      source: `line ${line}`,
      target: `Zeile ${line} ${'mit 中文 dabei '.repeat(line % 4)}`,
    }));
    const source = await write(pairs.map((pair) => `${pair.source}\n`).join(''), '.en');
    const target = await write(gzipSync(pairs.map((pair) => `${pair.target}\r\n`).join('')), '.de.gz');
    const { pairs: read, reports } = await readCorpus([`${source},${target}`], { maximumLengthRatio: 20 });
    expect(read).toEqual(pairs);
    expect(reports[0]).toMatchObject({ file: `${source},${target}`, read: 30_000, kept: 30_000 });
  });

  it('that have unequal numbers of lines are named with both numbers', async () => {
    const long = await write('line\n'.repeat(100_000), '.en');
    const short = await write('Zeile\n'.repeat(3), '.de');
    expect((await failure([`${long},${short}`])).message).toContain(
      `${long} has 100000 lines, but ${short} has 3`,
    );
    expect((await failure([`${short},${long}`])).message).toContain(
      `${short} has 3 lines, but ${long} has 100000`,
    );
  });

  it.skipIf(process.platform !== 'linux')('are closed when reading ends early', async () => {
    const long = await write('line\n'.repeat(1_000_000), '.en');
    await failure([`${long},${join(folder, 'missing.de')}`]);
    await expect.poll(openFiles).not.toContain(long);
  });

  it('say of which file a line is malformed', async () => {
    const source = await write('one\ntwo\n\0\n', '.en');
    const target = await write(Buffer.from('eins\n\xff\ndrei\n', 'latin1'), '.de');
    const { pairs, reports } = await readCorpus([`${source},${target}`]);
    expect(pairs).toEqual([{ source: 'one', target: 'eins' }]);
    expect(reports[0]!.examples).toEqual([
      `${target}:2: the line is not UTF-8`,
      `${source}:3: the line holds a NUL character`,
    ]);
  });
});

describe('what is dropped', () => {
  it('are malformed lines, counted all and named five times', async () => {
    const bad = [Buffer.from('no tab\n'), Buffer.from([0xc3, 0x09, 0x28, 0x0a]), Buffer.from('a\0\tb\n')];
    const path = await write(Buffer.concat([Buffer.from(table(two)), ...bad, ...bad, Buffer.from('c\td\n')]));
    const { pairs, reports } = await readCorpus([path]);
    expect(pairs).toEqual([...two, { source: 'c', target: 'd' }]);
    expect(reports[0]).toMatchObject({ read: 9, kept: 3, dropped: { malformed: 6 } });
    expect(reports[0]!.examples).toEqual([
      `${path}:3: the line has no tab between source and target`,
      `${path}:4: the line is not UTF-8`,
      `${path}:5: the line holds a NUL character`,
      `${path}:6: the line has no tab between source and target`,
      `${path}:7: the line is not UTF-8`,
    ]);
  });

  const words = (count: number, word: string): string => Array<string>(count).fill(word).join(' ');
  it.each([
    ['empty', '', ''],
    ['empty', 'source', ' \u00a0'],
    ['identical', 'this was never translated', 'this was never translated'],
    ['kept', 'GNU General Public', 'GNU General Public'],
    ['tooLong', words(101, 'word'), words(90, 'Wort')],
    ['kept', words(100, 'word'), words(100, 'Wort')],
    ['tooLong', words(90, 'word'), words(101, 'Wort')],
    ['tooLong', words(100, 'sentence'), '长'.repeat(385)],
    ['kept', words(100, 'sentence'), '长'.repeat(384)],
    ['kept', 'Cut', 'Ausschneiden'],
    ['kept', 'Add', 'Registrierung hinzuf'],
    ['ratio', 'Add', 'Registrierung hinzufü'],
    ['ratio', 'Kleine Kapitälchen („petite caps“)', 'Petite'],
    ['kept', 'Change whether it is active', '切换激活状态'],
    ['ratio', 'Change whether it is active', '切换'],
    ['identical', '这个句子从来没有人翻译成别的语言过', '这个句子从来没有人翻译成别的语言过'],
    ['identical', 'ประโยคนี้ไม่เคยถูกแปล', 'ประโยคนี้ไม่เคยถูกแปล'],
    ['kept', '东京国际机场', '东京国际机场'],
    ['kept', 'Change whether it is active', 'アクティブ'],
    ['ratio', 'Change whether it is active', 'アクティ'],
  ])('decides: %s, case %#', async (outcome, source, target) => {
    const path = await write(
      table([
        { source: 'Yes', target: 'Ja' },
        { source, target },
      ]),
    );
    const { reports } = await readCorpus([path]);
    const report = reports[0]!;
    const dropped = Object.entries(report.dropped).filter(([, count]) => count > 0);
    expect(dropped).toEqual(outcome === 'kept' ? [] : [[outcome, 1]]);
    expect(report.kept).toBe(outcome === 'kept' ? 2 : 1);
  });

  it('are repetitions in all files together, not other translations of a source', async () => {
    const pairs = ['Ja', 'Jawohl', 'Doch', 'Ja', 'Doch', 'Jawohl'].map((target) => ({
      source: 'Yes',
      target,
    }));
    const first = await write(table(pairs));
    const second = await write(table([...two, ...two, ...pairs]));
    const result = await readCorpus([first, second]);
    expect(result.pairs).toEqual([...pairs.slice(0, 3), ...two]);
    expect(result.reports.map((report) => report.dropped.duplicate)).toEqual([3, 8]);
  });

  it('depends on the limits given', async () => {
    const path = await write(
      table([{ source: 'one two three', target: 'eins zwei drei, oder auch ein paar mehr' }]),
    );
    const kept = async (filter: object): Promise<number> =>
      (await readCorpus([await write('a\tb\n'), path], filter)).pairs.length;
    expect(await kept({})).toBe(2);
    expect(await kept({ maximumWords: 7 })).toBe(1);
    expect(await kept({ maximumLengthRatio: 2 })).toBe(1);
  });

  it('is told in words', () => {
    const report = { file: 'a.tsv', entries: 'lines', read: 10, kept: 7, examples: [] };
    expect(describeReport({ ...report, dropped: drops({ malformed: 2, tooLong: 1 }) })).toBe(
      'a.tsv: 10 lines read, 7 pairs kept; dropped: 2 malformed, 1 too long',
    );
    expect(describeReport({ ...report, dropped: drops() })).toBe('a.tsv: 10 lines read, 7 pairs kept');
    const examples = ['a.tsv:3: the line is not UTF-8', 'a.tsv:9: the line holds a NUL character'];
    expect(describeReport({ ...report, dropped: drops({ malformed: 3, fuzzy: 1 }), examples })).toBe(
      'a.tsv: 10 lines read, 7 pairs kept; dropped: 3 malformed (a.tsv:3: the line is not UTF-8; ' +
        'a.tsv:9: the line holds a NUL character; …), 1 fuzzy',
    );
  });

  it('are lines longer than a mebibyte, of which nothing is kept in memory', async () => {
    const long = 'a'.repeat(1.2 * 1024 * 1024);
    const longer = 'b\t'.repeat(4 * 1024 * 1024);
    const path = await write(`Open\tÖffnen\n${long}\tb\nCancel\tAbbrechen\n${longer}\nc\td\n${longer}`);
    const { pairs, reports } = await readCorpus([path]);
    expect(pairs.map(({ source }) => source)).toEqual(['Open', 'Cancel', 'c']);
    expect(reports[0]).toMatchObject({ read: 6, kept: 3, dropped: { malformed: 3 } });
    expect(reports[0]!.examples).toEqual(
      [2, 4, 6].map((line) => `${path}:${line}: the line is longer than 1 MiB`),
    );
  });
});

describe('a file at fault gets a sentence that names it', () => {
  const good = gzipSync(
    Array.from({ length: 50_000 }, (_, line) => `source ${line}\tZiel ${line ** 3}\n`).join(''),
  );

  it('missing, alone or of two', async () => {
    const here = await write('a\n', '.en');
    const missing = join(folder, 'missing.de');
    for (const file of ['missing.tsv', 'missing.tsv.gz', 'missing.po', 'missing.tmx.gz'].map((name) =>
      join(folder, name),
    )) {
      expect((await failure([file])).message).toBe(`${file} does not exist.`);
    }
    expect((await failure([`${here},${missing}`])).message).toBe(`${missing} does not exist.`);
  });

  it('a folder', async () => {
    const path = join(folder, 'folder.tsv');
    await mkdir(path);
    expect((await failure([path])).message).toBe(`${path} is a folder; name a file in it.`);
  });

  it('gzip that ends too early, is damaged, or is none', async () => {
    const truncated = await write(good.subarray(0, good.length / 2), '.tsv.gz');
    expect((await failure([truncated])).message).toContain(
      `${truncated} ends in the middle of its gzip data`,
    );
    const damaged = Buffer.from(good);
    damaged.fill(0x55, good.length / 2, good.length / 2 + 200);
    const damagedPath = await write(damaged, '.tsv.gz');
    expect((await failure([damagedPath])).message).toContain(`${damagedPath} is no intact gzip file`);
    const plain = await write('a\tb\n', '.tsv.gz');
    expect((await failure([plain])).message).toContain(`${plain} is no intact gzip file`);
  });

  it('gzip by another name, UTF-16, no text at all', async () => {
    const unnamed = await write(good);
    expect((await failure([unnamed])).message).toContain(`${unnamed} is compressed with gzip`);
    const wide = await write(Buffer.from('\uFEFFa\tb\n', 'utf16le'));
    expect((await failure([wide])).message).toContain(`${wide} is UTF-16 text`);
    const endless = await write(Buffer.alloc(17 * 1024 * 1024, 0x61));
    expect((await failure([endless])).message).toContain(`${endless}:1: the line is longer than 1 MiB`);
  });

  it('nothing left', async () => {
    const path = await write('no tab\n\nstays the same here\tstays the same here\n');
    expect((await failure([path])).message).toBe(
      `No sentence pair is left to train on. ${path}: 3 lines read, 0 pairs kept; dropped: 1 malformed ` +
        `(${path}:1: the line has no tab between source and target), 1 with an empty side, 1 the same on both sides.`,
    );
    const empty = await write('');
    expect((await failure([empty])).message).toContain(`${empty}: 0 lines read, 0 pairs kept.`);
    expect((await failure([])).message).toContain('No corpus was given');
  });

  it('no such kind of corpus', async () => {
    for (const specification of ['a,b,c', 'a,', ',b']) {
      expect((await failure([specification])).message).toContain(`"${specification}" is neither`);
    }
    for (const file of ['pairs.csv', 'pairs', 'folder.po/pairs', 'pairs.gz', 'template.pot']) {
      expect((await failure([file])).message).toMatch(
        /^What kind of corpus .* is cannot be told from its name: known are .*\.gz\.$/,
      );
    }
  });
});
