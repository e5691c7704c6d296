import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { truncateSync } from 'node:fs';
import {
  appendFile,
  cp,
  mkdir,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { importModel, type ImportOptions } from '../../../models/storage/importModel';
import { readModel, writeModel } from '../../../models/storage/modelFolder';
import { UserError } from '../../../models/userError';
import { buildBundle } from '../bundle';
import { temporaryFolder } from '../temporaryFolder';
import { tinyModel } from '../tinyModel';

const inFolder = temporaryFolder('import');
let folder: string;
let modelsFolder: string;
let rooms = 0;

beforeEach(async () => {
  const room = inFolder(`room ${++rooms}`);
  folder = path.join(room, 'foreign');
  modelsFolder = path.join(room, 'models');
  await mkdir(folder, { recursive: true });
  await writeModel(folder, tinyModel(), 'F16');
});

function importing(options: Partial<ImportOptions> = {}): Promise<string> {
  return importModel({
    folder,
    modelsFolder,
    replaced: [],
    tryOut: async (copy) => {
      await readModel(copy);
    },
    signal: new AbortController().signal,
    report: () => undefined,
    ...options,
  });
}

/** The sentence of a refusal, which must leave nothing behind. */
async function refusal(options: Partial<ImportOptions> = {}): Promise<string> {
  const error = await importing(options).then(
    () => 'imported',
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  expect(await readdir(modelsFolder).catch(() => [])).toEqual([]);
  return (error as UserError).message.replaceAll(folder, '<folder>');
}

const inModel = (name: string): string => path.join(folder, name);

const editConfig = async (change: (config: Record<string, unknown>) => void): Promise<void> => {
  const config = JSON.parse(await readFile(inModel('config.json'), 'utf8')) as Record<string, unknown>;
  change(config);
  await writeFile(inModel('config.json'), JSON.stringify(config));
};

describe('an import', () => {
  it('copies the files of a model and nothing else, under a name made of its languages', async () => {
    for (const name of ['confidence.json', 'README.md', 'LICENSE', 'NOTICE', 'setup.js', '.hidden'])
      await writeFile(inModel(name), name);
    await mkdir(inModel('more'));
    const imported = await importing();
    expect(imported).toBe(path.join(modelsFolder, 'en-de'));
    expect(await readdir(modelsFolder)).toEqual(['en-de']);
    const names = await readdir(imported);
    expect(names.sort()).toEqual(
      ['LICENSE', 'NOTICE', 'README.md', 'confidence.json', 'config.json', 'model.safetensors', 'tokenizer.json'], // prettier-ignore
    );
    for (const name of names)
      expect(await readFile(path.join(imported, name))).toEqual(await readFile(inModel(name)));
  });

  it('counts the bytes', async () => {
    const steps: [number, number][] = [];
    const imported = await importing({ report: (done, total) => steps.push([done, total]) });
    const sizes = await Promise.all(
      (await readdir(imported)).map(async (name) => (await readFile(path.join(imported, name))).length),
    );
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect(steps.map(([, all]) => all)).toEqual(steps.map(() => total));
    expect(steps.at(-1)).toEqual([total, total]);
  });

  it('puts the new in place before the old goes, under a name that nothing has had', async () => {
    const first = await importing();
    let during: string[] = [];
    const replace = (replaced: string[]): Promise<string> =>
      importing({ replaced, tryOut: async () => void (during = await readdir(modelsFolder)) });
    const second = await replace([first]);
    expect(during).toContain('en-de');
    expect(await readdir(modelsFolder)).toEqual(['en-de-2']);
    expect(await replace([second])).toBe(path.join(modelsFolder, 'en-de-3'));
    expect(await readdir(modelsFolder)).toEqual(['en-de-3']);
  });

  it('leaves alone what it did not make', async () => {
    await mkdir(path.join(modelsFolder, 'EN-DE'), { recursive: true });
    await writeFile(path.join(modelsFolder, 'EN-DE', 'diary'), 'mine');
    await importing();
    expect((await readdir(modelsFolder)).sort()).toEqual(['EN-DE', 'en-de-2']);
    expect(await readdir(path.join(modelsFolder, 'EN-DE'))).toEqual(['diary']);
  });

  it('writes language tags in their canonical form', async () => {
    await editConfig((config) => Object.assign(config, { from: 'EN-us', to: 'zh-hans' }));
    expect(await importing()).toBe(path.join(modelsFolder, 'en-US-zh-Hans'));
  });

  it('removes what a killed import left, unless it may be at work still', async () => {
    const [old, young] = ['.unfinished-en-de-1', '.unfinished-en-de-2'].map((name) =>
      path.join(modelsFolder, name),
    ) as [string, string];
    await mkdir(path.join(old, 'deep'), { recursive: true });
    await mkdir(young);
    const yesterday = Date.now() / 1000 - 24 * 60 * 60;
    await utimes(old, yesterday, yesterday);
    await importing();
    expect((await readdir(modelsFolder)).sort()).toEqual([path.basename(young), 'en-de']);
  });

  it('ends when it is cancelled, and leaves nothing', async () => {
    const controller = new AbortController();
    const cancelled = importing({
      signal: controller.signal,
      report: () => controller.abort(new Error('no longer wanted')),
    });
    await expect(cancelled).rejects.toThrow('no longer wanted');
    expect(await readdir(modelsFolder)).toEqual([]);
  });
});

describe('an import is refused with a sentence', () => {
  it('where there is no model', async () => {
    await rm(inModel('tokenizer.json'));
    const sentence =
      '<folder> is no model folder: it has no tokenizer.json. Choose a folder with config.json, tokenizer.json, model.safetensors.';
    expect(await refusal()).toBe(sentence);
    await rm(folder, { recursive: true });
    expect(await refusal()).toBe(sentence.replace('tokenizer.json', 'config.json'));
    await writeFile(folder, 'a file');
    expect(await refusal()).toBe(sentence.replace('tokenizer.json', 'config.json'));
  });

  it.each(['config.json', 'tokenizer.json', 'model.safetensors', 'README.md'])(
    'where %s is a folder, a link or a pipe',
    async (name) => {
      const file = inModel(name);
      await rm(file, { force: true });
      await mkdir(file);
      expect(await refusal()).toBe(`<folder>/${name} cannot be read: it is no regular file.`);
      await rm(file, { recursive: true });
      await symlink('/etc/hostname', file);
      expect(await refusal()).toBe(`<folder>/${name} is a link. Put the file itself into the folder.`);
      await rm(file);
      if (process.platform === 'win32') return;
      spawnSync('mkfifo', [file]);
      expect(await refusal()).toBe(`<folder>/${name} cannot be read: it is no regular file.`);
    },
  );

  it('where a file is larger than its like, before it is read', async () => {
    // Sparse: they take no room on the disk.
    const cases: [string, number, RegExp][] = [
      ['NOTICE', 2 ** 40, /NOTICE has 1099511627776 bytes, and at most 1048576 are read/],
      ['confidence.json', 2 ** 21, /confidence\.json has 2097152 bytes, and at most 1048576/],
      ['model.safetensors', 2 ** 40, /model\.safetensors has 1099511627776 bytes, and at most 1679\d{4} are/],
      ['tokenizer.json', 2 ** 40, /tokenizer\.json has 1099511627776 bytes, and at most 33554432 are read/],
      ['config.json', 2 ** 17, /config\.json has 131072 bytes, and at most 65536 are read/],
    ];
    const before = process.memoryUsage.rss();
    for (const [name, size, sentence] of cases) {
      await appendFile(inModel(name), '');
      await truncate(inModel(name), size);
      expect(await refusal()).toMatch(sentence);
    }
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 2 ** 20);
  });

  it('where a file says that it holds what it does not, before it is copied', async () => {
    // All that config.json allows, and sparse: on the disk it takes no room.
    await editConfig((config) => {
      Object.assign(config['transformer'] as object, { dModel: 1024, dFf: 65_536, decoderLayers: 3 });
    });
    await truncate(inModel('model.safetensors'), 2 ** 30);
    let copied = 0;
    const sentence = await refusal({ report: (done) => (copied = done) });
    expect(sentence).toMatch(/^<folder>\/model\.safetensors: \d{10} bytes belong to no tensor\.$/);
    expect(copied).toBe(0);
  });

  it.each(['../de', '..', 'de/../..', 'de\\..', 'C:', 'de\u0000', '', '__proto__'])(
    'where a language is called %j',
    async (to) => {
      await editConfig((config) => Object.assign(config, { to }));
      expect(await refusal()).toMatch(/^<folder>\/config\.json: “to” must be /);
    },
  );

  it('where the trial fails, by the name that the person knows', async () => {
    await truncate(inModel('model.safetensors'), 100);
    expect(await refusal()).toMatch(/^<folder>\/model\.safetensors is no safetensors file/);
    await writeModel(folder, tinyModel(), 'F16');
    const failing = { tryOut: (copy: string) => Promise.reject(new Error(`${copy} is odd`)) };
    expect(await refusal(failing)).toBe('The model in <folder> cannot be used: <folder> is odd.');
  });

  it('where it changes meanwhile', async () => {
    const shrinks = { report: () => truncateSync(inModel('model.safetensors')) };
    expect(await refusal(shrinks)).toBe(
      '<folder>/model.safetensors was changed while it was copied. Import the model again.',
    );
  });

  it('where it cannot be written', async () => {
    await writeFile(modelsFolder, 'a file in the way');
    const error = await importing().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toMatch(/^The model in .* cannot be copied to .*: EEXIST/);
  });
});

describe('a killed import', () => {
  let importer: Awaited<ReturnType<typeof buildBundle>>;
  beforeAll(async () => {
    importer = await buildBundle('engine', './test/unit/storage/fixtures/importer.ts');
    return () => importer.remove();
  }, 60_000);

  it('leaves the old model or the new one, 15 times', async () => {
    const other = `${folder} too`;
    await cp(folder, other, { recursive: true });
    await writeModel(other, tinyModel(2), 'F16');
    const known = [await readModel(folder), await readModel(other)].map(({ weights }) => weights);
    await mkdir(modelsFolder);
    for (let round = 0; round < 15; round++) {
      const child = spawn(process.execPath, [importer.modulePath, folder, other, modelsFolder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      // At another moment each time: an import takes 10 to 300 ms, as fast as the disk is.
      await new Promise((resolve) => setTimeout(resolve, round * 20));
      child.kill('SIGKILL');
      await once(child, 'exit');
      const names = (await readdir(modelsFolder)).filter((name) => !name.startsWith('.'));
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) {
        const { weights } = await readModel(path.join(modelsFolder, name));
        expect(known).toContainEqual(weights);
      }
    }
  });
});
