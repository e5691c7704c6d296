// `npm run bench -- training`: our training step and PyTorch's, in turns, on the same batches of real sentences, with
// dropout on both sides; PyTorch both as one writes it (`naive`: every row is projected) and with padded rows dropped, as
// we do. Medians, target tokens a second, the ratio of ours to PyTorch's (above 1: ours is the faster), peak memory.
// `--profile` instead: where the time of our own step goes (trainingProfile.ts).
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { enter, Failure, say } from '../../scripts/setup/failure.mjs';
import { inRoot } from '../../scripts/setup/paths.mjs';
import { makeCorpus } from './madeCorpus.mjs';
import { findQuickPyTorch, howToInstall, pyTorchEnvironment } from './pytorch.mjs';

/** Sentences that the batches are made of. */
const wantedPairs = 60_000;
const madePairs = 20_000;
/** The first steps lay out memory. */
const warmUps = 2;
const leastRounds = 3;
/** Idle threads of the one before have stopped spinning by then. */
const pauseMs = 40;

/** What is compared: how it is started, and what it is called. */
function contenders(torch, run, threads) {
  const shared = ['--run', run, '--threads', String(threads)];
  const ours = {
    name: 'polyhead',
    command: process.execPath,
    args: [inRoot('out', 'trainingSteps.js'), ...shared],
    env: process.env,
  };
  if (!torch) return [ours];
  const theirs = (name, ...more) => ({
    name,
    command: torch.python,
    args: [inRoot('test', 'bench', 'twinBench.py'), ...shared, ...more],
    env: pyTorchEnvironment(threads),
  });
  return [ours, theirs('naive'), theirs('paddingDropped', '--drop-padding')];
}

/** A process that takes a step whenever it is asked to. */
class Trainee {
  constructor({ name, command, args, env }) {
    this.name = name;
    this.child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    this.steps = [];
  }

  async read() {
    const { value, done } = await this.lines.next();
    if (done) throw new Failure(`The training with ${this.name} has ended before its time.`);
    return JSON.parse(value);
  }

  async step(counts) {
    this.child.stdin.write('\n');
    const step = await this.read();
    this.peak = step.peak;
    if (counts) this.steps.push(step);
    await delay(pauseMs);
  }

  stop() {
    this.child.kill('SIGKILL');
  }
}

/** Lets all of them take the same steps in turns, another one first each time, for so many seconds. */
async function race(all, seconds) {
  const trainees = [];
  try {
    for (const one of all) {
      const trainee = new Trainee(one);
      trainees.push(trainee);
      await trainee.read();
    }
    const end = performance.now() + 1000 * seconds;
    for (let round = 0; ; round++) {
      const counts = round >= warmUps;
      if (round >= warmUps + leastRounds && performance.now() > end) break;
      const first = round % trainees.length;
      for (const trainee of [...trainees.slice(first), ...trainees.slice(0, first)])
        await trainee.step(counts);
    }
  } finally {
    for (const trainee of trainees) trainee.stop();
  }
  return compare(trainees);
}

function compare(trainees) {
  const [ours] = trainees;
  const result = { rounds: ours.steps.length, filled: round(mean(ours.steps.map(({ filled }) => filled))) };
  for (const { name, steps, peak } of trainees) {
    if (steps.some(({ tokens }, index) => tokens !== ours.steps[index].tokens))
      throw new Failure(`${name} has trained on other batches than we have.`);
    result[name] = {
      milliseconds: round(median(steps.map(({ milliseconds }) => milliseconds))),
      processorMilliseconds: round(median(steps.map(({ processor }) => processor))),
      tokensPerSecond: round(median(steps.map(({ tokens, milliseconds }) => (1000 * tokens) / milliseconds))),
      peakMebibytes: Math.round(peak),
    };
    // On the same batch, one after the other: what else the machine does hits both, and processor time hardly at all
    // (but for threads that wait for others while they spin).
    if (name === ours.name) continue;
    const ratioOf = (time) => round(median(steps.map((step, index) => step[time] / ours.steps[index][time])));
    Object.assign(result[name], { ratio: ratioOf('milliseconds'), processorRatio: ratioOf('processor') });
  }
  return result;
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const round = (value) => Number(value.toPrecision(3));

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Every n-th pair of real texts where they are; else made-up ones. @returns what it is */
function writePairs(file, data) {
  const sources = ['software', 'docs'].map((kind) => path.join(data, kind, 'en-de.train.tsv.gz'));
  if (!sources.every(existsSync)) {
    makeCorpus(file, madePairs);
    return `${madePairs} made-up pairs`;
  }
  const lines = sources.flatMap((source) =>
    gunzipSync(readFileSync(source)).toString('utf8').trimEnd().split('\n'),
  );
  const every = Math.max(1, Math.floor(lines.length / wantedPairs));
  const chosen = lines.filter((_, index) => index % every === 0);
  writeFileSync(file, `${chosen.join('\n')}\n`);
  return `${chosen.length} pairs of software and docs, en-de`;
}

/** A run of one step, with its corpus and a checkpoint to begin from. */
async function makeRun(folder, { data, preset, 'batch-tokens': tokens, 'vocabulary-size': size }) {
  const pairs = path.join(folder, 'bench.en-de.tsv');
  const corpus = writePairs(pairs, data);
  const run = path.join(folder, 'run');
  const args = [
    ...['train', '--corpus', pairs, '--output', run, '--preset', preset, '--vocabulary-size', size],
    ...[
      '--batch-tokens',
      tokens,
      '--dropout',
      '0.1',
      '--held-out',
      '20',
      '--translate-pairs',
      '0',
      '--steps',
      '1',
    ],
  ];
  await promisify(execFile)(process.execPath, [inRoot('dist', 'cli.js'), ...args], { maxBuffer: 1 << 26 });
  return { run, corpus };
}

function parse() {
  const { values } = parseArgs({
    options: {
      /** A run whose corpus and newest checkpoint are taken instead; nothing in it is changed. */
      run: { type: 'string' },
      /** Where software/ and docs/ are. */
      data: { type: 'string', default: inRoot('..', 'shared', 'data') },
      preset: { type: 'string', default: 'small' },
      'batch-tokens': { type: 'string', default: '2500' },
      'vocabulary-size': { type: 'string', default: '8000' },
      threads: { type: 'string', multiple: true, default: ['2', '1'] },
      /** For each number of threads. */
      seconds: { type: 'string', default: '50' },
      json: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
    },
  });
  return values;
}

function print(report) {
  const { torch, products, corpus, preset, batchTokens } = report;
  // Those of a run are the run's.
  const of = preset === undefined ? 'the batches of' : `${preset}, batches of ${batchTokens} tokens from`;
  say(`${of} ${corpus}; PyTorch ${torch ? `${torch}, ${products}` : 'is not there'}`);
  for (const [threads, result] of Object.entries(report.threads)) {
    say(
      `\n${threads} threads, ${result.rounds} steps each, ${round(100 * result.filled)} % of the positions no padding`,
    );
    const rows = Object.entries(result).filter(([, value]) => typeof value === 'object');
    for (const [name, one] of rows) {
      const speed = `${one.milliseconds} ms a step (${one.processorMilliseconds} of the processor)`;
      const numbers = `${speed}, ${one.tokensPerSecond} target tokens a second, ${one.peakMebibytes} MiB`;
      const compared = `; ours is ${one.ratio} times as fast (${one.processorRatio} by processor time)`;
      say(`${name.padEnd(16)}${numbers}${one.ratio === undefined ? '' : compared}`);
    }
  }
}

await enter(async () => {
  const options = parse();
  const torch = options.profile ? undefined : findQuickPyTorch();
  if (!torch && !options.profile) say(howToInstall);
  const folder = mkdtempSync(path.join(tmpdir(), 'polyhead-bench-'));
  try {
    const { run, corpus } = options.run
      ? { run: path.resolve(options.run), corpus: options.run }
      : await makeRun(folder, options);
    const { preset, 'batch-tokens': batchTokens } = options;
    const about = { corpus, ...(options.run ? {} : { preset, batchTokens: Number(batchTokens) }) };
    if (options.profile) {
      const [threads] = options.threads;
      const args = [
        inRoot('out', 'trainingProfile.js'),
        '--run',
        run,
        '--threads',
        threads,
        '--folder',
        folder,
      ];
      const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 26 });
      const { table, ...profile } = JSON.parse(stdout);
      say(table);
      process.stdout.write(
        `${JSON.stringify({ profile: { ...about, threads: Number(threads), ...profile } })}\n`,
      );
      return 0;
    }
    const threads = {};
    for (const count of options.threads)
      threads[count] = await race(contenders(torch, run, Number(count)), Number(options.seconds));
    const [first] = options.threads.map((count) => threads[count]);
    const report = {
      ratio: first.naive?.ratio ?? null,
      ratioPaddingDropped: first.paddingDropped?.ratio ?? null,
      torch: torch?.version ?? null,
      products: torch?.products ?? null,
      ...about,
      threads,
    };
    if (!options.json) print(report);
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
