/** `polyhead sweep`: variations trained, scored and tabled; what is done stays done, what failed is said. */
import { once } from 'node:events';
import { readdirSync, watch } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { digitStrings, writePairs } from '../training/digitStrings';
import { commandLine, expectRefusal, type Ended } from './commandLine';

const { inHouse, run, start } = commandLine();

const settings = {
  corpora: ['pairs.en-de.tsv'],
  heldOut: 10,
  preset: 'tiny',
  vocabularySize: 305,
  batchTokens: 200,
  warmupSteps: 5,
};
const plan = {
  development: { source: 'dev.en', reference: 'dev.de' },
  search: { beamSize: 1 },
  steps: 3,
  settings,
  variations: [
    { name: 'base' },
    { name: 'impossible', settings: { modelConfig: { heads: 7 } } },
    {
      name: 'E',
      steps: 2,
      settings: {
        accumulate: 2,
        dropout: 0.3,
        labelSmoothing: 0,
        modelConfig: { encoderLayers: 1, positions: 'learned' },
      },
    },
  ],
};

beforeAll(async () => {
  // Beside the plan, which is not where the process runs.
  await mkdir(inHouse('plans'));
  await writePairs(inHouse('plans', 'pairs.en-de.tsv'), digitStrings(60, 1));
  const dev = digitStrings(6, 2);
  await writeFile(inHouse('plans', 'dev.en'), dev.map((text) => `${text}\n`).join(''));
  await writeFile(
    inHouse('plans', 'dev.de'),
    dev.map((text) => `${text.split('').reverse().join('')}\n`).join(''),
  );
});

async function sweep(output: string, changed: object, ...options: string[]): Promise<Ended> {
  await writeFile(inHouse('plans', 'plan.json'), JSON.stringify(changed));
  return run('sweep', '--plan', 'plans/plan.json', '--output', output, '--threads', '1', ...options);
}

const mended = {
  ...plan,
  variations: [
    plan.variations[0],
    { name: 'impossible', settings: { modelConfig: { heads: 8 } } },
    plan.variations[2],
  ],
};

const resultOf = (name: string): string => inHouse('swept', name, 'result.json');

describe('a sweep', () => {
  it('trains and scores each variation, and says which failed', async () => {
    const { code, stdout, stderr } = await sweep('swept', plan);
    expect(code, stderr).toBe(2);
    const lines = stdout.trim().split('\n');
    const cells = lines.map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .slice(1, -1),
    );
    expect(cells[0]!.slice(-4)).toEqual([
      'steps',
      'perplexity (validation)',
      'BLEU (development)',
      'parameters ×10⁶',
    ]);
    const sizes = (name: string, ...others: string[]): string[] => [name, ...others];
    expect(cells[2]!.slice(0, 11)).toEqual(
      sizes('base', '2', '64', '256', '4', '16', '16', '0.1', '0.1', 'interleaved', '3'),
    );
    expect(cells[3]!.slice(0, 11)).toEqual(
      sizes('E', '1 + 2', '64', '256', '4', '16', '16', '0.3', '0', 'learned', '2'),
    );
    for (const row of [cells[2]!, cells[3]!]) {
      expect(Number(row[11])).toBeGreaterThan(1);
      expect(row[12]).toMatch(/^\d+\.\d$/);
    }
    // 305 tokens; two encoder layers of 49,984, two decoder layers of 66,752, two norms for pre-norm.
    expect(cells[2]![13]).toBe('0.25');
    // One encoder layer less, two tables of 256 positions more.
    expect(cells[3]![13]).toBe('0.24');
    expect(lines.slice(4)).toEqual([
      '',
      expect.stringMatching(/^- \*\*impossible\*\* failed: .*“dKey” must be/),
    ]);
    expect(stderr).toMatch(/1 of 3 variations failed; the same command tries them again\.\n$/);
    expect(await readFile(inHouse('swept', 'sweep.md'), 'utf8')).toBe(stdout);
  });

  it('keeps what is done, and does the rest when it is run again', async () => {
    const before = await Promise.all(['base', 'E'].map((name) => stat(resultOf(name))));
    const { code, stdout, stderr } = await sweep('swept', mended, '--format', 'json');
    expect(code, stderr).toBe(0);
    const { rows, failures } = JSON.parse(stdout) as {
      rows: { name: string; heads: number }[];
      failures: [];
    };
    expect(rows).toMatchObject([{ name: 'base' }, { name: 'impossible', heads: 8, dKey: 8 }, { name: 'E' }]);
    expect(failures).toEqual([]);
    expect(stderr.match(/to validate on/g)).toHaveLength(1);
    const after = await Promise.all(['base', 'E'].map((name) => stat(resultOf(name))));
    expect(after.map(({ mtimeMs }) => mtimeMs)).toEqual(before.map(({ mtimeMs }) => mtimeMs));
    expect(await readFile(inHouse('swept', 'sweep.json'), 'utf8')).toBe(stdout);
  });

  it('keeps what is done where its corpus is gone', async () => {
    const table = await readFile(inHouse('swept', 'sweep.md'), 'utf8');
    const [corpus, away] = [inHouse('plans', 'pairs.en-de.tsv'), inHouse('away.tsv')];
    await rename(corpus, away);
    const { code, stdout, stderr } = await sweep('swept', mended);
    await rename(away, corpus);
    expect(code, stderr).toBe(0);
    expect(stdout).toBe(table);
  });

  it('keeps what earlier sweeps have written down with all settings', async () => {
    const kept = JSON.parse(await readFile(resultOf('base'), 'utf8')) as { origin: object };
    const settings = JSON.parse(await readFile(inHouse('swept', 'base', 'run.json'), 'utf8')) as object;
    const earlier = JSON.stringify({ ...kept, origin: { ...kept.origin, settings } });
    await writeFile(resultOf('base'), earlier);
    const { code, stderr } = await sweep('swept', { ...plan, variations: [plan.variations[0]] });
    expect(code, stderr).toBe(0);
    expect(await readFile(resultOf('base'), 'utf8')).toBe(earlier);
    await writeFile(resultOf('base'), `${JSON.stringify(kept, undefined, 2)}\n`);
  });

  it('scores anew what was trained but not scored, without training', async () => {
    const kept = await readFile(resultOf('base'), 'utf8');
    await rm(resultOf('base'));
    const { stderr } = await sweep('swept', { ...plan, variations: [plan.variations[0]] });
    expect(stderr).toContain('Going on after step 3 ');
    expect(await readFile(resultOf('base'), 'utf8')).toBe(kept);
  });

  it('does not take another plan’s results for its own', async () => {
    const variations = [
      { name: 'base', settings: { seed: 2 } },
      { name: 'E', steps: 9, settings: plan.variations[2]!.settings },
    ];
    const { code, stderr } = await sweep('swept', { ...plan, variations });
    expect(code).toBe(2);
    for (const name of ['base', 'E']) {
      expect(stderr).toMatch(new RegExp(`${name} failed: swept.${name} comes from another plan: give the`));
    }
    await rm(resultOf('base'));
    const unfinished = await sweep('swept', { ...plan, variations: [variations[0]] });
    expect(unfinished.stderr).toMatch(/base failed: swept.base comes from another plan/);
    // It was broken off beyond its steps, as they are now.
    const shorter = await sweep('swept', { ...plan, steps: 2, variations: [plan.variations[0]] });
    expect(shorter.stderr).toMatch(/base failed: swept.base comes from another plan/);
  });

  it.skipIf(process.platform === 'win32')('goes on where it was broken off', async () => {
    const long = { ...plan, steps: 40, variations: [{ name: 'base' }, { name: 'next' }] };
    await writeFile(inHouse('plans', 'long.json'), JSON.stringify(long));
    const parameters = ['sweep', '--plan', 'plans/long.json', '--output', 'broken', '--threads', '1'];
    await mkdir(inHouse('broken', 'base'), { recursive: true });
    const child = start(...parameters, '--checkpoint-every', '2');
    child.stdin.end();
    child.stderr.resume();
    const watcher = watch(inHouse('broken', 'base'), () => {
      if (!readdirSync(inHouse('broken', 'base')).some((name) => name.startsWith('checkpoint-'))) return;
      watcher.close();
      child.kill('SIGINT');
    });
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(readdirSync(inHouse('broken'))).toEqual(['base']);
    const { code, stdout, stderr } = await run(...parameters, '--format', 'json');
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/^base: 40 steps\n[^]*Going on after step \d+ [^]*\nnext: 40 steps\n/);
    expect(stderr.match(/Going on/g)).toHaveLength(1);
    const { rows } = JSON.parse(stdout) as { rows: { steps: number; perplexity: number; bleu: number }[] };
    expect(rows.map(({ steps }) => steps)).toEqual([40, 40]);
    // The same settings: the one that was broken off ends like the other.
    expect(rows[0]!.perplexity).toBe(rows[1]!.perplexity);
    expect(rows[0]!.bleu).toBe(rows[1]!.bleu);
  });
});

describe('a plan is refused', () => {
  const one = { name: 'base' };
  it.each<[string, object, string]>([
    [
      'with an unknown key',
      { ...plan, setting: {} },
      'plan.json: “setting” is not known there; what is: development',
    ],
    [
      'without variations',
      { ...plan, variations: [] },
      '“variations” must be a list of at least one variation',
    ],
    ['without a name', { ...plan, variations: [{}] }, 'variation 1: “name” must be a text, not missing'],
    ['with a path for a name', { ...plan, variations: [{ name: '../x' }] }, '“name” must be letters, digits'],
    [
      'with a name that is a device on Windows',
      { ...plan, variations: [{ name: 'Com1' }] },
      'variation 1: Windows has no folder “Com1”',
    ],
    [
      'with a name twice',
      { ...plan, variations: [one, { name: 'Base' }] },
      'variation 2: the name “Base” is taken',
    ],
    [
      'without steps',
      { ...plan, steps: undefined },
      'variation 1: “steps” must be a whole number of at least 1',
    ],
    [
      'with half a step',
      { ...plan, variations: [{ ...one, steps: 0.5 }] },
      'variation 1: “steps” must be a whole',
    ],
    [
      'with an unknown setting',
      { ...plan, settings: { drop: 1 } },
      '“drop” is not known there; what is: corpora',
    ],
    [
      'without a reference',
      { ...plan, development: { source: 'dev.en' } },
      '“reference” must be a text, not missing',
    ],
    [
      'with no beam',
      { ...plan, search: { beamSize: 0 } },
      '“beamSize” must be a whole number of at least 1, not 0',
    ],
    ['that is no object', [plan], 'holds no plan: it must be a JSON object'],
  ])('%s', async (_what, changed, sentence) => {
    expectRefusal(await sweep('refused', changed), sentence);
    expect(readdirSync(inHouse())).not.toContain('refused');
  });
});

it.each<[string, object, string]>([
  ['a setting that cannot be', { ...settings, dropout: 1 }, '“dropout” must be from 0 to below 1, not 1.'],
  ['no corpora', { ...settings, corpora: undefined }, '“corpora” must be a list of texts, not missing.'],
  ['a corpus that is not there', { ...settings, corpora: ['none.tsv'] }, 'none.tsv does not exist.'],
  [
    'positions that end too early',
    { ...settings, modelConfig: { positions: 'learned', maximumPositions: 50 } },
    'Pairs of 200 tokens need 201 positions',
  ],
])('a variation fails with %s', async (_what, changed, sentence) => {
  const { code, stdout } = await sweep('failing', {
    ...plan,
    settings: changed,
    variations: [{ name: 'one' }],
  });
  expect(code).toBe(2);
  expect(stdout).toContain('- **one** failed: ');
  expect(stdout).toContain(sentence);
});
