/** The calibrations that ship: made for the weights beside them, and low where a model had better be silent. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { randomWords } from '../../../models/data/random';
import { shuffleLetters } from '../../../models/data/shuffledLetters';
import { Translator } from '../../../models/inference/translator';
import { readCalibration } from '../../../models/storage/calibration';

const pretrained = path.resolve(import.meta.dirname, '../../../models/pretrained');
const shipped = (await readdir(pretrained, { withFileTypes: true })).filter((entry) => entry.isDirectory());

const own = [
  'The file could not be opened.',
  'Select the folder in which the documents are stored.',
  'This option is ignored if the connection is closed.',
  'Do you want to save the changes before closing the window?',
  'Prints the version number and exits.',
  'The default value is used when no argument is given.',
];
const foreign = [
  'Le fichier n’a pas pu être ouvert par le programme.',
  'Sélectionnez le dossier dans lequel les documents sont enregistrés.',
  'Voulez-vous enregistrer les modifications avant de fermer la fenêtre ?',
  'Kan du se skogen for bare trær når det snør om vinteren?',
  'La vita è bella quando splende il sole sopra le colline.',
  '由于磁盘已满，无法保存该文件。',
];

describe.each(shipped.map(({ name }) => name))('%s', (name) => {
  it('has a calibration that fits its weights', async () => {
    expect(await readCalibration(path.join(pretrained, name))).toBeDefined();
  });
});

it('en-de is confident of what it knows, and not of other languages and of noise', async () => {
  const translator = await Translator.load(path.join(pretrained, 'en-de'), 1);
  const confidences = async (texts: readonly string[]): Promise<number[]> =>
    (await translator.translate(texts)).map(({ segments }) => segments[0]!.confidence!);
  const words = randomWords(5);
  const noise = own.map((text) => shuffleLetters(text, 1, words));
  expect(Math.min(...(await confidences(own)))).toBeGreaterThan(0.5);
  expect(Math.max(...(await confidences(foreign)))).toBeLessThan(0.5);
  expect(Math.max(...(await confidences(noise)))).toBeLessThan(0.5);
  const untouched = await translator.translate([...foreign, ...noise], { minimumConfidence: 0.5 });
  expect(untouched.map(({ text }) => text)).toEqual([...foreign, ...noise]);
  await translator.dispose();
});
