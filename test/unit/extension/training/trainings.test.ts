/** The person's trainings: how often the disk is looked at, and what becomes of one whose folder is left. */
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Trainings, type TrainingsOptions } from '../../../../extension/training/trainings';
import type { TrainingOutcome } from '../../../../models/engine/protocol';
import { temporaryFolder } from '../../temporaryFolder';
import { collectLog } from '../collectLog';
import { someForm } from './someRuns';

vi.mock('vscode', async () => (await import('../fakeVscode')).fakeVscode());

const temporary = temporaryFolder('trainings');
let folder = '';
let count = 0;
beforeEach(() => {
  folder = temporary(`data-${count++}`, 'runs');
});

const asked: TrainingOutcome = { kind: 'paused', reason: 'asked', step: 5 };
const patience = { timeout: 8000 };
const plan = { form: someForm, corpora: [] };

/** Trainings with an engine that trains until it is told to stop, on a disk as slow as `list` makes it. */
function makeTrainings(list: () => Promise<never[]> = () => Promise.resolve([])) {
  const trained: string[] = [];
  let end: (outcome: TrainingOutcome) => void;
  const trainings = new Trainings({
    engines: {
      train: ({ folder: run }: { folder: string }) => {
        trained.push(run);
        return new Promise<TrainingOutcome>((resolve) => (end = resolve));
      },
      stopTraining: () => {
        end(asked);
        return Promise.resolve();
      },
    },
    log: collectLog().log,
    runsFolder: () => folder,
    used: { list },
    pauseOnBattery: () => false,
    device: () => 'cpu',
  } as unknown as TrainingsOptions);
  return { trainings, trained };
}

/** Looks that last until they are let go on, one after the other. */
function slowLooks() {
  const held: ((nothing: never[]) => void)[] = [];
  const begun: number[] = [];
  const list = () => {
    begun.push(Date.now());
    return new Promise<never[]>((resolve) => held.push(resolve));
  };
  return {
    list,
    /** When each of them began. */
    begun,
    hasBegun: (times: number) => vi.waitFor(() => expect(begun).toHaveLength(times), patience),
    /** Ends the look in hand, when it has begun. */
    goOn: async () => {
      await vi.waitFor(() => expect(held).not.toEqual([]), patience);
      held.shift()!([]);
    },
  };
}

describe('looks at the disk', () => {
  it('are one in hand and one that follows, however many are asked for', async () => {
    const looks = slowLooks();
    const { trainings } = makeTrainings(looks.list);
    const first = trainings.refresh();
    await looks.hasBegun(1);
    const many = Array.from({ length: 10 }, () => trainings.refresh());
    await looks.goOn();
    await first;
    let settled = 0;
    for (const one of many) void one.then(() => settled++);
    await looks.hasBegun(2);
    // What was there when they were asked for is not known yet.
    expect(settled).toBe(0);
    await looks.goOn();
    await vi.waitFor(() => expect(settled).toBe(10), patience);
    expect(looks.begun).toHaveLength(2);
    trainings.dispose();
  });

  it('follow upon changes with a breath between, also where one takes longer than that', async () => {
    const looks = slowLooks();
    const { trainings } = makeTrainings(looks.list);
    const first = trainings.refresh();
    await looks.hasBegun(1);
    const id = await trainings.store.create('a', plan);
    // The queue tells of each change of a run.
    for (let times = 0; times < 5; times++) await trainings.queue.pause(id);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const ended = Date.now();
    await looks.goOn();
    await first;
    await looks.hasBegun(2);
    expect(looks.begun[1]! - ended).toBeGreaterThan(240);
    await looks.goOn();
    await vi.waitFor(() => expect(trainings.runs).toMatchObject([{ id, state: 'paused' }]), patience);
    await new Promise((resolve) => setTimeout(resolve, 350));
    expect(looks.begun).toHaveLength(2);
    trainings.dispose();
  });

  it('go on after one that failed', async () => {
    let fails = true;
    const list = () => (fails ? Promise.reject(new Error('EIO')) : Promise.resolve([]));
    const { trainings } = makeTrainings(list);
    await trainings.refresh();
    fails = false;
    await trainings.store.create('a', plan);
    await trainings.refresh();
    expect(trainings.runs).toHaveLength(1);
  });
});

describe('a folder that is left for another one', () => {
  it('has what trains in it paused and saved, so that it is there on return', async () => {
    const { trainings, trained } = makeTrainings();
    const id = await trainings.store.create('a', plan);
    await trainings.queue.advance();
    await vi.waitFor(() => expect(trained).toHaveLength(1), patience);
    const before = folder;
    folder = temporary(`data-${count++}`, 'runs');
    await trainings.leaveFolder();
    expect(trainings.runs).toEqual([]);
    expect(trainings.queue.activity).toBeUndefined();
    folder = before;
    await trainings.refresh();
    expect(trainings.runs).toMatchObject([{ id, state: 'paused', pausedBy: 'person' }]);
    expect(trained).toEqual([path.join(folder, id)]);
    trainings.dispose();
  });
});
