/** The engine process's entry: real models behind the door. */
import path from 'node:path';
import type { Translator } from '../inference/translator';
import { loadLanguageDetector } from '../text/languageDetection';
import { nativeLibraryFailure } from './failures';
import { log } from './log';
import { runEngine } from './run';
import type { createTrainingHandlers } from './training/handlers';

interface Inference {
  readonly Translator: typeof Translator;
}

interface Training {
  readonly createTrainingHandlers: typeof createTrainingHandlers;
}

/**
 * What needs onnxruntime comes after the handshake: where its native library is missing, somebody is there to be told.
 * A module that has failed once is not tried again, so that the second request gets the sentence of the first.
 */
let inference: Promise<Inference> | undefined;

async function loadInference(): Promise<Inference> {
  try {
    return await import(/* webpackMode: "eager" */ '../inference/translator');
  } catch (error) {
    throw nativeLibraryFailure(error) ?? error;
  }
}

async function loadTraining(): Promise<Training> {
  try {
    return await import(/* webpackMode: "eager" */ './training/handlers');
  } catch (error) {
    throw nativeLibraryFailure(error) ?? error;
  }
}

runEngine({
  async loadTranslator(folder, threads) {
    const loaded = await (inference ??= loadInference());
    return loaded.Translator.load(folder, threads, (sentence) => log('warn', sentence));
  },
  loadLanguageDetector,
  async loadTraining(options) {
    const { createTrainingHandlers } = await loadTraining();
    return createTrainingHandlers({ ...options, corpusProcess: path.join(__dirname, 'corpus.js') });
  },
});
