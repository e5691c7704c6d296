/** How a run stands that says it trains, where nobody trains it any more. */
import { describe, expect, it, vi } from 'vitest';
import { asItIs } from '../../../../extension/training/runSummary';
import type { StoredRun } from '../../../../extension/training/runStore';
import { someForm } from './someRuns';

vi.mock('vscode', () => ({
  env: { language: 'en' },
  l10n: {
    t: (text: string, ...values: string[]) =>
      text.replace(/\{(\d)\}/g, (_, index: string) => values[Number(index)]!),
  },
}));

const run = (...steps: number[]): StoredRun => ({
  id: 'a',
  folder: '/runs/a',
  record: {
    format: 1,
    name: 'A run',
    created: 1,
    state: 'training',
    plan: { form: someForm, corpora: ['/corpus.tsv'] },
  },
  from: 'en',
  to: 'de',
  checkpoints: steps.map((step) => ({
    name: `checkpoint-${step}`,
    step,
    bytes: 1,
    best: false,
    apart: false,
    average: false,
  })),
  best: undefined,
  bytes: 1,
});

describe('a run that says that it trains', () => {
  it('does, where somebody trains it', () => {
    expect(asItIs(run(10), { pid: 1, run: 'a' }, 15).state).toBe('training');
  });

  it('is paused, where its engine has saved all that it did', () => {
    const record = asItIs(run(15, 10), undefined, 15);
    expect(record).toMatchObject({ state: 'paused', pausedBy: 'window', name: 'A run' });
    expect(record).not.toHaveProperty('sentence');
  });

  it('was interrupted, where something is lost, and says from where it goes on', () => {
    expect(asItIs(run(10), { pid: 1, run: 'b' }, 15)).toMatchObject({
      state: 'interrupted',
      sentence: 'It stopped with its window. Resume goes on from the checkpoint after step 10.',
    });
    expect(asItIs(run(), undefined, undefined)).toMatchObject({
      state: 'interrupted',
      sentence: expect.stringContaining('begins it anew') as string,
    });
  });
});
