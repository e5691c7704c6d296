// What is in the package for each platform: files, sizes, licences, and whether a machine of that kind could load it.
// All five are laid out here; the one for this machine is packed and installed in installed.test.ts.
import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildBundles,
  namesSourceMap,
  packageOf,
  withoutSourceMaps,
} from '../../scripts/package/bundles.mjs';
import { allowed } from '../../scripts/package/contents.mjs';
import { readNativeImports } from '../../scripts/package/nativeImports.mjs';
import { heading, thirdPartyNotices } from '../../scripts/package/notices.mjs';
import { packageReadme, pageOf, picturesOf } from '../../scripts/package/readme.mjs';
import {
  faultsOf,
  isWeights,
  loadingFaults,
  packageLimit,
  sizeOf,
  stagePackage,
  weightsLimit,
} from '../../scripts/package/stage.mjs';
import { targets } from '../../scripts/package/targets.mjs';
import { inRoot } from '../../scripts/setup/paths.mjs';

const binaries = inRoot('node_modules', 'onnxruntime-node', 'bin', 'napi-v6');

/** @type {import('../../scripts/package/bundles.mjs').Bundles} */
let bundles;
/** @type {Map<string, import('../../scripts/package/stage.mjs').Stage>} */
const stages = new Map();
/** @param {string} target */
const stageOf = (target) =>
  /** @type {import('../../scripts/package/stage.mjs').Stage} */ (stages.get(target));

const scratch = mkdtempSync(path.join(tmpdir(), 'polyhead-package-'));

beforeAll(async () => {
  bundles = await buildBundles();
  for (const target of Object.keys(targets)) stages.set(target, stagePackage(target, bundles));
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe.each(Object.entries(targets))('the package for %s', (target, { folder, native, leftOut }) => {
  it('holds its own native files and those of no other platform', () => {
    const bin = 'node_modules/onnxruntime-node/bin/';
    const found = [...stageOf(target).files.keys()].filter((file) => file.startsWith(bin));
    expect(found.sort()).toEqual(native.map((file) => `${bin}napi-v6/${folder}/${file}`).sort());
  });

  it('holds what an extension needs, and nothing outside the list of what may be packed', () => {
    const files = [...stageOf(target).files.keys()];
    expect(files).toEqual(
      expect.arrayContaining([
        ...['package.json', 'package.nls.json', 'README.md', 'CHANGELOG.md', 'LICENSE', 'images/icon.png'],
        ...['THIRD-PARTY-NOTICES.txt', 'dist/extension.js', 'dist/reading.js', 'dist/onig.wasm'],
        ...['dist/engine.js', 'dist/corpus.js', 'dist/deviceProbe.js'],
        ...['dist/webview/attention.js', 'dist/webview/attention.css'],
        ...['model.safetensors', 'config.json', 'tokenizer.json', 'README.md', 'LICENSE', 'NOTICE'].map(
          (file) => `models/pretrained/en-de/${file}`,
        ),
        'node_modules/onnxruntime-common/dist/cjs/package.json',
        'node_modules/onnxruntime-common/dist/cjs/index.js',
        'node_modules/onnxruntime-node/dist/binding.js',
      ]),
    );
    expect(files.filter((file) => !allowed.some((pattern) => pattern.test(file)))).toEqual([]);
    expect(
      files.filter((file) => /\.(ts|map|mjs|py|tsbuildinfo)$|^(extension|scripts|test)\//.test(file)),
    ).toEqual([]);
  });

  it('stays within its limits', () => {
    const { files } = stageOf(target);
    expect(sizeOf(files)).toBeLessThanOrEqual(packageLimit);
    expect(sizeOf(files, isWeights)).toBeLessThanOrEqual(weightsLimit);
    expect(sizeOf(files, isWeights)).toBeGreaterThan(0);
  });

  it('has every library that its binding asks the loader for, and no other', () => {
    const { folder: place, files } = stageOf(target);
    const inBin = [...files.keys()].filter((file) => file.includes('/bin/'));
    expect(loadingFaults(target, place, inBin)).toEqual([]);
    for (const { name } of leftOut)
      expect(inBin.filter((file) => name.test(path.basename(file)))).toEqual([]);
  });
});

describe('the loader’s questions, read from the binaries', () => {
  it.each([
    ['linux/x64/onnxruntime_binding.node', 'libonnxruntime.so.1', '$ORIGIN/'],
    ['linux/arm64/onnxruntime_binding.node', 'libonnxruntime.so.1', '$ORIGIN/'],
    ['darwin/arm64/onnxruntime_binding.node', '@rpath/libonnxruntime.1.dylib', '@loader_path'],
    ['win32/x64/onnxruntime_binding.node', 'onnxruntime.dll', undefined],
    ['win32/arm64/onnxruntime_binding.node', 'onnxruntime.dll', undefined],
  ])('%s asks for %s', (file, library, searchPath) => {
    const { needed, searchPaths } = readNativeImports(path.join(binaries, file));
    expect(needed).toContain(library);
    expect(searchPaths).toEqual(searchPath === undefined ? [] : [searchPath]);
  });

  it('the Mac’s library is known by the name that is packed, and its second copy is byte for byte the same', () => {
    const folder = path.join(binaries, 'darwin', 'arm64');
    const packed = path.join(folder, 'libonnxruntime.1.dylib');
    expect(readNativeImports(packed).ownName).toBe('@rpath/libonnxruntime.1.dylib');
    const copies = readdirSync(folder).filter((file) => /^libonnxruntime\.1\..+\.dylib$/.test(file));
    const second = /** @type {string} */ (copies.find((file) => file !== path.basename(packed)));
    expect(readFileSync(path.join(folder, second)).equals(readFileSync(packed))).toBe(true);
  });

  it.each(['x64', 'arm64'])(
    'onnxruntime.dll for Windows %s asks for DirectML.dll only when it is used',
    (arch) => {
      const { needed, delayed } = readNativeImports(path.join(binaries, 'win32', arch, 'onnxruntime.dll'));
      expect(delayed).toContain('DirectML.dll');
      expect(needed.filter((name) => /directml|dxcompiler|dxil|d3d/i.test(name))).toEqual([]);
    },
  );

  it('says which file is none that it can read', () => {
    const file = path.join(scratch, 'no-library.node');
    writeFileSync(file, 'text '.repeat(100));
    expect(() => readNativeImports(file)).toThrow(`${file} is no native library of 64 bits`);
  });
});

describe('a package that would not work is not made', () => {
  const copied = ['onnxruntime_binding.node', 'libonnxruntime.1.dylib', 'libonnxruntime.1.30.0.dylib'];
  beforeAll(() => {
    for (const file of copied)
      copyFileSync(path.join(binaries, 'darwin', 'arm64', file), path.join(scratch, file));
  });

  it.each([
    [
      [0],
      "onnxruntime_binding.node needs @rpath/libonnxruntime.1.dylib, which is neither packed nor the machine's.",
    ],
    [
      [0, 2],
      "onnxruntime_binding.node needs @rpath/libonnxruntime.1.dylib, which is neither packed nor the machine's.",
    ],
    [[0, 1, 2], 'libonnxruntime.1.30.0.dylib is packed, and nothing loads it.'],
    [[1], 'There is no native binding for darwin-arm64.'],
  ])('with the native files %j', (which, fault) => {
    const native = which.map((index) => /** @type {string} */ (copied[index]));
    expect(loadingFaults('darwin-arm64', scratch, native)).toContain(fault);
  });

  it('with a file that nobody has allowed, or too much in it', () => {
    const stage = stageOf('linux-x64');
    const file = 'models/pretrained/en-de/model.safetensors';
    const large = /** @type {[string, number][]} */ ([
      ['src/a.ts', 1],
      ['dist/extension.js', 2e5],
      [file, 1.1e8],
    ]);
    const faults = faultsOf({ ...stage, files: new Map([...stage.files, ...large]) });
    expect(faults).toEqual([
      'src/a.ts is not among what may be packed.',
      expect.stringMatching(/^It would be \d+ bytes; 100000000 are allowed\.$/),
      expect.stringMatching(/^Its weights are \d+ bytes; 48000000 are allowed\.$/),
      `${file} is 110000000 bytes; 12000000 are allowed: export it with --weights int8.`,
      expect.stringMatching(
        /^dist\/extension\.js is 200000 bytes, 125000 are allowed: VS Code reads it at its start\./,
      ),
    ]);
  });
});

describe('a program of the package', () => {
  it('names no source map, not even one of a package that is bundled', () => {
    expect(withoutSourceMaps('a;\n//# sourceMappingURL=a.js.map\n b = "//# sourceMappingURL=c";\n')).toBe(
      'a;\n\n b = "//# sourceMappingURL=c";\n',
    );
    expect(namesSourceMap('a;\n//# sourceMappingURL=a.js.map\n')).toBe(true);
    expect(namesSourceMap('const tools = /noqa|sourceMappingURL=/;\n')).toBe(false);
  });
});

describe('THIRD-PARTY-NOTICES.txt', () => {
  it('has the licence of every package in the bundles', () => {
    const notices = readFileSync(path.join(stageOf('linux-x64').folder, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    const names = bundles.packages.map((folder) => folder.replace(/^.*node_modules[\\/]/, ''));
    expect(names).toEqual(expect.arrayContaining(['vscode-jsonrpc', 'webpack']));
    for (const folder of bundles.packages) {
      expect(notices).toContain(`\n${heading(folder)}\n`);
      const section = notices.slice(notices.indexOf(`\n${heading(folder)}\n`)).split('\n======')[0];
      expect(section, folder).toMatch(/permission|licensed|redistribution/i);
      for (const file of readdirSync(folder).filter((name) => /^licen[cs]e/i.test(name)))
        expect(section).toContain(readFileSync(path.join(folder, file), 'utf8').trim());
    }
    expect(notices).toMatch(/^onnxruntime-node \S+ \(MIT\) and onnxruntime-common \S+ \(MIT\)$/m);
    expect(notices).toContain('THIRD PARTY SOFTWARE NOTICES AND INFORMATION');
  });

  it('is not written if a package has no licence text', () => {
    writeFileSync(
      path.join(scratch, 'package.json'),
      '{ "name": "bare", "version": "1.0.0", "license": "MIT" }',
    );
    expect(() => thirdPartyNotices([scratch])).toThrow('bare 1.0.0 (MIT) is bundled and has no licence text');
  });

  it('knows a package by the innermost folder of a module’s path', () => {
    const modules = path.join('a', 'node_modules');
    expect(packageOf(path.join(modules, 'b', 'lib', 'c.js'))).toBe(path.join(modules, 'b'));
    expect(packageOf(path.join(modules, '@b', 'c', 'd.js'))).toBe(path.join(modules, '@b', 'c'));
    expect(packageOf(path.join(modules, 'b', modules, 'e', 'f.js'))).toBe(
      path.join(modules, 'b', modules, 'e'),
    );
    expect(packageOf(path.join('extension', 'main.ts'))).toBeUndefined();
  });
});

describe('the page', () => {
  it('shows its pictures, and no link leads out of the package', () => {
    const { folder, files } = stageOf('linux-x64');
    const readme = readFileSync(path.join(folder, 'README.md'), 'utf8');
    expect(picturesOf(readme).filter((picture) => !files.has(picture))).toEqual([]);
    const links = [...readme.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => /** @type {string} */ (link));
    expect(links.filter((link) => !/^(https:|#)/.test(link) && !files.has(link))).toEqual([]);
  });

  it('is for people without the sources, and has the common problems', () => {
    const readme = readFileSync(path.join(stageOf('linux-x64').folder, 'README.md'), 'utf8');
    expect(readme).toContain('\n## What it does\n');
    expect(readme).toContain('\n## Limits\n');
    expect(readme).toContain('\n## Common problems\n');
    expect(readme).toContain('[common problems](#common-problems)');
    expect(readme).not.toMatch(/npm (start|test|run)|<!--/);
    expect(readme).toContain('\n## Train your own\n');
    const changelog = readFileSync(path.join(stageOf('linux-x64').folder, 'CHANGELOG.md'), 'utf8');
    expect(changelog).toContain('\n- Translate Selection');
    expect(changelog).not.toMatch(/npm (start|test|run)|`polyhead |<!--/);
  });

  it('leaves out what is marked, and makes one page of two', () => {
    const marked = (/** @type {string} */ text) =>
      `<!-- for developers -->\n\n## ${text}\n\n<!-- end -->\n\n`;
    expect(pageOf(`# A\n\n${marked('B')}## C\n\n${marked('D')}E\n`, '# F\n\nG\n')).toBe(
      '# A\n\n## C\n\nE\n\n## F\n\nG\n',
    );
  });

  it('keeps a link’s words where the link would lead nowhere', () => {
    const packed = new Set(['docs/images/a.png', 'LICENSE']);
    const page =
      '![p](docs/images/a.png) [x](https://x.org) [l](LICENSE) [g](docs/guide.md#a) [t](#top) [`c`](a/b.ts) ([m](docs/m.md)) ([w](https://w.org))\n([n](n.md)).';
    expect(packageReadme(page, packed)).toBe(
      '![p](docs/images/a.png) [x](https://x.org) [l](LICENSE) g [t](#top) `c` ([w](https://w.org)).',
    );
  });

  it('has a manifest for people, not for developers, and an icon that the Marketplace takes', () => {
    const { folder } = stageOf('linux-x64');
    const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    for (const field of ['scripts', 'devDependencies', 'private']) expect(manifest).not.toHaveProperty(field);
    expect(Object.keys(manifest.dependencies)).toEqual(['onnxruntime-node']);
    const icon = readFileSync(path.join(folder, manifest.icon));
    // A PNG's width and height stand in its first chunk.
    expect([icon.readUInt32BE(16), icon.readUInt32BE(20)]).toEqual([256, 256]);
  });
});

describe('npm run package', () => {
  it.each([
    [['--target', 'alpine-x64'], 'There is no target “alpine-x64”.'],
    [['--tarjet', 'all'], "Unknown option '--tarjet'"],
  ])('%j ends with a sentence', async (args, sentence) => {
    const program = promisify(execFile)(process.execPath, [inRoot('scripts', 'package.mjs'), ...args]);
    await expect(program).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining(sentence) });
  });
});
