/** When a leg is over: its budget, a wish, the disk, the battery. */
import { describe, expect, it } from 'vitest';
import { Ending } from '../../../models/training/ending';
import type { LegOptions } from '../../../models/training/runEvents';
import { noProgress, type Progress } from '../../../models/training/trainer';
import { temporaryFolder } from '../temporaryFolder';

const inFolder = temporaryFolder('ending');
const base: LegOptions = { checkpointEvery: 10, keepCheckpoints: 1, threads: 1, corpusProcess: '' };
const at = (step: number, seconds = step): Progress => ({ ...noProgress, step, seconds });
const endingOf = (leg: Partial<LegOptions>, begin = noProgress): Ending =>
  new Ending(inFolder(), { ...base, ...leg }, begin, 1000);

describe('a leg', () => {
  it('goes on without an end', async () => {
    expect(await endingOf({}).after(at(1e9), true)).toBeUndefined();
    expect(endingOf({}).secondsLeft(at(5))).toBeUndefined();
  });

  it('ends with its steps, and with the minutes of all legs', async () => {
    expect(await endingOf({ steps: 5 }).after(at(5), false)).toEqual({ kind: 'finished', reason: 'steps' });
    const byTime = endingOf({ totalMinutes: 1 }, at(30));
    expect(await byTime.after(at(59), false)).toBeUndefined();
    expect(await byTime.after(at(60), false)).toEqual({ kind: 'finished', reason: 'minutes' });
    expect(byTime.secondsLeft(at(40))).toBeGreaterThanOrEqual(20);
  });

  it('ends when it is asked to', async () => {
    const signal = AbortSignal.abort();
    expect(await endingOf({ signal }).after(at(1), false)).toEqual({ kind: 'paused', reason: 'asked' });
  });

  it('ends where the disk has too little room for one more checkpoint, and says so', async () => {
    const end = await endingOf({ leastFree: 2 ** 60 }).after(at(1), true);
    expect(end).toMatchObject({ kind: 'paused', reason: 'disk' });
    expect(end?.sentence).toMatch(
      /^The disk of .* has \d+ MB free, and a training should leave \d+: it pauses\./,
    );
    expect(await endingOf({ leastFree: 1 }).after(at(1), true)).toBeUndefined();
  });

  it('ends on the battery; looks before each checkpoint, and seldom in between', async () => {
    let asked = 0;
    let onBattery = false;
    const ending = endingOf({
      isOnBattery: () => {
        asked++;
        return Promise.resolve(onBattery);
      },
    });
    for (let step = 1; step < 100; step++) expect(await ending.after(at(step), false)).toBeUndefined();
    expect(asked).toBe(1);
    onBattery = true;
    expect(await ending.after(at(100), false)).toBeUndefined();
    expect(await ending.after(at(101), true)).toMatchObject({ kind: 'paused', reason: 'battery' });
  });
});
