/** `evaluate` at the command line: its options, what it prints for programs and for people, what it refuses. */
import { writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { corpusBleu, type BleuScore } from '../../../models/evaluation/bleu';
import { corpusChrf } from '../../../models/evaluation/chrf';
import { compareSystems } from '../../../models/evaluation/compareSystems';
import { commandLine, expectRefusal } from './commandLine';

const { inHouse, run } = commandLine();

interface Report {
  bleu: BleuScore;
  chrf: { score: number; name: string; signature: string };
}

interface SacrebleuCase {
  name: string;
  hypotheses: string[];
  references: string[][];
  bleu: number;
  bleuSignature: string;
  chrf2: number;
  chrf2Signature: string;
}

const hypotheses = [
  'Der Hund läuft schnell.',
  'Eine Katze schläft hier auf dem Sofa.',
  "Er sagt 'ja' zu uns.",
];
const better = ['Ein Hund läuft schnell.', 'Eine Katze schläft auf dem Sofa.', "Er sagt 'ja' zu mir."];
const first = ['Ein Hund läuft sehr schnell.', 'Eine Katze schläft auf dem Sofa.', "Er sagt 'ja' zu mir."];
const second = ['Der Hund rennt schnell.', 'Die Katze schläft da.', "Er sagt 'ja'."];
/** What the scripts of Moses make of `first`, lower-cased. */
const tokenized = [
  'ein hund läuft sehr schnell .',
  'eine katze schläft auf dem sofa .',
  'er sagt &apos; ja &apos; zu mir .',
];

beforeAll(async () => {
  const write = (name: string, lines: string[]): Promise<void> =>
    writeFile(inHouse(name), lines.map((line) => `${line}\n`).join(''));
  await write('hypothesis.txt', hypotheses);
  await write('better.txt', better);
  await write('first.de', first);
  await write('second.de', second);
  await write('tokenized.lc.txt', tokenized);
  await writeFile(inHouse('first.de.gz'), gzipSync(first.map((line) => `${line}\n`).join('')));
});

const files = ['--hypothesis', 'hypothesis.txt', '--reference', 'first.de'];

async function report(...parameters: string[]): Promise<Report> {
  const ended = await run('evaluate', ...parameters);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  return JSON.parse(ended.stdout) as Report;
}

function rounded(value: number): unknown {
  return expect.closeTo(value, 4);
}

describe('scores', () => {
  it('equal sacreBLEU’s, BLEU and chrF', async () => {
    const file = new URL('../../fixtures/sacrebleu.json', import.meta.url);
    const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: SacrebleuCase[] };
    const expected = cases.find(({ name }) => name === 'fr two references')!;
    const texts = [expected.hypotheses, ...expected.references];
    for (const [index, lines] of texts.entries())
      await writeFile(inHouse(`fr${index}`), lines.map((line) => `${line}\n`).join(''));
    expect(await report('--hypothesis', 'fr0', '--reference', 'fr1', 'fr2')).toMatchObject({
      bleu: { score: rounded(expected.bleu), signature: expected.bleuSignature },
      chrf: { name: 'chrF2', score: rounded(expected.chrf2), signature: expected.chrf2Signature },
      lines: 120,
      file: 'fr0',
    });
  });

  it('take every option of BLEU and chrF', async () => {
    const actual = await report(
      ...['--hypothesis', 'hypothesis.txt', '--reference', 'first.de.gz', 'second.de', '--lowercase'],
      ...['--tokenize', 'intl', '--smooth', 'floor', '--smooth-value', '0.25', '--effective-order'],
      ...['--chrf-character-order', '4', '--chrf-word-order', '2', '--chrf-beta', '3', '--chrf-white-space'],
    );
    const bleu = corpusBleu(hypotheses, [first, second], {
      tokenizer: 'intl',
      lowercase: true,
      smoothing: { method: 'floor', value: 0.25 },
      effectiveOrder: true,
    });
    const chrf = corpusChrf(hypotheses, [first, second], {
      ...{ characterOrder: 4, wordOrder: 2, beta: 3, whiteSpace: true, lowercase: true },
    });
    expect(bleu.signature).toBe('nrefs:2|case:lc|eff:yes|tok:intl|smooth:floor[0.25]|version:2.6.0');
    expect(chrf.signature).toBe('nrefs:2|case:lc|eff:yes|nc:4|nw:2|space:yes|version:2.6.0');
    expect(actual.bleu).toMatchObject({ score: rounded(bleu.score), signature: bleu.signature });
    expect(actual.chrf).toEqual({ name: 'chrF3++', score: rounded(chrf.score), signature: chrf.signature });
  });

  it('over given tokens are those of multi-bleu.perl over Moses’ tokens', async () => {
    const actual = await report(
      ...['--hypothesis', 'hypothesis.txt', '--reference', 'tokenized.lc.txt', '--reference-tokenized'],
      ...['--tokenize', 'moses', '--language', 'de', '--lowercase', '--smooth', 'none'],
    );
    // Counted by hand: n-grams of the three lines that the references have too.
    const product = ((4 + 7 + 7) / 21) * ((2 + 5 + 5) / 18) * ((0 + 3 + 4) / 15) * ((0 + 1 + 3) / 12);
    expect(actual.bleu).toMatchObject({
      score: rounded(100 * product ** 0.25),
      hypothesisLength: 21,
      referenceLength: 21,
      signature: 'nrefs:1|case:lc|eff:no|tok:moses-de|ref:tokenized|smooth:none|version:2.6.0',
    });
    expect(actual.chrf.signature).toContain('|tok:moses-de|ref:tokenized|');
  });

  it('by Moses’ words read the language off the reference’s name', async () => {
    for (const reference of ['first.de', 'first.de.gz']) {
      const { bleu } = await report(
        ...['--hypothesis', 'hypothesis.txt', '--reference', reference, '--tokenize', 'moses'],
      );
      expect(bleu.signature).toContain('|tok:moses-de|');
    }
  });
});

describe('several systems', () => {
  it('are compared with a baseline on the same resamples', async () => {
    const actual = await report(
      ...['--baseline', 'hypothesis.txt', '--hypothesis', 'better.txt', 'hypothesis.txt'],
      ...['--reference', 'first.de', 'second.de', '--bootstrap', '200', '--seed', '3'],
    );
    const bootstrap = { resamples: 200, seed: 3 };
    const expected = compareSystems([hypotheses, better, hypotheses], [first, second], {
      bootstrap,
      baselineFirst: true,
    }).map(({ bleu, chrf }) =>
      [bleu, chrf].map(({ score, ...chance }) => ({ score: score.score, ...chance })),
    );
    const round = (value: unknown): unknown =>
      JSON.parse(
        JSON.stringify(value, (_, part: unknown) => (typeof part === 'number' ? +part.toFixed(4) : part)),
      );
    const [baseline, ...systems] = expected.map(([bleu, chrf]) => round({ bleu, chrf }) as object);
    expect(actual).toMatchObject({
      baseline: { file: 'hypothesis.txt', ...baseline },
      systems: [
        { file: 'better.txt', ...systems[0] },
        { file: 'hypothesis.txt', ...systems[1] },
      ],
      bootstrap,
      lines: 3,
    });
    expect(expected[2]![0]!.comparison).toMatchObject({ difference: 0, pValue: 1 });
  });

  it('need no baseline, and a baseline draws a thousand times unless told otherwise', async () => {
    const alone = await report('--hypothesis', 'hypothesis.txt', 'better.txt', '--reference', 'first.de');
    expect(alone).toMatchObject({ systems: [{ file: 'hypothesis.txt' }, { file: 'better.txt' }], lines: 3 });
    expect(alone).not.toHaveProperty('bootstrap');
    const compared = await report('--baseline', 'better.txt', ...files);
    expect(compared).toMatchObject({ bootstrap: { resamples: 1000, seed: 12345 } });
    const single = await report(...files, '--bootstrap', '100');
    expect(single).toMatchObject({
      bleu: { interval: { low: expect.any(Number) as number } },
      bootstrap: { resamples: 100, seed: 12345 },
    });
    expect(single.bleu).not.toHaveProperty('comparison');
  });
});

describe('for people', () => {
  it('a score is a line, its signature another', async () => {
    const { stdout } = await run('evaluate', ...files, '--format', 'text');
    expect(stdout.split('\n')).toEqual([
      '  BLEU 44.86 · 84.2/62.5/38.5/20.0, brevity penalty 1.000, 19 words for 19',
      '    nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0',
      '  chrF2 74.60',
      '    nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.6.0',
      '',
    ]);
  });

  it('a comparison stands beside the score', async () => {
    const { stdout } = await run('evaluate', '--baseline', 'better.txt', ...files, '--format', 'text');
    const interval = String.raw`95 %: [\d.]+ to [\d.]+`;
    const comparison = String.raw`−[\d.]+ on the baseline \(95 %: −[\d.]+ to [−+][\d.]+\), p = 0\.\d{4}, higher in [\d.]+ % of the resamples`;
    const lines = stdout.split('\n');
    expect(lines).toHaveLength(12);
    expect(lines[0]).toBe('better.txt (baseline)');
    expect(lines[1]).toMatch(new RegExp(`^  BLEU [\\d.]+ · ${interval} · [^·]+ words for 19$`));
    expect(lines[5]).toBe('hypothesis.txt');
    expect(lines[6]).toMatch(new RegExp(`^  BLEU 44.86 · ${interval} · [^·]+ · ${comparison}$`));
    expect(lines[8]).toMatch(new RegExp(`^  chrF2 74.60 · ${interval} · ${comparison}$`));
    expect(lines[10]).toBe('1000 resamples, seed 12345');
  });
});

describe('refused in one sentence', () => {
  it.each<[sentence: string | RegExp, ...parameters: string[]]>([
    ['--seed is for resamples: give --bootstrap or --baseline too', ...files, '--seed', '1'],
    [
      '--tokenize moses needs --language (en, de, fr): the name tokenized.lc.txt does not say it',
      ...['--hypothesis', 'hypothesis.txt', '--reference', 'tokenized.lc.txt', '--tokenize', 'moses'],
    ],
    ['--language is for --tokenize moses: 13a has no languages', ...files, '--language', 'de'],
    [/'es' is invalid: allowed choices are en, de, fr/, ...files, '--tokenize', 'moses', '--language', 'es'],
    [
      '--tokenize none leaves both sides as they are: --reference-tokenized can be left out',
      ...files,
      ...['--tokenize', 'none', '--reference-tokenized'],
    ],
    ['--smooth-value is for floor and add-k: exp has no value', ...files, '--smooth-value', '1'],
    [/'99' is invalid: it must be a whole number from 100 to/, ...files, '--bootstrap', '99'],
    ['two.txt has 1 line, but first.de has 3 lines', '--baseline', 'two.txt', ...files],
  ])('%s', async (sentence, ...parameters) => {
    await writeFile(inHouse('two.txt'), 'eins\n');
    expectRefusal(await run('evaluate', ...parameters), sentence);
  });
});
