/** What came of a sweep, with the columns of the paper's Table 3. */
import type { TransformerConfig } from '../../transformer/config';

export interface Row extends Pick<
  TransformerConfig,
  'encoderLayers' | 'decoderLayers' | 'dModel' | 'dFf' | 'heads' | 'dKey' | 'dValue' | 'positions'
> {
  readonly name: string;
  readonly dropout: number;
  readonly labelSmoothing: number;
  readonly steps: number;
  /** A token of the validation pairs; null where it is no number. Vocabularies that differ cannot be compared by it. */
  readonly perplexity: number | null;
  /** Of the development set, 0 to 100. */
  readonly bleu: number;
  readonly parameters: number;
}

export interface Failure {
  readonly name: string;
  readonly error: string;
}

const columns: readonly (readonly [heading: string, cell: (row: Row) => string | number])[] = [
  ['', ({ name }) => name],
  [
    'N',
    ({ encoderLayers, decoderLayers }) =>
      encoderLayers === decoderLayers ? encoderLayers : `${encoderLayers} + ${decoderLayers}`,
  ],
  ['dModel', ({ dModel }) => dModel],
  ['dFf', ({ dFf }) => dFf],
  ['heads', ({ heads }) => heads],
  ['dKey', ({ dKey }) => dKey],
  ['dValue', ({ dValue }) => dValue],
  ['dropout', ({ dropout }) => dropout],
  ['label smoothing', ({ labelSmoothing }) => labelSmoothing],
  ['positions', ({ positions }) => positions],
  ['steps', ({ steps }) => steps],
  ['perplexity (validation)', ({ perplexity }) => perplexity?.toFixed(2) ?? '–'],
  ['BLEU (development)', ({ bleu }) => bleu.toFixed(1)],
  ['parameters ×10⁶', ({ parameters }) => (parameters / 1e6).toFixed(2)],
];

/** A Markdown table of the rows, and the failures below it. */
export function tableOf(rows: readonly Row[], failures: readonly Failure[]): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  const lines = [
    line(columns.map(([heading]) => heading)),
    line(columns.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...rows.map((row) => line(columns.map(([, cell]) => cell(row)))),
  ];
  if (failures.length > 0)
    lines.push('', ...failures.map(({ name, error }) => `- **${name}** failed: ${error}`));
  return lines.join('\n');
}
