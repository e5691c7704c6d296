import { describe, expect, it } from 'vitest';
import { RunHistory } from '../../../../extension/training/runHistory';
import { formatLine, type MetricsLine } from '../../../../models/training/metrics/lines';
import { stepColumns } from '../../../../webview/training/messages';
import { legLine, stepLine, validationLine } from '../../training/metrics/someLines';

const sample = { source: 'A file.', reference: 'Eine Datei.', translation: 'Ein Datei.' };

function historyOf(...lines: (MetricsLine | string)[]): RunHistory {
  const history = new RunHistory();
  for (const line of lines) history.add(typeof line === 'string' ? line : formatLine(line).trimEnd());
  return history;
}

describe('the history of a run', () => {
  it('has a row for each update and each validation, which stands where its update does', () => {
    const history = historyOf(
      legLine(0),
      stepLine(1),
      stepLine(2),
      validationLine(2, { bleu: 12.5, samples: [sample] }),
      stepLine(3),
    );
    expect([...history.steps.step.slice()]).toEqual([1, 2, 3]);
    expect([...history.steps.loss.slice(1)]).toEqual([5 / 2, 5 / 3]);
    expect([...history.steps.targetTokens.slice()]).toEqual([100, 200, 300]);
    expect([...history.validations.step.slice()]).toEqual([2]);
    expect([...history.validations.seconds.slice()]).toEqual([1]);
    expect([...history.validations.bleu.slice()]).toEqual([12.5]);
    expect(history.samples).toEqual([[sample]]);
    expect(history.leg).toMatchObject({ parameters: 1000, trainingPairs: 50 });
    expect(history.latest).toMatchObject({ step: 3, epoch: 1, secondsLeft: NaN, smoothedLoss: 2 });
  });

  it('has NaN where there is no number', () => {
    const history = historyOf({ ...stepLine(1), gradientNorm: null }, validationLine(1));
    expect(history.steps.gradientNorm.last).toBeNaN();
    expect(history.validations.bleu.last).toBeNaN();
  });

  it.each([
    'no JSON',
    '7',
    'null',
    '[]',
    '{"kind":"step"}',
    '{"kind":"step","step":"1"}',
    '{"kind":"step","step":1.5}',
    '{"kind":"other","step":4}',
    '{"kind":"step","step":2}',
  ])('passes over %s', (line) => {
    const history = historyOf(stepLine(2), line);
    expect(history.stepCount).toBe(1);
    expect(history.validationCount).toBe(0);
  });

  it('takes of samples what is one', () => {
    const samples = [sample, { source: 'x' }, null, 'x'];
    expect(historyOf(JSON.stringify({ ...validationLine(1), samples })).samples).toEqual([[sample]]);
    expect(historyOf(JSON.stringify({ ...validationLine(1), samples: 7 })).samples).toEqual([[]]);
  });

  it('passes over legs of a schema that it does not know', () => {
    const history = historyOf(
      stepLine(1),
      { ...legLine(1), schema: 2 },
      stepLine(2),
      legLine(2),
      stepLine(3),
    );
    expect([...history.steps.step.slice()]).toEqual([1, 3]);
  });

  it('makes room for any number of rows', () => {
    const history = historyOf(...Array.from({ length: 1000 }, (_, index) => stepLine(index + 1)));
    for (const name of stepColumns) expect(history.steps[name].length).toBe(1000);
    expect(history.steps.step.slice(998)).toEqual(Float64Array.of(999, 1000));
    history.clear();
    expect(history.stepCount).toBe(0);
    expect(history.latest).toBeUndefined();
  });
});
