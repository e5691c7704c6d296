// `npm run recipe -- multi30k-en-de --data FOLDER`: trains and scores what a file of models/recipes/ says, by the same
// command line that a person has. Broken off, or ended by --minutes, the same command goes on.
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { ensureBuilt } from './setup/built.mjs';
import { Failure, enter, say } from './setup/failure.mjs';
import { ensureInstalled } from './setup/installed.mjs';
import { inRoot } from './setup/paths.mjs';
import { startGroup, stopEverythingOnSignals } from './setup/processes.mjs';

/**
 * @typedef {Readonly<Record<string, string | number | boolean | undefined>>} Options by the names that the command line has
 * @typedef {object} Recipe
 * @property {string} title
 * @property {readonly [string, string]} corpus source and target, a sentence a line
 * @property {readonly [string, string]} validation
 * @property {boolean} lowercase whether all but the reference is lower-cased first
 * @property {Options & { readonly steps: number, 'cooldown-steps'?: number, 'model-config'?: object }} train
 * @property {number} average how many checkpoints
 * @property {{ source: string, reference: string, translate: Options, evaluate: Options }} test
 */

const recipes = inRoot('models', 'recipes');
const names = readdirSync(recipes).map((file) => path.parse(file).name);

const usage = `npm run recipe -- <name> --data <folder> [options]

  <name>              ${names.join(', ')}
  --data <folder>     where the recipe's files lie, plain or .gz
  --output <folder>   for the texts as they are trained on, the run, the model and the translation (runs/<name>)
  --minutes <n>       ends this leg of the training after so many minutes; the same command goes on
  --threads <n>       of one operator (as train has it)
  --help`;

function readOptions() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        data: { type: 'string' },
        output: { type: 'string' },
        minutes: { type: 'string' },
        threads: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new Failure(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`, 2);
  }
}

await enter(async () => {
  const {
    values: options,
    positionals: [name],
  } = readOptions();
  if (options.help === true) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  if (name === undefined || !names.includes(name) || options.data === undefined) {
    throw new Failure(`Which recipe, and where are its texts?\n\n${usage}`, 2);
  }
  const here = process.env['INIT_CWD'] ?? process.cwd();
  const data = path.resolve(here, options.data);
  const folder = path.resolve(here, options.output ?? path.join('runs', name));
  stopEverythingOnSignals({ announce: () => say('\nStopping. The same command goes on.') });
  await ensureInstalled();
  await ensureBuilt();

  /** @type {Recipe} */
  const recipe = JSON.parse(readFileSync(path.join(recipes, `${name}.json`), 'utf8'));
  const { corpus, validation, lowercase, average, test } = recipe;
  say(recipe.title);
  mkdirSync(folder, { recursive: true });
  for (const file of [...corpus, ...validation, test.source]) bring(file, data, folder, lowercase);
  bring(test.reference, data, folder, false);

  const { steps, 'cooldown-steps': cooldown, 'model-config': model, ...settings } = recipe.train;
  writeFileSync(path.join(folder, 'model-config.json'), JSON.stringify(model ?? {}));
  const begin = {
    ...{ corpus: corpus.join(','), validation: validation.join(','), 'model-config': 'model-config.json' },
    ...settings,
  };
  const isBegun = checkpointsOf(path.join(folder, 'run')) > 0;
  await polyhead(folder, 'train', {
    ...{ output: 'run', ...(isBegun ? { resume: true } : begin), steps, 'cooldown-steps': cooldown },
    ...{ minutes: options.minutes, threads: options.threads },
  });
  rmSync(path.join(folder, 'model'), { recursive: true, force: true });
  // A leg that ended early is scored as well.
  const there = checkpointsOf(path.join(folder, 'run'));
  if (there === 0) throw new Failure('The training has made no update yet: give it more --minutes.');
  await polyhead(folder, 'export', { run: 'run', output: 'model', average: Math.min(average, there) });
  const texts = { input: test.source, output: 'hypothesis.txt' };
  await polyhead(folder, 'translate', { model: 'model', ...test.translate }, texts);
  await polyhead(folder, 'evaluate', {
    ...{ hypothesis: texts.output, reference: test.reference, format: 'text', ...test.evaluate },
  });
  return 0;
});

/**
 * How many checkpoints a run has.
 * @param {string} run a folder, which need not be there
 */
function checkpointsOf(run) {
  return existsSync(run) ? readdirSync(run).filter((name) => name.startsWith('checkpoint-')).length : 0;
}

/**
 * Brings a text to where the training is.
 * @param {string} file
 * @param {string} from a folder, where it may also lie as .gz
 * @param {string} to
 * @param {boolean} lowercase
 */
function bring(file, from, to, lowercase) {
  const plain = path.join(from, file);
  const packed = `${plain}.gz`;
  if (!existsSync(plain) && !existsSync(packed)) {
    throw new Failure(
      `There is no ${file} (nor ${file}.gz) in ${from}: name the folder with the recipe's texts.`,
    );
  }
  const text = (existsSync(plain) ? readFileSync(plain) : gunzipSync(readFileSync(packed))).toString('utf8');
  const wanted = lowercase ? text.toLowerCase() : text;
  const there = path.join(to, file);
  // What is as it was stays untouched: a run looks at whether its corpus has changed.
  if (existsSync(there) && readFileSync(there, 'utf8') === wanted) return;
  writeFileSync(there, wanted);
}

/**
 * Runs our command line.
 * @param {string} folder where it works
 * @param {string} command
 * @param {Options} options
 * @param {{ input?: string, output?: string }} files of the folder, in the place of the terminal
 */
async function polyhead(folder, command, options, { input, output } = {}) {
  const args = Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined || value === false) return [];
    return value === true ? [`--${name}`] : [`--${name}`, String(value)];
  });
  const ends = [
    input === undefined ? /** @type {const} */ ('ignore') : openSync(path.join(folder, input), 'r'),
    output === undefined ? /** @type {const} */ ('inherit') : openSync(path.join(folder, output), 'w'),
  ];
  const child = startGroup(process.execPath, [inRoot('dist', 'cli.js'), command, ...args], {
    cwd: folder,
    stdio: [...ends, 'inherit'],
  });
  const [code] = await once(child, 'close');
  for (const end of ends) if (typeof end === 'number') closeSync(end);
  if (code !== 0) throw new Failure(`“polyhead ${command}” failed: what it said stands above.`, code ?? 1);
}
