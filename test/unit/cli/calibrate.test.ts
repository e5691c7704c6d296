/** `polyhead calibrate`: writes what translations then carry, and says how good it is. */
import { copyFile, cp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPairFilter } from '../../../models/data/pairFilter';
import { sentenceChrf } from '../../../models/evaluation/chrf';
import { rankCorrelation } from '../../../models/evaluation/reliability';
import { Translator } from '../../../models/inference/translator';
import { readCalibration } from '../../../models/storage/calibration';
import { makeModelFolder, randomModel } from '../inference/modelFolder';
import { commandLine, expectRefusal } from './commandLine';

const { inHouse, pipe, run } = commandLine();

interface Described {
  lines: number;
  segments: number;
  rankCorrelation: number | null;
  reliability: { from: number; to: number; lines: number; confidence: number; chrf: number }[];
}
type Report = { corpora: (Described & { corpus: string })[]; together: Described };

const things = ['house', 'Houses', 'two houses', 'a  house'];
/** In letters: numbers would be held as spans, and all sentences be much the same. */
const named = (line: number): string => String(line).replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)]!);
const sourceOf = (line: number): string =>
  `${things[line % 4]!} ${named(line)}${line % 7 === 0 ? `. One house, ${named(line)}` : ''}.`;
const command = ['calibrate', '--model', 'mine', '--threads', '1', '--corpus'];

/**
 * The references are what the model itself says, cut to shorter and shorter parts where it is less sure, so that chrF
 * follows the probability.
 */
beforeAll(async () => {
  const translator = await Translator.load(await makeModelFolder(inHouse('mine')), 1);
  const sources = Array.from({ length: 400 }, (_, line) => sourceOf(line));
  const observed = await translator.translateDecoded(sources);
  await translator.dispose();
  const dropReason = createPairFilter();
  const rows = observed
    .map(({ translated: { text }, decoded }, line) => {
      const share = Math.min(1, 0.3 + 2 * decoded[0]!.features.probability);
      return [sources[line]!, text.slice(0, Math.ceil(text.length * share))] as const;
    })
    // No more than what a corpus's reader would drop.
    .filter(([source, target]) => !/\p{C}/u.test(target) && dropReason(source, target) === undefined)
    .map((pair) => `${pair.join('\t')}\n`);
  await writeFile(inHouse('first.tsv'), rows.slice(0, 140).join(''));
  await writeFile(inHouse('second.tsv'), rows.slice(140, 240).join(''));
});

const confidenceFile = (): string => inHouse('mine', 'confidence.json');

describe('calibrate', () => {
  it('writes a calibration that fits, from which translations have their confidence', async () => {
    const { code, stdout, stderr } = await run(...command, 'first.tsv', 'second.tsv', '--json');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^first\.tsv: 140 lines .*\nsecond\.tsv: 100 lines .*\n$/) as string,
    });
    const { corpora, together } = JSON.parse(stdout) as Report;
    expect(corpora.map(({ corpus, lines }) => [corpus, lines])).toEqual([
      ['first.tsv', 140],
      ['second.tsv', 100],
    ]);
    expect(together.lines).toBe(240);
    expect(together.segments).toBeGreaterThan(260);
    expect(together.rankCorrelation).toBeGreaterThan(0.3);

    expect(await readCalibration(inHouse('mine'))).toBeDefined();
    expect(await readdir(inHouse('mine'))).toHaveLength(4);
    const translator = await Translator.load(inHouse('mine'), 1);
    const lines = (await readFile(inHouse('second.tsv'), 'utf8')).trim().split('\n');
    const pairs = lines.map((line) => line.split('\t'));
    const translated = await translator.translate(pairs.map(([source]) => source!));
    const rated = translated.map(({ text, segments }, line) => {
      const length = segments.reduce((sum, { start, end }) => sum + end - start, 0);
      const weighted = segments.map(({ start, end, confidence }) => confidence! * (end - start));
      const confidence = weighted.reduce((sum, value) => sum + value) / length;
      return { confidence, quality: sentenceChrf(text, [pairs[line]![1]!]).score / 100 };
    });
    await translator.dispose();
    expect(corpora[1]!.rankCorrelation).toBeCloseTo(rankCorrelation(rated)!, 2);
  });

  it('writes the same file again from the same corpora', async () => {
    const before = await readFile(confidenceFile(), 'utf8');
    await rm(confidenceFile());
    expect(await run(...command, 'first.tsv', 'second.tsv')).toMatchObject({ code: 0 });
    expect(await readFile(confidenceFile(), 'utf8')).toBe(before);
  });

  it('--report writes nothing and prints the table', async () => {
    const before = await stat(confidenceFile());
    const ended = await run(...command, 'second.tsv', '--report');
    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(
      /^second\.tsv: 100 lines in \d+ segments; rank correlation with sentence chrF2: 0\.\d{3}\n *confidence +mean +chrF2 +lines\n( +0\.\d … [01]\.\d +[01]\.\d\d +[01]\.\d\d +\d+\n)+$/,
    );
    const rows = ended.stdout.trim().split('\n').slice(2);
    expect(rows.reduce((sum, row) => sum + Number(row.split(/\s+/).at(-1)), 0)).toBe(100);
    const json = await run(...command, 'second.tsv', '--report', '--json');
    expect(rows).toHaveLength((JSON.parse(json.stdout) as Report).together.reliability.length);
    expect(await stat(confidenceFile())).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
  });

  it('refuses what it cannot calibrate from, and leaves the file as it was', async () => {
    const before = await readFile(confidenceFile(), 'utf8');
    const few = (await readFile(inHouse('first.tsv'), 'utf8')).split('\n').slice(0, 20);
    await writeFile(inHouse('few.tsv'), few.join('\n'));
    const { code, stdout, stderr } = await run(...command, 'few.tsv');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    // Lines of one sentence; those of every tenth line twice, as they are and damaged.
    const single = [...few, few[0]!, few[10]!].filter((line) => !line.includes('. One house'));
    expect(stderr).toContain(
      `\nThe corpora have ${single.length} lines of one sentence; a calibration needs 100 or more.\n`,
    );
    expect(await readFile(confidenceFile(), 'utf8')).toBe(before);
    expectRefusal(await run(...command, 'missing.tsv'), 'missing.tsv does not exist');
    expectRefusal(await run('calibrate', '--corpus', 'few.tsv'), "Required option '--model <folder>'");
    expectRefusal(await run('calibrate', '--model', 'mine'), "Required option '--corpus <files...>'");
  });

  it('--report needs a calibration, and one that fits', async () => {
    await cp(inHouse('mine'), inHouse('bare'), { recursive: true });
    await rm(inHouse('bare', 'confidence.json'));
    const report = ['calibrate', '--report', '--model', 'bare', '--corpus', 'second.tsv'];
    expectRefusal(await run(...report), 'bare holds no confidence.json to report on; leave out --report');
    await makeModelFolder(inHouse('bare'), 'F32', randomModel(9));
    await copyFile(confidenceFile(), inHouse('bare', 'confidence.json'));
    expectRefusal(await run(...report), 'was made for other weights');
  });
});

describe('translate with a calibrated model', () => {
  const translate = ['translate', '--model', 'mine', '--threads', '1', '--statistics'];
  const input = Array.from({ length: 30 }, (_, line) => `  ${sourceOf(line)} \r\n%s\n`).join('');
  const statisticsOf = (stderr: string): Record<string, number> =>
    JSON.parse(stderr) as Record<string, number>;

  it('leaves what is below the least confidence as it is', async () => {
    const [all, none, some] = [
      await pipe(input, ...translate, '--minimum-confidence', '1'),
      await pipe(input, ...translate),
      await pipe(input, ...translate, '--minimum-confidence', '0.5'),
    ];
    expect(all.stdout).toBe(input);
    expect(statisticsOf(all.stderr)['leftShare']).toBe(1);
    const { leftShare, meanConfidence } = statisticsOf(none.stderr);
    expect(leftShare).toBe(0);
    expect(meanConfidence).toBeGreaterThan(0);
    expect(meanConfidence).toBeLessThan(1);
    expect(none.stdout).not.toBe(input);
    expect(some.code).toBe(0);
    expect(statisticsOf(some.stderr)['meanConfidence']).toBeCloseTo(meanConfidence!, 2);
  });

  it('says where a calibration does not fit, and goes on without', async () => {
    const ended = await pipe('a house\n', 'translate', '--model', 'bare');
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^.*\n$/) as string });
    expect(ended.stderr).toMatch(/^Translations carry no confidence: .* was made for other weights .*\n$/);
  });

  it('is what --minimum-confidence needs', async () => {
    const ended = await run('translate', '--from', 'en', '--to', 'de', '--minimum-confidence', '0.5');
    expectRefusal(ended, /The model in .*en-de gives no confidence, so that --minimum-confidence/);
  });
});
