// `node test/bench/corpus.mjs`: what it takes to read a corpus, learn a vocabulary from it, encode and feed it. Prints
// minutes, seconds of processor time, pairs a second and the largest memory of each corpus process (Linux), how many merges
// were learned, and how much of the batches is no padding. Without --corpus it makes one up:
// Zipfian words, 25 a sentence in the mean, a million types a language at most (how many there are is printed);
// --pairs 4500000 is the size of WMT 2014.
import { fork } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { makeCorpus } from './madeCorpus.mjs';

const { values: options } = parseArgs({
  options: {
    /** Pairs to make up. */
    pairs: { type: 'string', default: '500000' },
    /** Instead: a corpus as `polyhead train` takes it; may be repeated. */
    corpus: { type: 'string', multiple: true, default: [] },
    from: { type: 'string', default: 'en' },
    to: { type: 'string', default: 'de' },
    vocabulary: { type: 'string', default: '37000' },
    /** Learns the vocabulary from so many made-up pairs rather than from all: learning is another benchmark's. */
    'vocabulary-pairs': { type: 'string' },
    /** Ends after this job: gather, learn or encode. */
    until: { type: 'string' },
    /** Padded positions of a batch on either side. */
    tokens: { type: 'string', multiple: true, default: ['2500', '25000'] },
    /** For what is made; removed at the end. */
    folder: { type: 'string', default: path.join(tmpdir(), `polyhead-bench-${process.pid}`) },
    /** The corpus process's bundle. */
    process: { type: 'string', default: path.resolve(import.meta.dirname, '../../dist/corpus.js') },
  },
});

const split = { heldOut: 1000, seed: 1 };

function round(value) {
  return Number(value.toFixed(3));
}

/** The most memory that a process has had so far, MiB; undefined where the system does not tell. */
function peakMemory(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
  } catch {
    return undefined;
  }
}

/** Seconds that a process has computed so far; undefined where the system does not tell. */
function computed(pid) {
  try {
    // After the name in parentheses; user and system time in hundredths of a second.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return undefined;
  }
}

/** Starts a corpus process, sends it a message, and hands its messages on until `done` says so. */
async function ask(message, onMessage) {
  const child = fork(options.process, [], { serialization: 'advanced' });
  const begun = performance.now();
  let peak;
  let cpuSeconds;
  const look = () => {
    peak = peakMemory(child.pid) ?? peak;
    cpuSeconds = computed(child.pid) ?? cpuSeconds;
  };
  const timer = setInterval(look, 200);
  try {
    return await new Promise((resolve, reject) => {
      child.once('exit', (code, signal) =>
        reject(new Error(`The corpus process has ended: ${code ?? signal}.`)),
      );
      child.on('message', (answer) => {
        if (answer.kind === 'failed') reject(new Error(answer.message));
        const result = onMessage(answer, child);
        if (result === undefined) return;
        look();
        const seconds = (performance.now() - begun) / 1000;
        resolve({ result, seconds: round(seconds), cpuSeconds, peakMebibytes: peak && Math.round(peak) });
      });
      child.send(message);
    });
  } finally {
    clearInterval(timer);
    child.removeAllListeners('exit');
    child.kill('SIGKILL');
  }
}

async function job(name, parameters, pairsOf) {
  const { result, ...cost } = await ask({ kind: 'job', job: name, parameters }, (answer) =>
    answer.kind === 'reply' ? answer.value : undefined,
  );
  const minutes = round(cost.seconds / 60);
  print({ [name]: { minutes, ...cost, pairsPerSecond: Math.round(pairsOf(result) / cost.seconds) } });
  return result;
}

/** One epoch of batches: how much of each side's positions is no padding. */
async function feed(folder, header, tokens) {
  const sums = { batches: 0, source: [0, 0], target: [0, 0] };
  const parameters = {
    folder,
    header,
    weights: [],
    tokens,
    seed: 1,
    framing: { padding: 0, start: 1, end: 2 },
    epoch: 0,
    batch: 0,
    ahead: 4,
  };
  const { result, ...cost } = await ask({ kind: 'feed', parameters }, (answer, child) => {
    if (answer.kind !== 'batch') return undefined;
    const { epoch, batch } = answer.fed;
    if (epoch > 0) return sums;
    sums.batches++;
    // The end of a sentence is a token on either side.
    sums.target[0] += batch.labels.length;
    sums.target[1] += batch.size * batch.targetLength;
    sums.source[0] += batch.sourceIds.reduce((count, id) => count + (id === 0 ? 0 : 1), 0);
    sums.source[1] += batch.size * batch.sourceLength;
    child.send({ kind: 'taken' });
    return undefined;
  });
  const filled = ([full, all]) => round(full / all);
  const both = [result.source[0] + result.target[0], result.source[1] + result.target[1]];
  print({
    feed: {
      tokens,
      ...cost,
      pairsPerSecond: Math.round(header.training.pairs / cost.seconds),
      batches: result.batches,
      filled: { source: filled(result.source), target: filled(result.target), both: filled(both) },
    },
  });
}

function print(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Reads corpora into a folder. */
async function gather(folder, corpora) {
  const { from, to } = options;
  mkdirSync(folder, { recursive: true });
  const parameters = { folder, corpora, validation: [], languages: { from, to }, filter: {} };
  const { counts } = await job('gather', parameters, (reply) => sum(reply.counts.pairs));
  return counts;
}

/** Learns a vocabulary from what a folder holds, and tells how many merges it has. */
async function learn(folder, counts) {
  const size = Number(options.vocabulary);
  const vocabulary = await job('learn', { folder, counts, ...split, size }, () => sum(counts.pairs));
  const { model } = JSON.parse(vocabulary);
  print({ vocabulary: { tokens: Object.keys(model.vocab).length, merges: model.merges.length } });
  return vocabulary;
}

/** Encodes the corpus, and feeds an epoch of it for each size of batches. */
async function encodeAndFeed(counts, vocabulary) {
  const parameters = { folder, counts, ...split, vocabulary, longest: 200 };
  const header = await job('encode', parameters, () => sum(counts.pairs));
  if (options.until === 'encode') return;
  for (const tokens of options.tokens) await feed(folder, header, Number(tokens));
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

const { folder } = options;
mkdirSync(folder, { recursive: true });
try {
  let vocabulary;
  if (options['vocabulary-pairs'] !== undefined) {
    const few = path.join(folder, 'few.en-de.tsv');
    print({ made: makeCorpus(few, Number(options['vocabulary-pairs'])) });
    vocabulary = await learn(path.join(folder, 'few'), await gather(path.join(folder, 'few'), [few]));
  }
  let corpora = options.corpus;
  if (corpora.length === 0) {
    corpora = [path.join(folder, 'made.en-de.tsv')];
    print({ made: makeCorpus(corpora[0], Number(options.pairs)) });
  }
  const counts = await gather(folder, corpora);
  if (options.until !== 'gather') {
    vocabulary ??= await learn(folder, counts);
    if (options.until !== 'learn') await encodeAndFeed(counts, vocabulary);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
