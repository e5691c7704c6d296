/**
 * Which language pairs there are: reads the config.json of every model folder, and loads none.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { readModelConfig } from '../storage/modelFolder';
import { UserError } from '../userError';
import { messageOf, type Log } from './log';
import type { LanguagePair } from './protocol';

/**
 * The pairs that models folders offer. A model is a subfolder with a config.json. What cannot be
 * read is skipped with a warning; of two models for one pair the first is kept.
 *
 * @param modelFolders absolute paths; each holds model folders
 * @returns in the order of the folders, then of the subfolders' names
 */
export async function readModelCatalogue(modelFolders: readonly string[], log: Log): Promise<LanguagePair[]> {
  const pairs: LanguagePair[] = [];
  for (const modelsFolder of modelFolders) {
    for (const pair of await readModels(modelsFolder, log)) {
      const earlier = pairs.find(({ from, to }) => from === pair.from && to === pair.to);
      if (earlier === undefined) {
        pairs.push(pair);
      } else {
        log(
          'warn',
          `The model in ${pair.folder} is left out: ${earlier.folder} translates ${pair.from} → ${pair.to} too.`,
        );
      }
    }
  }
  return pairs;
}

/** Every model of all the folders, in the same order; what cannot be read is skipped with a warning. */
export async function readAllModels(modelFolders: readonly string[], log: Log): Promise<LanguagePair[]> {
  const models = [];
  for (const modelsFolder of modelFolders) models.push(...(await readModels(modelsFolder, log)));
  return models;
}

/**
 * The models of one folder, whichever their pairs are; what cannot be read is skipped with a warning.
 *
 * @returns in the order of the subfolders' names
 */
export async function readModels(modelsFolder: string, log: Log): Promise<LanguagePair[]> {
  const models = [];
  for (const folder of await subfolders(modelsFolder, log)) models.push(await readPair(folder, log));
  return models.filter((pair) => pair !== undefined);
}

/**
 * The pair asked for.
 *
 * @throws UserError that names the pairs that there are
 */
export function findPair(
  pairs: readonly LanguagePair[],
  from: string,
  to: string,
  modelFolders: readonly string[],
): LanguagePair {
  const pair = pairs.find((candidate) => candidate.from === from && candidate.to === to);
  if (pair !== undefined) return pair;
  throw pairs.length === 0 ? noModels(modelFolders) : noPair(`${from} → ${to}`, pairs);
}

/** The sentence for a catalogue without a pair. */
export function noModels(modelFolders: readonly string[]): UserError {
  return new UserError(`No translation model was found in ${modelFolders.join(', ') || 'any folder'}.`);
}

/** The sentence for a pair that is not there, where others are. `what`: `en → ja`, `from ja`, `into ja`. */
export function noPair(what: string, pairs: readonly LanguagePair[]): UserError {
  const offered = pairs.map(({ from, to }) => `${from} → ${to}`).join(', ');
  return new UserError(`There is no model that translates ${what}. Choose a pair that has one: ${offered}.`);
}

async function subfolders(modelsFolder: string, log: Log): Promise<string[]> {
  try {
    const entries = await readdir(modelsFolder, { withFileTypes: true });
    // A link to a folder is a model too: a person may keep large weights elsewhere. A name with a dot in front is none:
    // so are folders called that are being copied or removed.
    return entries
      .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
      .map((entry) => path.join(modelsFolder, entry.name))
      .sort();
  } catch (error) {
    // Who has imported nothing has no folder for it.
    const level = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'debug' : 'warn';
    log(level, `The models folder ${modelsFolder} could not be read: ${messageOf(error)}.`);
    return [];
  }
}

async function readPair(folder: string, log: Log): Promise<LanguagePair | undefined> {
  try {
    const { from, to, name } = await readModelConfig(folder);
    return { from, to, folder, name };
  } catch (error) {
    log('warn', `The model in ${folder} is left out. ${messageOf(error)}`);
    return undefined;
  }
}
