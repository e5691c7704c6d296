/** What the host tells the training's pages of a run. */
import {
  isAxis,
  stepColumns,
  validationColumns,
  type ColumnsOf,
  type HistoryPart,
  type RunSummary,
} from '../../../webview/training/messages';

export const someRun: RunSummary = {
  ...{ id: 'a-run', name: 'A run', from: 'en', to: 'de', state: 'training', pausedBy: null },
  ...{ elsewhere: false, sentence: null, stage: null, progress: null, budget: '', step: 0, epoch: 0 },
  ...{ loss: null, perplexity: null, learningRate: null, tokensPerSecond: null, targetTokens: 0 },
  ...{ seconds: 0, secondsLeft: null, parameters: null, device: null, validation: null, best: null },
  ...{ bytes: 0, copyable: true, usable: false, inUse: false },
};

/** A part of a history, in which the values of a row are its own index. */
export function historyPart(
  stepsFrom: number,
  steps: number,
  validationsFrom = 0,
  validations = 0,
  run = 'a',
): HistoryPart {
  const rows = <Name extends string>(names: readonly Name[], from: number, count: number) =>
    Object.fromEntries(
      names.map((name) => [
        name,
        new (isAxis(name) ? Float64Array : Float32Array)(
          Array.from({ length: count }, (_, index) => from + index),
        ),
      ]),
    ) as ColumnsOf<Name>;
  return {
    run,
    stepsFrom,
    steps: rows(stepColumns, stepsFrom, steps),
    validationsFrom,
    validations: rows(validationColumns, validationsFrom, validations),
    samples: Array.from({ length: validations }, (_, index) => [
      { source: `${validationsFrom + index}`, reference: '', translation: '' },
    ]),
    complete: true,
  };
}
