/** The models of runs that translate: where they stand, and what does not keep them from it. */
import type * as fs from 'node:fs/promises';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UsedModels } from '../../../../extension/training/usedModels';
import { temporaryFolder } from '../../temporaryFolder';

vi.mock('node:fs/promises', async (original) => {
  const actual = await original<typeof fs>();
  return { ...actual, rename: vi.fn(actual.rename) };
});

const temporary = temporaryFolder('used-models');
let folder = '';
let count = 0;
let fails = false;
let used: UsedModels;

/** An engine that writes one file for a model, and then may fail. */
const engines = {
  work: async (_: string, { output }: { output: string }) => {
    await mkdir(output);
    await writeFile(path.join(output, 'config.json'), '{}');
    if (fails) throw new Error('There is no room on the disk.');
  },
  renew: () => undefined,
} as unknown as ConstructorParameters<typeof UsedModels>[1];

const { platform } = process;
beforeEach(() => {
  folder = temporary(`used-${count++}`);
  used = new UsedModels(() => folder, engines);
  fails = false;
});
afterEach(() => void Object.defineProperty(process, 'platform', { value: platform }));

const source = (step: number) => ({
  ...{ run: 'a', from: 'en', to: 'de', step, name: 'A run' },
  folder: `/runs/a/checkpoint-${step}`,
});

describe('the models that are used', () => {
  it('are one a pair, and none when it is given up', async () => {
    await used.use(source(1));
    await used.use(source(2));
    expect(await readdir(folder)).toEqual(['en-de-a-checkpoint-2']);
    expect(await used.list()).toMatchObject([{ run: 'a', step: 2 }]);
    for (const model of await used.list()) await used.giveUp(model);
    expect(await readdir(folder)).toEqual([]);
  });

  it('are put in their places and taken away although, on Windows, somebody reads in them just now', async () => {
    Object.defineProperty(process, 'platform', { value: 'win32' });
    const held = Object.assign(new Error('EBUSY'), { code: 'EBUSY' });
    await used.use(source(1));
    vi.mocked(rename).mockRejectedValueOnce(held).mockRejectedValueOnce(held);
    await used.use(source(2));
    expect(await readdir(folder)).toEqual(['en-de-a-checkpoint-2']);
    vi.mocked(rename).mockRejectedValueOnce(held);
    for (const model of await used.list()) await used.giveUp(model);
    expect(await readdir(folder)).toEqual([]);
  });

  it('are as they were where one cannot be made, and nothing is left of that', async () => {
    await used.use(source(1));
    fails = true;
    await expect(used.use(source(2))).rejects.toThrow('no room');
    expect(await readdir(folder)).toEqual(['en-de-a-checkpoint-1']);
  });

  it('are listed beside what is no model', async () => {
    await used.use(source(1));
    await writeFile(path.join(folder, 'Thumbs.db'), '');
    await mkdir(path.join(folder, 'broken'));
    await writeFile(path.join(folder, 'broken', 'polyhead-source.json'), '{');
    expect(await used.list()).toMatchObject([{ step: 1 }]);
  });
});
