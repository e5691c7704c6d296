import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import { HistoryFeed } from '../../../../extension/training/historyFeed';
import { formatLine } from '../../../../models/training/metrics/lines';
import { curvesDoor, type HistoryPart } from '../../../../webview/training/messages';
import { Histories } from '../../../../webview/training/numbers/histories';
import { temporaryFolder } from '../../temporaryFolder';
import { stepLine, validationLine } from '../../training/metrics/someLines';

const temporary = temporaryFolder('history-feed');
let folder = '';
let count = 0;
beforeEach(async () => {
  folder = temporary(`runs-${count++}`);
  for (const run of ['a', 'b']) await mkdir(path.join(folder, run), { recursive: true });
});

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, index) => formatLine(stepLine(from + index))).join('');
const fileOf = (run: string): string => path.join(folder, run, 'metrics.jsonl');

function makeFeed() {
  const parts: HistoryPart[] = [];
  const histories = new Histories();
  const feed = new HistoryFeed(
    (id) => path.join(folder, id),
    (part) => {
      // What is told must fit through the door.
      expect(v.safeParse(curvesDoor.events.history, part).issues).toBeUndefined();
      parts.push(part);
      histories.take(part);
    },
  );
  const stepsOf = (run: string): number | undefined => histories.get(run)?.steps.length;
  return { feed, parts, histories, stepsOf };
}

describe('what a page is told of histories', () => {
  it('is all of it once, then what is new', async () => {
    const sample = { source: 'a', reference: 'b', translation: 'c' };
    await writeFile(fileOf('a'), lines(1, 10) + formatLine(validationLine(10, { samples: [sample] })));
    const { feed, parts, histories, stepsOf } = makeFeed();
    await feed.watch(['a']);
    expect(stepsOf('a')).toBe(10);
    expect(histories.get('a')).toMatchObject({ complete: true, samples: [[sample]] });
    await feed.update();
    expect(parts).toHaveLength(1);
    await appendFile(fileOf('a'), lines(11, 12));
    await feed.update();
    expect(parts).toHaveLength(2);
    expect(parts[1]).toMatchObject({ stepsFrom: 10, validationsFrom: 1 });
    expect(stepsOf('a')).toBe(12);
  });

  it('is told of a run that has done nothing that it has done nothing', async () => {
    const { feed, parts } = makeFeed();
    await feed.watch(['a']);
    expect(parts).toMatchObject([{ run: 'a', stepsFrom: 0, complete: true }]);
    await feed.update();
    expect(parts).toHaveLength(1);
  });

  it('comes in parts that join', async () => {
    await writeFile(fileOf('a'), lines(1, 120_000));
    const { feed, parts, histories } = makeFeed();
    await feed.watch(['a']);
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.filter(({ complete }) => complete)).toEqual([parts.at(-1)]);
    const { steps } = histories.get('a')!;
    expect(steps.length).toBe(120_000);
    expect(steps.columns.step.subarray(0, 120_000).every((step, index) => step === index + 1)).toBe(true);
  });

  it('begins anew where a leg has taken steps again', async () => {
    await writeFile(fileOf('a'), lines(1, 10));
    const { feed, histories, stepsOf } = makeFeed();
    await feed.watch(['a']);
    await writeFile(fileOf('a'), lines(1, 5));
    await feed.update();
    expect(stepsOf('a')).toBe(5);
    expect(histories.get('a')!.generation).toBe(1);
  });

  it('does not come twice for a run that stays, and does for one that comes back, or a page that was reloaded', async () => {
    await writeFile(fileOf('a'), lines(1, 3));
    await writeFile(fileOf('b'), lines(1, 4));
    const { feed, parts } = makeFeed();
    const told = (): string[] => parts.splice(0).map(({ run }) => run);
    await feed.watch(['a']);
    expect(told()).toEqual(['a']);
    await feed.watch(['a', 'b']);
    expect(told()).toEqual(['b']);
    await feed.watch(['b']);
    await feed.watch(['b', 'a']);
    expect(told()).toEqual(['a']);
    feed.forget();
    await feed.watch(['a']);
    expect(told()).toEqual(['a']);
  });
});
