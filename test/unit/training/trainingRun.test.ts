import { execFileSync } from 'node:child_process';
import { truncateSync } from 'node:fs';
import { appendFile, cp, mkdir, readdir, readFile, rm, statfs, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Batch } from '../../../models/data/batches';
import { Translator } from '../../../models/inference/translator';
import { readSafetensors } from '../../../models/storage/safetensors';
import { readBest } from '../../../models/training/best';
import { listCheckpoints } from '../../../models/training/checkpoints';
import { CpuTrainingState } from '../../../models/training/cpuTrainingState';
import type { MetricsLine } from '../../../models/training/metrics/lines';
import { readMetrics } from '../../../models/training/metrics/metricsFile';
import { defaultSettings, type RunSettings } from '../../../models/training/runSettings';
import {
  resumeRun,
  startRun,
  type LegOptions,
  type LegOutcome,
  type RunEvent,
} from '../../../models/training/trainingRun';
import type { BatchLoss } from '../../../models/training/trainingState';
import { UserError } from '../../../models/userError';
import { buildBundle, type Bundle } from '../bundle';
import { temporaryFolder } from '../temporaryFolder';
import { digitStrings, reversed, writePairs } from './digitStrings';

const inFolder = temporaryFolder('run');
const steps = 14;
let settings: RunSettings;

let bundle: Bundle;
let leg: LegOptions;

type Of<Kind extends RunEvent['kind']> = Extract<RunEvent, { kind: Kind }>;

/** Runs a leg and hands out its events. */
async function eventsOf(
  run: (onEvent: (event: RunEvent) => void) => Promise<unknown>,
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

/** What must repeat of the validations: all but when they were made. */
const validationsOf = (events: readonly RunEvent[]) =>
  only(events, 'validation').map((validation) => ({ ...validation, time: 0 }));

/** Has something done before each batch of a validation. */
function beforeEachEvaluation(act: () => unknown): { mockRestore: () => void } {
  const { evaluate } = CpuTrainingState.prototype as {
    evaluate: (this: CpuTrainingState, batch: Batch) => Promise<BatchLoss>;
  };
  const spy = vi.spyOn(CpuTrainingState.prototype, 'evaluate');
  return spy.mockImplementation(async function (this: CpuTrainingState, batch) {
    await act();
    return evaluate.call(this, batch);
  });
}

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
afterEach(() => vi.restoreAllMocks());

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
      { pairs: 119, validationPairs: 10, vocabularySize: 305, device: 'cpu' },
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
    expect(validationsOf(third)).toEqual(validationsOf(uninterrupted));
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
      'best.json',
      'checkpoint-00000006',
      'checkpoint-00000008',
      'corpus',
      'metrics.jsonl',
      'run.json',
      'tensorboard',
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
    // Without a validation: somebody waits.
    expect(events.map(({ kind }) => kind).slice(-3)).toEqual(['step', 'step', 'checkpoint']);
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

describe('a training run that is told to end between two steps', () => {
  const turns = { checkpointEvery: 3, translatePairs: 4 };
  const kindsOf = (events: readonly RunEvent[]): string[] => events.map(({ kind }) => kind);
  const threeSteps = ['corpus', 'prepared', 'step', 'step', 'step'];

  /** A leg, whose validations abort its signal as soon as they begin. */
  async function abortedInValidation(
    run: (changed: Partial<LegOptions>, onEvent: (event: RunEvent) => void) => Promise<LegOutcome>,
  ): Promise<{ events: RunEvent[]; outcome: LegOutcome | undefined }> {
    const controller = new AbortController();
    const spy = beforeEachEvaluation(() => controller.abort());
    let outcome: LegOutcome | undefined;
    const events = await eventsOf(
      async (onEvent) => (outcome = await run({ signal: controller.signal }, onEvent)),
    );
    spy.mockRestore();
    return { events, outcome };
  }

  it('drops the validation in hand, saves once, and makes up for it in the next leg', async () => {
    const folder = inFolder('abortedValidation');
    const paused = { kind: 'paused', reason: 'asked', step: 3 };
    const first = await abortedInValidation((changed, onEvent) =>
      startRun(folder, settings, { ...leg, ...turns, ...changed }, onEvent),
    );
    expect(kindsOf(first.events)).toEqual([...threeSteps, 'checkpoint']);
    expect(first.outcome).toEqual(paused);
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
    // The one that is made up for may be dropped as well, and there is nothing to save then.
    const again = await abortedInValidation((changed, onEvent) =>
      resumeRun(folder, { ...leg, ...turns, ...changed }, onEvent),
    );
    expect(kindsOf(again.events)).toEqual(['resumed', 'prepared']);
    expect(again.outcome).toEqual(paused);
    const rest = await eventsOf((onEvent) =>
      resumeRun(folder, { ...leg, ...turns, translatePairs: 0, steps: 5 }, onEvent),
    );
    expect(kindsOf(rest).slice(2)).toEqual(['validation', 'step', 'step', 'validation', 'checkpoint']);
    expect(stepsOf(rest)).toEqual(stepsOf(uninterrupted).slice(3, 5));
  });

  it('drops the validation at its last step too, which the next leg makes up for', async () => {
    const folder = inFolder('abortedAtTheEnd');
    const { events, outcome } = await abortedInValidation((changed, onEvent) =>
      startRun(folder, settings, { ...leg, translatePairs: 4, steps: 2, ...changed }, onEvent),
    );
    expect(kindsOf(events).slice(-2)).toEqual(['step', 'checkpoint']);
    expect(outcome).toEqual({ kind: 'paused', reason: 'asked', step: 2 });
    const after = await eventsOf((onEvent) => resumeRun(folder, { ...leg, steps: 2 }, onEvent));
    expect(kindsOf(after)).toEqual(['resumed', 'prepared', 'validation']);
    expect(await readBest(folder)).toMatchObject({ step: 2, checkpoint: 'checkpoint-00000002' });
  });

  it('takes no step more where the validation is done by then', async () => {
    const { events, outcome } = await abortedInValidation((changed, onEvent) =>
      startRun(inFolder('validated'), settings, { ...leg, checkpointEvery: 3, ...changed }, onEvent),
    );
    expect(kindsOf(events)).toEqual([...threeSteps, 'validation', 'checkpoint']);
    expect(outcome).toEqual({ kind: 'paused', reason: 'asked', step: 3 });
  });

  it('takes no step more where it is being saved', async () => {
    const controller = new AbortController();
    const asked = { ...leg, checkpointEvery: 3, signal: controller.signal };
    const events = await eventsOf(
      (onEvent) => startRun(inFolder('saved'), settings, asked, onEvent),
      ({ kind }) => {
        if (kind === 'checkpoint') controller.abort();
      },
    );
    expect(kindsOf(events)).toEqual([...threeSteps, 'validation', 'checkpoint']);
  });
});

describe('a validation that the leg before left out', () => {
  /** A run that was told to end at its third step, which it should have validated after. */
  async function hurried(name: string): Promise<string> {
    const controller = new AbortController();
    await startRun(
      inFolder(name),
      settings,
      { ...leg, checkpointEvery: 3, signal: controller.signal },
      (event) => {
        if (event.kind === 'step' && event.report.progress.step === 3) controller.abort();
      },
    );
    return inFolder(name);
  }
  const turns = (): LegOptions => ({ ...leg, checkpointEvery: 3 });

  it('makes its checkpoint the best, also where nothing else is left to do', async () => {
    const folder = await hurried('madeUp');
    expect(await readBest(folder)).toBeUndefined();
    const events = await eventsOf((onEvent) => resumeRun(folder, { ...turns(), steps: 3 }, onEvent));
    expect(events.map(({ kind }) => kind)).toEqual(['resumed', 'prepared', 'validation']);
    const [validation] = only(events, 'validation');
    expect(await readBest(folder)).toMatchObject({
      checkpoint: 'checkpoint-00000003',
      loss: validation!.loss,
      apart: false,
    });
  });

  it('takes nothing of the minutes of the leg', async () => {
    const folder = await hurried('minutesAfter');
    beforeEachEvaluation(() => delay(1000));
    const events = await eventsOf((onEvent) => resumeRun(folder, { ...turns(), minutes: 0.5 / 60 }, onEvent));
    expect(only(events, 'step').length).toBeGreaterThan(0);
  });

  it('that is no number is said as any other', async () => {
    const folder = await hurried('spoiltValidation');
    const spy = vi.spyOn(CpuTrainingState.prototype, 'evaluate');
    spy.mockResolvedValue({ smoothed: NaN, negativeLogLikelihood: NaN });
    const resuming = resumeRun(folder, turns(), () => undefined);
    await expect(resuming).rejects.toThrow(UserError);
    await expect(resuming).rejects.toThrow(/^Step 3 gave .* The last good checkpoint is /);
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

  it('serves as it is where one file is gone and another has changed: what was read of the first is nowhere else', async () => {
    const [folder, kept, lost] = ['half', 'half.kept.tsv', 'half.lost.tsv'].map((name) => inFolder(name)) as [
      string,
      string,
      string,
    ];
    for (const file of [kept, lost]) await writePairs(file, digitStrings(30, file === kept ? 5 : 6));
    await startRun(folder, { ...settings, corpora: [kept, lost] }, { ...leg, steps: 4 }, () => undefined);
    await appendFile(kept, '1 2\t2 1\n');
    await rm(lost);
    const events = await resume(folder);
    expect(warnings(events)).toEqual([
      `The corpus file ${lost} is gone; the run goes on with what was read of it when it began.`,
      expect.stringContaining(
        `${kept} has changed, but others are gone, so that it is not read anew`,
      ) as string,
    ]);
    expect(stepsOf(events)).toHaveLength(2);
  });

  it('stays until all of the new one is there', async () => {
    const { folder, file } = await stopped('emptied');
    const before = await readFile(path.join(folder, 'corpus', 'corpus.json'), 'utf8');
    await writeFile(file, 'nothing but one side\n');
    await expect(resume(folder)).rejects.toThrow('No sentence pair is left to train on.');
    expect(await readFile(path.join(folder, 'corpus', 'corpus.json'), 'utf8')).toBe(before);
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

describe.skipIf(process.platform === 'win32')('a training run whose encoded corpus breaks off', () => {
  it('saves the steps that it took, says so, and goes on once the corpus is made anew', async () => {
    const folder = inFolder('brokenOff');
    const events: RunEvent[] = [];
    const starting = startRun(folder, settings, leg, (event) => {
      events.push(event);
      if (event.kind === 'step' && event.report.progress.step === 2)
        truncateSync(path.join(folder, 'corpus', 'training.tokens'));
    });
    await expect(starting).rejects.toThrow(UserError);
    const { step } = only(events, 'checkpoint').at(-1)!.progress;
    await expect(starting).rejects.toThrow(
      new RegExp(
        `^The encoded corpus ends before its pair \\d+\\. The training stopped after step ${step}, which is saved: go on with --resume\\.$`,
      ),
    );
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

describe('the metrics of a run', () => {
  const metricsOf = async (folder: string): Promise<readonly MetricsLine[]> =>
    (await readMetrics(folder)).lines;
  /** What must repeat: all but times and speeds. */
  const repeating = (lines: readonly MetricsLine[]) =>
    lines
      .filter(({ kind }) => kind !== 'leg')
      .map((line) => ({ ...line, time: 0, seconds: 0, secondsLeft: 0, targetTokensPerSecond: 0 }));

  it('are those of its events, and say how far it is', async () => {
    const folder = inFolder('uninterrupted');
    const [leg, ...lines] = await metricsOf(folder);
    expect(leg).toMatchObject({
      kind: 'leg',
      schema: 1,
      step: 0,
      trainingPairs: 119,
      validationPairs: 10,
      device: 'cpu',
    });
    expect(lines).toEqual([
      ...only(uninterrupted, 'step').map(({ metrics }) => metrics),
      ...only(uninterrupted, 'validation'),
    ]);
    const reports = only(uninterrupted, 'step').map(({ report }) => report);
    let smoothed = reports[0]!.loss;
    only(uninterrupted, 'step').forEach(({ metrics, report }, index) => {
      smoothed += 0.02 * (report.loss - smoothed);
      expect(metrics.smoothedLoss).toBeCloseTo(smoothed, 12);
      expect(metrics).toMatchObject({ step: index + 1, loss: report.loss, epoch: report.progress.epoch + 1 });
      expect(metrics.flops).toBeGreaterThan(6 * 1e5 * report.progress.targetTokens);
      expect(metrics.paddingShare).toBeCloseTo(1 - report.filled, 12);
    });
    const left = only(uninterrupted, 'step').map(({ metrics }) => metrics.secondsLeft!);
    expect(left.at(-1)).toBe(0);
    expect(left[3]).toBeGreaterThan(0);
    expect(await readdir(path.join(folder, 'tensorboard'))).toHaveLength(1);
  });

  it('go on after a kill where the checkpoint was, with the same numbers', async () => {
    const folder = inFolder('metricsAfterKill');
    await eventsOf((onEvent) => startRun(folder, settings, { ...leg, steps: 4 }, onEvent));
    const before = await readFile(path.join(folder, 'metrics.jsonl'), 'utf8');
    const [later] = only(uninterrupted, 'step').slice(4);
    // Two more steps and half of a third, of which no checkpoint knows.
    const text = JSON.stringify(later!.metrics);
    await appendFile(path.join(folder, 'metrics.jsonl'), `${text}\n${text}\n${text.slice(0, 40)}`);
    await eventsOf((onEvent) => resumeRun(folder, { ...leg, steps: 6 }, onEvent));
    expect((await readFile(path.join(folder, 'metrics.jsonl'), 'utf8')).startsWith(before)).toBe(true);
    const lines = await metricsOf(folder);
    expect(lines.map(({ kind, step }) => `${kind} ${step}`)).toEqual([
      ...['leg 0', 'step 1', 'step 2', 'step 3', 'step 4', 'validation 4'],
      ...['leg 4', 'step 5', 'step 6', 'validation 6'],
    ]);
    const steps = repeating(lines).filter(({ kind }) => kind === 'step');
    expect(steps).toEqual(repeating(await metricsOf(inFolder('uninterrupted'))).slice(0, 6));
  });

  it('hold translations of held-out pairs where some are asked for', async () => {
    const folder = inFolder('translating');
    const translating = { ...leg, steps: 2, checkpointEvery: 2, translatePairs: 4 };
    const events = await eventsOf((onEvent) => startRun(folder, settings, translating, onEvent));
    const [validation] = only(events, 'validation');
    expect(validation).toMatchObject({ translatedPairs: 4 });
    expect(validation!.samples).toHaveLength(3);
    for (const { source, reference } of validation!.samples) expect(reversed(source)).toBe(reference);
    const found = await (async () => {
      const translator = await Translator.load(path.join(folder, 'checkpoint-00000002'), 1);
      const [{ text } = { text: '' }] = await translator.translate([validation!.samples[0]!.source]);
      await translator.dispose();
      return text.trim();
    })();
    expect(validation!.samples[0]!.translation).toBe(found);
    for (const score of [validation!.bleu, validation!.chrf]) {
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(100);
    }
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('a training run that gets no better', () => {
  /** Learns by heart, and too fast: the loss on held-out pairs rises soon. */
  const spoiling = (): RunSettings => ({ ...settings, peakLearningRate: 0.5, warmupSteps: 1 });

  it('ends when its patience is used up, in legs as in one, and keeps its best checkpoint', async () => {
    const patient = { ...leg, keepCheckpoints: 1, checkpointEvery: 4, validateEvery: 2, patience: 3 };
    const folder = inFolder('patience');
    const events = await eventsOf((onEvent) =>
      startRun(folder, spoiling(), { ...patient, steps: 60 }, onEvent),
    );
    const losses = only(events, 'validation').map(({ step, loss }) => ({ step, loss: loss! }));
    const best = losses.reduce((low, one) => (one.loss < low.loss ? one : low));
    expect(losses.at(-1)!.step).toBe(best.step + 6);
    expect(losses.map(({ step }) => step)).toEqual(losses.map((_, index) => 2 * (index + 1)));
    expect(events.slice(-3).map(({ kind }) => kind)).toEqual(['validation', 'checkpoint', 'stopped']);
    expect(only(events, 'stopped')[0]!.sentence).toBe(
      `No validation has been better than that after step ${best.step}, a loss of ${best.loss.toFixed(4)}, for 3 times: the training stops. To go on, --resume with a larger --patience.`,
    );
    const names = [best.step, best.step + 6].map((step) => `checkpoint-${String(step).padStart(8, '0')}`);
    expect((await listCheckpoints(folder)).map((one) => path.basename(one)).reverse()).toEqual(names);
    expect(await readBest(folder)).toMatchObject({ checkpoint: names[0], step: best.step, apart: true });

    // It does not go on with the same patience, and does with more.
    const again = await eventsOf((onEvent) => resumeRun(folder, { ...patient, steps: 60 }, onEvent));
    expect(again.map(({ kind }) => kind)).toEqual(['resumed', 'prepared', 'stopped']);
    const onward = await eventsOf((onEvent) =>
      resumeRun(folder, { ...patient, patience: 9, steps: best.step + 7 }, onEvent),
    );
    expect(only(onward, 'step')).toHaveLength(1);

    const inLegs = inFolder('patienceInLegs');
    await startRun(inLegs, spoiling(), { ...patient, steps: best.step + 3 }, () => undefined);
    const rest = await eventsOf((onEvent) => resumeRun(inLegs, { ...patient, steps: 60 }, onEvent));
    expect(only(rest, 'validation').at(-1)!.step).toBe(best.step + 6);
    expect(only(rest, 'stopped')).toHaveLength(1);
  });
});

describe('a training run whose numbers are spoilt in the optimiser', () => {
  it('says whose they are, and keeps the checkpoint before', async () => {
    const folder = inFolder('spoiltMoments');
    await cp(inFolder('uninterrupted'), folder, { recursive: true });
    const readMoments = vi.spyOn(CpuTrainingState.prototype, 'readMoments');
    readMoments.mockImplementation(function (this: CpuTrainingState) {
      return this.readWeights().then((weights) => {
        const second = new Map(weights);
        second.set([...weights.keys()][1]!, Float32Array.of(0, NaN));
        return { first: weights, second };
      });
    });
    const resuming = resumeRun(folder, { ...leg, steps: 15 }, () => undefined);
    await expect(resuming).rejects.toThrow(
      /^After step 15 the optimiser’s second moments of “.+” are not all finite numbers\. The last good checkpoint is .*checkpoint-00000014\. /,
    );
    readMoments.mockRestore();
    expect(await listCheckpoints(folder)).toEqual([path.join(folder, 'checkpoint-00000014')]);
  });
});

/** A disk of its own for a folder; undefined where this process may not have one. */
function smallDisk(folder: string, mebibytes: number): { remove: () => void } | undefined {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'none', folder], { stdio: 'ignore' });
    return { remove: () => execFileSync('umount', [folder]) };
  } catch {
    return undefined;
  }
}

describe('a training run whose disk is full', () => {
  it('stops with a sentence and keeps its checkpoint, from which it goes on', async (context) => {
    const folder = inFolder('fullDisk');
    await mkdir(folder);
    // A checkpoint takes about 3 MB.
    const disk = smallDisk(folder, 10);
    if (!disk) return context.skip('mounting a small disk takes root on Linux');
    try {
      await eventsOf((onEvent) => startRun(folder, settings, { ...leg, steps: 4 }, onEvent));
      const checkpoint = path.join(folder, 'checkpoint-00000004');
      const filler = path.join(folder, 'filler');
      const fill = async (leave: number): Promise<void> => {
        await rm(filler, { force: true });
        const { bavail, bsize } = await statfs(folder);
        await writeFile(filler, Buffer.alloc(Math.max(0, bavail * bsize - leave)));
      };
      const resume = async (): Promise<string> =>
        resumeRun(folder, { ...leg, steps: 6 }, () => undefined).then(
          () => 'no error',
          (error: unknown) => {
            expect(error).toBeInstanceOf(UserError);
            return (error as UserError).message;
          },
        );
      // Room for metrics, not for a checkpoint.
      await fill(1 << 20);
      expect(await resume()).toBe(
        `The disk is full: the training stopped after step 6, whose results cannot be written to ${folder}. The last checkpoint is ${checkpoint}: make room there, then go on with --resume.`,
      );
      // Room for nothing.
      await fill(0);
      expect(await resume()).toMatch(/^The disk is full: the training stopped after step \d, /);
      expect(await listCheckpoints(folder)).toEqual([checkpoint]);
      expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
      await rm(filler);
      const events = await eventsOf((onEvent) => resumeRun(folder, { ...leg, steps: 6 }, onEvent));
      expect(stepsOf(events)).toEqual(stepsOf(uninterrupted).slice(4, 6));
      expect((await readMetrics(folder)).broken).toEqual([]);
    } finally {
      disk.remove();
    }
  });
});

describe('a training run that cannot begin', () => {
  const refusal = async (run: Promise<unknown>): Promise<string> => {
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
      [
        JSON.stringify({ ...settings, precision: 'half' }),
        `${file}: “precision” must be one of float32, mixed, not "half".`,
      ],
    ];
    for (const [text, sentence] of cases) {
      await writeFile(file, text);
      expect(await resume(folder)).toBe(sentence);
    }
    await writeFile(file, '{');
    expect(await resume(folder)).toContain(`${folder} holds no training run: ${file} cannot be read`);
    // What the first runs did not write down.
    const added = [
      ...[
        'weights',
        'maximumWords',
        'maximumLengthRatio',
        'initialModel',
        'ownVocabulary',
        'modelConfig',
        'accumulate',
        'subwordDropout',
        'rDrop',
        'precision',
        'format',
      ],
    ];
    for (const key of Object.keys(settings).filter((name) => !added.includes(name))) {
      await writeFile(file, JSON.stringify({ ...settings, [key]: undefined }));
      expect(await resume(folder)).toContain(`“${key}” must be `);
    }
  });

  it('says that too few pairs are left', async () => {
    const one = inFolder('one.tsv');
    await writeFile(one, '1 2\t2 1\n');
    expect(await start(inFolder('few'), { corpora: [one] })).toBe(
      'The corpus has one pair, and some must be held out to validate on: give more.',
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
