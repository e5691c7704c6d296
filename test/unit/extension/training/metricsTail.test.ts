import { appendFile, mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { MetricsTail } from '../../../../extension/training/metricsTail';
import { formatLine } from '../../../../models/training/metrics/lines';
import { temporaryFolder } from '../../temporaryFolder';
import { legLine, stepLine } from '../../training/metrics/someLines';

const folder = temporaryFolder('metrics-tail');
let run = '';
let file = '';
let count = 0;

beforeEach(async () => {
  run = folder(`run-${count++}`);
  file = path.join(run, 'metrics.jsonl');
  await mkdir(run);
});

/** Lines of the steps from one to another; those of a later leg have other losses. */
const lines = (from: number, to: number, leg = 1): string =>
  Array.from({ length: to - from + 1 }, (_, index) =>
    formatLine({ ...stepLine(from + index), loss: leg + 1 / (from + index) }),
  ).join('');

const stepsOf = (tail: MetricsTail): number[] => [...tail.history.steps.step.slice()];

describe('following metrics.jsonl', () => {
  it('waits for the file, reads it, and then what is new', async () => {
    const tail = new MetricsTail(run);
    expect(await tail.read()).toBe('none');
    await writeFile(file, formatLine(legLine(0)) + lines(1, 3));
    expect(await tail.read()).toBe('appended');
    expect(stepsOf(tail)).toEqual([1, 2, 3]);
    expect(await tail.read()).toBe('none');
    await appendFile(file, lines(4, 4));
    expect(await tail.read()).toBe('appended');
    expect(stepsOf(tail)).toEqual([1, 2, 3, 4]);
  });

  it('waits for the end of a line that is on its way', async () => {
    const text = lines(1, 2);
    await writeFile(file, text.slice(0, -10));
    const tail = new MetricsTail(run);
    await tail.read();
    expect(stepsOf(tail)).toEqual([1]);
    await appendFile(file, text.slice(-10));
    await tail.read();
    expect(stepsOf(tail)).toEqual([1, 2]);
  });

  it.each([
    ['longer', 12],
    ['as long', 10],
    ['shorter', 8],
  ])('reads anew what a later leg has taken again, and is %s now', async (_, last) => {
    await writeFile(file, lines(1, 10));
    const tail = new MetricsTail(run);
    await tail.read();
    await truncate(file, lines(1, 5).length);
    await appendFile(file, lines(6, last, 2));
    expect(await tail.read()).toBe('replaced');
    expect(stepsOf(tail)).toEqual(Array.from({ length: last }, (__, index) => index + 1));
    expect(tail.history.steps.loss.last).toBe(2 + 1 / last);
  });

  it('forgets a file that has gone', async () => {
    await writeFile(file, lines(1, 2));
    const tail = new MetricsTail(run);
    await tail.read();
    await rm(file);
    expect(await tail.read()).toBe('replaced');
    expect(stepsOf(tail)).toEqual([]);
    expect(await tail.read()).toBe('none');
  });

  it('reads in turn when it is asked several times', async () => {
    await writeFile(file, lines(1, 5000));
    const tail = new MetricsTail(run);
    expect(await Promise.all([tail.read(), tail.read(), tail.read()])).toEqual(['appended', 'none', 'none']);
    expect(tail.history.stepCount).toBe(5000);
    expect(tail.history.steps.step.last).toBe(5000);
  });
});
