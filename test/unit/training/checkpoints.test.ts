import {
  appendFile,
  cp,
  mkdir,
  open,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readModel, type Model } from '../../../models/storage/modelFolder';
import { averageCheckpoints, bestCheckpoint } from '../../../models/training/average';
import { readBest } from '../../../models/training/best';
import {
  listCheckpoints,
  readNewestCheckpoint,
  resolveModelFolder,
  writeCheckpoint,
  type Checkpoint,
} from '../../../models/training/checkpoints';
import type { ValidationLine } from '../../../models/training/metrics/lines';
import { UserError } from '../../../models/userError';
import { temporaryFolder } from '../temporaryFolder';
import { tinyModel } from '../tinyModel';
import { validationLine } from './metrics/someLines';

const inFolder = temporaryFolder('checkpoints');

/** A checkpoint all of whose numbers depend on its step. */
function checkpointAt(step: number, model: Model = tinyModel(step)): Checkpoint {
  const moments = (value: number): Map<string, Float32Array> =>
    new Map([...model.weights].map(([name, values]) => [name, values.map((_, index) => value + index)]));
  return {
    model,
    moments: { first: moments(step), second: moments(-step) },
    progress: { step, epoch: 2, batch: 17, targetTokens: 1e9 + step, seconds: step / 3 },
  };
}

const folderName = (step: number): string => `checkpoint-${String(step).padStart(8, '0')}`;
const names = async (run: string): Promise<string[]> => (await readdir(run)).sort();

function sameWeights(a: Model['weights'], b: Model['weights']): boolean {
  return [...a].every(([name, values]) =>
    Buffer.from(values.buffer).equals(Buffer.from(b.get(name)!.buffer)),
  );
}

let run: string;
let runs = 0;
beforeEach(() => {
  run = inFolder(`run ${++runs}`);
});

/** The newest checkpoint's step, and the sentences about those passed over. */
async function newest(folder = run): Promise<{ step: number | undefined; sentences: string[] }> {
  const sentences: string[] = [];
  const checkpoint = await readNewestCheckpoint(folder, (sentence) => sentences.push(sentence));
  return { step: checkpoint?.progress.step, sentences };
}

describe('a checkpoint', () => {
  it('reads back as it was written, to the last bit', async () => {
    const written = checkpointAt(1500);
    expect(await writeCheckpoint(run, written, 5)).toBe(path.join(run, folderName(1500)));
    const back = await readNewestCheckpoint(run, expect.unreachable);
    expect(back?.progress).toEqual(written.progress);
    expect(back?.moments).toEqual(written.moments);
    expect(back?.model.weights).toEqual(written.model.weights);
    expect(back?.model.config).toEqual(written.model.config);
    expect(await names(run)).toEqual([folderName(1500)]);
  });

  it('is a model that can be used', async () => {
    const folder = await writeCheckpoint(run, checkpointAt(3), 5);
    expect((await readModel(folder)).weights).toEqual(tinyModel(3).weights);
  });

  it('is the newest by its number, however long that is', async () => {
    for (const step of [99_999_999, 100_000_000, 2]) await writeCheckpoint(run, checkpointAt(step), 5);
    expect((await listCheckpoints(run)).map((folder) => path.basename(folder))).toEqual([
      'checkpoint-100000000',
      'checkpoint-99999999',
      'checkpoint-00000002',
    ]);
    expect((await newest()).step).toBe(100_000_000);
  });

  it('stays while it is among the newest, and those that are not are removed', async () => {
    for (const step of [10, 20, 30, 40]) await writeCheckpoint(run, checkpointAt(step), 2);
    expect(await names(run)).toEqual([folderName(30), folderName(40)]);
    await writeCheckpoint(run, checkpointAt(50), 1);
    expect(await names(run)).toEqual([folderName(50)]);
  });

  it('leaves other things in the folder alone', async () => {
    await mkdir(path.join(run, 'checkpoint-best'), { recursive: true });
    await writeFile(path.join(run, 'run.json'), '{}');
    await writeCheckpoint(run, checkpointAt(10), 1);
    expect(await names(run)).toEqual([folderName(10), 'checkpoint-best', 'run.json']);
  });
});

describe('the best checkpoint', () => {
  /** Writes checkpoints whose validation losses are given; those of odd steps for being the best alone. */
  async function write(losses: Readonly<Record<number, number>>, keep: number): Promise<void> {
    const validations: ValidationLine[] = [];
    for (const [step, loss] of Object.entries(losses)) {
      validations.push(validationLine(Number(step), { loss }));
      const standing = { validations, measure: 'loss', outOfTurn: Number(step) % 2 === 1 } as const;
      await writeCheckpoint(run, checkpointAt(Number(step)), keep, standing);
    }
  }

  it('is never pushed out, and is named', async () => {
    await write({ 10: 3, 20: 2, 30: 4, 40: 5, 50: 6 }, 2);
    expect(await names(run)).toEqual(['best.json', ...[20, 40, 50].map(folderName)]);
    expect(await readBest(run)).toMatchObject({ checkpoint: folderName(20), step: 20, loss: 2, apart: true });
  });

  it('goes when there is a better one', async () => {
    await write({ 10: 3, 20: 4, 30: 2 }, 1);
    expect(await names(run)).toEqual(['best.json', folderName(30)]);
    expect(await readBest(run)).toMatchObject({ step: 30, apart: false });
  });

  it('that was written out of turn takes no other’s place', async () => {
    await write({ 10: 5, 20: 4, 25: 1 }, 2);
    expect(await names(run)).toEqual(['best.json', ...[10, 20, 25].map(folderName)]);
    const validations = [validationLine(25, { loss: 1 })];
    await writeCheckpoint(run, checkpointAt(30), 2, { validations, measure: 'loss', outOfTurn: false });
    expect(await names(run)).toEqual(['best.json', ...[20, 25, 30].map(folderName)]);
  });

  it('stays where nothing is said of validations', async () => {
    await write({ 10: 3 }, 1);
    await writeCheckpoint(run, checkpointAt(20), 1);
    expect(await names(run)).toEqual(['best.json', ...[10, 20].map(folderName)]);
  });
});

describe('a write that is cut short', () => {
  it('leaves the checkpoints that were there, and nothing else', async () => {
    await writeCheckpoint(run, checkpointAt(10), 1);
    const { moments, ...rest } = checkpointAt(20);
    // The disk is full when half of the checkpoint is written: the first moments of the last weight fail.
    const full = new Map(moments.first);
    Object.defineProperty([...full.values()].at(-1), 'buffer', {
      get: () => {
        throw new Error('ENOSPC: no space left on device');
      },
    });
    await expect(writeCheckpoint(run, { ...rest, moments: { ...moments, first: full } }, 1)).rejects.toThrow(
      'ENOSPC',
    );
    expect(await names(run)).toEqual([folderName(10)]);
    expect(await newest()).toEqual({ step: 10, sentences: [] });
  });

  it('is never read, and is cleaned up by the next', async () => {
    const whole = await writeCheckpoint(run, checkpointAt(10), 5);
    // What a kill leaves at any moment before the rename: a part, or all, of the new checkpoint under another name.
    const left = [`.unfinished-${folderName(20)}-0a1b2c3d`, `.unfinished-${folderName(30)}-ffffffff`];
    await cp(whole, path.join(run, left[0]!), { recursive: true });
    await mkdir(path.join(run, left[1]!));
    await writeFile(path.join(run, left[1]!, 'config.json'), '{');
    await writeFile(path.join(run, '.unfinished-run.json-00000000'), '{');
    expect(await newest()).toEqual({ step: 10, sentences: [] });
    expect(await resolveModelFolder(run)).toBe(whole);
    await writeCheckpoint(run, checkpointAt(20), 5);
    expect(await names(run)).toEqual([folderName(10), folderName(20)]);
  });
});

describe('a damaged checkpoint', () => {
  let sound: string;
  beforeAll(async () => {
    sound = inFolder('sound');
    for (const step of [10, 20]) await writeCheckpoint(sound, checkpointAt(step), 5);
  });

  const flip =
    (at: number) =>
    async (file: string): Promise<void> => {
      const bytes = await readFile(file);
      const place = Math.floor(at * (bytes.length - 1));
      bytes[place]! ^= 1;
      await writeFile(file, bytes);
    };
  const damages: [name: string, damage: (file: string) => Promise<void>][] = [
    ['removed', (file) => rm(file)],
    ['empty', (file) => truncate(file, 0)],
    ['cut in half', async (file) => truncate(file, Math.floor((await stat(file)).size / 2))],
    ['one byte short', async (file) => truncate(file, (await stat(file)).size - 2)],
    ['longer', (file) => appendFile(file, ' x')],
    ['zeros', async (file) => writeFile(file, Buffer.alloc((await stat(file)).size))],
    ['changed by one bit at its start', flip(0)],
    ['changed by one bit in the middle', flip(0.5)],
    ['changed by one bit near its end', flip(0.9)],
  ];
  const files = [
    'config.json',
    'tokenizer.json',
    'model.safetensors',
    'optimiser.safetensors',
    'progress.json',
  ];
  const cases = files.flatMap((file) => damages.map(([name, damage]) => ({ file, name, damage })));

  it.each(cases)('with $file $name is set aside for the one before', async ({ file, damage }) => {
    await cp(sound, run, { recursive: true });
    await damage(path.join(run, folderName(20), file));
    const { step, sentences } = await newest();
    expect(step).toBe(10);
    expect(sentences).toHaveLength(1);
    expect(sentences[0]).toContain(`${folderName(20)} is damaged and passed over: `);
    expect(await names(run)).toEqual([folderName(10), `damaged-${folderName(20)}`]);
  });

  it('whose progress was changed is found, though it is sound JSON', async () => {
    await cp(sound, run, { recursive: true });
    const file = path.join(run, folderName(20), 'progress.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"batch": 17', '"batch": 18'));
    const { step, sentences } = await newest();
    expect(step).toBe(10);
    expect(sentences[0]).toMatch(/progress is not what was written: its checksum differs\.$/);
  });

  it.each(['progress', ...files.filter((file) => file !== 'progress.json')])(
    'that has no checksum of its %s is set aside, and so is one that has none at all',
    async (name) => {
      for (const without of [[name], undefined]) {
        await rm(run, { recursive: true, force: true });
        await cp(sound, run, { recursive: true });
        const file = path.join(run, folderName(20), 'progress.json');
        const { checksums, ...progress } = JSON.parse(await readFile(file, 'utf8')) as Record<
          string,
          unknown
        >;
        const left = Object.entries(checksums as object).filter(([key]) => without?.includes(key) === false);
        const rest = without ? { ...progress, checksums: Object.fromEntries(left) } : progress;
        await writeFile(file, JSON.stringify(rest));
        const { step, sentences } = await newest();
        expect(step).toBe(10);
        expect(sentences[0]).toContain(`progress.json has no checksum of ${without ? name : 'progress'}, so`);
        expect(await names(run)).toEqual([folderName(10), `damaged-${folderName(20)}`]);
      }
    },
  );

  it('does not push good ones out, nor is it taken for the newest, when the run goes on', async () => {
    for (const step of [10, 20, 30, 40]) await writeCheckpoint(run, checkpointAt(step), 5);
    for (const step of [30, 40]) await rm(path.join(run, folderName(step), 'tokenizer.json'));
    expect((await newest()).step).toBe(20);
    expect(await resolveModelFolder(run)).toBe(path.join(run, folderName(20)));
    await writeCheckpoint(run, checkpointAt(25), 2);
    expect((await newest()).step).toBe(25);
    // Again to a step at which a damaged one has been.
    await writeCheckpoint(run, checkpointAt(30), 2);
    await rm(path.join(run, folderName(30), 'tokenizer.json'));
    expect((await newest()).step).toBe(25);
    expect((await names(run)).filter((name) => name.startsWith('damaged-'))).toHaveLength(2);
  });

  it('is no help where all are: a sentence says so, and nothing is touched', async () => {
    await cp(sound, run, { recursive: true });
    for (const step of [10, 20]) {
      const handle = await open(path.join(run, folderName(step), 'model.safetensors'), 'r+');
      await handle.write('x', 100);
      await handle.close();
    }
    const before = await names(run);
    const sentences: string[] = [];
    const reading = readNewestCheckpoint(run, (sentence) => sentences.push(sentence));
    await expect(reading).rejects.toThrow(
      new UserError(`None of the 2 checkpoints in ${run} can be read: start anew in another folder.`),
    );
    expect(sentences).toHaveLength(2);
    expect(await names(run)).toEqual(before);
  });

  it('is not missed where there is none', async () => {
    expect(await newest(inFolder('absent'))).toEqual({ step: undefined, sentences: [] });
  });
});

describe('averageCheckpoints', () => {
  it('takes the mean of the newest weights', async () => {
    for (const step of [1, 2, 3, 4]) await writeCheckpoint(run, checkpointAt(step, tinyModel(step)), 5);
    const model = await averageCheckpoints(run, 3);
    expect(model.config).toEqual(tinyModel().config);
    const parts = [2, 3, 4].map((seed) => tinyModel(seed).weights);
    for (const [name, values] of model.weights) {
      const [a, b, c] = parts.map((weights) => weights.get(name)!);
      expect(values).toEqual(values.map((_, index) => (a![index]! + b![index]! + c![index]!) / 3));
    }
    expect((await averageCheckpoints(run, 1)).weights).toEqual(tinyModel(4).weights);
  });

  it('refuses what is not as it was written', async () => {
    for (const step of [1, 2]) await writeCheckpoint(run, checkpointAt(step), 5);
    const file = path.join(run, folderName(1), 'model.safetensors');
    const bytes = await readFile(file);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(file, bytes);
    await expect(averageCheckpoints(run, 2)).rejects.toThrow(
      new UserError(
        `${path.join(run, folderName(1))} is damaged: model.safetensors is not what was written: its checksum differs. Remove it, and average or export the others.`,
      ),
    );
    expect((await averageCheckpoints(run, 1)).weights).toEqual(tinyModel(2).weights);
  });

  it('reads whole checkpoints while a training writes and removes them', async () => {
    await writeCheckpoint(run, checkpointAt(1), 1);
    const training = { goesOn: true };
    const trained = (async () => {
      for (let step = 2; step < 16; step++) await writeCheckpoint(run, checkpointAt(step), 1);
      training.goesOn = false;
    })();
    let averages = 0;
    while (training.goesOn) {
      const { weights } = await averageCheckpoints(run, 1);
      const seeds = Array.from({ length: 15 }, (_, index) => index + 1);
      expect(seeds.some((seed) => sameWeights(weights, tinyModel(seed).weights))).toBe(true);
      averages++;
    }
    await trained;
    expect(averages).toBeGreaterThan(1);
  });

  it('leaves out one that stays for being the best alone', async () => {
    const validations = [1, 2, 3].map((step) => validationLine(step, { loss: step }));
    for (const step of [1, 2, 3])
      await writeCheckpoint(run, checkpointAt(step), 2, { validations, measure: 'loss', outOfTurn: false });
    await expect(averageCheckpoints(run, 3)).rejects.toThrow(
      `${run} has 2 checkpoints, not 3: average fewer.`,
    );
    expect((await bestCheckpoint(run)).weights).toEqual(tinyModel(1).weights);
  });

  it('asks for no more than there are', async () => {
    await writeCheckpoint(run, checkpointAt(1), 5);
    await expect(averageCheckpoints(run, 2)).rejects.toThrow(
      new UserError(`${run} has 1 checkpoints, not 2: average fewer.`),
    );
    await expect(averageCheckpoints(inFolder('absent'), 1)).rejects.toThrow(UserError);
  });
});

describe('resolveModelFolder', () => {
  it('takes a model for itself, and a run for its newest checkpoint', async () => {
    for (const step of [9, 10]) await writeCheckpoint(run, checkpointAt(step), 5);
    const checkpoint = path.join(run, folderName(10));
    expect(await resolveModelFolder(run)).toBe(checkpoint);
    expect(await resolveModelFolder(checkpoint)).toBe(checkpoint);
  });

  it('says what is wrong with any other', async () => {
    await mkdir(run);
    await expect(resolveModelFolder(run)).rejects.toThrow(
      new UserError(`${run} is no model folder: it has neither config.json nor checkpoints.`),
    );
    const absent = inFolder('absent');
    await expect(resolveModelFolder(absent)).rejects.toThrow(
      new UserError(`The model folder ${absent} does not exist.`),
    );
    const file = path.join(run, 'file');
    await writeFile(file, '');
    await expect(resolveModelFolder(file)).rejects.toThrow(UserError);
    await expect(resolveModelFolder(file)).rejects.toThrow(`${file} is no model folder: `);
  });
});
