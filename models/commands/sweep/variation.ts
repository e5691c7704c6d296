/** One variation of a sweep: trained, or trained on, then translated with and scored; what came of it is kept. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { checkLineCounts } from '../../evaluation/lineCounts';
import { readTextLines } from '../../evaluation/readTexts';
import { scoreIn } from '../../evaluation/score';
import { Translator } from '../../inference/translator';
import { writeFileAtomically } from '../../storage/atomic';
import { readModelConfig } from '../../storage/modelFolder';
import { listCheckpoints, readProgress, resolveModelFolder } from '../../training/checkpoints';
import { readMetrics } from '../../training/metrics/metricsFile';
import { readSettings, type RunSettings } from '../../training/runSettings';
import { resumeRun, startRun, type LegOptions, type OnRunEvent } from '../../training/trainingRun';
import { parameterCount } from '../../transformer/model';
import { UserError } from '../../userError';
import { settingsOf, statedSettings, type Plan, type Variation } from './plan';
import type { Row } from './table';

const resultFile = 'result.json';

/** What a row came from: with the same again, it need not be made anew. */
interface Origin {
  readonly steps: number;
  readonly settings: ReturnType<typeof statedSettings>;
  readonly development: Plan['development'];
  readonly search: Plan['search'];
}

/** The row of a variation: as it was kept, or after the training that is still to do. @throws UserError, AbortError */
export async function runVariation(
  folder: string,
  variation: Variation,
  { development, search }: Plan,
  leg: Omit<LegOptions, 'steps'>,
  onEvent: OnRunEvent,
): Promise<Row> {
  const { steps } = variation;
  const origin: Origin = { steps, settings: statedSettings(variation), development, search };
  const kept = await readResult(folder);
  // Corpora and models need not be there any more.
  if (kept && isDeepStrictEqual(kept.origin, asJson(origin))) return kept.row;
  const settings = await settingsOf(variation);
  if (kept) {
    // Earlier sweeps wrote down what was found out besides.
    if (isDeepStrictEqual(kept.origin, asJson({ ...origin, settings }))) return kept.row;
    throw otherwise(folder);
  }
  // Before hours of training.
  const texts = await readDevelopment(development);
  await train(folder, settings, { ...leg, steps }, onEvent);
  leg.signal?.throwIfAborted();
  const row = await score(folder, variation, settings, { texts, search, leg });
  await writeFileAtomically(path.join(folder, resultFile), [
    `${JSON.stringify({ row, origin }, undefined, 2)}\n`,
  ]);
  return row;
}

/** What is translated, and how. */
interface Scoring {
  readonly texts: Texts;
  readonly search: Plan['search'];
  readonly leg: Pick<LegOptions, 'threads' | 'signal'>;
}

/** The row of a variation that is trained; a UserError where that was for more steps than its own. */
async function score(
  folder: string,
  { name, steps }: Variation,
  { dropout, labelSmoothing }: RunSettings,
  { texts, search, leg }: Scoring,
): Promise<Row> {
  const model = await resolveModelFolder(folder);
  if ((await readProgress(model, { check: false })).step !== steps) throw otherwise(folder);
  const translator = await Translator.load(model, leg.threads, () => undefined, search);
  try {
    const translations = await translator.translate(texts.sources, { signal: leg.signal });
    const { bleu } = scoreIn(
      translator.to,
      translations.map(({ text }) => text),
      texts.references,
    );
    const validations = (await readMetrics(folder)).lines.filter((line) => line.kind === 'validation');
    const { transformer } = await readModelConfig(model);
    return {
      name,
      ...pickSizes(transformer),
      dropout,
      labelSmoothing,
      steps,
      perplexity: validations.findLast((one) => one.step === steps)?.perplexity ?? null,
      bleu: bleu.score,
      parameters: parameterCount(transformer),
    };
  } finally {
    await translator.dispose();
  }
}

function pickSizes(config: Pick<Row, SizeName>): Pick<Row, SizeName> {
  const { encoderLayers, decoderLayers, dModel, dFf, heads, dKey, dValue, positions } = config;
  return { encoderLayers, decoderLayers, dModel, dFf, heads, dKey, dValue, positions };
}

type SizeName =
  'encoderLayers' | 'decoderLayers' | 'dModel' | 'dFf' | 'heads' | 'dKey' | 'dValue' | 'positions';

interface Texts {
  readonly sources: string[];
  readonly references: string[];
}

async function readDevelopment({ source, reference }: Plan['development']): Promise<Texts> {
  const [sources, references] = [await readTextLines(source), await readTextLines(reference)];
  checkLineCounts(sources, [references], { hypothesis: source, references: [reference] });
  return { sources, references };
}

/** From the beginning, or from where an earlier sweep broke off; nothing where it had reached its last step. */
async function train(
  folder: string,
  settings: RunSettings,
  leg: LegOptions,
  onEvent: OnRunEvent,
): Promise<unknown> {
  if ((await listCheckpoints(folder)).length === 0) return startRun(folder, settings, leg, onEvent);
  if (!isDeepStrictEqual(await readSettings(folder), asJson(settings))) throw otherwise(folder);
  return resumeRun(folder, leg, onEvent);
}

function otherwise(folder: string): UserError {
  return new UserError(
    `${folder} comes from another plan: give the variation another name, or delete that folder.`,
  );
}

/** As it comes back from a file. */
function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

async function readResult(folder: string): Promise<{ row: Row; origin: unknown } | undefined> {
  const file = path.join(folder, resultFile);
  try {
    return JSON.parse(await readFile(file, 'utf8')) as { row: Row; origin: unknown };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UserError(`${file} cannot be read (${(error as Error).message}): delete it, to score anew.`);
  }
}
