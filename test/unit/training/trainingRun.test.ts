import { execFileSync } from 'node:child_process';
import { appendFile, cp, mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors } from '../../../models/storage/safetensors';
import { listCheckpoints } from '../../../models/training/checkpoints';
import { defaultSettings, type RunSettings } from '../../../models/training/runSettings';
import { resumeRun, startRun, type LegOptions, type RunEvent } from '../../../models/training/trainingRun';
import { UserError } from '../../../models/userError';
import { buildBundle, type Bundle } from '../bundle';
import { temporaryFolder } from '../temporaryFolder';
import { digitStrings, writePairs } from './digitStrings';

const inFolder = temporaryFolder('run');
const steps = 14;
let settings: RunSettings;

let bundle: Bundle;
let leg: LegOptions;

type Of<Kind extends RunEvent['kind']> = Extract<RunEvent, { kind: Kind }>;

/** Runs a leg and hands out its events. */
async function eventsOf(
  run: (onEvent: (event: RunEvent) => void) => Promise<void>,
  onEvent: (event: RunEvent) => void = () => undefined,
): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  await run((event) => {
    events.push(event);
    onEvent(event);
  });
  return events;
}

const only = <Kind extends RunEvent['kind']>(events: readonly RunEvent[], kind: Kind): Of<Kind>[] =>
  events.filter((event): event is Of<Kind> => event.kind === kind);

/** What must repeat of the steps: all but the time they took. */
const stepsOf = (events: readonly RunEvent[]) =>
  only(events, 'step').map(({ report: { progress, loss, perplexity, learningRate, gradientNorm } }) => ({
    ...progress,
    seconds: 0,
    loss,
    perplexity,
    learningRate,
    gradientNorm,
  }));

let uninterrupted: RunEvent[];

beforeAll(async () => {
  bundle = await buildBundle('cli', './models/data/process/main.ts');
  leg = { checkpointEvery: 1000, keepCheckpoints: 5, threads: 1, corpusProcess: bundle.modulePath };
  // About five batches, so that an epoch ends on the way. One of the strings is its own reverse and is left out.
  await writePairs(inFolder('pairs.en-de.tsv'), digitStrings(130, 1));
  settings = {
    ...defaultSettings,
    corpora: [inFolder('pairs.en-de.tsv')],
    heldOut: 10,
    from: 'en',
    to: 'de',
    preset: 'tiny',
    vocabularySize: 305,
    batchTokens: 200,
    peakLearningRate: 3e-3,
    warmupSteps: 5,
  };
  uninterrupted = await eventsOf((onEvent) =>
    startRun(inFolder('uninterrupted'), settings, { ...leg, steps }, onEvent),
  );
});

afterAll(() => bundle.remove());

describe('a training run', () => {
  it('tells what it prepares, each step, and what it saves', () => {
    const kinds = uninterrupted.map(({ kind }) => kind);
    expect(kinds).toEqual([
      'corpus',
      'prepared',
      ...new Array<string>(steps).fill('step'),
      'validation',
      'checkpoint',
    ]);
    expect(only(uninterrupted, 'prepared')).toMatchObject([
      { pairs: 119, validationPairs: 10, vocabularySize: 305 },
    ]);
    const reports = stepsOf(uninterrupted);
    expect(reports.map(({ step }) => step)).toEqual(Array.from({ length: steps }, (_, index) => index + 1));
    expect(reports.at(-1)!.epoch).toBeGreaterThanOrEqual(1);
    expect(reports.at(-1)!.loss).toBeLessThan(reports[0]!.loss);
    const [checkpoint] = only(uninterrupted, 'checkpoint');
    expect(checkpoint!.folder).toBe(path.join(inFolder('uninterrupted'), 'checkpoint-00000014'));
    expect(checkpoint!.progress).toEqual(only(uninterrupted, 'step').at(-1)!.report.progress);
  });

  it('that was stopped and resumed takes the very same steps', async () => {
    const folder = inFolder('interrupted');
    const first = await eventsOf((onEvent) => startRun(folder, settings, { ...leg, steps: 4 }, onEvent));
    const second = await eventsOf((onEvent) => resumeRun(folder, { ...leg, steps: 9 }, onEvent));
    const third = await eventsOf((onEvent) => resumeRun(folder, { ...leg, steps }, onEvent));
    expect(only(second, 'resumed')[0]!.progress).toEqual(only(first, 'checkpoint')[0]!.progress);
    // On one thread, to the last bit.
    expect([first, second, third].flatMap(stepsOf)).toEqual(stepsOf(uninterrupted));
    expect(only(third, 'validation')).toEqual(only(uninterrupted, 'validation'));
    for (const file of ['model.safetensors', 'optimiser.safetensors']) {
      const [ours, theirs] = [folder, inFolder('uninterrupted')].map((run) =>
        readFile(path.join(run, 'checkpoint-00000014', file)),
      );
      expect((await ours!).equals(await theirs!)).toBe(true);
    }
  });

  it('saves every few steps and at its end, and keeps the newest', async () => {
    const folder = inFolder('saving');
    const events = await eventsOf((onEvent) =>
      startRun(folder, settings, { ...leg, steps: 8, checkpointEvery: 3, keepCheckpoints: 2 }, onEvent),
    );
    expect(only(events, 'checkpoint').map(({ progress }) => progress.step)).toEqual([3, 6, 8]);
    expect(only(events, 'validation').map(({ step }) => step)).toEqual([3, 6, 8]);
    expect((await readdir(folder)).sort()).toEqual([
      'checkpoint-00000006',
      'checkpoint-00000008',
      'corpus',
      'run.json',
    ]);
    // There is nothing left to do, and nothing to save again.
    const after = await eventsOf((onEvent) => resumeRun(folder, { ...leg, steps: 8 }, onEvent));
    expect(after.map(({ kind }) => kind)).toEqual(['resumed', 'prepared']);
  });

  it('ends after the step in hand when it is told to, with a checkpoint to go on from', async () => {
    const folder = inFolder('aborted');
    const controller = new AbortController();
    const events = await eventsOf(
      (onEvent) => startRun(folder, settings, { ...leg, signal: controller.signal }, onEvent),
      (event) => {
        if (event.kind === 'step' && event.report.progress.step === 3) controller.abort();
      },
    );
    expect(events.map(({ kind }) => kind).slice(-3)).toEqual(['step', 'validation', 'checkpoint']);
    expect(only(events, 'checkpoint')[0]!.progress.step).toBe(3);
    const resumed = await eventsOf((onEvent) => resumeRun(folder, { ...leg, steps: 5 }, onEvent));
    expect(stepsOf(resumed)).toEqual(stepsOf(uninterrupted).slice(3, 5));
  });

  it('ends when its minutes are over', async () => {
    const events = await eventsOf((onEvent) =>
      startRun(inFolder('minutes'), settings, { ...leg, minutes: 1e-6 }, onEvent),
    );
    expect(only(events, 'step').length).toBeLessThanOrEqual(1);
    expect(only(events, 'checkpoint')).toHaveLength(only(events, 'step').length);
  });

  it('lowers the learning rate to nothing over its last steps', async () => {
    const events = await eventsOf((onEvent) =>
      startRun(inFolder('cooldown'), settings, { ...leg, steps: 8, cooldownSteps: 4 }, onEvent),
    );
    const plain = stepsOf(uninterrupted).map(({ learningRate }) => learningRate);
    stepsOf(events).forEach(({ learningRate }, index) => {
      const share = [1, 1, 1, 1, 1, 3 / 4, 2 / 4, 1 / 4][index]!;
      expect(learningRate).toBeCloseTo(plain[index]! * share, 12);
    });
  });

  it('goes on from the checkpoint before where the newest is damaged, and says so', async () => {
    const folder = inFolder('damaged');
    await startRun(folder, settings, { ...leg, steps: 6, checkpointEvery: 3 }, () => undefined);
    await writeFile(path.join(folder, 'checkpoint-00000006', 'model.safetensors'), 'half');
    const events = await eventsOf((onEvent) => resumeRun(folder, { ...leg, steps: 8 }, onEvent));
    expect(only(events, 'warning').map(({ sentence }) => sentence)).toEqual([
      expect.stringContaining('checkpoint-00000006 is damaged and passed over') as string,
    ]);
    expect(stepsOf(events)).toEqual(stepsOf(uninterrupted).slice(3, 8));
  });
});

describe('the corpus of a run', () => {
  /** A copy of a run that stopped after four steps, with a corpus of its own. */
  async function stopped(name: string): Promise<{ folder: string; file: string }> {
    const [folder, file] = [inFolder(name), inFolder(`${name}.en-de.tsv`)];
    await cp(inFolder('pairs.en-de.tsv'), file);
    await startRun(folder, { ...settings, corpora: [file] }, { ...leg, steps: 4 }, () => undefined);
    return { folder, file };
  }
  const resume = (folder: string): Promise<RunEvent[]> =>
    eventsOf((onEvent) => resumeRun(folder, { ...leg, steps: 6 }, onEvent));
  const warnings = (events: readonly RunEvent[]): string[] =>
    only(events, 'warning').map(({ sentence }) => sentence);
  const kinds = (events: readonly RunEvent[]): string[] => events.map(({ kind }) => kind);

  it('is not read again by a later leg, though it was copied or touched', async () => {
    const { folder, file } = await stopped('touched');
    await utimes(file, 1e9, 1e9);
    const events = await resume(folder);
    expect(kinds(events)).toEqual(['resumed', 'prepared', 'step', 'step', 'validation', 'checkpoint']);
    expect(stepsOf(events)).toEqual(stepsOf(uninterrupted).slice(4, 6));
  });

  it('is read again where a file has changed, and that is said', async () => {
    const { folder, file } = await stopped('changed');
    // As long as before.
    await writeFile(file, (await readFile(file, 'utf8')).replace(/\d/, 'x'));
    const events = await resume(folder);
    expect(warnings(events)).toEqual([
      expect.stringContaining(
        `The corpus file ${file} has changed since it was read: it is read anew`,
      ) as string,
    ]);
    expect(kinds(events).slice(0, 4)).toEqual(['warning', 'corpus', 'resumed', 'prepared']);
    // That is the corpus from now on.
    expect(kinds(await resume(folder))).toEqual(['resumed', 'prepared']);
    await appendFile(file, '1 2\t2 1\n');
    expect(warnings(await resume(folder))).toHaveLength(1);
  });

  it('serves when its files are gone, and that is said', async () => {
    const { folder, file } = await stopped('gone');
    await rm(file);
    const events = await resume(folder);
    expect(warnings(events)).toEqual([
      `The corpus file ${file} is gone; the run goes on with what was read of it when it began.`,
    ]);
    expect(stepsOf(events)).toEqual(stepsOf(uninterrupted).slice(4, 6));
  });

  it('is made again where its encoded form is damaged or gone, to the same steps', async () => {
    const { folder } = await stopped('spoiltStore');
    await appendFile(path.join(folder, 'corpus', 'training.tokens'), '12');
    const again = inFolder('goneStore');
    await cp(folder, again, { recursive: true });
    const events = await resume(folder);
    expect(warnings(events)).toEqual([
      `The encoded corpus in ${path.join(folder, 'corpus')} is not what was written there: it is made anew.`,
    ]);
    expect(stepsOf(events)).toEqual(stepsOf(uninterrupted).slice(4, 6));
    await rm(path.join(again, 'corpus'), { recursive: true });
    const anew = await resume(again);
    expect(kinds(anew).slice(0, 3)).toEqual(['corpus', 'resumed', 'prepared']);
    expect(stepsOf(anew)).toEqual(stepsOf(uninterrupted).slice(4, 6));
  });

  it('of a run that an earlier Polyhead began is made when it is resumed, and that is said once', async () => {
    const { folder } = await stopped('earlier');
    await rm(path.join(folder, 'corpus'), { recursive: true });
    const file = path.join(folder, 'run.json');
    const { weights, maximumWords, maximumLengthRatio, format, ...before } = JSON.parse(
      await readFile(file, 'utf8'),
    ) as RunSettings;
    expect({ weights, maximumWords, maximumLengthRatio, format }).toEqual({
      weights: [],
      maximumWords: 100,
      maximumLengthRatio: 3.2,
      format: 2,
    });
    await writeFile(file, JSON.stringify(before));
    expect(warnings(await resume(folder))).toEqual([
      expect.stringMatching(
        /^The run was begun by an earlier Polyhead, which cut batches otherwise: /,
      ) as string,
    ]);
    expect(warnings(await resume(folder))).toEqual([]);
  });

  it('is left alone when a person stops the reading, and nothing of it stays', async () => {
    const folder = inFolder('stopped');
    const large = inFolder('large.tsv');
    await writeFile(large, Array.from({ length: 300_000 }, (_, n) => `${n} a b\t${n} c d\n`).join(''));
    const controller = new AbortController();
    const starting = startRun(
      folder,
      { ...settings, corpora: [large] },
      { ...leg, signal: controller.signal },
      ({ kind }) => {
        if (kind === 'preparing') controller.abort();
      },
    );
    await expect(starting).rejects.toThrow(UserError);
    await expect(starting).rejects.toThrow(
      'Stopped while the corpus was being prepared; nothing of that is kept.',
    );
    expect(await readdir(folder)).toEqual(['run.json']);
  });
});

describe.skipIf(process.platform === 'win32')('a training run whose corpus process dies', () => {
  it('stops with a sentence after a checkpoint, from which it goes on as if nothing had happened', async () => {
    const folder = inFolder('died');
    const events: RunEvent[] = [];
    const starting = startRun(folder, settings, leg, (event) => {
      events.push(event);
      if (event.kind === 'step' && event.report.progress.step === 2) {
        const children = execFileSync('pgrep', ['-P', String(process.pid), '-f', bundle.modulePath]);
        expect(children.toString().trim().split('\n')).toHaveLength(1);
        process.kill(Number(children.toString()), 'SIGKILL');
      }
    });
    await expect(starting).rejects.toThrow(UserError);
    const { step } = only(events, 'checkpoint').at(-1)!.progress;
    await expect(starting).rejects.toThrow(
      `The process that reads the corpus has ended by SIGKILL before its time. The training stopped after step ${step}, which is saved: go on with --resume.`,
    );
    // What had been fed by then is trained on.
    expect(step).toBeGreaterThanOrEqual(2);
    expect(step).toBeLessThanOrEqual(14);
    const resumed = await eventsOf((onEvent) => resumeRun(folder, { ...leg, steps }, onEvent));
    expect([...stepsOf(events), ...stepsOf(resumed)]).toEqual(stepsOf(uninterrupted));
  });
});

describe('a training run that diverges', () => {
  it('ends with the step, and where to go from there', async () => {
    const starting = startRun(
      inFolder('divergent'),
      { ...settings, peakLearningRate: 1e30, warmupSteps: 1 },
      { ...leg, steps: 5 },
      () => undefined,
    );
    await expect(starting).rejects.toThrow(UserError);
    await expect(starting).rejects.toThrow(
      /^Step 2 gave .* not finite numbers\. There is no checkpoint yet: start again with a lower --peak-learning-rate\.$/,
    );
    expect(await listCheckpoints(inFolder('divergent'))).toEqual([]);
  });

  it('names its last good checkpoint, which stays, and saves none of the spoilt weights', async () => {
    const folder = inFolder('spoilt');
    await cp(inFolder('uninterrupted'), folder, { recursive: true });
    const file = path.join(folder, 'run.json');
    const stored = JSON.parse(await readFile(file, 'utf8')) as RunSettings;
    await writeFile(file, JSON.stringify({ ...stored, peakLearningRate: 1e38 }));
    // The first update spoils the weights, and the next thing to happen would be the checkpoint.
    const events: RunEvent[] = [];
    const resuming = resumeRun(folder, { ...leg, steps: 15, keepCheckpoints: 1 }, (event) =>
      events.push(event),
    );
    await expect(resuming).rejects.toThrow(UserError);
    const checkpoint = path.join(folder, 'checkpoint-00000014');
    await expect(resuming).rejects.toThrow(`The last good checkpoint is ${checkpoint}. `);
    await expect(resuming).rejects.toThrow(/^Step 15 gave /);
    expect(stepsOf(events).map(({ step }) => step)).toEqual([15]);
    expect(await listCheckpoints(folder)).toEqual([checkpoint]);
    await readSafetensors(path.join(checkpoint, 'model.safetensors'));
  });
});

describe('a training run that cannot begin', () => {
  const refusal = async (run: Promise<void>): Promise<string> => {
    const error = await run.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(UserError);
    return (error as UserError).message;
  };
  const start = (folder: string, changed: Partial<RunSettings> = {}): Promise<string> =>
    refusal(startRun(folder, { ...settings, ...changed }, { ...leg, steps: 1 }, () => undefined));
  const resume = (folder: string): Promise<string> =>
    refusal(resumeRun(folder, { ...leg, steps: 1 }, () => undefined));

  it('says that the folder holds one already', async () => {
    const folder = inFolder('uninterrupted');
    expect(await start(folder)).toBe(
      `${folder} holds a training run already: go on with --resume, or choose another --output.`,
    );
  });

  it('says that there is nothing to resume', async () => {
    const folder = inFolder('empty');
    await mkdir(folder);
    expect(await resume(folder)).toMatch(/empty holds no training run: .*run\.json cannot be read \(ENOENT/);
    expect(await resume(inFolder('absent'))).toMatch(/absent holds no training run/);
    await writeFile(path.join(folder, 'run.json'), JSON.stringify(settings));
    expect(await resume(folder)).toBe(`${folder} holds no checkpoint to go on from: start without --resume.`);
  });

  it('says what is wrong with its settings', async () => {
    const folder = inFolder('settings');
    await mkdir(folder);
    const file = path.join(folder, 'run.json');
    const cases: [text: string, sentence: string][] = [
      ['null', `${file}: “corpora” must be a list of texts, not missing.`],
      [JSON.stringify({ ...settings, corpora: [3] }), `${file}: “corpora” must be a list of texts, not [3].`],
      [
        JSON.stringify({ ...settings, preset: 'huge' }),
        `${file}: “preset” must be one of tiny, small, base, big, not "huge".`,
      ],
      [JSON.stringify({ ...settings, dropout: 1 }), `${file}: “dropout” must be from 0 to below 1, not 1.`],
      [
        JSON.stringify({ ...settings, seed: 0.5 }),
        `${file}: “seed” must be a whole number of at least 0, not 0.5.`,
      ],
      [
        JSON.stringify({ ...settings, clipNorm: '1' }),
        `${file}: “clipNorm” must be a number, 0 or more, not "1".`,
      ],
    ];
    for (const [text, sentence] of cases) {
      await writeFile(file, text);
      expect(await resume(folder)).toBe(sentence);
    }
    await writeFile(file, '{');
    expect(await resume(folder)).toContain(`${folder} holds no training run: ${file} cannot be read`);
    // What the first runs did not write down.
    const added = ['weights', 'maximumWords', 'maximumLengthRatio', 'format'];
    for (const key of Object.keys(settings).filter((name) => !added.includes(name))) {
      await writeFile(file, JSON.stringify({ ...settings, [key]: undefined }));
      expect(await resume(folder)).toContain(`“${key}” must be `);
    }
  });

  it('says that too few pairs are left', async () => {
    expect(await start(inFolder('few'), { heldOut: 66 })).toMatch(
      /^The corpus has 129 pairs, of which 66 would be held out to validate on/,
    );
    expect(await start(inFolder('long'), { longest: 1 })).toBe(
      'None of the 119 pairs to train on has at most 1 tokens on both sides: allow more with --longest.',
    );
    const long = inFolder('long.tsv');
    await writeFile(long, `${'1 '.repeat(30)}\t${'1 '.repeat(30)}2\n`);
    expect(await start(inFolder('long'), { validation: [long], longest: 20 })).toBe(
      'None of the 1 pairs to validate on has at most 20 tokens on both sides: allow more with --longest.',
    );
  });

  it('does so before its work where the folder cannot be made', async () => {
    const file = inFolder('file');
    await writeFile(file, '');
    const events: RunEvent[] = [];
    await expect(
      startRun(path.join(file, 'run'), settings, leg, (event) => events.push(event)),
    ).rejects.toThrow('ENOTDIR');
    expect(events).toEqual([]);
  });
});
