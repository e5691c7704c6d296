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
    for (const folder of await subfolders(modelsFolder, log)) {
      const pair = await readPair(folder, log);
      if (pair === undefined) continue;
      const earlier = pairs.find(({ from, to }) => from === pair.from && to === pair.to);
      if (earlier === undefined) {
        pairs.push(pair);
      } else {
        log(
          'warn',
          `The model in ${folder} is left out: ${earlier.folder} translates ${pair.from} → ${pair.to} too.`,
        );
      }
    }
  }
  return pairs;
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
  if (pairs.length === 0) {
    throw new UserError(`No translation model was found in ${modelFolders.join(', ') || 'any folder'}.`);
  }
  const offered = pairs.map((candidate) => `${candidate.from} → ${candidate.to}`).join(', ');
  throw new UserError(
    `There is no model that translates ${from} → ${to}. Choose a pair that has one: ${offered}.`,
  );
}

async function subfolders(modelsFolder: string, log: Log): Promise<string[]> {
  try {
    const entries = await readdir(modelsFolder, { withFileTypes: true });
    // A link to a folder is a model too: a person may keep large weights elsewhere.
    return entries
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
      .map((entry) => path.join(modelsFolder, entry.name))
      .sort();
  } catch (error) {
    log('warn', `The models folder ${modelsFolder} could not be read: ${messageOf(error)}.`);
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
