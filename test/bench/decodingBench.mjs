// `npm run bench -- decoding`: translating on the processor. Milliseconds a token of sentences alone, greedily and with a
// beam of 4; words a second of a file, with one thread and two; and the engine as a process: its start, a sentence, its
// memory. Beside PyTorch, in turns, with the same numbers for weights and a cache of its own (twinDecode.py); what either
// says is compared. Ratios are PyTorch's time over ours: above 1 ours is the faster.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { enter, Failure, say } from '../../scripts/setup/failure.mjs';
import { inRoot } from '../../scripts/setup/paths.mjs';
import { benchColdStart, benchEngineLife } from './engineBench.mjs';
import { findQuickPyTorch, howToInstall, pyTorchEnvironment } from './pytorch.mjs';
import { median, round, spreadOf } from './spread.mjs';

/** Of the paper, §6.1; the other is greedy decoding. */
const beamSizes = [1, 4];
/** Parts of the file, which both sides translate in turns. */
const parts = 5;
/** Sentences that are decoded before time is taken. */
const warmUps = 3;
/** Idle threads of the other side have stopped spinning by then. */
const pauseMs = 30;
/**
 * Where PyTorch says something else than we do, it holds what we said for so much less likely at most, in nats: our
 * products are of 8-bit numbers, rounded twice, PyTorch's of float32. Another mistake shows in many nats.
 */
const largestMargin = 1;
const coldStarts = 9;

/** A process that does what it is asked, a line of JSON each. */
class Worker {
  constructor(command, args, env) {
    this.child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async read() {
    const { value, done } = await this.lines.next();
    if (done) throw new Failure('A process that decodes has ended before its time.');
    return JSON.parse(value);
  }

  async ask(order) {
    this.child.stdin.write(`${JSON.stringify(order)}\n`);
    const answer = await this.read();
    await delay(pauseMs);
    return answer;
  }

  stop() {
    this.child.kill('SIGKILL');
  }
}

async function startOurs(model, threads) {
  const args = [inRoot('out', 'decodingWorker.js'), '--model', model, '--threads', String(threads)];
  const worker = new Worker(process.execPath, args, process.env);
  await worker.read();
  return worker;
}

async function startTheirs(torch, folder, barred, threads) {
  const args = ['--model', folder, '--threads', String(threads), '--barred', barred.join(',')];
  const script = inRoot('test', 'bench', 'twinDecodeBench.py');
  const worker = new Worker(torch.python, [script, ...args], pyTorchEnvironment(threads));
  await worker.read();
  return worker;
}

/** What both sides took for the same, in turns, and how they compare. */
class Race {
  ours = [];
  theirs = [];

  add(ours, theirs) {
    this.ours.push(ours);
    if (theirs) this.theirs.push(theirs);
  }

  /** @param {(one: object, index: number) => number} of a figure of each round */
  compare(of) {
    return {
      polyhead: spreadOf(this.ours.map(of)),
      ...(this.theirs[0] && { pyTorch: spreadOf(this.theirs.map(of)) }),
    };
  }

  ratios() {
    if (this.theirs.length === 0) return {};
    const ratiosOf = (time) => this.ours.map((one, index) => this.theirs[index][time] / one[time]);
    return { ratio: spreadOf(ratiosOf('milliseconds')), processorRatio: spreadOf(ratiosOf('processor')) };
  }
}

/** Asks both, another one first each time. */
async function inTurns(index, ours, theirs) {
  if (!theirs) return [await ours(), undefined];
  if (index % 2 === 0) return [await ours(), await theirs()];
  const second = await theirs();
  return [await ours(), second];
}

/** Counts how often both say the same, and how far apart they are where they do not. */
class Agreement {
  compared = 0;
  same = 0;
  margins = [];

  constructor(judge) {
    this.judge = judge;
  }

  async look(sources, { targets, plain }, others, settings) {
    for (const [index, source] of sources.entries()) {
      if (!plain[index]) continue;
      this.compared++;
      const pair = [others[index], targets[index]];
      if (JSON.stringify(pair[0]) === JSON.stringify(pair[1])) this.same++;
      else this.margins.push((await this.judge({ do: 'judge', source, targets: pair, ...settings })).margin);
    }
  }

  result() {
    const largest = Math.max(0, ...this.margins);
    if (largest > largestMargin) {
      throw new Failure(
        `PyTorch finds something that we say less likely than its own choice by ${round(largest)} nats: the two do not compute the same.`,
      );
    }
    return { compared: this.compared, same: this.same, largestMargin: round(largest) };
  }
}

/** Sentences one at a time. */
async function benchAlone(ours, theirs, sources, settings) {
  const race = new Race();
  const agreement = new Agreement((order) => theirs.ask(order));
  for (const [index, source] of sources.entries()) {
    const order = { do: 'decode', batches: [[source]], ...settings };
    const [mine, other] = await inTurns(index, () => ours.ask(order), theirs && (() => theirs.ask(order)));
    if (other)
      await agreement.look(
        [source],
        { targets: mine.targets[0], plain: mine.plain[0] },
        other.targets[0],
        settings,
      );
    if (index >= warmUps) race.add(mine, other);
  }
  // With its end.
  const perToken = ({ milliseconds, targets }) => milliseconds / (targets[0][0].length + 1);
  const processorPerToken = ({ processor, targets }) => processor / (targets[0][0].length + 1);
  return {
    ...race.ratios(),
    millisecondsPerToken: race.compare(perToken),
    processorPerToken: race.compare(processorPerToken),
    ...(theirs && { agreement: agreement.result() }),
  };
}

const wordsOf = (text) => text.split(/\s+/u).filter((word) => word !== '').length;

/** A file in parts. Ours does all that the product does; PyTorch decodes the tokens, in the same batches. */
async function benchFile(ours, theirs, texts, { beamSize, lengthPenalty }) {
  const race = new Race();
  const agreement = new Agreement((order) => theirs.ask(order));
  const settings = { beamSize, lengthPenalty };
  const sizes = [];
  for (let part = -1; part < parts; part++) {
    // The first of all is a small one: it lays out memory.
    const of = part < 0 ? texts.slice(0, 64) : texts.filter((_, index) => index % parts === part);
    const { batches } = await ours.ask({ do: 'encode', texts: of, beamSize });
    const order = { do: 'decode', batches, ...settings };
    const [mine, other] = await inTurns(
      part,
      () => ours.ask({ do: 'translate', texts: of, beamSize }),
      theirs && (() => theirs.ask(order)),
    );
    if (part < 0) continue;
    race.add(mine, other);
    sizes.push(of.reduce((sum, text) => sum + wordsOf(text), 0));
    if (other && part === 0) {
      const mineInTokens = await ours.ask(order);
      for (const [index, batch] of batches.entries()) {
        const { targets, plain } = { targets: mineInTokens.targets[index], plain: mineInTokens.plain[index] };
        await agreement.look(batch, { targets, plain }, other.targets[index], settings);
      }
    }
  }
  const speed = (time) => (one, index) => (1000 * sizes[index]) / one[time];
  return {
    sentences: texts.length,
    words: sizes.reduce((sum, size) => sum + size, 0),
    ...race.ratios(),
    wordsPerSecond: race.compare(speed('milliseconds')),
    wordsPerProcessorSecond: race.compare(speed('processor')),
    peakMebibytes: race.compare(({ peak }) => peak),
    ...(theirs && { agreement: agreement.result() }),
  };
}

/** Sources of the docs and software sets, in turns, where they are; else prose of this repository. @returns what it is */
function readSentences(data, wanted) {
  const files = ['docs', 'software'].map((kind) => path.join(data, kind, 'en-de.test.tsv.gz'));
  if (files.every(existsSync)) {
    const [docs, software] = files.map((file) =>
      gunzipSync(readFileSync(file))
        .toString('utf8')
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t')[0]),
    );
    // Prose first of all: menus are short.
    const sentences = docs.flatMap((text, index) => (index % 2 === 0 ? [text, software[index]] : [text]));
    return { sentences: repeated(sentences, wanted), corpus: 'test sets of docs and software, en-de' };
  }
  const prose = [
    'README.md',
    ...['training', 'decisions', 'prose', 'architecture'].map((name) => `docs/${name}.md`),
  ]
    .flatMap((file) => readFileSync(inRoot(...file.split('/')), 'utf8').split(/\n\s*\n/u))
    .filter((paragraph) => /^[A-Z*]/u.test(paragraph))
    .flatMap((paragraph) => paragraph.replaceAll(/\s+/gu, ' ').split(/(?<=\.) (?=[A-Z])/u));
  return { sentences: repeated(prose, wanted), corpus: 'this repository’s own prose' };
}

/** So many, from the beginning again where there are fewer. */
const repeated = (values, wanted) =>
  Array.from({ length: wanted }, (_, index) => values[index % values.length]);

/** Sentences with about so many words, spread over all there are. */
function withWords(sentences, least, most, wanted) {
  const fitting = sentences.filter((text) => wordsOf(text) >= least && wordsOf(text) <= most);
  return Array.from({ length: wanted }, (_, index) => fitting[Math.floor((index * fitting.length) / wanted)]);
}

function parse() {
  const { values } = parseArgs({
    options: {
      /** A model's folder, in a folder of models. */
      model: { type: 'string', default: inRoot('models', 'pretrained', 'en-de') },
      /** Where docs/ and software/ are. */
      data: { type: 'string', default: inRoot('..', 'shared', 'data') },
      sentences: { type: 'string', default: '2000' },
      /** Sentences that are translated one by one. */
      alone: { type: 'string', default: '40' },
      threads: { type: 'string', multiple: true, default: ['1', '2'] },
      /** Texts that one engine translates while its memory is watched. */
      translations: { type: 'string', default: '5000' },
      json: { type: 'boolean', default: false },
    },
  });
  return values;
}

async function benchDecoding(torch, folder, { sentences, options, say: tell }) {
  const model = path.resolve(options.model);
  const alone = withWords(sentences, 8, 25, Number(options.alone) + warmUps);
  const result = {};
  for (const threads of options.threads) {
    const ours = await startOurs(model, threads);
    let theirs;
    try {
      const { barred, defaultSearch } = await ours.ask({ do: 'prepare', folder });
      theirs = torch && (await startTheirs(torch, folder, barred, threads));
      const decodings = beamSizes.map((beamSize) => ({ ...defaultSearch, beamSize }));
      const one = { shippedBeam: defaultSearch.beamSize, alone: {}, file: {} };
      for (const settings of decodings) {
        const { beamSize } = settings;
        tell(`${threads} threads, a beam of ${beamSize} …`);
        const { batches } = await ours.ask({ do: 'encode', texts: alone, beamSize: 1 });
        one.alone[beamSize] = await benchAlone(ours, theirs, batches.flat().slice(0, alone.length), settings);
        // A wider beam takes several times as long.
        const texts = beamSize === 1 ? sentences : sentences.slice(0, sentences.length / 4);
        one.file[beamSize] = await benchFile(ours, theirs, texts, settings);
      }
      result[threads] = one;
    } finally {
      ours.stop();
      theirs?.stop();
    }
  }
  return result;
}

function print({ corpus, torch, threads, engine }) {
  const show = ({ median, low, high }) => `${median} (${low} to ${high})`;
  const both = ({ polyhead, pyTorch }, unit) =>
    `${show(polyhead)} ${unit}${pyTorch ? `, PyTorch ${show(pyTorch)}` : ''}`;
  say(
    `${corpus}; PyTorch ${torch ?? 'is not there'}. Medians, and between which values eight rounds of ten lie.`,
  );
  for (const [count, { shippedBeam, alone, file }] of Object.entries(threads)) {
    say(`\n${count === '1' ? 'One thread' : `${count} threads`}`);
    for (const beamSize of beamSizes) {
      const isShipped = beamSize === shippedBeam ? ', as it ships' : '';
      say(`  ${beamSize === 1 ? 'greedy' : `beam of ${beamSize}`}${isShipped}`);
      const [single, batch] = [alone[beamSize], file[beamSize]];
      if (single.ratio)
        say(
          `    alone:    ${show(single.ratio)} times as fast, ${show(single.processorRatio)} by processor time`,
        );
      say(`              ${both(single.millisecondsPerToken, 'ms a token')}`);
      say(`              ${both(single.processorPerToken, 'ms of the processor')}`);
      if (batch.ratio)
        say(
          `    in files: ${show(batch.ratio)} times as fast, ${show(batch.processorRatio)} by processor time`,
        );
      say(`              ${both(batch.wordsPerSecond, 'words a second')}`);
      say(`              ${both(batch.wordsPerProcessorSecond, 'words a second of the processor')}`);
      for (const { agreement } of [single, batch]) {
        if (!agreement) continue;
        const { compared, same, largestMargin: margin } = agreement;
        say(
          `              ${same} of ${compared} translations are PyTorch’s, the others ${margin} nats apart at most`,
        );
      }
    }
  }
  const { cold, life } = engine;
  say('\nThe engine as a process');
  say(
    `  from its fork to the first translation: ${show(cold.milliseconds)} ms${cold.processorMilliseconds ? `, ${show(cold.processorMilliseconds)} of the processor` : ''}`,
  );
  say(`  a sentence of about 15 words: ${show(life.sentence.milliseconds)} ms`);
  for (const { translations, now, most } of life.memory.after) {
    if (now !== undefined) say(`  after ${translations} translations: ${now} MiB in memory, ${most} at most`);
  }
}

await enter(async () => {
  const options = parse();
  const tell = options.json ? () => undefined : say;
  const torch = findQuickPyTorch();
  if (!torch) say(howToInstall);
  const { sentences, corpus } = readSentences(path.resolve(options.data), Number(options.sentences));
  const folder = mkdtempSync(path.join(tmpdir(), 'polyhead-bench-'));
  try {
    const threads = await benchDecoding(torch, folder, { sentences, options, say: tell });
    const model = path.resolve(options.model);
    const { from, to } = JSON.parse(readFileSync(path.join(model, 'config.json'), 'utf8'));
    const fifteen = withWords(sentences, 14, 16, 40);
    const order = { modelsFolder: path.dirname(model), from, to };
    tell('The engine …');
    const cold = await benchColdStart({ ...order, sentence: fifteen[0], rounds: coldStarts });
    const translations = Number(options.translations);
    const life = await benchEngineLife({ ...order, sentences: fifteen, texts: sentences, translations });
    const [first] = options.threads;
    const { alone, file, shippedBeam } = threads[first];
    const report = {
      ratio: alone[shippedBeam].ratio?.median ?? null,
      ratioInBatches: file[shippedBeam].ratio?.median ?? null,
      torch: torch?.version ?? null,
      products: torch?.products ?? null,
      corpus,
      threads,
      engine: { cold, life },
    };
    if (!options.json) print(report);
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
