import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPair, readAllModels, readModelCatalogue } from '../../../models/engine/modelCatalogue';
import { UserError } from '../../../models/userError';
import { makeModelsFolder, type ModelsFolder } from './fixtures/models';

describe('the model catalogue', () => {
  let models: ModelsFolder;
  let warnings: string[];
  const log = (level: string, message: string): void => void warnings.push(`${level}: ${message}`);
  beforeEach(async () => {
    models = await makeModelsFolder();
    warnings = [];
  });
  afterEach(() => models.remove());

  it('lists the pairs of every model folder, by name', async () => {
    const german = await models.describe('en-de', { from: 'en', to: 'de', name: 'software' });
    const french = await models.describe('en-fr', { from: 'en', to: 'fr', name: 'docs' });
    expect(await readModelCatalogue([models.folder], log)).toEqual([
      { from: 'en', to: 'de', folder: german, name: 'software' },
      { from: 'en', to: 'fr', folder: french, name: 'docs' },
    ]);
    expect(warnings).toEqual([]);
  });

  it('skips what it cannot use, and says which file and why', async () => {
    await models.describe('broken', '{ "from": "en"');
    await models.describe('nameless', { from: 'en', to: 'de' });
    await mkdir(path.join(models.folder, 'empty'));
    const german = await models.describe('usable', { from: 'en', to: 'de', name: 'software' });
    const pairs = await readModelCatalogue([path.join(models.folder, 'nowhere'), models.folder], log);
    expect(pairs.map(({ folder }) => folder)).toEqual([german]);
    const file = (folder: string): string => path.join(models.folder, folder, 'config.json');
    const leftOut = (folder: string): string =>
      `warn: The model in ${path.join(models.folder, folder)} is left out. `;
    expect(warnings).toEqual([
      expect.stringMatching(/^debug: The models folder .*nowhere could not be read: ENOENT/),
      expect.stringContaining(`${leftOut('broken')}${file('broken')} is no sound JSON`),
      expect.stringContaining(`${leftOut('empty')}${file('empty')} cannot be read`),
      expect.stringContaining(`${leftOut('nameless')}${file('nameless')}: “name”`),
    ]);
  });

  it('does not see what is being copied or removed', async () => {
    await models.describe('.unfinished-en-de-0', { from: 'en', to: 'de', name: 'software' });
    expect(await readModelCatalogue([models.folder], log)).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it('keeps the first of two models for one pair', async () => {
    const first = await models.describe('a', { from: 'en', to: 'de', name: 'first' });
    const second = await models.describe('b', { from: 'en', to: 'de', name: 'second' });
    const pairs = await readModelCatalogue([models.folder], log);
    expect(pairs.map(({ name }) => name)).toEqual(['first']);
    expect(warnings).toEqual([`warn: The model in ${second} is left out: ${first} translates en → de too.`]);
    const all = await readAllModels([models.folder, models.folder], log);
    expect(all.map(({ name }) => name)).toEqual(['first', 'second', 'first', 'second']);
  });

  it('finds a pair, and otherwise names those that there are', () => {
    const pairs = [
      { from: 'en', to: 'de', folder: '/m/en-de', name: 'software' },
      { from: 'de', to: 'en', folder: '/m/de-en', name: 'software' },
    ];
    expect(findPair(pairs, 'de', 'en', ['/m'])).toBe(pairs[1]);
    expect(() => findPair(pairs, 'en', 'fr', ['/m'])).toThrow(
      new UserError(
        'There is no model that translates en → fr. Choose a pair that has one: en → de, de → en.',
      ),
    );
    expect(() => findPair([], 'en', 'fr', ['/m'])).toThrow(
      new UserError('No translation model was found in /m.'),
    );
  });
});
