/**
 * What the engine answers: the handshake, and translations by models that are loaded when first asked for.
 * Knows no process, no channel and no onnxruntime: who loads a translator is handed in.
 */
import { UserError } from '../userError';
import { framesOf, messageOf, type Log } from './log';
import { findPair, readModelCatalogue } from './modelCatalogue';
import { protocolVersion, type EngineHandlers, type LanguagePair, type Translation } from './protocol';
import { abortable, Turns } from './turns';

/** What the server needs of a loaded model. */
export interface Translator {
  /**
   * Translates each text. Yields to the event loop between steps, so that a cancellation can arrive.
   *
   * @param options `signal` ends it with an exception; `onProgress` counts sentences
   */
  translate(
    texts: readonly string[],
    options: { signal: AbortSignal; onProgress: (done: number, total: number) => void },
  ): Promise<Translation[]>;
}

export interface EngineServerOptions {
  /** Loads the model of a folder; its errors are sentences. */
  loadTranslator: (folder: string) => Promise<Translator>;
  log: Log;
  /** Ends the process, after the reply to the request that calls it. */
  end: () => void;
}

interface Model {
  /** Shared by all who ask while it loads. */
  translator: Promise<Translator>;
  /** A model serves one request at a time: two at once would only make both late. */
  turns: Turns;
}

/** The engine's side of the door. */
export function createHandlers({ loadTranslator, log, end }: EngineServerOptions): EngineHandlers {
  let catalogue: { pairs: LanguagePair[]; modelFolders: string[] } | undefined;
  const models = new Map<string, Model>();

  function modelOf(folder: string): Model {
    const loaded = models.get(folder);
    if (loaded !== undefined) return loaded;
    const model: Model = { translator: load(folder), turns: new Turns() };
    models.set(folder, model);
    // A failure is told to those who wait, and then forgotten: the folder may be mended.
    model.translator.catch(() => models.delete(folder));
    return model;
  }

  async function load(folder: string): Promise<Translator> {
    const start = performance.now();
    try {
      const translator = await loadTranslator(folder);
      log('info', `Loaded the model in ${folder}.`, { milliseconds: Math.round(performance.now() - start) });
      return translator;
    } catch (error) {
      log('error', `The model in ${folder} could not be loaded: ${messageOf(error)}`, {
        stack: framesOf(error),
      });
      if (error instanceof UserError) throw error;
      throw new Error(`The model in ${folder} could not be loaded: ${messageOf(error)}`, { cause: error });
    }
  }

  return {
    async initialize({ protocolVersion: ownerVersion, modelFolders }) {
      if (ownerVersion !== protocolVersion) {
        throw new UserError(
          `The translation engine speaks version ${protocolVersion} of its protocol, and the extension version ` +
            `${ownerVersion}: they come from different versions of Polyhead. Reload the window.`,
        );
      }
      catalogue = { pairs: await readModelCatalogue(modelFolders, log), modelFolders };
      return { protocolVersion, pairs: catalogue.pairs, pid: process.pid };
    },

    async translate({ from, to, texts }, { signal, report }) {
      if (catalogue === undefined) throw new Error('The engine was asked to translate before the handshake.');
      const model = modelOf(findPair(catalogue.pairs, from, to, catalogue.modelFolders).folder);
      const translator = await abortable(signal, model.translator);
      const start = performance.now();
      const translations = await model.turns.take(signal, () =>
        translator.translate(texts, { signal, onProgress: (done, total) => report({ done, total }) }),
      );
      log('debug', 'Translated.', {
        from,
        to,
        texts: texts.length,
        milliseconds: Math.round(performance.now() - start),
      });
      return { translations };
    },

    shutdown() {
      end();
      return Promise.resolve(null);
    },
  };
}
