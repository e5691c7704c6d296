/** Recipes are files that `npm run recipe` gives to the command line: it must know all that they say, and accept it. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Command, type Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { addEvaluate } from '../../../models/commands/evaluate';
import { addTrain } from '../../../models/commands/train';
import { addTranslate } from '../../../models/commands/translate';
import { completeConfig, validateChanges, type PresetName } from '../../../models/transformer/config';

type Options = Readonly<Record<string, unknown>>;
interface Recipe {
  readonly corpus: readonly string[];
  readonly validation: readonly string[];
  readonly train: Options;
  readonly average: number;
  readonly test: { readonly translate: Options; readonly evaluate: Options };
}

const folder = path.resolve(import.meta.dirname, '../../../models/recipes');
const recipes = readdirSync(folder).map((file): [string, Recipe] => [
  file,
  JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Recipe,
]);

const program = new Command();
for (const add of [addTrain, addTranslate, addEvaluate]) add(program);

/** Throws what the command line would say. */
function check(command: string, options: Options): void {
  const known = program.commands.find((one) => one.name() === command)!.options;
  for (const [name, value] of Object.entries(options)) {
    const option = known.find(({ long }) => long === `--${name}`);
    if (!option) throw new Error(`${command} knows no --${name}.`);
    accept(option, value);
  }
}

function accept(option: Option, value: unknown): void {
  const isSwitch = !option.required && !option.optional;
  expect([option.long, typeof value === 'boolean']).toEqual([option.long, isSwitch]);
  if (!isSwitch) option.parseArg?.(String(value), undefined as never);
}

it('there are some', () => {
  expect(recipes.length).toBeGreaterThan(0);
});

describe.each(recipes)('%s', (_, { corpus, validation, train, average, test }) => {
  const { 'model-config': model, ...options } = train;

  it('trains a model that there can be, on pairs of files', () => {
    const preset = (train['preset'] ?? 'small') as PresetName;
    const changes = validateChanges(model ?? {}, preset, 'The recipe');
    completeConfig(preset, 6000, changes, 'The recipe');
    for (const files of [corpus, validation]) expect(files).toHaveLength(2);
  });

  it('says what the command line knows', () => {
    check('train', options);
    check('translate', test.translate);
    check('evaluate', test.evaluate);
  });

  it('keeps as many checkpoints as are averaged', () => {
    const { steps, 'checkpoint-every': every, 'keep-checkpoints': kept } = train;
    expect(Number(kept)).toBeGreaterThanOrEqual(average);
    expect(Number(steps) / Number(every)).toBeGreaterThanOrEqual(average);
  });
});
