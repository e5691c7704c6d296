import type * as fs from 'node:fs/promises';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { inState } from '../../../../extension/training/runRecord';
import { averageName, RunStore } from '../../../../extension/training/runStore';
import { temporaryFolder } from '../../temporaryFolder';
import { someForm } from './someRuns';

vi.mock('vscode', async () => (await import('../fakeVscode')).fakeVscode());
vi.mock('node:fs/promises', async (original) => {
  const actual = await original<typeof fs>();
  return { ...actual, readFile: vi.fn(actual.readFile) };
});

const { platform } = process;
afterEach(() => void Object.defineProperty(process, 'platform', { value: platform }));

const temporary = temporaryFolder('run-store');
let folder = '';
let store: RunStore;
let count = 0;
beforeEach(() => {
  folder = temporary(`data-${count++}`, 'runs');
  store = new RunStore(() => folder);
});

const plan = { form: someForm, corpora: ['/corpora/a.en,/corpora/a.de'] };
const at = (second: number): Date => new Date(Date.UTC(2026, 10, 24, 12, 0, second));

describe('the store of runs', () => {
  it('is empty where there is no folder', async () => {
    expect(await store.list()).toEqual([]);
  });

  it('makes a folder for a run, and keeps what it was asked to do', async () => {
    const id = await store.create('My first', plan, at(5));
    expect(id).toBe('en-de-20261124-120005');
    expect(await store.create('Another', plan, at(5))).toBe('en-de-20261124-120005-2');
    const run = (await store.read(id))!;
    expect(run).toMatchObject({ id, from: 'en', to: 'de', checkpoints: [], best: undefined });
    expect(run.folder).toBe(path.join(folder, id));
    expect(run.record).toEqual({
      format: 1,
      name: 'My first',
      created: at(5).getTime(),
      state: 'waiting',
      queued: at(5).getTime(),
      plan,
    });
    expect(await readdir(run.folder)).toEqual(['sidebar.json']);
  });

  it('lists the newest first', async () => {
    const ids = [await store.create('a', plan, at(1)), await store.create('b', plan, at(2))];
    expect((await store.list()).map(({ id }) => id)).toEqual(ids.reverse());
  });

  it('knows checkpoints, the best one, and how much room all takes', async () => {
    const id = await store.create('a', plan, at(1));
    const run = store.folderOf(id);
    for (const [step, bytes] of [
      [500, 10],
      [1000, 20],
    ] as const) {
      const checkpoint = path.join(run, `checkpoint-${String(step).padStart(8, '0')}`);
      await mkdir(checkpoint);
      await writeFile(path.join(checkpoint, 'model.safetensors'), new Uint8Array(bytes));
    }
    await mkdir(path.join(run, averageName(5, 1000)));
    await mkdir(path.join(run, 'damaged-checkpoint-00000250'));
    await writeFile(
      path.join(run, 'best.json'),
      JSON.stringify({
        ...{ checkpoint: 'checkpoint-00000500', apart: true },
        ...{ step: 500, loss: 2.5, perplexity: 9, bleu: null },
      }),
    );
    await writeFile(path.join(run, 'run.json'), JSON.stringify({ from: 'en', to: 'fr' }));
    const found = (await store.read(id))!;
    expect(found.checkpoints).toEqual([
      { name: 'average-5-00001000', step: 1000, bytes: 0, best: false, apart: false, average: true },
      { name: 'checkpoint-00001000', step: 1000, bytes: 20, best: false, apart: false, average: false },
      { name: 'checkpoint-00000500', step: 500, bytes: 10, best: true, apart: true, average: false },
    ]);
    expect(found.best).toEqual({ step: 500, loss: 2.5, perplexity: 9, bleu: null, chrf: null });
    expect(found.to).toBe('fr');
    expect(found.bytes).toBeGreaterThan(30);
  });

  it('shows a run that a terminal began', async () => {
    const run = path.join(folder, 'mine');
    await mkdir(run, { recursive: true });
    await writeFile(path.join(run, 'run.json'), JSON.stringify({ from: 'en', to: 'de' }));
    expect((await store.list())[0]).toMatchObject({ id: 'mine', record: { name: 'mine', state: 'stopped' } });
    await store.update('mine', (record) => ({ ...record, name: 'Named' }));
    expect((await store.list())[0]).toMatchObject({ record: { name: 'Named', state: 'stopped' } });
  });

  it('changes a record as it stands on the disk', async () => {
    const id = await store.create('a', plan, at(1));
    const other = new RunStore(() => folder);
    await other.update(id, (record) => ({ ...record, name: 'b' }));
    await store.update(id, (record) => inState(record, 'failed', { sentence: 'No disk.' }));
    expect((await other.read(id))!.record).toEqual({
      format: 1,
      name: 'b',
      created: at(1).getTime(),
      state: 'failed',
      sentence: 'No disk.',
      plan,
    });
    await store.update('gone', (record) => record);
    expect(await store.read('gone')).toBeUndefined();
  });

  it('changes the run that was meant, although the setting names another folder by now', async () => {
    const id = await store.create('a', plan, at(1));
    const { folder: run } = (await store.read(id))!;
    folder = temporary(`data-${count++}`, 'runs');
    await store.create('another', plan, at(1));
    await store.update(id, (record) => ({ ...record, name: 'b' }), run);
    expect((await store.read(id))!.record.name).toBe('another');
    folder = path.dirname(run);
    expect((await store.read(id))!.record.name).toBe('b');
  });

  it('changes a record although, on Windows, another window writes it just now', async () => {
    Object.defineProperty(process, 'platform', { value: 'win32' });
    const id = await store.create('a', plan, at(1));
    vi.mocked(readFile).mockRejectedValueOnce(Object.assign(new Error('EBUSY'), { code: 'EBUSY' }));
    await store.update(id, (record) => ({ ...record, name: 'b' }));
    expect((await store.read(id))!.record).toMatchObject({ name: 'b', plan });
  });

  it('writes nothing over a record that cannot be read, and says so', async () => {
    const id = await store.create('Mine', plan, at(1));
    const run = store.folderOf(id);
    await writeFile(path.join(run, 'run.json'), JSON.stringify({ from: 'en', to: 'de' }));
    const file = path.join(run, 'sidebar.json');
    // As an earlier version has written it.
    const text = (await readFile(file, 'utf8')).replace('"steps": 100', '"steps": 1e12');
    for (const unreadable of [text, '{']) {
      await writeFile(file, unreadable);
      await expect(store.update(id, (record) => inState(record, 'waiting'))).rejects.toThrow(
        /sidebar\.json cannot be read/,
      );
      expect(await readFile(file, 'utf8')).toBe(unreadable);
      expect(await store.list()).toMatchObject([
        {
          id,
          record: { name: id, state: 'stopped', sentence: expect.stringMatching(/cannot be read/) as string },
        },
      ]);
    }
  });

  it('writes no record that could not be read again', async () => {
    const id = await store.create('Mine', plan, at(1));
    const budget = { kind: 'minutes', minutes: 9_999_999 } as const;
    await expect(
      store.update(id, (record) => ({ ...record, plan: { ...plan, form: { ...someForm, budget } } })),
    ).rejects.toThrow('9999999');
    expect((await store.read(id))!.record).toMatchObject({ name: 'Mine', plan });
  });

  it('lists the other runs where a file of one is no file', async () => {
    const id = await store.create('Mine', plan, at(1));
    for (const name of ['sidebar.json', 'run.json', 'best.json'])
      await mkdir(path.join(folder, 'broken', name), { recursive: true });
    expect((await store.list()).map((run) => run.id)).toEqual([id]);
  });

  it.each(['{}', '[]', 'null', '{"format":2}', '{"format":1,"name":"","created":1,"state":"waiting"}', '{'])(
    'passes over a folder with the record %s',
    async (text) => {
      await mkdir(path.join(folder, 'a'), { recursive: true });
      await writeFile(path.join(folder, 'a', 'sidebar.json'), text);
      expect(await store.list()).toEqual([]);
    },
  );

  it.each(['..', '.', '', 'a/b', '.hidden', '../runs'])('has no folder for the id %j', (id) => {
    expect(() => store.folderOf(id)).toThrow("is no run's name");
  });
});
