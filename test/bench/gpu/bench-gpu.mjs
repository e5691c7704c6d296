// `node bench-gpu.mjs [--seconds N] [--json FILE]`: how fast this machine's graphics card computes Polyhead's
// Transformer, as JSON. Needs Node 20 and a driver of Vulkan, and no network. Each part runs in a process of its own, with
// a share of the time: where a driver crashes, hangs or runs out of memory, the other parts go on.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, release, tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ratiosOf } from './ratios.mjs';
import { sizes } from './sizes.mjs';

const here = import.meta.dirname;
const inPack = (...parts) => path.join(here, ...parts);
/** Of a part's time, how much it is told to use: it must end by itself before it is ended. */
const ownShare = 0.85;
/** The end of what a crashed process has said. */
const lastLines = 6;

const usage = `node bench-gpu.mjs [--seconds N] [--json FILE] [--sizes usual|tiny] [--only PART,PART] [--pytorch-device cuda|cpu]

Prints the report as JSON on stdout, what it is at on stderr. Parts: gemm, training, precision, profile, decoding, pytorch.
  --seconds N   for all of it together (default: 460)
  --json FILE   writes the report there too, anew after each part
  --sizes tiny  a trial of the bench itself, for software drivers: its figures say nothing`;

const say = (line) => process.stderr.write(`${line}\n`);

function options() {
  try {
    const { values } = parseArgs({
      options: {
        seconds: { type: 'string', default: '460' },
        json: { type: 'string' },
        sizes: { type: 'string', default: 'usual' },
        only: { type: 'string' },
        'pytorch-device': { type: 'string', default: 'cuda' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      say(usage);
      process.exit(0);
    }
    const only = values.only?.split(',') ?? parts;
    const wrong = only.find((name) => !parts.includes(name));
    if (wrong !== undefined) throw new Error(`There is no part “${wrong}”.`);
    if (!(Number(values.seconds) > 0)) throw new Error('--seconds must be a number above 0.');
    if (!(values.sizes in sizes)) throw new Error(`There are no sizes “${values.sizes}”.`);
    return { ...values, seconds: Number(values.seconds), only };
  } catch (error) {
    say(`${error.message}\n\n${usage}`);
    return process.exit(2);
  }
}

const parts = ['gemm', 'training', 'precision', 'profile', 'decoding', 'pytorch'];

/**
 * Runs a program until it ends or its time is over, and gathers its lines of JSON by their keys.
 *
 * @returns {Promise<{ status: 'done' | 'cut' | 'failed', lines: Map<string, object>, stderr: string, seconds: number, reason?: string }>}
 */
function gather(command, args, { seconds, env, cwd }) {
  return new Promise((resolve) => {
    const begun = performance.now();
    const child = spawn(command, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const lines = new Map();
    let [rest, stderr, isOver] = ['', '', false];
    child.stdout.setEncoding('utf8').on('data', (text) => {
      const all = (rest + text).split('\n');
      rest = all.pop();
      for (const line of all) {
        try {
          const { key, ...value } = JSON.parse(line);
          if (key !== undefined) lines.set(key, value);
        } catch {
          // What a library prints is no result.
        }
      }
    });
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr = (stderr + text).slice(-1_000_000)));
    const timer = setTimeout(() => {
      isOver = true;
      child.kill('SIGKILL');
    }, 1000 * seconds);
    const end = (code, signal) => {
      clearTimeout(timer);
      const taken = Math.round((performance.now() - begun) / 100) / 10;
      const error = lines.get('error');
      const tail = stderr.trim().split('\n').slice(-lastLines).join('\n');
      const common = { lines, stderr, seconds: taken };
      if (isOver) {
        const reason = `It had not ended after ${Math.round(seconds)} seconds.`;
        resolve({ ...common, status: 'cut', reason });
      } else if (error) resolve({ ...common, status: 'failed', ...error });
      else if (code !== 0) {
        const how = signal === null ? `with code ${code}` : `by ${signal}`;
        resolve({ ...common, status: 'failed', reason: `The process ended ${how}. ${tail}` });
      } else resolve({ ...common, status: lines.get('end')?.complete === false ? 'cut' : 'done' });
    };
    child.on('error', (error) => {
      lines.set('error', { reason: error.message });
      end(1, null);
    });
    child.on('close', end);
  });
}

/** Ours: a part of the bundle. */
function runPart(name, task, { seconds, env, folder }) {
  const json = JSON.stringify({ ...task, seconds: ownShare * seconds });
  return gather(process.execPath, [inPack('part.js'), name, json], { seconds, env, cwd: folder });
}

/** Drivers where a loader does not look by itself: as containers with NVIDIA's card have them. */
const driverPlaces = ['/usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json'];

/**
 * Finds a device, first with what the machine has: its own loader of Vulkan, else ours; its own drivers, else those in
 * odd places.
 */
async function findDevice(folder) {
  const isChosen = 'VK_DRIVER_FILES' in process.env || 'VK_ICD_FILENAMES' in process.env;
  const withOurs = {
    LD_LIBRARY_PATH: [inPack('lib'), process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':'),
  };
  const ways = [{}, withOurs];
  if (!isChosen) {
    const drivers = [...driverPlaces.filter(existsSync), ...madeDriver(folder)];
    for (const VK_DRIVER_FILES of drivers) ways.push({ VK_DRIVER_FILES }, { ...withOurs, VK_DRIVER_FILES });
  }
  const tried = [];
  for (const way of ways) {
    const env = { ...process.env, ...way };
    const { status, lines, reason, stderr } = await runPart('adapter', {}, { seconds: 90, env, folder });
    const found = lines.get('adapter');
    const loader = 'LD_LIBRARY_PATH' in way ? 'packed' : 'the machine’s';
    const drivers = env['VK_DRIVER_FILES'] ?? env['VK_ICD_FILENAMES'] ?? null;
    if (status === 'done' && found?.found) {
      return { env, adapter: { ...found, loader, drivers, ...cardsInLog(stderr) } };
    }
    tried.push({ loader, drivers, reason });
  }
  return { env: process.env, adapter: { found: false, tried } };
}

/** NVIDIA's driver without the file that names it to the loader: it is written where the bench may write. */
function madeDriver(folder) {
  const known = spawnSync('ldconfig', ['-p'], { encoding: 'utf8' }).stdout ?? '';
  if (!known.includes('libGLX_nvidia.so.0')) return [];
  const file = path.join(folder, 'nvidia_icd.json');
  const ICD = { library_path: 'libGLX_nvidia.so.0', api_version: '1.3.0' };
  writeFileSync(file, JSON.stringify({ file_format_version: '1.0.0', ICD }));
  return [file];
}

/** The hardware that onnxruntime's log lists: type 1 is a graphics card. Dawn's own choice is not in it. */
function cardsInLog(log) {
  const cards = [
    ...log.matchAll(/OrtHardwareDevice \{vendor_id:(\w+), device_id:(\w+), vendor:([^,]*), type:1/g),
  ];
  return {
    cardsInLog: cards.map(([, vendorId, deviceId, vendor]) => ({
      vendor: vendor || null,
      vendorId,
      deviceId,
    })),
  };
}

/** What NVIDIA's own tool says, where it is. */
function nvidiaCards() {
  const fields = ['name', 'driver_version', 'memory.total', 'clocks.max.sm', 'power.limit'];
  const { status, stdout } = spawnSync(
    'nvidia-smi',
    [`--query-gpu=${fields.join(',')}`, '--format=csv,noheader'],
    { encoding: 'utf8', timeout: 30_000 },
  );
  if (status !== 0) return null;
  const cards = stdout.trim().split('\n');
  return cards.map((line) =>
    Object.fromEntries(line.split(', ').map((value, index) => [fields[index], value])),
  );
}

/** The first Python that has PyTorch and sees its device. */
function findPyTorch(device) {
  const { PYTHON } = process.env;
  const reasons = [];
  for (const python of PYTHON ? [PYTHON] : ['python3', '/usr/bin/python3', 'python']) {
    const { status, stdout, error } = spawnSync(
      python,
      [inPack('pytorch', 'pytorchBench.py'), 'find', '--device', device],
      { encoding: 'utf8', timeout: 120_000, env: pythonEnvironment() },
    );
    if (status === 0) return { python, ...JSON.parse(stdout.trim().split('\n').at(-1)) };
    reasons.push(error ? `${python} is not there.` : `${python}: ${stdout.trim() || 'it has no PyTorch.'}`);
  }
  return { reason: reasons.join(' ') };
}

const pythonEnvironment = () => ({ ...process.env, PYTHONDONTWRITEBYTECODE: '1' });

/** A result of a part, for the report. */
function summary({ status, reason, seconds, outOfMemory, lines }, results) {
  return {
    status,
    ...(reason !== undefined && { reason }),
    ...(outOfMemory && { outOfMemory }),
    seconds,
    ...results(new Map([...lines].filter(([key]) => !['end', 'error', 'opened'].includes(key)))),
  };
}

const listed = (lines) => ({ results: [...lines.values()] });
const single = (name) => (lines) => ({ ...(lines.get(name) ?? lines.get('warmUp') ?? {}) });

/** All that is to be run, with the shares of the time. */
function tasksOf(
  { gemm, training, precision: curve, profile, decoding },
  { only, folder, torch, env, device },
) {
  const tasks = [];
  const add = (part, weight, what, run) => only.includes(part) && tasks.push({ part, weight, what, run });
  const ours = (name, task) => (seconds) =>
    runPart(name, { lengths: inPack('lengths.txt.gz'), folder, ...task }, { seconds, env, folder });
  const python =
    (...args) =>
    (seconds) =>
      gather(
        torch.python,
        [
          inPack('pytorch', 'pytorchBench.py'),
          ...args,
          '--device',
          device,
          '--seconds',
          String(ownShare * seconds),
        ],
        { seconds, env: pythonEnvironment(), cwd: folder },
      );
  const hasCard = env !== undefined;
  if (hasCard) {
    add('gemm', 8, 'matrix products', async (seconds, report) => {
      report.gemm = summary(await ours('gemm', { shapes: gemm })(seconds), listed);
    });
    for (const task of training) {
      const { preset, batchTokens, vocabularySize, precision = 'float32' } = task;
      add(
        'training',
        5,
        `training ${preset}, batches of ${batchTokens} tokens, ${precision}`,
        async (seconds, report) => {
          const result = await ours('training', task)(seconds);
          (report.training ??= []).push({
            preset,
            vocabularySize,
            batchTokens,
            precision,
            ...summary(result, single('training')),
          });
        },
      );
    }
    add('precision', 5, 'losses in mixed precision beside float32', async (seconds, report) => {
      report.precision = summary(await ours('precision', curve)(seconds), single('precision'));
    });
    add('profile', 8, `profile of ${profile.preset}`, async (seconds, report) => {
      const profiles = path.join(folder, 'profiles');
      mkdirSync(profiles, { recursive: true });
      const result = await ours('profile', { ...profile, folder: profiles })(seconds);
      const { preset, batchTokens } = profile;
      report.profile = { preset, batchTokens, ...summary(result, single('profile')) };
    });
    for (const task of decoding) {
      const { preset, vocabularySize, sourceLength, targetLength } = task;
      add('decoding', 8, `decoding ${preset}`, async (seconds, report) => {
        const result = await ours('decoding', task)(seconds);
        const about = { preset, vocabularySize, sourceLength, targetLength };
        (report.decoding ??= []).push({ ...about, ...summary(result, listed) });
      });
    }
  }
  if (torch?.python !== undefined) {
    add('pytorch', 5, 'PyTorch: matrix products', async (seconds, report) => {
      const result = await python('gemm', '--shapes', JSON.stringify(gemm))(seconds);
      report.pytorch.gemm = summary(result, listed);
    });
    for (const task of training.filter(({ precision }) => precision === undefined)) {
      const { preset, batchTokens } = task;
      add(
        'pytorch',
        3,
        `PyTorch: training ${preset}, batches of ${batchTokens} tokens`,
        async (seconds, report) => {
          const batchesFile = path.join(folder, 'batches.json');
          const written = await ours('batches', { ...task, batchesFile })(seconds);
          const left = seconds - written.seconds;
          const result = await python('training', '--batches', batchesFile)(left);
          (report.pytorch.training ??= []).push({ preset, batchTokens, ...summary(result, listed) });
        },
      );
    }
  }
  return tasks;
}

async function main() {
  const begun = performance.now();
  const taken = () => (performance.now() - begun) / 1000;
  const { seconds, json, sizes: sizesName, only, 'pytorch-device': device } = options();
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-gpu-'));
  const about = JSON.parse(readFileSync(inPack('about.json'), 'utf8'));
  const report = {
    schema: 1,
    date: new Date().toISOString(),
    ...about,
    sizes: sizesName,
    seconds: { budget: seconds },
    machine: {
      system: `${platform()} ${arch()} ${release()}`,
      node: process.version,
      processor: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryGibibytes: Math.round(totalmem() / 2 ** 30),
      nvidiaSmi: nvidiaCards(),
    },
  };
  const save = () => {
    report.seconds.taken = Math.round(taken());
    report.ratios = ratiosOf(report);
    if (json === undefined) return;
    const file = path.resolve(json);
    writeFileSync(`${file}.unfinished`, `${JSON.stringify(report, null, 2)}\n`);
    renameSync(`${file}.unfinished`, file);
  };
  try {
    say('Looking for a device …');
    const { env, adapter } = await findDevice(folder);
    report.adapter = adapter;
    if (!adapter.found) say('There is no device that WebGPU can use: see “adapter” in the report.');
    const torch = only.includes('pytorch') ? findPyTorch(device) : undefined;
    if (torch)
      report.pytorch = torch.python === undefined ? { found: false, ...torch } : { found: true, ...torch };
    save();
    const tasks = tasksOf(sizes[sizesName], {
      only,
      folder,
      torch,
      device,
      env: adapter.found ? env : undefined,
    });
    for (const [index, { weight, what, run }] of tasks.entries()) {
      const weights = tasks.slice(index).reduce((sum, task) => sum + task.weight, 0);
      const share = ((seconds - taken()) * weight) / weights;
      say(`${Math.round(taken())} s: ${what}, for ${Math.round(share)} s at most`);
      if (share < 1) {
        (report.leftOut ??= []).push(what);
        continue;
      }
      await run(share, report);
      save();
    }
    save();
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    if (!adapter.found) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
