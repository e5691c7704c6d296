/** What runs did, put together from the parts in which the host tells it. */
import {
  isAxis,
  stepColumns,
  validationColumns,
  type ColumnsOf,
  type HistoryPart,
  type Sample,
  type StepColumn,
  type ValidationColumn,
} from '../messages';

/** Columns of one length, in typed arrays that may be longer. */
export class Table<Name extends string> {
  readonly columns: ColumnsOf<Name>;
  #length = 0;
  readonly #names: readonly Name[];

  constructor(names: readonly Name[]) {
    this.#names = names;
    const empty = names.map((name) => [name, new (isAxis(name) ? Float64Array : Float32Array)(256)]);
    this.columns = Object.fromEntries(empty) as ColumnsOf<Name>;
  }

  get length(): number {
    return this.#length;
  }

  /** The last value of a column; NaN where there is none. */
  last(name: Name): number {
    return this.#length === 0 ? NaN : this.columns[name][this.#length - 1]!;
  }

  /** Puts rows in the place of all from `start` on. @returns whether the rows before are there */
  put(start: number, rows: ColumnsOf<Name>): boolean {
    if (start > this.#length) return false;
    const length = Math.min(...this.#names.map((name) => rows[name].length));
    for (const name of this.#names) {
      this.#makeRoom(name, start + length);
      this.columns[name].set(rows[name].subarray(0, length), start);
    }
    this.#length = start + length;
    return true;
  }

  #makeRoom(name: Name, length: number): void {
    const column = this.columns[name];
    if (column.length >= length) return;
    const larger = new (isAxis(name) ? Float64Array : Float32Array)(Math.max(length, 2 * column.length));
    larger.set(column);
    this.columns[name] = larger as ColumnsOf<Name>[Name];
  }
}

export class RunCurves {
  readonly steps = new Table<StepColumn>(stepColumns);
  readonly validations = new Table<ValidationColumn>(validationColumns);
  readonly samples: (readonly Sample[])[] = [];
  /** Another one when what was there is no longer the beginning of what is. */
  generation = 0;
  complete = false;
}

export class Histories {
  readonly #runs = new Map<string, RunCurves>();

  get(run: string): RunCurves | undefined {
    return this.#runs.get(run);
  }

  /** Takes a part in. One that does not join what is there is passed over: its like comes again from the beginning. */
  take(part: HistoryPart): void {
    const curves = this.#runs.get(part.run) ?? new RunCurves();
    this.#runs.set(part.run, curves);
    if (part.stepsFrom < curves.steps.length || part.validationsFrom < curves.validations.length)
      curves.generation++;
    if (!curves.steps.put(part.stepsFrom, part.steps)) return;
    if (!curves.validations.put(part.validationsFrom, part.validations)) return;
    curves.samples.splice(part.validationsFrom, Infinity, ...part.samples);
    curves.complete = part.complete;
  }

  /** Forgets all runs but these. */
  keepOnly(runs: readonly string[]): void {
    for (const run of this.#runs.keys()) if (!runs.includes(run)) this.#runs.delete(run);
  }
}
