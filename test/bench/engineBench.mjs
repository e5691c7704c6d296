// The engine as the extension has it, a process of its own: how long it takes from its fork to the first translation, how
// long a sentence takes then, and what memory it takes, at once and after thousands of translations.
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import { Failure } from '../../scripts/setup/failure.mjs';
import { inRoot } from '../../scripts/setup/paths.mjs';
import { spreadOf } from './spread.mjs';

/** As protocol.ts has it. */
const protocolVersion = Number(
  /protocolVersion = (\d+)/.exec(readFileSync(inRoot('models', 'engine', 'protocol.ts'), 'utf8'))[1],
);

class Engine {
  constructor() {
    // As extension/engine/engineProcess.ts does.
    this.child = fork(inRoot('dist', 'engine.js'), [], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
    });
    const { child } = this;
    this.connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
    this.connection.listen();
  }

  async initialize(modelsFolder) {
    await this.connection.sendRequest('initialize', {
      parameters: { protocolVersion, modelFolders: [modelsFolder], threads: 1 },
    });
  }

  async translate(texts, from, to) {
    const parameters = { from, to, preferredTarget: to, minimumConfidence: 0, texts };
    const { translations } = await this.connection.sendRequest('translate', { parameters });
    if (translations.length !== texts.length) throw new Failure('The engine has not translated every text.');
  }

  /** MiB that the process has in memory, and had at most; where there is no /proc, nothing. */
  memory() {
    try {
      const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
      const mebibytes = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)[1]) / 2 ** 10;
      return { now: Math.round(mebibytes('VmRSS')), most: Math.round(mebibytes('VmHWM')) };
    } catch {
      return undefined;
    }
  }

  /** Milliseconds of the processor, all threads together, those that have ended too; where there is no /proc, nothing. */
  processor() {
    try {
      const [user, system] = readFileSync(`/proc/${this.child.pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')
        .slice(11, 13);
      // Linux counts in hundredths of a second.
      return 10 * (Number(user) + Number(system));
    } catch {
      return undefined;
    }
  }

  stop() {
    this.connection.dispose();
    this.child.kill('SIGKILL');
  }
}

/** Fork, handshake, model and the first sentence, each time in a new process. */
export async function benchColdStart({ modelsFolder, from, to, sentence, rounds }) {
  const [clock, processor] = [[], []];
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now();
    const engine = new Engine();
    try {
      await engine.initialize(modelsFolder);
      await engine.translate([sentence], from, to);
      clock.push(performance.now() - begun);
      processor.push(engine.processor());
    } finally {
      engine.stop();
    }
  }
  return {
    milliseconds: spreadOf(clock),
    ...(processor[0] && { processorMilliseconds: spreadOf(processor) }),
  };
}

/**
 * One engine with one pair: sentences one by one, then texts in requests of different sizes until so many are translated.
 *
 * @returns milliseconds of a sentence, and the memory: with the model loaded, and after each fifth of the texts
 */
export async function benchEngineLife({ modelsFolder, from, to, sentences, texts, translations }) {
  const engine = new Engine();
  try {
    await engine.initialize(modelsFolder);
    for (const sentence of sentences.slice(0, 5)) await engine.translate([sentence], from, to);
    const loaded = engine.memory();
    const [clock, worked] = [[], engine.processor()];
    for (const sentence of sentences) {
      const begun = performance.now();
      await engine.translate([sentence], from, to);
      clock.push(performance.now() - begun);
    }
    const processor = worked === undefined ? undefined : (engine.processor() - worked) / sentences.length;
    const memory = [];
    const parts = 5;
    let done = 0;
    for (let part = 1; part <= parts; part++) {
      while (done < (part * translations) / parts) {
        // 1, 5, 25 and 125 at a time.
        const size = Math.min(5 ** (done % 4), translations - done);
        const request = Array.from({ length: size }, (_, index) => texts[(done + index) % texts.length]);
        await engine.translate(request, from, to);
        done += size;
      }
      memory.push({ translations: done, ...engine.memory() });
    }
    return {
      sentence: { milliseconds: spreadOf(clock), processorMilliseconds: processor },
      memory: { loaded, after: memory },
    };
  } finally {
    engine.stop();
  }
}
