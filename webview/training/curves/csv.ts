/** All that is known of the shown runs, as a table: a row an update, with what the validation after it said. */
import { isAxis, stepColumns, validationColumns } from '../messages';
import type { RunCurves } from '../numbers/histories';

export interface NamedCurves {
  readonly name: string;
  readonly curves: RunCurves;
}

/** What a validation has beside the columns of its update. */
const validated = validationColumns.filter(
  (name) => name !== 'step' && name !== 'seconds' && name !== 'targetTokens',
);

const rowsOfPiece = 10_000;

/** RFC 4180, but for line breaks of one sign; UTF-8. A field without a number is empty. */
export function csvOf(runs: readonly NamedCurves[]): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const headings = ['run', ...stepColumns, ...validated.map((name) => `validation_${name}`)];
  const pieces = [encoder.encode(`${headings.join(',')}\n`)];
  for (const run of runs) {
    let rows: string[] = [];
    for (const row of rowsOf(run)) {
      rows.push(row);
      if (rows.length === rowsOfPiece) {
        pieces.push(encoder.encode(rows.join('')));
        rows = [];
      }
    }
    pieces.push(encoder.encode(rows.join('')));
  }
  return joined(pieces);
}

function* rowsOf({ name, curves: { steps, validations } }: NamedCurves): Generator<string> {
  const quoted = `"${name.replace(/"/g, '""')}"`;
  // Values come with seven digits; what stands behind those is not theirs.
  const field = (value: number, isExact = false): string =>
    Number.isFinite(value) ? String(isExact ? value : Number(value.toPrecision(7))) : '';
  let validation = 0;
  for (let row = 0; row < steps.length; row++) {
    const step = steps.columns.step[row]!;
    while (validation < validations.length && validations.columns.step[validation]! < step) validation++;
    const isValidated = validation < validations.length && validations.columns.step[validation] === step;
    const fields = [
      quoted,
      ...stepColumns.map((column) => field(steps.columns[column][row]!, isAxis(column))),
      ...validated.map((column) => (isValidated ? field(validations.columns[column][validation]!) : '')),
    ];
    yield `${fields.join(',')}\n`;
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
