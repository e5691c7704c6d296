/** Renaming where, as on Windows, somebody has a file open. */
import { rename } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { renamePatiently } from '../../../extension/patientRename';

vi.mock('node:fs/promises', () => ({ rename: vi.fn() }));
vi.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }));

const renamed = vi.mocked(rename);
const refusal = (code: string): Error => Object.assign(new Error(code), { code });
const { platform } = process;
const on = (name: string): void => void Object.defineProperty(process, 'platform', { value: name });

beforeEach(() => {
  renamed.mockReset();
});
afterEach(() => on(platform));

it('tries again on Windows until the other one is done', async () => {
  on('win32');
  renamed.mockRejectedValueOnce(refusal('EPERM')).mockRejectedValueOnce(refusal('EBUSY')).mockResolvedValue();
  await renamePatiently('a', 'b');
  expect(renamed).toHaveBeenCalledTimes(3);
});

it('gives up after some seconds, and at once where waiting does not help', async () => {
  on('win32');
  renamed.mockRejectedValue(refusal('EACCES'));
  await expect(renamePatiently('a', 'b')).rejects.toThrow('EACCES');
  expect(renamed).toHaveBeenCalledTimes(8);
  renamed.mockReset().mockRejectedValue(refusal('ENOSPC'));
  await expect(renamePatiently('a', 'b')).rejects.toThrow('ENOSPC');
  on('linux');
  renamed.mockReset().mockRejectedValue(refusal('EPERM'));
  await expect(renamePatiently('a', 'b')).rejects.toThrow('EPERM');
  expect(renamed).toHaveBeenCalledTimes(1);
});
