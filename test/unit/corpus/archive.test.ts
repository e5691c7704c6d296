import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import tar from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { readArchive, readPackage } from '../../../scripts/corpus/archive.mjs';
import { temporaryFolder } from '../temporaryFolder';

const hasDpkg = ((): boolean => {
  try {
    execFileSync('dpkg-deb', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

const inFolder = temporaryFolder('archive');
const everything = (): boolean => true;

describe('readArchive', () => {
  it('reads the wanted regular files alone, and makes no file of any', async () => {
    const pack = tar.pack();
    pack.entry({ name: './usr/share/a.mo' }, 'one');
    pack.entry({ name: './usr/share/b.txt' }, 'two');
    pack.entry({ name: '../../escaped.mo' }, 'three');
    pack.entry({ name: './usr/share/link.mo', type: 'symlink', linkname: '/etc/passwd' });
    pack.finalize();
    const members = await readArchive(pack, (file) => file.startsWith('usr/') && file.endsWith('.mo'));
    expect(members.map(({ path: name, bytes }) => [name, bytes.toString()])).toEqual([
      ['usr/share/a.mo', 'one'],
    ]);
  });

  it('refuses a file that is too large before it is read', async () => {
    const pack = tar.pack();
    pack.entry({ name: 'large.mo', size: 2 ** 40 });
    await expect(readArchive(pack, everything)).rejects.toThrow('large.mo is too large');
  });

  it('refuses what is no archive', async () => {
    await expect(readArchive(Readable.from([Buffer.alloc(4096, 7)]), everything)).rejects.toThrow();
  });
});

describe.skipIf(!hasDpkg)('readPackage (where dpkg-deb is)', () => {
  it('reads a .deb, and says so where one is damaged', async () => {
    mkdirSync(inFolder('tree', 'DEBIAN'), { recursive: true });
    mkdirSync(inFolder('tree', 'usr'));
    writeFileSync(
      inFolder('tree', 'DEBIAN', 'control'),
      'Package: some\nVersion: 1\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: some\n',
    );
    writeFileSync(inFolder('tree', 'usr', 'text'), 'Text');
    const file = inFolder('some.deb');
    execFileSync('dpkg-deb', ['--root-owner-group', '--build', inFolder('tree'), file], { stdio: 'ignore' });
    const members = await readPackage(file, everything);
    expect(members.map(({ path: name, bytes }) => [name, bytes.toString()])).toEqual([['usr/text', 'Text']]);

    writeFileSync(file, 'no package');
    await expect(readPackage(file, everything)).rejects.toThrow('dpkg-deb could not read it');
  });
});
