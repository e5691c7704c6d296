/** Files that are replaced whole, also where somebody is reading them. */
import type * as fs from 'node:fs/promises';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { writeWhole } from '../../../extension/wholeFile';
import { temporaryFolder } from '../temporaryFolder';

vi.mock('node:fs/promises', async (original) => {
  const actual = await original<typeof fs>();
  return { ...actual, rename: vi.fn(actual.rename) };
});

const temporary = temporaryFolder('whole-file');
const { platform } = process;
afterEach(() => void Object.defineProperty(process, 'platform', { value: platform }));

it('a file is replaced although, on Windows, somebody reads it just now', async () => {
  Object.defineProperty(process, 'platform', { value: 'win32' });
  await mkdir(temporary('read'));
  const file = temporary('read', 'sidebar.json');
  await writeFile(file, 'before');
  vi.mocked(rename).mockRejectedValueOnce(Object.assign(new Error('EPERM'), { code: 'EPERM' }));
  await writeWhole(file, 'after');
  expect(await readFile(file, 'utf8')).toBe('after');
  expect(await readdir(path.dirname(file))).toEqual(['sidebar.json']);
});
