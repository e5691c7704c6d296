import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { inPercent, inSentences, withPatientProgress } from '../../../extension/progress';
import type { FakeVscode } from './fakeVscode';

interface Shown {
  readonly title: string;
  readonly reports: { message: string; increment: number }[];
  cancel: () => void;
  /** Whether the notification has gone away. */
  gone: boolean;
}
let shown: Shown | undefined;

vi.mock('vscode', async () => (await import('./fakeVscode')).fakeVscode());
const { window } = (await import('vscode')) as unknown as FakeVscode;
Object.assign(window, {
  async withProgress(
    options: { title: string; cancellable: boolean; location: number },
    task: (progress: object, token: object) => Promise<void>,
  ) {
    expect(options).toMatchObject({ cancellable: true, location: 15 });
    const now: Shown = { title: options.title, reports: [], cancel: () => undefined, gone: false };
    shown = now;
    await task(
      { report: (step: Shown['reports'][number]) => now.reports.push(step) },
      { onCancellationRequested: (listener: () => void) => (now.cancel = listener) },
    );
    now.gone = true;
  },
});

type Task = Parameters<typeof withPatientProgress<string>>[2];

/** A task that ends when told to. */
function begin(wording = inSentences) {
  let handed: { signal: AbortSignal; count: Parameters<Task>[1] };
  let succeed: (result: string) => void;
  let fail: (reason: Error) => void;
  const result = withPatientProgress<string>('Translating', wording, (signal, count) => {
    handed = { signal, count };
    return new Promise((resolve, reject) => ([succeed, fail] = [resolve, reject]));
  });
  return { result, ...handed!, succeed: succeed!, fail: fail! };
}

beforeEach(() => {
  shown = undefined;
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe('patient progress', () => {
  it('shows nothing for what takes a moment, also when it counts', async () => {
    const { result, count, succeed } = begin();
    count(1, 2);
    await vi.advanceTimersByTimeAsync(299);
    succeed('done');
    expect(await result).toBe('done');
    await vi.advanceTimersByTimeAsync(1000);
    expect(shown).toBeUndefined();
  });

  it('shows a notification after 300 ms, which counts from where the task is, and goes with it', async () => {
    const { result, count, succeed } = begin();
    count(1, 4);
    await vi.advanceTimersByTimeAsync(300);
    expect(shown).toMatchObject({ title: 'Translating', gone: false });
    count(3, 4);
    count(4, 4);
    expect(shown?.reports).toEqual([
      { message: '1 of 4 sentences', increment: 25 },
      { message: '3 of 4 sentences', increment: 50 },
      { message: '4 of 4 sentences', increment: 25 },
    ]);
    succeed('done');
    expect(await result).toBe('done');
    await vi.advanceTimersByTimeAsync(0);
    expect(shown?.gone).toBe(true);
  });

  it('reports nothing before there is something to count', async () => {
    const { result, count, succeed } = begin();
    await vi.advanceTimersByTimeAsync(300);
    count(0, 0);
    expect(shown?.reports).toEqual([]);
    succeed('done');
    await result;
  });

  it('does not go backwards when the task is begun again', async () => {
    const { result, count, succeed } = begin(inPercent);
    await vi.advanceTimersByTimeAsync(300);
    for (const done of [0, 2, 3, 0, 2, 3, 4]) count(done, 4);
    expect(shown?.reports.map(({ increment }) => increment)).toEqual([0, 50, 25, 0, 0, 0, 25]);
    expect(shown?.reports.at(-1)?.message).toBe('100 %');
    succeed('done');
    await result;
  });

  it('aborts the task’s signal when the person cancels, and not otherwise', async () => {
    const { result, signal, fail } = begin();
    await vi.advanceTimersByTimeAsync(300);
    expect(signal.aborted).toBe(false);
    shown!.cancel();
    expect(signal.aborted).toBe(true);
    fail(new Error('cancelled'));
    await expect(result).rejects.toThrow('cancelled');
  });

  it('goes away when the task fails, and tells who started it', async () => {
    const { result, fail } = begin();
    await vi.advanceTimersByTimeAsync(300);
    const rejected = expect(result).rejects.toThrow('broken');
    fail(new Error('broken'));
    await rejected;
    await vi.advanceTimersByTimeAsync(0);
    expect(shown?.gone).toBe(true);
  });

  it('shows nothing for what fails at once', async () => {
    const { result, fail } = begin();
    fail(new Error('broken'));
    await expect(result).rejects.toThrow('broken');
    await vi.advanceTimersByTimeAsync(1000);
    expect(shown).toBeUndefined();
  });
});
