import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineError } from '../../../../extension/engine/engineError';
import type { RunRecord } from '../../../../extension/training/runRecord';
import { RunStore } from '../../../../extension/training/runStore';
import { TrainerLock } from '../../../../extension/training/trainerLock';
import { TrainingQueue, type QueueOptions } from '../../../../extension/training/trainingQueue';
import type { TrainingEvent, TrainingOutcome } from '../../../../models/engine/protocol';
import { temporaryFolder } from '../../temporaryFolder';
import { collectLog } from '../collectLog';
import { someForm } from './someRuns';

vi.mock('vscode', async () => (await import('../fakeVscode')).fakeVscode());

const temporary = temporaryFolder('training-queue');
let folder = '';
let count = 0;
beforeEach(async () => {
  folder = temporary(`runs-${count++}`);
  await mkdir(folder);
});

afterEach(() => void vi.useRealTimers());

const asked: TrainingOutcome = { kind: 'paused', reason: 'asked', step: 5 };

/** A window: its queue, with an engine that trains until it is told how that ends. */
function makeWindow(options: Partial<QueueOptions> = {}) {
  const store = new RunStore(() => folder);
  const trained: string[] = [];
  const ends: [string, RunRecord][] = [];
  let end: ((outcome: TrainingOutcome | Error) => void) | undefined;
  let tell: ((event: TrainingEvent) => void) | undefined;
  const { log, lines } = collectLog();
  const queue = new TrainingQueue({
    store,
    lock: new TrainerLock(() => folder, log),
    log,
    train: ({ folder: run }, onEvent) => {
      trained.push(path.relative(folder, run));
      tell = onEvent;
      return new Promise((resolve, reject) => {
        end = (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome));
      });
    },
    stopTraining: () => Promise.resolve(end?.(asked)),
    onBattery: () => Promise.resolve(undefined),
    requestFor: (run) =>
      Promise.resolve({ folder: run.folder, begin: 'resume', budget: {}, leg: { threads: 1 } }),
    onDidChange: () => undefined,
    onEnd: (id, record) => ends.push([id, record]),
    lookMs: 20,
    ...options,
  });
  return {
    queue,
    store,
    trained,
    ends,
    lines,
    end: (outcome: TrainingOutcome | Error) => end!(outcome),
    tell: (event: TrainingEvent) => tell!(event),
    /** Waits until so many legs have begun. */
    begun: (legs = 1) => vi.waitFor(() => expect(trained).toHaveLength(legs), { timeout: 8000 }),
    create: (name: string) => store.create(name, { form: someForm, corpora: [] }),
    stateOf: async (id: string) => (await store.read(id))?.record.state,
    recordOf: async (id: string) => (await store.read(id))!.record,
  };
}

const until = (check: () => void | Promise<void>): Promise<void> => vi.waitFor(check, { timeout: 8000 });

describe('the queue of trainings', () => {
  it('trains one after the other, in the order in which they were asked for', async () => {
    const { queue, trained, ends, end, create, stateOf, begun } = makeWindow();
    const [c, a, b] = [await create('c'), await create('a'), await create('b')];
    await queue.advance();
    await begun();
    expect(trained).toEqual([c]);
    expect(queue.activity).toMatchObject({ id: c, stage: { kind: 'starting' } });
    expect(await stateOf(a)).toBe('waiting');
    end({ kind: 'finished', reason: 'steps', step: 9 });
    await until(() => expect(trained).toEqual([c, a]));
    end({ kind: 'stopped', reason: 'patience', step: 9, sentence: 'It gets no better.' });
    await until(() => expect(trained).toEqual([c, a, b]));
    end(new EngineError('user', 'The corpus is empty.'));
    await until(async () => expect(await stateOf(b)).toBe('failed'));
    expect(ends).toMatchObject([
      [c, { state: 'finished' }],
      [a, { state: 'finished', sentence: 'It gets no better.' }],
      [b, { state: 'failed', sentence: 'The corpus is empty.' }],
    ]);
    expect(queue.activity).toBeUndefined();
  });

  it('begins one when two are asked for at the same moment', async () => {
    const { queue, trained, create, begun } = makeWindow();
    const ids = [await create('a'), await create('b')];
    await Promise.all(ids.map(() => queue.advance()));
    await begun();
    await queue.pause(trained[0]!);
    expect(trained).toHaveLength(1);
  });

  it('keeps the place of a run that is paused, and begins no other', async () => {
    const { queue, trained, create, recordOf, stateOf, ends, begun } = makeWindow();
    const [a, b] = [await create('a'), await create('b')];
    await queue.advance();
    await begun();
    await queue.pause(a);
    expect(await recordOf(a)).toMatchObject({ state: 'paused', pausedBy: 'person' });
    expect(await stateOf(b)).toBe('waiting');
    expect(trained).toEqual([a]);
    await queue.resume(a);
    await begun(2);
    expect(trained).toEqual([a, a]);
    expect(await recordOf(a)).not.toHaveProperty('pausedBy');
    expect(ends).toEqual([]);
  });

  it('ends a run for good, and begins the next', async () => {
    const { queue, trained, create, stateOf, begun } = makeWindow();
    const [a, b] = [await create('a'), await create('b')];
    await queue.advance();
    await begun();
    await queue.stop(a);
    expect(await stateOf(a)).toBe('stopped');
    await until(() => expect(trained).toEqual([a, b]));
  });

  it('begins the next where a run is ended for good that was paused, or interrupted', async () => {
    const { queue, trained, create, end, stateOf, begun } = makeWindow();
    const [a, b, c] = [await create('a'), await create('b'), await create('c')];
    await queue.advance();
    await begun();
    await queue.pause(a);
    await queue.stop(a);
    expect(await stateOf(a)).toBe('stopped');
    await begun(2);
    end(new EngineError('engine', 'The engine stopped (signal SIGKILL).', true));
    await until(async () => expect(await stateOf(b)).toBe('interrupted'));
    await queue.stop(b);
    await begun(3);
    expect(trained).toEqual([a, b, c]);
  });

  it('begins none where one is taken out that waited behind a paused one', async () => {
    const { queue, trained, create, stateOf, begun } = makeWindow();
    const [a, b] = [await create('a'), await create('b'), await create('c')];
    await queue.advance();
    await begun();
    await queue.pause(a);
    await queue.stop(b);
    expect(await stateOf(b)).toBe('stopped');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(trained).toEqual([a]);
  });

  it('tells of an end that cannot be written down, and begins the next', async () => {
    const { queue, store, trained, ends, end, create, lines, begun } = makeWindow();
    const [a, b] = [await create('a'), await create('b')];
    await queue.advance();
    await begun();
    vi.spyOn(store, 'update').mockRejectedValueOnce(new Error('EPERM: somebody has it open'));
    end({ kind: 'finished', reason: 'steps', step: 9 });
    await begun(2);
    expect(trained).toEqual([a, b]);
    expect(ends).toMatchObject([[a, { state: 'finished', name: 'a' }]]);
    expect(lines.join('\n')).toContain('EPERM: somebody has it open');
  });

  it('writes the end down where the run is, and begins the next, when the setting names another folder', async () => {
    const { queue, store, trained, ends, end, create, begun } = makeWindow();
    const a = await create('a');
    await queue.advance();
    await begun();
    const before = folder;
    folder = temporary(`runs-${count++}`);
    await mkdir(folder);
    const b = await store.create('b', { form: someForm, corpora: [] }, new Date(0));
    end({ kind: 'finished', reason: 'steps', step: 9 });
    await begun(2);
    expect(ends).toMatchObject([[a, { state: 'finished', name: 'a' }]]);
    expect(trained[1]).toBe(b);
    folder = before;
    expect((await store.read(a))!.record.state).toBe('finished');
  });

  it('begins the next where the run that trained has gone', async () => {
    const { queue, trained, ends, end, create, begun } = makeWindow();
    const [a, b] = [await create('a'), await create('b')];
    await queue.advance();
    await begun();
    await rm(path.join(folder, a), { recursive: true });
    end({ kind: 'finished', reason: 'steps', step: 9 });
    await begun(2);
    expect(trained).toEqual([a, b]);
    expect(ends).toEqual([]);
  });

  it('looks again where it could not be found out whether another window trains', async () => {
    const { log, lines } = collectLog();
    const lock = new TrainerLock(() => folder, log);
    const { queue, create, trained, begun } = makeWindow({ lock, log });
    vi.spyOn(lock, 'acquire').mockResolvedValueOnce(false).mockRejectedValueOnce(new Error('EIO: bad disk'));
    const a = await create('a');
    await queue.advance();
    await begun();
    expect(trained).toEqual([a]);
    expect(lines.join('\n')).toContain('EIO: bad disk');
  });

  it('pauses a run that has hardly been chosen', async () => {
    const { queue, create, stateOf, trained } = makeWindow();
    const a = await create('a');
    await queue.advance();
    await queue.pause(a);
    expect(await stateOf(a)).toBe('paused');
    expect(trained).toEqual([]);
    await queue.resume(a);
    await until(() => expect(trained).toEqual([a]));
  });

  it('takes a run that waits out of its turn', async () => {
    const { queue, create, stateOf, end, trained, begun } = makeWindow();
    const [a, b, c] = [await create('a'), await create('b'), await create('c')];
    await queue.advance();
    await begun();
    await queue.pause(b);
    await queue.stop(c);
    expect(await stateOf(b)).toBe('paused');
    expect(await stateOf(c)).toBe('stopped');
    end({ kind: 'finished', reason: 'steps', step: 9 });
    await until(async () => expect(await stateOf(a)).toBe('finished'));
    expect(trained).toEqual([a]);
  });

  it('saves what trains when the window closes, and says how it ended', async () => {
    const { queue, create, recordOf, trained, begun } = makeWindow();
    const [a, b] = [await create('a'), await create('b')];
    await queue.advance();
    await begun();
    await queue.close();
    expect(await recordOf(a)).toMatchObject({ state: 'paused', pausedBy: 'window' });
    expect(await recordOf(b)).toMatchObject({ state: 'waiting' });
    await queue.resume(b);
    expect(trained).toEqual([a]);

    const next = makeWindow();
    // Nothing trains by itself; the run that was saved comes before the one that waits.
    await next.queue.resume(a);
    await next.begun();
    expect(next.trained).toEqual([a]);
    next.end({ kind: 'finished', reason: 'steps', step: 9 });
    await until(() => expect(next.trained).toEqual([a, b]));
  });

  it('does not wait for ever for an engine that does not save, nor fail where it cannot be asked', async () => {
    const { queue, create, stateOf, begun } = makeWindow({
      closingMs: 50,
      stopTraining: () => Promise.reject(new EngineError('cancelled', 'The engine is being closed.')),
    });
    const a = await create('a');
    await queue.advance();
    await begun();
    await queue.close();
    expect(await stateOf(a)).toBe('training');
  });

  it('keeps a run whose engine died for the person to go on with', async () => {
    const { queue, create, recordOf, end, ends, trained, begun } = makeWindow();
    const a = await create('a');
    await create('b');
    await queue.advance();
    await begun();
    end(new EngineError('engine', 'The engine stopped (signal SIGKILL).', true));
    await until(() => expect(ends).toHaveLength(1));
    expect(await recordOf(a)).toMatchObject({
      state: 'interrupted',
      sentence: 'The engine stopped (signal SIGKILL).',
    });
    expect(trained).toEqual([a]);
  });

  it('pauses where the disk is nearly full, and says so', async () => {
    const { queue, create, recordOf, end, ends, begun } = makeWindow();
    const a = await create('a');
    await queue.advance();
    await begun();
    end({ kind: 'paused', reason: 'disk', step: 4, sentence: 'Little room is left.' });
    await until(() => expect(ends).toHaveLength(1));
    expect(await recordOf(a)).toMatchObject({
      state: 'paused',
      pausedBy: 'disk',
      sentence: 'Little room is left.',
    });
  });

  it('goes on by itself when there is mains again', async () => {
    let battery = true;
    let asked = 0;
    const { queue, create, recordOf, end, trained, ends, begun } = makeWindow({
      mainsMs: 5,
      onBattery: () => {
        asked++;
        return Promise.resolve(battery);
      },
    });
    const a = await create('a');
    await queue.advance();
    await begun();
    end({ kind: 'paused', reason: 'battery', step: 4, sentence: 'The machine runs on its battery.' });
    await until(() => expect(asked).toBeGreaterThan(2));
    expect(await recordOf(a)).toMatchObject({ state: 'paused', pausedBy: 'battery' });
    // What is said of it is that it goes on by itself, in the person's language.
    expect(await recordOf(a)).not.toHaveProperty('sentence');
    expect(trained).toEqual([a]);
    battery = false;
    await begun(2);
    expect(ends).toEqual([]);
  });

  it('stays paused where the person has decided so meanwhile', async () => {
    let battery = true;
    const { queue, create, recordOf, end, trained, begun } = makeWindow({
      mainsMs: 5,
      onBattery: () => Promise.resolve(battery),
    });
    const a = await create('a');
    await queue.advance();
    await begun();
    end({ kind: 'paused', reason: 'battery', step: 4 });
    await until(async () => expect(await recordOf(a)).toMatchObject({ pausedBy: 'battery' }));
    await queue.pause(a);
    battery = false;
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(trained).toEqual([a]);
  });

  it('goes on with what a window before it has paused on battery, and two windows with one of them', async () => {
    const before = makeWindow();
    const a = await before.create('a');
    await before.queue.advance();
    await before.begun();
    before.end({ kind: 'paused', reason: 'battery', step: 4 });
    await until(async () => expect(await before.recordOf(a)).toMatchObject({ pausedBy: 'battery' }));
    await before.queue.close();

    let battery: boolean | undefined = true;
    let asked = 0;
    const onBattery = () => Promise.resolve((asked++, battery));
    const [one, other] = [makeWindow({ mainsMs: 5, onBattery }), makeWindow({ mainsMs: 5, onBattery })];
    for (const { queue } of [one, other]) queue.followMains([a]);
    await until(() => expect(asked).toBeGreaterThan(4));
    expect([...one.trained, ...other.trained]).toEqual([]);
    battery = undefined;
    await until(() => expect([...one.trained, ...other.trained]).toEqual([a]));
    await until(async () => expect(await one.stateOf(a)).toBe('training'));
  });

  it('asks after mains more seldom than an engine stays alive that is asked', async () => {
    vi.useFakeTimers();
    let asked = 0;
    const { queue } = makeWindow({
      store: { read: () => Promise.resolve({ record: { pausedBy: 'battery' } }) } as unknown as RunStore,
      onBattery: () => Promise.resolve((asked++, true)),
    });
    // As whoever shows the runs tells it, again and again.
    for (let seconds = 0; seconds < 600; seconds += 3) {
      queue.followMains(['a']);
      await vi.advanceTimersByTimeAsync(3000);
    }
    expect(asked).toBeGreaterThan(1);
    // An engine that nobody asks anything is ended after a minute.
    expect(asked).toBeLessThan(5);
  });

  it('lets one window train, and the other follow', async () => {
    const [one, other] = [makeWindow(), makeWindow()];
    const a = await one.create('a');
    await one.queue.advance();
    await one.begun();
    const b = await other.create('b');
    await other.queue.advance();
    expect(other.trained).toEqual([]);
    expect(await one.stateOf(b)).toBe('waiting');
    await one.queue.pause(a);
    await until(() => expect(other.trained).toEqual([b]));
    expect(one.trained).toEqual([a]);
  });

  it('leaves a run alone that another window trains, and says where it is to be paused', async () => {
    const [one, other] = [makeWindow(), makeWindow()];
    const a = await one.create('a');
    await one.queue.advance();
    await one.begun();
    for (const change of ['pause', 'stop', 'resume'] as const)
      await expect(other.queue[change](a)).rejects.toThrow('Another window trains this run');
    expect(await one.stateOf(a)).toBe('training');
    await one.queue.pause(a);
    await other.queue.stop(a);
    expect(await one.stateOf(a)).toBe('stopped');
  });

  it('knows what the run is about', async () => {
    const { queue, create, tell, begun } = makeWindow();
    await create('a');
    await queue.advance();
    await begun();
    tell({ kind: 'preparing', stage: 'reading', done: 10, of: 100 });
    expect(queue.activity?.stage).toEqual({ kind: 'reading', done: 10, of: 100 });
    const counts = { pairs: 9, validationPairs: 1, overlong: 0, shared: 0, targetTokens: 90 };
    tell({ kind: 'prepared', ...counts, vocabularySize: 300, parameters: 7, device: 'webgpu' });
    tell({ kind: 'warning', sentence: 'Many lines are malformed.' });
    tell({ kind: 'steps', points: [] });
    expect(queue.activity).toMatchObject({
      stage: undefined,
      device: 'webgpu',
      warnings: ['Many lines are malformed.'],
    });
  });
});
