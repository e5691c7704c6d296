/**
 * Makes a corpus of ten packages as a person does, through apt, and compares exact counts: those of the versions that
 * Debian 12 had in November 2026. Needs Debian's archive; a package that has another version by now is not counted.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Apt } from '../../scripts/corpus/apt.mjs';
import { readPackage } from '../../scripts/corpus/archive.mjs';
import { languageOf } from '../../scripts/corpus/languages.mjs';
import { PackageReader } from '../../scripts/corpus/make.mjs';
import { wantedFiles } from '../../scripts/corpus/sources.mjs';
import { findProtectedSpans } from '../../models/text/protectedSpans';
import { splitSentences } from '../../models/text/sentences';
import { temporaryFolder } from '../unit/temporaryFolder';

/** What a package gives by itself. Manual pages count for manpages-de, beside the English ones of less. */
const expected: Record<string, { version: string; counts: Record<string, number> }> = {
  accountsservice: { version: '22.08.8-6', counts: { messages: 12, ddtp: 2 } },
  hitori: { version: '3.38.4-2', counts: { messages: 37, help: 37, ddtp: 4 } },
  kruler: { version: '4:22.12.3-1', counts: { messages: 36, ddtp: 3 } },
  less: { version: '590-2.1~deb12u2', counts: { ddtp: 3 } },
  libpopt0: { version: '1.19+dfsg-1', counts: { messages: 23, ddtp: 5 } },
  lightsoff: { version: '1:40.0.1-1', counts: { messages: 25, help: 78, ddtp: 2 } },
  lxinput: { version: '0.3.5-1+b2', counts: { messages: 26, ddtp: 7 } },
  'manpages-de': { version: '4.18.1-1', counts: { man: 833 } },
  'mate-terminal-common': { version: '1.26.0-2', counts: { messages: 484, help: 12, ddtp: 6 } },
  'zenity-common': { version: '3.44.0-1', counts: { messages: 193, help: 302, ddtp: 4 } },
};

/** Whether this can be tried here. */
function isDebian12(): boolean {
  try {
    execFileSync('apt-get', ['--version'], { stdio: 'ignore' });
    return /^VERSION_CODENAME=bookworm$/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

const root = path.resolve(import.meta.dirname, '../..');
const german = languageOf('de');
const inFolder = temporaryFolder('corpus');

describe.skipIf(!isDebian12())('npm run corpus (on Debian 12)', () => {
  const names = Object.keys(expected);

  it('makes a corpus, and a second time downloads nothing', () => {
    const args = ['--to', 'de', '--output', inFolder(), '--packages', [...names, 'git'].join(',')];
    const command = [path.join(root, 'scripts', 'corpus.mjs'), ...args];
    execFileSync(process.execPath, command, { stdio: 'pipe' });
    const report = JSON.parse(readFileSync(inFolder('en-de.json'), 'utf8')) as {
      packages: Record<string, string>;
      complaints: string[];
      software: Record<string, number>;
      docs: Record<string, number>;
    };
    expect(report.complaints).toEqual([]);
    expect(Object.keys(report.packages)).toEqual(names);
    for (const [kind, columns] of [
      ['software', /^[^\t]+\t[^\t]+\t[a-z0-9.+-]+$/],
      ['docs', /^[^\t]+\t[^\t]+\t(?:help|man|ddtp):\S+$/],
    ] as const) {
      for (const part of ['train', 'valid', 'test']) {
        const lines = gunzipSync(readFileSync(inFolder(kind, `en-de.${part}.tsv.gz`)))
          .toString('utf8')
          .split('\n');
        expect(lines.pop()).toBe('');
        expect(lines).toHaveLength(report[kind][part] ?? -1);
        for (const line of lines) expect(line).toMatch(columns);
      }
    }
    const again = execFileSync(process.execPath, [...command, '--dry-run'], {
      stdio: 'pipe',
      encoding: 'utf8',
    });
    expect(again).toBe('');
  });

  it('gives exact counts for ten packages', async () => {
    const apt = new Apt(inFolder(), ['en', 'de']);
    const candidates = await apt.candidates(names);
    const lists = [await apt.descriptions('en'), await apt.descriptions('de')] as const;
    const members = new Map(
      await Promise.all(
        candidates.map(
          async ({ name, file }) =>
            [name, await readPackage(path.join(apt.packages, file), wantedFiles(german))] as const,
        ),
      ),
    );
    const same = candidates.filter(({ name, version }) => expected[name]?.version === version);
    // Security updates come; that many do not.
    expect(same.length).toBeGreaterThan(6);
    for (const { name } of same) {
      const reader = new PackageReader(german, { findProtectedSpans, splitSentences });
      if (name === 'manpages-de') reader.add('less', members.get('less') ?? []);
      reader.add(name, members.get(name) ?? []);
      const { software, docs } = reader.finish(...lists, (wanted) => wanted === name);
      const counts: Record<string, number> = {};
      for (const { origin } of [...software.pairs(), ...docs.pairs()]) {
        const kind = /^(\w+):/.exec(origin)?.[1] ?? 'messages';
        counts[kind] = (counts[kind] ?? 0) + 1;
      }
      expect({ name, counts }).toEqual({ name, counts: expected[name]?.counts });
    }
  });
});
