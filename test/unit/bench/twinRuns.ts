/** A small run for us and for its twin in PyTorch, and how the twin is started. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { defaultSettings, type RunSettings } from '../../../models/training/runSettings';
import { findPyTorch, pyTorchEnvironment } from '../../bench/pytorch.mjs';
import { digitStrings, writePairs } from '../training/digitStrings';

/** Undefined where there is none. */
export const torch = findPyTorch();
/** Some processes that load PyTorch, on a busy machine. */
export const limitMs = 180_000;

const bench = path.resolve(import.meta.dirname, '../../bench');
const script = path.join(bench, 'twinTrain.py');

/** @returns what it said */
export async function twin(...args: string[]): Promise<string> {
  const all = [script, '--threads', '1', '--device', 'cpu', ...args];
  return (await promisify(execFile)(torch!.python, all, { env: pyTorchEnvironment(1) })).stderr;
}

/** As `twin`, once these lines of Python have changed something of `twinTrain`. @returns what it said */
export async function changedTwin(lines: readonly string[], ...args: string[]): Promise<string> {
  const program = [...beside('twinTrain'), ...lines, 'twinTrain.main()'].join('\n');
  const all = ['-c', program, '--threads', '1', '--device', 'cpu', ...args];
  return (await promisify(execFile)(torch!.python, all, { env: pyTorchEnvironment(1) })).stderr;
}

/** Lines of Python that import a module of the twin. */
export function beside(module: string): string[] {
  return [
    'import sys',
    'sys.dont_write_bytecode = True',
    `sys.path.insert(0, ${JSON.stringify(bench)})`,
    `import ${module}`,
  ];
}

/** Writes two corpora into a folder: two parts of about three batches an update, so that a step reaches into the next epoch. */
export async function settingsFor(folder: string): Promise<RunSettings> {
  const corpora = ['a', 'b'].map((name) => path.join(folder, `${name}.en-de.tsv`));
  await writePairs(corpora[0]!, digitStrings(60, 1));
  await writePairs(corpora[1]!, digitStrings(70, 2));
  return {
    ...defaultSettings,
    corpora,
    weights: [1.5, 1],
    heldOut: 10,
    from: 'en',
    to: 'de',
    preset: 'tiny',
    modelConfig: {
      dModel: 32,
      dFf: 48,
      dKey: 6,
      activation: 'swish',
      positions: 'learned',
      outputBias: true,
    },
    vocabularySize: 305,
    batchTokens: 200,
    accumulate: 2,
    clipNorm: 0.5,
    dropout: 0,
    peakLearningRate: 3e-2,
    warmupSteps: 2,
  };
}
