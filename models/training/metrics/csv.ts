/** Metrics as a table: a row a step, with what the validation after that step said. */
import type { MetricsLine, StepLine, ValidationLine } from './lines';

const stepColumns = [
  'step',
  'epoch',
  'loss',
  'smoothedLoss',
  'perplexity',
  'learningRate',
  'targetTokensPerSecond',
  'paddingShare',
  'gradientNorm',
  'targetTokens',
  'seconds',
  'secondsLeft',
  'flops',
  'time',
] as const satisfies readonly (keyof StepLine)[];

const validationColumns = {
  validationLoss: 'loss',
  validationPerplexity: 'perplexity',
  bleu: 'bleu',
  chrf: 'chrf',
} as const satisfies Record<string, keyof ValidationLine>;

/** Of mixed precision: behind all others, which keep their places. */
const mixedColumns = ['lossScale', 'skippedSteps'] as const satisfies readonly (keyof StepLine)[];

/** Rows with their line breaks, the column names first (RFC 4180, but for `\n`). A field without a number is empty. */
export function* csvRows(lines: readonly MetricsLine[]): Generator<string> {
  yield `${[...stepColumns, ...Object.keys(validationColumns), ...mixedColumns].join(',')}\n`;
  const validations = new Map(
    lines.filter((line) => line.kind === 'validation').map((line) => [line.step, line]),
  );
  for (const line of lines) {
    if (line.kind !== 'step') continue;
    const validation = validations.get(line.step);
    const fields = [
      ...stepColumns.map((column) => line[column]),
      ...Object.values(validationColumns).map((column) => validation?.[column]),
      ...mixedColumns.map((column) => line[column]),
    ];
    yield `${fields.map((field) => field ?? '').join(',')}\n`;
  }
}
