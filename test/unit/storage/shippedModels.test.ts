/** The models that ship are in 8 bits, small, and made of the parents beside them, which can be trained on. */
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { files, readModel, readModelConfig, writeModel } from '../../../models/storage/modelFolder';
import { temporaryFolder } from '../temporaryFolder';

const models = path.resolve(import.meta.dirname, '../../../models');
const folders = async (name: string): Promise<string[]> => {
  const entries = await readdir(path.join(models, name), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
};
const shipped = await folders('pretrained');
const inFolder = temporaryFolder('shipped');

it('there are some, each with a parent and no other parents', async () => {
  expect(shipped.length).toBeGreaterThan(0);
  expect(await folders('parents')).toEqual(shipped);
});

describe.each(shipped)('%s', (name) => {
  const [parent, child] = [path.join(models, 'parents', name), path.join(models, 'pretrained', name)];
  const bytesOf = async (folder: string): Promise<number> =>
    (await stat(path.join(folder, files.weights))).size;

  it('has at most 12 MB in 8 bits, its parent at most 20 MB', async () => {
    expect((await readModelConfig(child)).weights).toBe('int8');
    expect(await bytesOf(child)).toBeLessThanOrEqual(12e6);
    expect(await bytesOf(parent)).toBeLessThanOrEqual(20e6);
  });

  it('is its parent, exported', async () => {
    const folder = inFolder(name);
    await mkdir(folder);
    await writeModel(folder, await readModel(parent), 'int8');
    for (const file of Object.values(files)) {
      const [wanted, actual] = [
        await readFile(path.join(child, file)),
        await readFile(path.join(folder, file)),
      ];
      expect(actual.equals(wanted), file).toBe(true);
    }
  });
});
