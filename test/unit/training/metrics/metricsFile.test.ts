import { constants } from 'node:fs';
import { mkdir, open, readdir, readFile, readlink, writeFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { csvRows } from '../../../../models/training/metrics/csv';
import { formatLine, type MetricsLine } from '../../../../models/training/metrics/lines';
import { MetricsWriter, readMetrics } from '../../../../models/training/metrics/metricsFile';
import { UserError } from '../../../../models/userError';
import { temporaryFolder } from '../../temporaryFolder';
import { legLine, stepLine, validationLine } from './someLines';

const inFolder = temporaryFolder('metrics');
let run: string;
let runs = 0;
beforeEach(async () => {
  run = inFolder(`run ${++runs}`);
  await mkdir(run);
});
afterEach(() => vi.restoreAllMocks());

/** One of the forms that a file handle's `write` has. */
type WriteAt = (
  this: FileHandle,
  data: Uint8Array,
  offset: number,
  length: number,
  position: number,
) => Promise<{ readonly bytesWritten: number }>;

const file = (): string => path.join(run, 'metrics.jsonl');
const write = (...texts: string[]): Promise<void> => writeFile(file(), texts.join(''));
const stepsOf = (lines: readonly MetricsLine[]): number[] => lines.map(({ step }) => step);

describe('metrics.jsonl', () => {
  it('reads back what was written, line by line', async () => {
    const lines = [
      legLine(0),
      stepLine(1),
      validationLine(1, { samples: [{ source: 'a\n"b"', reference: 'ü', translation: '' }] }),
    ];
    const writer = await MetricsWriter.open(run, await readMetrics(run));
    for (const line of lines) await writer.append(line);
    await writer.flush();
    await writer.close();
    expect((await readMetrics(run)).lines).toEqual(lines);
    expect((await readFile(file(), 'utf8')).split('\n')).toHaveLength(4);
  });

  it('writes null for what is no finite number', () => {
    expect(formatLine({ ...stepLine(1), perplexity: Infinity })).toContain('"perplexity":null');
  });

  it('goes on after a checkpoint’s step: later lines are cut, and steps never go backwards', async () => {
    const kept = [legLine(0), stepLine(1), stepLine(2), validationLine(2)].map(formatLine);
    await write(...kept, formatLine(stepLine(3)), formatLine(legLine(3)), formatLine(stepLine(4)));
    const before = await readMetrics(run, 2);
    expect(stepsOf(before.lines)).toEqual([0, 1, 2, 2]);
    const writer = await MetricsWriter.open(run, before);
    expect(await readFile(file(), 'utf8')).toBe(kept.join(''));
    await writer.append(stepLine(3));
    await writer.close();
    expect(stepsOf((await readMetrics(run)).lines)).toEqual([0, 1, 2, 2, 3]);
  });

  it.each([
    ['cut off', formatLine(stepLine(2)).slice(0, 30)],
    ['without its line break', formatLine(stepLine(2)).trimEnd()],
    ['of zeros, with a line break', `${'\0'.repeat(20)}\n`],
  ])('with a last line %s is read without it, and goes on without it', async (_, last) => {
    await write(formatLine(stepLine(1)), last);
    const metrics = await readMetrics(run);
    expect(metrics).toMatchObject({ lines: [stepLine(1)], broken: [] });
    await (await MetricsWriter.open(run, metrics)).close();
    expect(await readFile(file(), 'utf8')).toBe(formatLine(stepLine(1)));
  });

  it('passes over a broken line in the middle, and names it', async () => {
    const lines = [formatLine(stepLine(1)), '{"kind":"step","step":2}\n', formatLine(stepLine(3))];
    await write(...lines);
    const metrics = await readMetrics(run);
    expect(stepsOf(metrics.lines)).toEqual([1, 3]);
    expect(metrics.broken).toEqual([2]);
    await (await MetricsWriter.open(run, metrics)).close();
    expect(await readFile(file(), 'utf8')).toBe(lines.join(''));
  });

  it('of a later schema is refused', async () => {
    await write(formatLine({ ...legLine(0), schema: 2 }));
    await expect(readMetrics(run)).rejects.toThrow(
      new UserError(`${file()} has schema 2, where this Polyhead knows 1: a later one wrote it.`),
    );
  });

  it('keeps whole lines alone when the disk is full in the middle of one', async () => {
    const writer = await MetricsWriter.open(run, await readMetrics(run));
    await writer.append(stepLine(1));
    const probe = await open(file());
    const prototype = Object.getPrototypeOf(probe) as { write: WriteAt };
    await probe.close();
    const { write } = prototype;
    const full = vi
      .spyOn(prototype, 'write')
      // The disk takes the first twenty bytes, and then no more.
      .mockImplementationOnce(function (this: FileHandle, data, offset, _, position) {
        return write.call(this, data, offset, 20, position);
      })
      .mockRejectedValueOnce(Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }));
    await expect(writer.append(stepLine(2))).rejects.toThrow('ENOSPC');
    full.mockRestore();
    expect(await readFile(file(), 'utf8')).toBe(formatLine(stepLine(1)));
    await writer.append(stepLine(2));
    await writer.close();
    expect(stepsOf((await readMetrics(run)).lines)).toEqual([1, 2]);
  });
});

// Windows lets nobody cut off a file that is open for appending alone.
it.skipIf(process.platform !== 'linux')('is never opened for appending', async () => {
  await write(formatLine(stepLine(1)));
  const writer = await MetricsWriter.open(run, await readMetrics(run));
  const open = await readdir('/proc/self/fd');
  const targets = await Promise.all(open.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')));
  const flags = await readFile(`/proc/self/fdinfo/${open[targets.indexOf(file())]!}`, 'utf8');
  await writer.close();
  const bits = Number.parseInt(/^flags:\s*(\d+)/m.exec(flags)![1]!, 8);
  expect(bits & constants.O_APPEND).toBe(0);
});

describe('csvRows', () => {
  it('gives a row a step, with the validation after it', () => {
    const lines = [
      legLine(0),
      stepLine(1),
      stepLine(2),
      validationLine(2, { bleu: 30.5, chrf: 50 }),
      legLine(2),
      { ...stepLine(3), lossScale: 65_536, skippedSteps: 2 },
    ];
    const rows = [...csvRows(lines)].map((row) => row.replace(/\n$/, '').split(','));
    expect(rows).toHaveLength(4);
    expect(new Set(rows.map(({ length }) => length))).toEqual(new Set([20]));
    const column = (name: string): (string | undefined)[] => {
      const index = rows[0]!.indexOf(name);
      return rows.slice(1).map((row) => row[index]);
    };
    expect(column('step')).toEqual(['1', '2', '3']);
    expect(column('loss')).toEqual(['5', '2.5', String(5 / 3)]);
    expect(column('secondsLeft')).toEqual(['', '', '']);
    expect(column('validationLoss')).toEqual(['', '2', '']);
    expect(column('bleu')).toEqual(['', '30.5', '']);
    // Behind all others, where tables of earlier runs have them not.
    expect(rows[0]!.slice(-2)).toEqual(['lossScale', 'skippedSteps']);
    expect(column('lossScale')).toEqual(['', '', '65536']);
    expect(column('skippedSteps')).toEqual(['', '', '2']);
  });
});
