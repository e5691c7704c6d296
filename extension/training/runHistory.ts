/**
 * What a run did, step by step, as columns of numbers: taken from the lines of its metrics.jsonl (docs/metrics.md).
 * NaN stands where a line has no number.
 */
import {
  stepColumns,
  validationColumns,
  type Sample,
  type ValidationColumn,
} from '../../webview/training/messages';
import { Column } from './column';

/** The newest update, as far as its line says. */
export interface Latest {
  readonly step: number;
  readonly epoch: number;
  readonly smoothedLoss: number;
  readonly perplexity: number;
  readonly learningRate: number;
  readonly targetTokens: number;
  readonly seconds: number;
  /** To the end of the leg; NaN where no end is set. */
  readonly secondsLeft: number;
  /** Seconds since 1970. */
  readonly time: number;
}

/** What the newest leg says of the run. */
export interface LegFacts {
  readonly step: number;
  readonly parameters: number;
  readonly trainingPairs: number;
  readonly validationPairs: number;
}

type Columns<Name extends string> = Readonly<Record<Name, Column>>;

function columns<Name extends string>(names: readonly Name[]): Columns<Name> {
  return Object.fromEntries(names.map((name) => [name, new Column()])) as unknown as Columns<Name>;
}

/** The schema of metrics.jsonl that is understood here; lines of later ones are passed over. */
const knownSchema = 1;

export class RunHistory {
  readonly steps = columns(stepColumns);
  readonly validations = columns(validationColumns);
  /** What each validation translated, in their order. */
  readonly samples: (readonly Sample[])[] = [];
  latest: Latest | undefined;
  leg: LegFacts | undefined;
  #understood = true;

  get stepCount(): number {
    return this.steps.step.length;
  }

  get validationCount(): number {
    return this.validations.step.length;
  }

  /** Takes in a line of the file; what is none of the schema is passed over. */
  add(text: string): void {
    const line = parse(text);
    if (line === undefined) return;
    const number = (name: string): number => {
      const value = line[name];
      return typeof value === 'number' ? value : NaN;
    };
    if (!Number.isSafeInteger(line['step'])) return;
    if (line['kind'] === 'leg') this.#addLeg(number);
    else if (!this.#understood) return;
    else if (line['kind'] === 'step') this.#addStep(number);
    else if (line['kind'] === 'validation') this.#addValidation(number, line['samples']);
  }

  clear(): void {
    for (const column of [...Object.values(this.steps), ...Object.values(this.validations)]) column.clear();
    this.samples.length = 0;
    this.latest = undefined;
    this.leg = undefined;
    this.#understood = true;
  }

  #addLeg(number: (name: string) => number): void {
    this.#understood = number('schema') <= knownSchema;
    if (!this.#understood) return;
    this.leg = {
      step: number('step'),
      parameters: number('parameters'),
      trainingPairs: number('trainingPairs'),
      validationPairs: number('validationPairs'),
    };
  }

  #addStep(number: (name: string) => number): void {
    // The curves count on steps that rise; a step that is there twice is another writer's doing.
    if (number('step') <= this.steps.step.last) return;
    for (const name of stepColumns) this.steps[name].push(number(name));
    this.latest = {
      step: number('step'),
      epoch: number('epoch'),
      smoothedLoss: number('smoothedLoss'),
      perplexity: number('perplexity'),
      learningRate: number('learningRate'),
      targetTokens: number('targetTokens'),
      seconds: number('seconds'),
      secondsLeft: number('secondsLeft'),
      time: number('time'),
    };
  }

  #addValidation(number: (name: string) => number, samples: unknown): void {
    if (number('step') <= this.validations.step.last) return;
    const { seconds, targetTokens } = this.steps;
    const values: Readonly<Record<ValidationColumn, number>> = {
      step: number('step'),
      seconds: seconds.last,
      targetTokens: targetTokens.last,
      loss: number('loss'),
      perplexity: number('perplexity'),
      bleu: number('bleu'),
      chrf: number('chrf'),
    };
    for (const name of validationColumns) this.validations[name].push(values[name]);
    this.samples.push(Array.isArray(samples) ? samples.filter(isSample) : []);
  }
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isSample(value: unknown): value is Sample {
  if (typeof value !== 'object' || value === null) return false;
  const sample = value as Record<string, unknown>;
  return (['source', 'reference', 'translation'] as const).every((name) => typeof sample[name] === 'string');
}
