/**
 * What the engine answers: the handshake, which pairs there are, translations, and models to import.
 * Knows no process, no channel and no onnxruntime: who loads a translator is handed in.
 */
import type { LanguageDetector } from '../text/languageDetection';
import { UserError } from '../userError';
import { importRequest } from './importRequest';
import { chooseLanguages, type LanguageChoice, type LanguageRequest } from './languageChoice';
import { LoadedModels, type LoadTranslator } from './loadedModels';
import type { Log } from './log';
import { readAllModels, readModelCatalogue } from './modelCatalogue';
import { Observations } from './observations';
import { attentionRequest, observeRequest } from './observeRequest';
import { protocolVersion, type DevicesOptions, type EngineHandlers, type LanguagePair } from './protocol';
import type { TrainingHandlers, TrainingHandlersOptions } from './training/handlers';
import { trainingMethods, type TrainingMethod } from './training/methods';
import { TrainingSlot } from './training/slot';
import { translateTexts } from './translateRequest';
import { walkRequest } from './walkRequest';

export interface EngineServerOptions {
  loadTranslator: LoadTranslator;
  loadLanguageDetector: () => Promise<LanguageDetector>;
  /** Loads what trains, when it is first asked for. */
  loadTraining: (
    options: Omit<TrainingHandlersOptions, 'corpusProcess' | 'openDevices'> & {
      readonly devicesFile: () => string | undefined;
    },
  ) => Promise<TrainingHandlers>;
  /** Loads what tries devices out, when it is first asked for. @param file as `DevicesOptions` */
  inspectDevices: (
    file: string,
    ...request: Parameters<EngineHandlers['inspectDevices']>
  ) => ReturnType<EngineHandlers['inspectDevices']>;
  /** Tells the person a sentence. */
  notify?: (sentence: string) => void;
  /** Where the training of this engine is. */
  slot?: TrainingSlot;
  log: Log;
  /** Ends the process, after the reply to the request that calls it. */
  end: () => void;
}

/** What the handshake told. */
interface Session {
  readonly modelFolders: readonly string[];
  readonly threads: number;
  readonly devices: DevicesOptions | undefined;
  pairs: LanguagePair[];
}

/** The engine's side of the door. */
export function createHandlers(options: EngineServerOptions): EngineHandlers {
  const { loadTranslator, loadLanguageDetector, loadTraining, inspectDevices, log, end } = options;
  const { slot = new TrainingSlot(), notify = () => undefined } = options;
  let session: Session | undefined;
  let detector: Promise<LanguageDetector> | undefined;
  let training: Promise<TrainingHandlers> | undefined;
  const load = (folder: string) =>
    loadTranslator(folder, begun().threads, { devices: begun().devices, notify });
  const loadForProcessor = (folder: string) => loadTranslator(folder, begun().threads, { notify });
  const models = new LoadedModels(load, log);
  const observations = new Observations();

  function begun(): Session {
    if (session === undefined) throw new Error('The engine was asked for something before the handshake.');
    return session;
  }

  async function readPairs(): Promise<LanguagePair[]> {
    const current = begun();
    current.pairs = await readModelCatalogue(current.modelFolders, log);
    models.keepOnly(current.pairs.map(({ folder }) => folder));
    return current.pairs;
  }

  async function choose(request: LanguageRequest): Promise<LanguageChoice[]> {
    const detect = await (detector ??= loadLanguageDetector());
    const { modelFolders } = begun();
    const among = (pairs: readonly LanguagePair[]): LanguageChoice[] =>
      chooseLanguages(request, pairs, modelFolders, detect);
    const choices = unlessRefused(() => among(begun().pairs));
    if (choices?.every(({ pair }) => models.has(pair.folder))) return choices;
    // Loading takes long enough to look again first: another window may have replaced the model, or imported one.
    return among(await readPairs());
  }

  const trainingHandlers = deferred(
    () =>
      (training ??= loadTraining({
        slot,
        threads: () => begun().threads,
        devicesFile: () => begun().devices?.file,
        loadLanguageDetector: () => (detector ??= loadLanguageDetector()),
        log,
      })),
  );

  return {
    ...trainingHandlers,

    stopTraining() {
      return Promise.resolve({ training: slot.stop() });
    },

    async initialize({ protocolVersion: ownerVersion, modelFolders, threads, devices }) {
      if (ownerVersion !== protocolVersion) {
        throw new UserError(
          `The translation engine speaks version ${protocolVersion} of its protocol, and the extension version ` +
            `${ownerVersion}: they come from different versions of Polyhead. Reload the window.`,
        );
      }
      session = { modelFolders, threads, devices, pairs: [] };
      return { protocolVersion, pairs: await readPairs(), pid: process.pid };
    },

    async listPairs() {
      return { pairs: await readPairs() };
    },

    async listModels() {
      return { models: await readAllModels(begun().modelFolders, log) };
    },

    async translate({ minimumConfidence, keep, ...request }, { signal, report }) {
      const choices = await choose(request);
      const start = performance.now();
      const translations = await translateTexts(request.texts, choices, models, {
        minimumConfidence,
        keep,
        signal,
        report,
      });
      log('debug', 'Translated.', {
        pairs: [...new Set(choices.map(({ pair }) => `${pair.from} → ${pair.to}`))].join(', '),
        texts: request.texts.length,
        milliseconds: Math.round(performance.now() - start),
      });
      return { translations };
    },

    async observe(parameters, { signal }) {
      const start = performance.now();
      const reply = await observeRequest(parameters, { models, observations, readPairs, choose, signal });
      log('debug', 'Observed.', {
        pair: `${reply.translation.from} → ${reply.translation.to}`,
        segments: reply.segments.length,
        milliseconds: Math.round(performance.now() - start),
      });
      return reply;
    },

    attention: (parameters, { signal }) => attentionRequest(parameters, { models, observations, signal }),

    walk: (parameters, { signal }) => walkRequest(parameters, { models, observations, signal }),

    release({ observation }) {
      observations.release(observation);
      return Promise.resolve(null);
    },

    async importModel(parameters, context) {
      const reply = await importRequest(parameters, context, { load: loadForProcessor, log });
      await readPairs();
      return reply;
    },

    inspectDevices(parameters, context) {
      const { devices } = begun();
      if (devices === undefined) throw new Error('The engine was not told where devices are remembered.');
      return inspectDevices(devices.file, parameters, context);
    },

    async shutdown() {
      await slot.settle();
      end();
      return null;
    },
  };
}

/** Undefined where the person would be told why not. */
function unlessRefused<T>(choose: () => T): T | undefined {
  try {
    return choose();
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Handlers that are loaded with the first request for one of them. */
function deferred(load: () => Promise<TrainingHandlers>): TrainingHandlers {
  const handlers = {} as Record<TrainingMethod, unknown>;
  for (const method of trainingMethods) {
    handlers[method] = async (parameters: never, context: never) =>
      ((await load())[method] as (parameters: never, context: never) => unknown)(parameters, context);
  }
  return handlers as TrainingHandlers;
}
