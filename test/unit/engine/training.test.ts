/** Training behind the door: plans, runs, histories, and what is made of checkpoints; hostile settings. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { EngineHandlers, TrainingEvent, TrainingSettings } from '../../../models/engine/protocol';
import { createTrainingHandlers, type TrainingHandlers } from '../../../models/engine/training/handlers';
import { TrainingSlot } from '../../../models/engine/training/slot';
import { readModel } from '../../../models/storage/modelFolder';
import { averageCheckpoints } from '../../../models/training/average';
import { CpuTrainingState } from '../../../models/training/cpuTrainingState';
import { GpuTrainingState } from '../../../models/training/gpuTrainingState';
import { readSettings } from '../../../models/training/runSettings';
import { UserError } from '../../../models/userError';
import { buildBundle, type Bundle } from '../bundle';
import { temporaryFolder } from '../temporaryFolder';
import { digitStrings, writePairs } from '../training/digitStrings';

const inFolder = temporaryFolder('training');
const never = new AbortController().signal;
const slot = new TrainingSlot();
let bundle: Bundle;
let handlers: TrainingHandlers;
let settings: TrainingSettings;
const leg = { threads: 1, checkpointEvery: 4, translatePairs: 3 };

const context = { signal: never, report: () => undefined };

async function train(
  folder: string,
  more: Partial<Parameters<EngineHandlers['train']>[0]> = {},
  onEvent: (event: TrainingEvent) => void = () => undefined,
  signal = never,
) {
  const events: TrainingEvent[] = [];
  const outcome = await handlers.train(
    { folder, begin: settings, budget: { steps: 8 }, leg, ...more },
    {
      signal,
      report: (event) => {
        events.push(event);
        onEvent(event);
      },
    },
  );
  return { outcome, events };
}

const pointsOf = (events: readonly TrainingEvent[]) =>
  events.flatMap((event) => (event.kind === 'steps' ? event.points : []));
const stepsOf = (events: readonly TrainingEvent[]): number[] => pointsOf(events).map(({ step }) => step);

beforeAll(async () => {
  bundle = await buildBundle('cli', './models/data/process/main.ts');
  handlers = createTrainingHandlers({
    slot,
    corpusProcess: bundle.modulePath,
    openDevices: () => Promise.resolve(undefined),
    loadLanguageDetector: () => Promise.resolve(() => undefined),
    threads: () => 1,
    log: () => undefined,
  });
  await writePairs(inFolder('pairs.en-de.tsv'), digitStrings(130, 1));
  settings = {
    corpora: [{ files: [inFolder('pairs.en-de.tsv')] }],
    preset: 'tiny',
    modelConfig: { dModel: 16, heads: 2, dFf: 32, encoderLayers: 1, decoderLayers: 1 },
    vocabularySize: 305,
    heldOut: 10,
    batchTokens: 200,
    warmupSteps: 5,
  };
});
afterAll(() => bundle.remove());

describe('a training behind the door', () => {
  it('tells what it does, and how it ended; its run and its history can be read', async () => {
    const folder = inFolder('whole');
    const { outcome, events } = await train(folder);
    const checkpoint = path.join(folder, 'checkpoint-00000008');
    expect(outcome).toEqual({ kind: 'finished', reason: 'steps', step: 8, checkpoint });
    const kinds = new Set(events.map(({ kind }) => kind));
    expect([...kinds]).toEqual(['corpus', 'prepared', 'steps', 'validation', 'checkpoint']);
    expect(stepsOf(events)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);

    const { run } = await handlers.readRun({ folder }, context);
    expect(run).toMatchObject({ folder, from: 'en', to: 'de', faults: [], progress: { step: 8 } });
    expect(run.settings).toMatchObject({ ...settings, from: 'en', to: 'de', clipNorm: 1 });
    expect(run.checkpoints.map(({ step }) => step)).toEqual([8, 4]);
    expect(run.checkpoints.filter(({ best }) => best)).toHaveLength(1);
    expect(run.checkpoints[0]!.validation).toMatchObject({ step: 8, translatedPairs: 3 });
    expect(run.checkpoints[0]).not.toHaveProperty('validation.samples');
    expect(run.bytes).toBeGreaterThan(run.checkpoints[0]!.bytes);
    expect(run.trainedBy).toBeUndefined();

    const history = await handlers.readHistory({ folder, afterStep: 0, most: 1000 }, context);
    expect(history).toMatchObject({ recorded: 8, legs: [{ step: 0 }] });
    expect(history.steps.step).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(history.steps.loss).toEqual(pointsOf(events).map(({ loss }) => loss));
    expect(history.validations.map(({ step }) => step)).toEqual([4, 8]);
    const later = await handlers.readHistory({ folder, afterStep: 5, most: 1000 }, context);
    expect(later.steps.step).toEqual([6, 7, 8]);
    const thinned = await handlers.readHistory({ folder, afterStep: 0, most: 4 }, context);
    expect(thinned.recorded).toBe(8);
    expect(thinned.steps.step).toHaveLength(4);
    expect([thinned.steps.step[0], thinned.steps.step.at(-1)]).toEqual([1, 8]);
  });

  it('pauses when it is asked to, by either way, and goes on to the very same steps', async () => {
    const { events: through } = await train(inFolder('through'));
    const folder = inFolder('paused');
    const stop = (event: TrainingEvent): void => {
      if (event.kind === 'steps') slot.stop();
    };
    const first = await train(folder, {}, stop);
    expect(first.outcome).toMatchObject({ kind: 'paused', reason: 'asked' });
    const controller = new AbortController();
    const second = await train(
      folder,
      { begin: 'resume' },
      (event) => {
        if (event.kind === 'steps') controller.abort();
      },
      controller.signal,
    );
    expect(second.outcome).toMatchObject({ kind: 'paused', reason: 'asked' });
    expect(second.outcome.step).toBeGreaterThan(first.outcome.step);
    const third = await train(folder, { begin: 'resume' });
    expect(third.outcome).toMatchObject({ kind: 'finished', step: 8 });
    const losses = (events: readonly TrainingEvent[]) =>
      pointsOf(events).map(({ step, loss }) => [step, loss]);
    expect([first, second, third].flatMap(({ events }) => losses(events))).toEqual(losses(through));
    const validations = (events: readonly TrainingEvent[]) =>
      events.flatMap((event) => (event.kind === 'validation' ? [{ ...event.point, time: 0 }] : []));
    // One that was due when it paused is made up for.
    expect([first, second, third].flatMap(({ events }) => validations(events))).toEqual(validations(through));
  });

  it('that is stopped while it prepares begins anew when it is resumed, and says so', async () => {
    const folder = inFolder('early');
    const controller = new AbortController();
    controller.abort();
    const { outcome } = await train(folder, {}, undefined, controller.signal);
    expect(outcome).toEqual({ kind: 'paused', reason: 'asked', step: 0 });
    const { outcome: later, events } = await train(folder, { begin: 'resume', budget: { steps: 1 } });
    expect(events[0]).toEqual({
      kind: 'warning',
      sentence: 'The run ended before its first checkpoint: it begins anew.',
    });
    expect(later.step).toBe(1);
  });

  it('is one at a time, in an engine and in a folder', async () => {
    const folder = inFolder('alone');
    let refused: Promise<unknown> | undefined;
    let described: Promise<unknown> | undefined;
    let removed: Promise<unknown> | undefined;
    const other = createTrainingHandlers({
      slot: new TrainingSlot(),
      corpusProcess: bundle.modulePath,
      openDevices: () => Promise.resolve(undefined),
      loadLanguageDetector: () => Promise.resolve(() => undefined),
      threads: () => 1,
      log: () => undefined,
    });
    const parameters = { folder, begin: 'resume' as const, budget: { steps: 1 }, leg };
    const inOtherEngine = (): Promise<unknown> => other.train(parameters, context);
    const refusals: Promise<unknown>[] = [];
    await train(folder, {}, (event) => {
      if (event.kind !== 'checkpoint' || refused) return;
      refused = handlers.train({ ...parameters, folder: inFolder('elsewhere') }, context);
      removed = handlers.removeRun({ folder, checkpoints: 'all' }, context);
      described = handlers.readRun({ folder }, context);
      refusals.push(refused, removed, inOtherEngine());
      for (const refusal of refusals) refusal.catch(() => undefined);
    });
    await expect(refused).rejects.toThrow(
      new UserError(`This engine trains in ${folder} already: one training at a time.`),
    );
    const held = `Process ${process.pid} trains in ${folder} already: wait for it to end, or choose another folder.`;
    await expect(removed).rejects.toThrow(new UserError(held));
    await expect(refusals[2]).rejects.toThrow(new UserError(held));
    expect(await described).toMatchObject({ run: { trainedBy: { pid: process.pid } } });
    expect(await readdir(folder)).not.toContain('training.lock');
  });

  it('ends when its minutes are used up, over all legs, with a learning rate that has gone down', async () => {
    const folder = inFolder('minutes');
    await train(folder, { budget: { steps: 4 } });
    const spent = (await handlers.readRun({ folder }, context)).run.progress!.seconds;
    const minutes = Math.max(0.01, (spent + 0.3) / 60);
    const { outcome, events } = await train(folder, {
      begin: 'resume',
      budget: { minutes, cooldown: 1 },
      leg: { ...leg, translatePairs: 0 },
    });
    expect(outcome).toMatchObject({ kind: 'finished', reason: 'minutes' });
    const seconds = pointsOf(events).map((point) => point.seconds!);
    expect(seconds.at(-1)).toBeGreaterThanOrEqual(minutes * 60);
    expect(seconds.at(-2) ?? 0).toBeLessThan(minutes * 60);
    const rates = pointsOf(events).map(({ learningRate }) => learningRate!);
    expect(rates.at(-1)).toBeLessThan(rates[0]!);
    // Nothing is left of the budget.
    expect((await train(folder, { begin: 'resume', budget: { minutes } })).outcome.step).toBe(outcome.step);
  });
});

describe('fine-tuning', () => {
  it('begins with a model’s weights and vocabulary, with a fresh optimiser and a short warm-up', async () => {
    const parent = inFolder('parent');
    await train(parent);
    const { corpora } = settings;
    const folder = inFolder('tuned');
    const { outcome, events } = await train(folder, {
      begin: { corpora, heldOut: 10, batchTokens: 200, initialModel: parent },
      budget: { steps: 2 },
    });
    expect(outcome.step).toBe(2);
    const [before, after] = await Promise.all(
      [path.join(parent, 'checkpoint-00000008'), outcome.checkpoint!].map(readModel),
    );
    expect(after!.vocabulary.toJson()).toBe(before!.vocabulary.toJson());
    expect(after!.config).toEqual(before!.config);
    const name = 'embedding.weight';
    const distance = (a: Float32Array, b: Float32Array): number =>
      Math.sqrt(a.reduce((sum, value, index) => sum + (value - b[index]!) ** 2, 0));
    const [a, b] = [before!.weights.get(name)!, after!.weights.get(name)!];
    expect(distance(a, b)).toBeGreaterThan(0);
    expect(distance(a, b)).toBeLessThan(0.05 * distance(a, new Float32Array(a.length)));
    const stored = await readSettings(folder);
    expect(stored).toMatchObject({ initialModel: parent, warmupSteps: 200, vocabularySize: 305 });
    expect(pointsOf(events)[0]!.learningRate).toBeCloseTo((16 * 20_000) ** -0.5 / 200, 8);
    const { run } = await handlers.readRun({ folder }, context);
    expect(run.settings).toMatchObject({ initialModel: parent });
    expect(run.settings).not.toHaveProperty('preset');
  });

  it('learns a vocabulary for other languages, and keeps what the model knows', async () => {
    const folder = inFolder('transferred');
    const { events, outcome } = await train(folder, {
      begin: {
        corpora: settings.corpora,
        heldOut: 10,
        batchTokens: 200,
        from: 'en',
        to: 'fr',
        initialModel: inFolder('parent'),
        vocabularySize: 300,
      },
      budget: { steps: 1 },
    });
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'prepared', vocabularySize: 299, keptPieces: 299 }),
    );
    const { config } = await readModel(outcome.checkpoint!);
    expect(config).toMatchObject({ from: 'en', to: 'fr', transformer: { vocabularySize: 299 } });
    const { run } = await handlers.readRun({ folder }, context);
    expect(run.settings).toMatchObject({ initialModel: inFolder('parent'), vocabularySize: 300 });
    expect((await train(folder, { begin: 'resume', budget: { steps: 2 } })).outcome.step).toBe(2);
  });

  it.each<[string, object, string | RegExp]>([
    [
      'another pair of languages',
      { from: 'en', to: 'fr' },
      /knows the languages en and de, not en → fr: give --vocabulary-size/,
    ],
    ['a preset', { preset: 'small' }, '“preset” must be left out with an initial model, which decides it.'],
    ['a folder without a model', { initialModel: '/' }, /is no model folder: it has neither/],
  ])('refuses %s', async (_, more, sentence) => {
    const parent = inFolder('parent');
    const begin = { corpora: settings.corpora, initialModel: parent, ...more };
    await expect(train(inFolder('refused'), { begin })).rejects.toThrow(sentence);
  });
});

describe('a plan', () => {
  const plan = async (more: Partial<TrainingSettings> = {}, budget: object = { steps: 100 }) =>
    (
      await handlers.planTraining(
        { folder: inFolder('planned'), settings: { ...settings, ...more }, budget, leg },
        context,
      )
    ).plan;

  it('says what there is, what it takes, and what to look out for', async () => {
    await writeFile(
      inFolder('faulty.en-de.tsv'),
      `${(await readFile(inFolder('pairs.en-de.tsv'), 'utf8')).trim()}\nno tab\n\t\n`,
    );
    const corpora = [{ files: [inFolder('faulty.en-de.tsv')], weight: 2 }];
    const planned = await plan({ corpora, vocabularySize: 1000 });
    expect(planned).toMatchObject({ from: 'en', to: 'de', validationPairs: 10 });
    expect(planned.vocabularySize).toBeGreaterThan(305);
    expect(planned.vocabularySize).toBeLessThan(1000);
    expect(planned.corpora).toMatchObject([
      { sampled: false, read: 132, kept: 129, pairs: 129, dropped: { malformed: 1, empty: 1 } },
    ]);
    expect(planned.corpora[0]!.examples).toEqual([
      `${inFolder('faulty.en-de.tsv')}:131: the line has no tab between source and target`,
    ]);
    expect(planned.pairs).toBe(119);
    expect(planned.measured).toBe(true);
    expect(planned.secondsPerStep).toBeGreaterThan(0);
    expect(planned.seconds).toBeCloseTo(100 * planned.secondsPerStep, 6);
    expect(planned.flops).toBeCloseTo(100 * planned.flopsPerStep, 0);
    expect(planned.memory.needed).toBeGreaterThan(1e8);
    expect(planned.warnings.map(({ kind }) => kind)).toEqual(['smallCorpus']);
    expect(await readdir(inFolder())).not.toContain('planned');
  });

  it('agrees with the training in what can be counted', async () => {
    const planned = await plan();
    const { events } = await train(inFolder('counted'), { budget: { steps: planned.stepsPerEpoch } });
    const prepared = events.find((event) => event.kind === 'prepared')!;
    expect(planned).toMatchObject({
      parameters: prepared.parameters,
      vocabularySize: prepared.vocabularySize,
    });
    expect(Math.abs(planned.pairs - prepared.pairs)).toBeLessThanOrEqual(1);
    expect(planned.targetTokensPerEpoch / pointsOf(events).at(-1)!.targetTokens!).toBeCloseTo(1, 1);
    const { bytes } = (await handlers.readRun({ folder: inFolder('counted') }, context)).run;
    expect(planned.disk.needed).toBeGreaterThan(bytes / 2);
  });

  it('and the training hold no more of a small corpus out than it can spare', async () => {
    const planned = await plan({ heldOut: 500 });
    const { events } = await train(inFolder('spared'), {
      begin: { ...settings, heldOut: 500 },
      budget: { steps: 1 },
    });
    expect(events.find((event) => event.kind === 'prepared')).toMatchObject({ pairs: planned.pairs });
    expect(planned.validationPairs).toBe(25);
    expect(events).toContainEqual({
      kind: 'warning',
      sentence: 'The corpus has 129 pairs: 25 of them are held out to validate on, and not 500.',
    });
  });

  it('warns of what does not fit', async () => {
    const planned = await plan({ preset: 'big', modelConfig: {}, batchTokens: 1_000_000 }, { minutes: 1 });
    expect(planned.measured).toBe(false);
    expect(planned.memory.needed).toBeGreaterThan(planned.memory.total);
    expect(planned.warnings.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['largeModel', 'time']));
  });

  it('knows the languages of the texts', async () => {
    const detecting = createTrainingHandlers({
      slot,
      corpusProcess: bundle.modulePath,
      openDevices: () => Promise.resolve(undefined),
      loadLanguageDetector: () => Promise.resolve(() => ({ language: 'fr', reliable: true })),
      threads: () => 1,
      log: () => undefined,
    });
    const { plan: planned } = await detecting.planTraining(
      { folder: inFolder('planned'), settings, budget: {}, leg },
      context,
    );
    expect(planned.warnings.filter(({ kind }) => kind === 'languages')).toHaveLength(2);
    expect(planned).not.toHaveProperty('seconds');
  });

  it('can be given up', async () => {
    const controller = new AbortController();
    controller.abort();
    const planning = handlers.planTraining(
      { folder: inFolder('planned'), settings, budget: {}, leg },
      { signal: controller.signal, report: () => undefined },
    );
    await expect(planning).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }) as Error);
  });
});

describe('a graphics card that nobody asked for by name', () => {
  const fail = (): Promise<never> =>
    Promise.reject(new Error('a.cc:1 result == Success was false. Out of device memory\nmore'));
  const sentence = 'The graphics card failed (Out of device memory), so that the processor trains.';
  const legOn = (device: 'auto' | 'webgpu') => ({ leg: { ...leg, device } });
  const eventsOf = <Kind extends TrainingEvent['kind']>(events: readonly TrainingEvent[], kind: Kind) =>
    events.filter((event): event is Extract<TrainingEvent, { kind: Kind }> => event.kind === kind);
  const lossesOf = (events: readonly TrainingEvent[]) => pointsOf(events).map(({ loss }) => loss);
  let onProcessor: TrainingHandlers;
  let wanted: TrainingEvent[];

  beforeAll(async () => {
    onProcessor = handlers;
    ({ events: wanted } = await train(inFolder('wanted'), { budget: { steps: 3 } }));
    handlers = createTrainingHandlers({
      slot,
      corpusProcess: bundle.modulePath,
      openDevices: () =>
        Promise.resolve({ choose: () => Promise.resolve({ device: 'webgpu', keepsBytes: false }) }),
      loadLanguageDetector: () => Promise.resolve(() => undefined),
      threads: () => 1,
      log: () => undefined,
    });
  });
  afterEach(() => vi.restoreAllMocks());
  afterAll(() => (handlers = onProcessor));

  /** One that computes as the processor does, but for the person's model, which `change` makes fail. */
  function card(change: (state: CpuTrainingState) => unknown): { readonly disposed: CpuTrainingState[] } {
    const disposed: CpuTrainingState[] = [];
    vi.spyOn(GpuTrainingState, 'create').mockImplementation(async (config, options) => {
      const state = await CpuTrainingState.create(config, options, 1);
      // Of the tiny model that is compared.
      const isTrial = config.vocabularySize === 64;
      if (!isTrial) {
        const dispose = state.dispose.bind(state);
        state.dispose = () => dispose().then(() => void disposed.push(state));
        await change(state);
      }
      return state as unknown as GpuTrainingState;
    });
    return { disposed };
  }

  it.each<[string, (state: CpuTrainingState) => unknown, number]>([
    ['cannot hold the model', fail, 0],
    ['does not take the weights', (state) => (state.writeWeights = fail), 1],
    ['cannot make a step', (state) => (state.computeGradients = fail), 1],
  ])('leaves a training to the processor where it %s, at every leg', async (what, change, opened) => {
    const { disposed } = card(change);
    const folder = inFolder(`card that ${what}`);
    const { outcome, events } = await train(folder, { ...legOn('auto'), budget: { steps: 2 } });
    expect(outcome).toMatchObject({ kind: 'finished', step: 2 });
    expect(eventsOf(events, 'warning')).toEqual([{ kind: 'warning', sentence }]);
    expect(eventsOf(events, 'corpus')).toHaveLength(1);
    expect(eventsOf(events, 'prepared').at(-1)).toMatchObject({ device: 'cpu' });
    expect(disposed).toHaveLength(opened);
    const rest = await train(folder, { ...legOn('auto'), begin: 'resume', budget: { steps: 3 } });
    expect(eventsOf(rest.events, 'warning')).toEqual([{ kind: 'warning', sentence }]);
    expect(lossesOf([...events, ...rest.events])).toEqual(lossesOf(wanted));
  });

  it('trains on where nothing fails', async () => {
    const { disposed } = card(() => undefined);
    const { events } = await train(inFolder('card'), { ...legOn('auto'), budget: { steps: 2 } });
    expect(eventsOf(events, 'warning')).toEqual([]);
    expect(eventsOf(events, 'prepared')).toMatchObject([{ device: 'webgpu' }]);
    expect(disposed).toHaveLength(1);
  });

  it('ends a training that it has begun, or that a person must mend', async () => {
    card((state) => {
      const computeGradients = state.computeGradients.bind(state);
      state.computeGradients = (...given) => {
        state.computeGradients = fail;
        return computeGradients(...given);
      };
    });
    const events: TrainingEvent[] = [];
    const begun = train(inFolder('card later'), legOn('auto'), (event) => events.push(event));
    await expect(begun).rejects.toThrow('Out of device memory');
    expect(stepsOf(events)).toEqual([1]);
    expect(eventsOf(events, 'warning')).toEqual([]);
    card((state) => (state.writeWeights = () => Promise.reject(new UserError('This is no model.'))));
    await expect(train(inFolder('card refused'), legOn('auto'))).rejects.toThrow('This is no model.');
  });

  it('is not given up where it was asked for by name', async () => {
    card(fail);
    await expect(train(inFolder('card by name'), legOn('webgpu'))).rejects.toThrow('Out of device memory');
  });

  it('leaves a plan to the processor, too', async () => {
    card((state) => (state.computeGradients = fail));
    const parameters = { folder: inFolder('planned'), settings, budget: { steps: 100 } };
    const { plan } = await handlers.planTraining({ ...parameters, ...legOn('auto') }, context);
    expect(plan.measured).toBe(true);
    expect(plan.warnings.map(({ kind }) => kind)).toEqual(['largeModel', 'smallCorpus']);
    expect(plan.warnings[0]).toEqual({ kind: 'largeModel', sentence });
    const named = handlers.planTraining({ ...parameters, ...legOn('webgpu') }, context);
    await expect(named).rejects.toThrow('Out of device memory');
  });

  it('does not begin a plan again that is given up', async () => {
    const controller = new AbortController();
    card((state) => {
      state.computeGradients = () => {
        controller.abort();
        return fail();
      };
    });
    const parameters = { folder: inFolder('planned'), settings, budget: { steps: 100 }, ...legOn('auto') };
    const given = handlers.planTraining(parameters, { signal: controller.signal, report: () => undefined });
    await expect(given).rejects.toThrow('Out of device memory');
  });
});

describe('settings that came through the door', () => {
  it.each<[string, unknown, string]>([
    ['nothing', null, 'The training’s settings must be an object, not null.'],
    ['no corpora', {}, 'The training’s settings: “corpora” must be a list of corpora.'],
    ['unknown fields', { corpora: [], rm: '/' }, 'The training’s settings: “rm” is not known there'],
    ['relative files', { corpora: [{ files: ['a.tsv'] }] }, '“files” must be an absolute path, not "a.tsv".'],
    ['files with commas', { corpora: [{ files: ['/a,b.tsv'] }] }, '/a,b.tsv has a comma in its name'],
    ['three files', { corpora: [{ files: ['/a', '/b', '/c'] }] }, 'must be a list of one file or two.'],
    [
      'a weight of nothing',
      { corpora: [{ files: ['/a.tsv'], weight: 0 }] },
      '“weight” must be from 0.001 to 1000',
    ],
    [
      'odd numbers',
      { corpora: [{ files: ['/a.tsv'] }], dropout: 'a' },
      '“dropout” must be from 0 to below 1',
    ],
    ['a huge vocabulary', { corpora: [{ files: ['/a.tsv'] }], vocabularySize: 1e9 }, 'from 300 to 1000000'],
    [
      'an unknown preset',
      { corpora: [{ files: ['/a.tsv'] }], preset: 'constructor' },
      '“preset” must be one of',
    ],
    [
      'a missing file',
      { corpora: [{ files: ['/nowhere/a.tsv'] }] },
      'The corpus /nowhere/a.tsv does not exist.',
    ],
  ])('are refused with %s', async (_, begin, sentence) => {
    const folder = inFolder('hostile');
    await expect(train(folder, { begin: begin as TrainingSettings })).rejects.toThrow(sentence);
    expect(await readdir(inFolder())).not.toContain('hostile');
  });

  it.each<[object, string]>([
    [{ budget: { steps: 0 } }, '“steps” must be a whole number of at least 1'],
    [{ budget: { minutes: Infinity } }, '“minutes” must be a number from 0.01'],
    [{ budget: { cooldown: 2 } }, '“cooldown” must be a number from 0 to 1'],
    [{ leg: { threads: 0 } }, '“threads” must be a whole number from 1 to 256'],
    [{ leg: { threads: 1, stopOn: 'chrf' } }, '“stopOn” must be loss or bleu'],
    [{ leg: { threads: 1, stopOn: 'bleu', translatePairs: 0 } }, '“translatePairs” cannot be 0'],
    [{ leg: { threads: 1, corpusProcess: '/bin/sh' } }, '“corpusProcess” is not known there'],
    [{ folder: 'here' }, 'The run’s folder must be an absolute path, not "here".'],
  ])('%j: %s', async (more, sentence) => {
    await expect(train(inFolder('hostile'), more)).rejects.toThrow(sentence);
  });

  it('are complete by default', async () => {
    const { settings: defaults, leg: defaultLeg, presets } = await handlers.trainingDefaults({}, context);
    expect(defaults).toMatchObject({
      preset: 'small',
      vocabularySize: 8000,
      dropout: 0.1,
      warmupSteps: 1500,
    });
    expect(defaults).not.toHaveProperty('corpora');
    expect(defaultLeg).toMatchObject({ checkpointEvery: 500, pauseOnBattery: false });
    expect(presets.map(({ name }) => name)).toEqual(['tiny', 'small', 'base', 'big']);
    expect(presets[1]).toMatchObject({ model: { dModel: 256 }, parameters: 7578624 });
  });
});

describe('checkpoints', () => {
  let run: string;
  beforeAll(async () => {
    run = inFolder('made');
    await train(run, { budget: { steps: 12 } });
  });

  it('are averaged, by number or by name', async () => {
    const average = (which: number | string[], output: string) =>
      handlers.averageCheckpoints({ folder: run, which, output: inFolder(output) }, context);
    const { averaged } = await average(2, 'mean-2');
    expect(averaged).toEqual(['checkpoint-00000012', 'checkpoint-00000008']);
    expect((await readModel(inFolder('mean-2'))).weights).toEqual((await averageCheckpoints(run, 2)).weights);
    await average(['checkpoint-00000012', 'checkpoint-00000008'], 'mean-named');
    expect((await readModel(inFolder('mean-named'))).weights).toEqual(
      (await readModel(inFolder('mean-2'))).weights,
    );
    await expect(average(['../made'], 'x')).rejects.toThrow(`${run} has no checkpoint “../made”.`);
    await expect(average(9, 'x')).rejects.toThrow('has 3 checkpoints, not 9');
    await expect(average(1, 'mean-2')).rejects.toThrow('holds a model already (config.json)');
  });

  it('are evaluated on a corpus, with signatures', async () => {
    const progress: number[] = [];
    const evaluate = (more: object = {}) =>
      handlers.evaluateModel(
        {
          model: path.join(run, 'checkpoint-00000012'),
          corpus: { files: [inFolder('pairs.en-de.tsv')] },
          limit: 5,
          search: { beamSize: 2, lengthPenalty: 0.6 },
          ...more,
        },
        { signal: never, report: ({ done }) => progress.push(done) },
      );
    const reply = await evaluate();
    expect(reply).toMatchObject({ sentences: 5 });
    expect(reply.bleu.signature).toMatch(/^nrefs:1\|case:mixed\|eff:no\|tok:13a\|smooth:exp\|version:/);
    expect(reply.chrf.score).toBeGreaterThanOrEqual(0);
    expect(reply.samples).toHaveLength(3);
    expect(progress.at(-1)).toBe(5);
    await expect(evaluate({ limit: 0 })).rejects.toThrow('a whole number of at least 1');
    await expect(evaluate({ search: {} })).rejects.toThrow('A beam has 1 to 64 hypotheses');
  });

  it('are exported as folders and as ONNX', async () => {
    const model = path.join(run, 'checkpoint-00000012');
    const folder = await handlers.exportModel(
      { model, output: inFolder('exported'), format: 'folder', name: 'mine' },
      context,
    );
    expect(folder.files.map(({ name }) => name).sort()).toEqual([
      'config.json',
      'model.safetensors',
      'tokenizer.json',
    ]);
    expect((await readModel(inFolder('exported'))).config).toMatchObject({ name: 'mine', from: 'en' });
    const onnx = await handlers.exportModel(
      { model: run, output: inFolder('onnx'), format: 'onnx' },
      context,
    );
    expect(onnx.files.map(({ name }) => name)).toContain('decoder.onnx');
    expect(onnx.files.every(({ bytes }) => bytes > 0)).toBe(true);
    await expect(
      handlers.exportModel({ model, output: inFolder('exported'), format: 'folder' }, context),
    ).rejects.toThrow('holds a model already');
    await expect(
      handlers.exportModel({ model, output: inFolder('other'), format: 'gguf' as 'onnx' }, context),
    ).rejects.toThrow('exported as folder or onnx, not "gguf"');
  });

  it('are removed by name, the run with all that it has; what holds no run is left alone', async () => {
    const folder = inFolder('removed');
    await train(folder);
    const remove = (checkpoints: string[] | 'all', from = folder) =>
      handlers.removeRun({ folder: from, checkpoints }, context);
    await expect(remove(['checkpoint-00000099'])).rejects.toThrow('has no checkpoint “checkpoint-00000099”');
    await remove(['checkpoint-00000008']);
    expect((await handlers.readRun({ folder }, context)).run.checkpoints.map(({ step }) => step)).toEqual([
      4,
    ]);
    // The run goes on from what is left.
    expect((await train(folder, { begin: 'resume' })).outcome.step).toBe(8);
    await remove('all');
    expect(await readdir(inFolder())).not.toContain('removed');
    await mkdir(inFolder('precious'));
    await expect(remove('all', inFolder('precious'))).rejects.toThrow('holds no training run');
    expect(await readdir(inFolder())).toContain('precious');
  });
});

describe('corpora', () => {
  it('are found among files and folders', async () => {
    const folder = inFolder('corpora');
    await mkdir(path.join(folder, 'more', 'node_modules'), { recursive: true });
    for (const name of [
      'news.en',
      'news.de',
      'news.fr',
      'a.en-de.tsv',
      'b.po',
      'notes.txt',
      'c.json',
      'more/d.tmx.gz',
    ])
      await writeFile(path.join(folder, name), 'x');
    const find = (paths: string[], languages: object = {}) =>
      handlers.findCorpora({ paths, ...languages }, context);
    const { corpora } = await find([folder], { from: 'en', to: 'de' });
    expect(corpora).toEqual([
      { files: [path.join(folder, 'a.en-de.tsv')], bytes: 1, from: 'en', to: 'de' },
      { files: [path.join(folder, 'b.po')], bytes: 1 },
      { files: [path.join(folder, 'more', 'd.tmx.gz')], bytes: 1 },
      { files: [path.join(folder, 'news.en'), path.join(folder, 'news.de')], bytes: 2, from: 'en', to: 'de' },
    ]);
    // Of three languages nobody knows which two; a text that is named is one.
    expect((await find([folder])).corpora).toHaveLength(3);
    expect((await find([path.join(folder, 'notes.txt')])).corpora).toHaveLength(1);
    await expect(find([path.join(folder, 'absent')])).rejects.toThrow('does not exist');
  });

  it('are made of a project’s catalogues', async () => {
    const project = inFolder('project');
    await mkdir(path.join(project, 'l10n'), { recursive: true });
    await writeFile(path.join(project, 'package.nls.json'), '{"a":"Open","b":"Close"}');
    await writeFile(path.join(project, 'package.nls.de.json'), '{"a":"Öffnen","b":"Schließen"}');
    await writeFile(path.join(project, 'l10n', 'bundle.l10n.de.json'), '{');
    const output = inFolder('made', '..', 'catalogues.en-de.tsv');
    const make = (more: object = {}) =>
      handlers.corpusFromCatalogues({ folders: [project], from: 'en', to: 'de', output, ...more }, context);
    const reply = await make();
    expect(reply).toMatchObject({
      pairs: 2,
      files: [{ pairs: 0, fault: expect.stringContaining('is no JSON') as string }, { pairs: 2 }],
    });
    expect(await readFile(output, 'utf8')).toBe('Open\tÖffnen\nClose\tSchließen\n');
    const nothing = inFolder('nothing.tsv');
    expect(await make({ to: 'fr', output: nothing })).toEqual({ pairs: 0, files: [] });
    await expect(readFile(nothing)).rejects.toThrow('ENOENT');
    await expect(make({ output: inFolder('pairs.json') })).rejects.toThrow('must end in .tsv');
    await expect(make({ to: '../..' })).rejects.toThrow('is no language tag');
  });
});

it('the machine is measured, for folders that are not there yet', async () => {
  const machine = await handlers.measureMachine({ folder: inFolder('not', 'there') }, context);
  expect(machine.cores).toBeGreaterThan(0);
  expect(machine.memory.free).toBeLessThanOrEqual(machine.memory.total);
  expect(machine.disk.free).toBeGreaterThan(0);
});
