import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  createFolderAtomically,
  removeFolderAtomically,
  removeUnfinished,
  writeFileAtomically,
} from '../../../models/storage/atomic';
import { temporaryFolder } from '../temporaryFolder';

const inFolder = temporaryFolder('atomic');
let room: string;
let rooms = 0;

beforeEach(async () => {
  room = inFolder(`room ${++rooms}`);
  await mkdir(room);
});

const diskFull = (): Error =>
  Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });

/** Chunks of a file during whose writing the disk becomes full. */
function* untilFull(): Generator<Uint8Array> {
  yield new Uint8Array(1000);
  throw diskFull();
}

describe('writeFileAtomically', () => {
  it('writes texts and bytes, and replaces what was there', async () => {
    const file = path.join(room, 'file');
    await writeFileAtomically(file, ['first, and much longer than what follows']);
    await writeFileAtomically(file, ['äö', Uint8Array.of(0x21)]);
    expect(await readFile(file, 'utf8')).toBe('äö!');
    expect(await readdir(room)).toEqual(['file']);
  });

  it('leaves the old file and nothing else when the disk is full', async () => {
    const file = path.join(room, 'file');
    await writeFileAtomically(file, ['old']);
    await expect(writeFileAtomically(file, untilFull())).rejects.toThrow('ENOSPC');
    expect(await readFile(file, 'utf8')).toBe('old');
    expect(await readdir(room)).toEqual(['file']);
  });

  it('leaves the old file until the new one is whole', async () => {
    const file = path.join(room, 'file');
    await writeFileAtomically(file, ['old']);
    let seen: Promise<string> | undefined;
    const chunks = function* (): Generator<string> {
      yield 'new ';
      seen = readFile(file, 'utf8');
      yield 'file';
    };
    await writeFileAtomically(file, chunks());
    expect(await seen).toBe('old');
    expect(await readFile(file, 'utf8')).toBe('new file');
  });

  it('fails where there is no folder', async () => {
    await expect(writeFileAtomically(path.join(room, 'absent', 'file'), ['x'])).rejects.toThrow('ENOENT');
  });
});

describe('createFolderAtomically', () => {
  it('shows the folder only when it is filled', async () => {
    const folder = path.join(room, 'folder');
    await createFolderAtomically(folder, async (temporary) => {
      await writeFile(path.join(temporary, 'a'), '1');
      expect(await readdir(room)).toEqual([path.basename(temporary)]);
      expect(path.dirname(temporary)).toBe(room);
    });
    expect(await readdir(room)).toEqual(['folder']);
    expect(await readFile(path.join(folder, 'a'), 'utf8')).toBe('1');
  });

  it('leaves nothing behind when filling fails', async () => {
    const filling = createFolderAtomically(path.join(room, 'folder'), async (temporary) => {
      await writeFile(path.join(temporary, 'a'), '1');
      throw diskFull();
    });
    await expect(filling).rejects.toThrow('ENOSPC');
    expect(await readdir(room)).toEqual([]);
  });

  it('does not touch a folder that is there already', async () => {
    const folder = path.join(room, 'folder');
    const fill = (text: string) => (temporary: string) => writeFile(path.join(temporary, 'a'), text);
    await createFolderAtomically(folder, fill('old'));
    await expect(createFolderAtomically(folder, fill('new'))).rejects.toThrow(/ENOTEMPTY|EEXIST|EPERM/);
    expect(await readFile(path.join(folder, 'a'), 'utf8')).toBe('old');
    expect(await readdir(room)).toEqual(['folder']);
  });
});

describe('removeFolderAtomically', () => {
  it('removes a folder and all in it', async () => {
    await mkdir(path.join(room, 'folder', 'deep'), { recursive: true });
    await writeFile(path.join(room, 'folder', 'deep', 'file'), 'x');
    await removeFolderAtomically(path.join(room, 'folder'));
    expect(await readdir(room)).toEqual([]);
  });
});

describe('removeUnfinished', () => {
  it('removes what writers that were killed have left, and nothing else', async () => {
    let temporaryName = '';
    await createFolderAtomically(path.join(room, 'folder'), async (temporary) => {
      await writeFile(path.join(temporary, 'a'), '1');
      temporaryName = path.basename(temporary);
    });
    await writeFileAtomically(path.join(room, 'file'), ['x']);
    await mkdir(path.join(room, temporaryName, 'deep'), { recursive: true });
    await writeFile(path.join(room, temporaryName.replace('folder', 'file')), 'half a file');
    expect(await readdir(room)).toHaveLength(4);
    await removeUnfinished(room);
    expect((await readdir(room)).sort()).toEqual(['file', 'folder']);
    expect((await stat(path.join(room, 'folder', 'a'))).size).toBe(1);
  });
});
