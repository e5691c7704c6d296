// `npm run bench -- decoding`: translating on the processor. Milliseconds a token of sentences alone, greedily and with a
// beam of 4; words a second of a file, with one thread and two; and the engine as a process: its start, a sentence, its
// memory. Beside PyTorch, in turns, with the same numbers for weights and a cache of its own (twinDecode.py); what either
// says is compared. With --transformers, beside @huggingface/transformers too, with the same products as ours. Ratios are
// the other's time over ours: above 1 ours is the faster.
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
/** Of what is computed with the same products. */
const leastSame = 0.9;
const coldStarts = 9;
/** Who is raced, by the names that `--json` has. */
const [pyTorch, transformers] = ['pyTorch', 'transformers'];

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

/** @param {string} installed a folder in whose node_modules it is */
async function startTransformers(installed, folder, threads) {
  const args = ['--package', installed, '--model', folder, '--threads', String(threads)];
  const script = inRoot('test', 'bench', 'transformersWorker.mjs');
  const worker = new Worker(process.execPath, [script, ...args], process.env);
  await worker.read();
  return worker;
}

/** What both sides took for the same, in turns, and how they compare. */
class Race {
  ours = [];
  theirs = [];

  /** @param {string} peer what figures of the other side are called */
  constructor(peer) {
    this.peer = peer;
  }

  add(ours, theirs) {
    this.ours.push(ours);
    if (theirs) this.theirs.push(theirs);
  }

  /** @param {(one: object, index: number) => number} of a figure of each round */
  compare(of) {
    return {
      polyhead: spreadOf(this.ours.map(of)),
      ...(this.theirs[0] && { [this.peer]: spreadOf(this.theirs.map(of)) }),
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

  /** @param judge says how far apart two translations of a source are; without one they are only counted */
  constructor(judge) {
    this.judge = judge;
  }

  async look(sources, { targets, plain }, others, settings) {
    for (const [index, source] of sources.entries()) {
      if (!plain[index]) continue;
      this.compared++;
      const pair = [others[index], targets[index]];
      if (JSON.stringify(pair[0]) === JSON.stringify(pair[1])) this.same++;
      else if (this.judge)
        this.margins.push((await this.judge({ do: 'judge', source, targets: pair, ...settings })).margin);
    }
  }

  result() {
    const largest = Math.max(0, ...this.margins);
    if (largest > largestMargin) {
      throw new Failure(
        `PyTorch finds something that we say less likely than its own choice by ${round(largest)} nats: the two do not compute the same.`,
      );
    }
    const { compared, same } = this;
    if (!this.judge && same < leastSame * compared)
      throw new Failure(
        `Only ${same} of ${compared} translations are the same: the two do not compute the same.`,
      );
    return { compared, same, ...(this.judge && { largestMargin: round(largest) }) };
  }
}

/** Only PyTorch can say how likely a translation is. */
const agreementWith = (peer, theirs) => new Agreement(peer === pyTorch && ((order) => theirs.ask(order)));

/** Sentences one at a time. */
async function benchAlone(ours, peer, theirs, sources, settings) {
  const race = new Race(peer);
  const agreement = agreementWith(peer, theirs);
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

/** A file in parts. Ours does all that the product does; the other decodes the tokens, in the same batches. */
async function benchFile(ours, peer, theirs, texts, { beamSize, lengthPenalty }) {
  const race = new Race(peer);
  const agreement = agreementWith(peer, theirs);
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
      /** A folder with @huggingface/transformers in its node_modules. */
      transformers: { type: 'string' },
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
    let others;
    try {
      const { barred, defaultSearch } = await ours.ask({ do: 'prepare', folder });
      theirs = torch && (await startTheirs(torch, folder, barred, threads));
      const decodings = beamSizes.map((beamSize) => ({ ...defaultSearch, beamSize }));
      const one = { shippedBeam: defaultSearch.beamSize, alone: {}, file: {} };
      for (const settings of decodings) {
        const { beamSize } = settings;
        tell(`${threads} threads, a beam of ${beamSize} …`);
        const { batches } = await ours.ask({ do: 'encode', texts: alone, beamSize: 1 });
        const sources = batches.flat().slice(0, alone.length);
        one.alone[beamSize] = await benchAlone(ours, pyTorch, theirs, sources, settings);
        // A wider beam takes several times as long.
        const quarter = sentences.slice(0, sentences.length / 4);
        one.file[beamSize] = await benchFile(
          ours,
          pyTorch,
          theirs,
          beamSize === 1 ? sentences : quarter,
          settings,
        );
        // The library has no beam search.
        if (!options.transformers || beamSize > 1) continue;
        tell(`${threads} threads, beside @huggingface/transformers …`);
        const shape = path.join(folder, 'marian');
        await ours.ask({ do: 'shape', folder: shape });
        others = await startTransformers(options.transformers, shape, threads);
        one.transformers = {
          alone: await benchAlone(ours, transformers, others, sources, settings),
          file: await benchFile(ours, transformers, others, quarter, settings),
        };
        others.stop();
      }
      result[threads] = one;
    } finally {
      ours.stop();
      theirs?.stop();
      others?.stop();
    }
  }
  return result;
}

const show = ({ median, low, high }) => `${median} (${low} to ${high})`;

/** @param {{ peer: string, name: string, alone: object, file: object }} race of figures of sentences alone, and of a file */
function printRace({ peer, name, alone, file }) {
  const both = (of, unit) => `${show(of.polyhead)} ${unit}${of[peer] ? `, ${name} ${show(of[peer])}` : ''}`;
  const ratio = (of) => `${show(of.ratio)} times as fast, ${show(of.processorRatio)} by processor time`;
  if (alone.ratio) say(`    alone:    ${ratio(alone)}`);
  say(`              ${both(alone.millisecondsPerToken, 'ms a token')}`);
  say(`              ${both(alone.processorPerToken, 'ms of the processor')}`);
  if (file.ratio) say(`    in files: ${ratio(file)}`);
  say(`              ${both(file.wordsPerSecond, 'words a second')}`);
  say(`              ${both(file.wordsPerProcessorSecond, 'words a second of the processor')}`);
  for (const { agreement } of [alone, file]) {
    if (!agreement) continue;
    const { compared, same, largestMargin: margin } = agreement;
    const others = margin === undefined ? '' : `, the others ${margin} nats apart at most`;
    say(`              ${same} of ${compared} translations are the same${others}`);
  }
}

function print({ corpus, torch, threads, engine }) {
  say(
    `${corpus}; PyTorch ${torch ?? 'is not there'}. Medians, and between which values eight rounds of ten lie.`,
  );
  for (const [count, { shippedBeam, alone, file, transformers: library }] of Object.entries(threads)) {
    say(`\n${count === '1' ? 'One thread' : `${count} threads`}`);
    for (const beamSize of beamSizes) {
      const isShipped = beamSize === shippedBeam ? ', as it ships' : '';
      say(`  ${beamSize === 1 ? 'greedy' : `beam of ${beamSize}`}${isShipped}`);
      printRace({ peer: pyTorch, name: 'PyTorch', alone: alone[beamSize], file: file[beamSize] });
    }
    if (!library) continue;
    say('  greedy, beside @huggingface/transformers');
    printRace({ peer: transformers, name: 'the library', ...library });
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
