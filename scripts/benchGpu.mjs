// `npm run bench:gpu -- --pack FILE`: an archive that measures a graphics card on a Linux machine (x64) with nothing but
// Node 20, without a network: the engine's part that is measured, onnxruntime's files, Vulkan's loader, the lengths of a
// real corpus, and the model in PyTorch. docs/benchmarks.md says how to run it.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { bindingManifest, commonManifest } from './package/manifests.mjs';
import { targets } from './package/targets.mjs';
import { ensureBuilt } from './setup/built.mjs';
import { Failure, enter, say } from './setup/failure.mjs';
import { ensureInstalled } from './setup/installed.mjs';
import { inRoot } from './setup/paths.mjs';
import { stopEverythingOnSignals } from './setup/processes.mjs';

const execute = promisify(execFile);
const top = 'polyhead-bench-gpu';
const target = 'linux-x64';
const loader = 'libvulkan.so.1';
const loaderFolders = ['/usr/lib/x86_64-linux-gnu', '/usr/lib64', '/usr/lib'];

const readme = `How fast a graphics card computes Polyhead's Transformer. Needs Linux on x64, Node 20 or later and the card's
driver of Vulkan; no network.

    node bench-gpu.mjs --json results.json

takes eight minutes at most and writes a report, which is printed too. --seconds N, --only gemm,training and more:
node bench-gpu.mjs --help. VK_DRIVER_FILES names the driver's file where Vulkan's loader does not find it. Where python3
(or what PYTHON names) has PyTorch with CUDA, its figures on the same shapes stand beside ours.
`;

/** Files of the bench, by their place in the archive. @type {Readonly<Record<string, string>>} */
const files = {
  'part.js': 'out/gpuBench.js',
  'bench-gpu.mjs': 'test/bench/gpu/bench-gpu.mjs',
  'ratios.mjs': 'test/bench/gpu/ratios.mjs',
  'sizes.mjs': 'test/bench/gpu/sizes.mjs',
  'lengths.txt.gz': 'test/fixtures/lengths/software-docs.txt.gz',
  'pytorch/pytorchBench.py': 'test/bench/gpu/pytorchBench.py',
  ...Object.fromEntries(
    ['twin.py', 'twinBatches.py', 'twinRun.py', 'twinTrain.py'].map((name) => [
      `pytorch/${name}`,
      `test/bench/${name}`,
    ]),
  ),
  LICENSE: 'LICENSE',
};

/** @param {string} folder where the archive's contents are put */
async function gather(folder) {
  const into = (/** @type {string} */ name) => path.join(folder, name);
  const copy = async (/** @type {string} */ from, /** @type {string} */ name) => {
    await mkdir(path.dirname(into(name)), { recursive: true });
    await cp(from, into(name), { recursive: true });
  };
  for (const [name, source] of Object.entries(files)) await copy(inRoot(source), name);
  await writeFile(into('README.txt'), readme);
  const { version } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  const onnxruntime = JSON.parse(readFileSync(inRoot('node_modules/onnxruntime-node/package.json'), 'utf8'));
  const about = { polyhead: version, commit: await commit(), onnxruntime: onnxruntime.version };
  await writeFile(into('about.json'), `${JSON.stringify(about, null, 2)}\n`);

  const { folder: native, native: libraries } = /** @type {import('./package/targets.mjs').Target} */ (
    targets[target]
  );
  const binaries = path.posix.join('node_modules/onnxruntime-node/bin/napi-v6', native);
  for (const name of libraries) await copy(inRoot(binaries, name), `${binaries}/${name}`);
  for (const scripts of ['node_modules/onnxruntime-node/dist', 'node_modules/onnxruntime-common/dist/cjs']) {
    for (const name of await readdir(inRoot(scripts))) {
      if (/(\.js|^package\.json)$/.test(name)) await copy(inRoot(scripts, name), `${scripts}/${name}`);
    }
  }
  await writeFile(into('node_modules/onnxruntime-node/package.json'), bindingManifest());
  await writeFile(into('node_modules/onnxruntime-common/package.json'), commonManifest());
  await copy(
    inRoot('scripts/package/licences', `onnxruntime-${onnxruntime.version}`),
    'licences/onnxruntime',
  );
  await packLoader(copy);
}

/** Which sources these are, where git knows; with a plus where they have changed since. */
async function commit() {
  const git = async (/** @type {string[]} */ ...args) =>
    (await execute('git', args, { cwd: inRoot() })).stdout.trim();
  try {
    const changes = await git('status', '--porcelain', '--untracked-files=no');
    return `${await git('rev-parse', '--short=12', 'HEAD')}${changes === '' ? '' : '+'}`;
  } catch {
    return null;
  }
}

/**
 * Vulkan's loader, of this machine or of Debian's package.
 *
 * @param {(from: string, name: string) => Promise<void>} copy
 */
async function packLoader(copy) {
  const installed = loaderFolders.map((folder) => path.join(folder, loader)).find((file) => existsSync(file));
  if (installed !== undefined && process.arch === 'x64') {
    await copy(await realpath(installed), `lib/${loader}`);
    await copyLicence('/usr/share/doc/libvulkan1/copyright', copy);
    return;
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'libvulkan-'));
  try {
    await execute('apt-get', ['download', 'libvulkan1:amd64'], { cwd: folder });
    const [package_ = ''] = await readdir(folder);
    await execute('dpkg-deb', ['--extract', package_, 'files'], { cwd: folder });
    const inside = path.join(folder, 'files');
    await copy(await realpath(path.join(inside, '/usr/lib/x86_64-linux-gnu', loader)), `lib/${loader}`);
    await copyLicence(path.join(inside, '/usr/share/doc/libvulkan1/copyright'), copy);
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    throw new Failure(
      `Vulkan's loader is not on this machine and cannot be downloaded (${message.trim()}): install libvulkan1 for x64.`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {string} file @param {(from: string, name: string) => Promise<void>} copy */
async function copyLicence(file, copy) {
  if (existsSync(file)) await copy(file, 'licences/libvulkan1/copyright');
}

await enter(async () => {
  const { values } = parseArgs({ options: { pack: { type: 'string' } } });
  if (values.pack === undefined)
    throw new Failure(
      'Where is the archive to go? npm run bench:gpu -- --pack bench-gpu.tar.gz; it is run on the machine with the card.',
      2,
    );
  stopEverythingOnSignals({ announce: () => say('\nStopping …') });
  await ensureInstalled();
  await ensureBuilt();
  // What a person names begins where the person is.
  const output = path.resolve(process.env['INIT_CWD'] ?? process.cwd(), values.pack);
  const folder = await mkdtemp(path.join(path.dirname(output), '.unfinished-bench-gpu-'));
  try {
    await gather(path.join(folder, top));
    const archive = path.join(folder, 'archive.tar.gz');
    const options = ['--owner=0', '--group=0', '--sort=name', '-I', 'gzip -9'];
    await execute('tar', [...options, '-cf', archive, '-C', folder, top]);
    await rename(archive, output);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const { size } = await stat(output);
  say(`On the machine with the card: tar -xzf ${path.basename(output)}, and node ${top}/bench-gpu.mjs`);
  process.stdout.write(`${JSON.stringify({ pack: { file: output, bytes: size } })}\n`);
  return 0;
});
