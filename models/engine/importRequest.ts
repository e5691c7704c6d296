/**
 * One request to import a model: whether there is one for the pair already, the trial, the copy.
 */
import { checkMemory } from '../inference/memoryNeed';
import { describeModel, importModel } from '../storage/importModel';
import { UserError } from '../userError';
import { memoryFailure } from './failures';
import type { Translator } from './loadedModels';
import type { Log } from './log';
import { readModels } from './modelCatalogue';
import type { EngineHandlers, ParametersOf, ReplyOf } from './protocol';

export interface ImportRequestOptions {
  readonly load: (folder: string) => Promise<Translator>;
  readonly log: Log;
}

/** Hardly a language has no word for this one; it must come back as some text, and in finite numbers. */
const trialText = 'Hello, world.';

/** The handler of `importModel`. */
export async function importRequest(
  { folder, modelsFolder, replace }: ParametersOf<'importModel'>,
  { signal, report }: Parameters<EngineHandlers['importModel']>[1],
  { load, log }: ImportRequestOptions,
): Promise<ReplyOf<'importModel'>> {
  const config = await describeModel(folder);
  // Before anything is copied: loading it would find out too, gigabytes later.
  checkMemory(config, folder);
  const { from, to, name } = config;
  const same = (await readModels(modelsFolder, log)).filter((pair) => pair.from === from && pair.to === to);
  const [existing] = same;
  if (existing !== undefined && !replace) return { outcome: 'exists', pair: existing };
  const imported = await importModel({
    folder,
    modelsFolder,
    replaced: same.map((pair) => pair.folder),
    tryOut: (copy) => tryOut(copy, load, signal),
    signal,
    report: (done, total) => report({ done, total }),
  });
  log('info', `Imported the model in ${folder} into ${imported}.`);
  return { outcome: 'imported', pair: { from, to, folder: imported, name } };
}

/** Loads a model and translates with it, so that what is imported also works. */
async function tryOut(
  folder: string,
  load: ImportRequestOptions['load'],
  signal: AbortSignal,
): Promise<void> {
  try {
    const translator = await load(folder);
    try {
      const options = { signal, minimumConfidence: 0, onProgress: () => undefined };
      const [translation] = await translator.translate([trialText], options);
      if (translation === undefined || !Number.isFinite(translation.score))
        throw new UserError(
          `The model in ${folder} cannot be used: it computes numbers that are not finite. Train or export it anew.`,
        );
    } finally {
      await translator.dispose();
    }
  } catch (error) {
    throw memoryFailure(error, 'importModel') ?? error;
  }
}
