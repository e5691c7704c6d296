/** Reading the files that `evaluate` compares. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readTextLines, readTexts } from '../../../models/evaluation/readTexts';
import { UserError } from '../../../models/userError';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'texts-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function write(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe('a text', () => {
  it('is all its lines, empty ones too, plain or as gzip', async () => {
    const lines = ['Datei öffnen', '', ' zwei\u2028eins ', ''];
    const content = lines.map((line) => `${line}\n`).join('');
    expect(await readTextLines(await write('plain', content))).toEqual(lines);
    expect(await readTextLines(await write('packed.gz', gzipSync(content.replaceAll('\n', '\r\n'))))).toEqual(
      lines,
    );
    expect(await readTextLines(await write('empty', ''))).toEqual([]);
  });

  it('that is not UTF-8 is refused with its file and line', async () => {
    const path = await write('latin', Buffer.from('eins\nüber\n', 'latin1'));
    const reading = readTextLines(path);
    await expect(reading).rejects.toThrow(UserError);
    await expect(reading).rejects.toThrow(`${path}:2: the line is not UTF-8.`);
  });
});

describe('translations and their references', () => {
  it('are read together', async () => {
    const hypothesis = await write('h', 'a\nb\n');
    const references = [await write('r1', 'c\nd\n'), await write('r2', 'e\n\n')];
    expect(await readTexts([hypothesis, hypothesis], references)).toEqual({
      hypotheses: [
        ['a', 'b'],
        ['a', 'b'],
      ],
      references: [
        ['c', 'd'],
        ['e', ''],
      ],
    });
  });

  it('that do not fit together are refused with both files and numbers', async () => {
    const hypothesis = await write('h', 'a\nb\n');
    const reference = await write('r', 'c\n');
    const other = await write('other', 'c\nd\n');
    await expect(readTexts([other, hypothesis], [other, reference])).rejects.toThrow(
      `${other} has 2 lines, but ${reference} has 1 line:`,
    );
    await expect(readTexts([hypothesis, reference], [other])).rejects.toThrow(
      `${reference} has 1 line, but ${other} has 2 lines:`,
    );
    await expect(readTexts([await write('empty', '')], [reference])).rejects.toThrow('empty is empty');
    await expect(readTexts([hypothesis], [])).rejects.toThrow('No reference was given');
    await expect(readTexts([hypothesis], [join(folder, 'missing')])).rejects.toThrow(
      'missing does not exist.',
    );
  });
});
