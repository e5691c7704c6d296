import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Apt } from '../../../scripts/corpus/apt.mjs';
import { temporaryFolder } from '../temporaryFolder';

const hasApt = ((): boolean => {
  try {
    execFileSync('apt-get', ['--version'], { stdio: 'ignore' });
    execFileSync('dpkg-deb', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

const inFolder = temporaryFolder('apt');

/** Nothing here reaches the network. */
describe.skipIf(!hasApt)('Apt (where apt is)', () => {
  const made = (name: string, languages = ['en', 'zh_CN']): Apt => {
    mkdirSync(inFolder(name), { recursive: true });
    return new Apt(inFolder(name), languages);
  };

  it('has lists and a cache of its own, in the languages asked for alone', () => {
    made('own');
    const config = ['-c', inFolder('own', 'apt', 'apt.conf')];
    const dump = execFileSync('apt-config', [...config, 'dump'], { encoding: 'utf8' });
    expect(dump).toContain(`Dir::State::lists "${inFolder('own', 'apt', 'lists')}";`);
    expect(dump).toContain(`Dir::Cache "${inFolder('own', 'apt', 'cache')}";`);
    // apt itself ends the list with “none”.
    const languages = [...dump.matchAll(/^Acquire::Languages:: "(.*)";$/gm)].map(([, language]) => language);
    expect(languages.filter((language) => language !== 'none')).toEqual(['en', 'zh_CN']);
    expect(dump).not.toMatch(/^APT::Update::Post-Invoke\S* "[^"]/m);
  });

  it('reads the descriptions of a language from lists as apt names them', async () => {
    const apt = made('lists');
    const list = (name: string): string => inFolder('lists', 'apt', 'lists', name);
    writeFileSync(list('archive_main_i18n_Translation-zh%5fCN'), 'one');
    writeFileSync(list('security_main_i18n_Translation-zh%5fCN'), 'two');
    writeFileSync(list('archive_main_i18n_Translation-zh'), 'other');
    expect(await apt.descriptions('zh_CN')).toBe('one\n\ntwo');
    expect(await apt.descriptions('de')).toBe('');
  });

  it('takes names of packages for names, never for options', async () => {
    const apt = made('names');
    for (const name of ['-o', '--help', 'a b', 'a=1', '../a', 'A']) {
      await expect(apt.candidates([name])).rejects.toThrow(`“${name}” is no name of a Debian package.`);
    }
    // Its own lists are empty.
    expect(await apt.candidates(['coreutils'])).toEqual([]);
  });

  it('takes a package for there only when it is whole', () => {
    const apt = made('whole');
    const candidate = { name: 'a', version: '1', size: 3, sha256: '0'.repeat(64), file: 'a_1_all.deb' };
    expect(apt.has(candidate)).toBe(false);
    writeFileSync(inFolder('whole', 'packages', candidate.file), 'xy');
    expect(apt.has(candidate)).toBe(false);
    writeFileSync(inFolder('whole', 'packages', candidate.file), 'xyz');
    expect(apt.has(candidate)).toBe(true);
  });

  it('says where apt cannot work', () => {
    expect(() => made('quo"ted')).toThrow('choose another one');
    expect(readFileSync(inFolder('own', 'apt', 'apt.conf'), 'utf8')).not.toContain('quo');
  });
});
