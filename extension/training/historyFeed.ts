/**
 * Tells a page what runs did: all of it once, then what comes, in parts that neither side feels.
 */
import {
  isAxis,
  stepColumns,
  validationColumns,
  type ColumnsOf,
  type HistoryPart,
  type StepColumn,
  type ValidationColumn,
} from '../../webview/training/messages';
import type { Column } from './column';
import { MetricsTail } from './metricsTail';

/** Rows of a part: two megabytes. */
const rowsOfPart = 50_000;

interface Watched {
  readonly tail: MetricsTail;
  /** Of the history that the page was told; before it was told anything, none. */
  generation: number;
  steps: number;
  validations: number;
}

export class HistoryFeed {
  readonly #folderOf: (id: string) => string;
  readonly #tell: (part: HistoryPart) => void;
  #watched = new Map<string, Watched>();

  constructor(folderOf: (id: string) => string, tell: (part: HistoryPart) => void) {
    this.#folderOf = folderOf;
    this.#tell = tell;
  }

  /** The page is a new one, which has been told nothing. */
  forget(): void {
    this.#watched = new Map();
  }

  /** From now on the page is told of these runs; of those that it was not told of so far, from their beginnings. */
  async watch(ids: readonly string[]): Promise<void> {
    const before = this.#watched;
    this.#watched = new Map(ids.map((id) => [id, before.get(id) ?? this.#begin(id)]));
    await this.update();
  }

  /** Tells what has come since. */
  async update(): Promise<void> {
    // A long history must not keep the short ones waiting.
    await Promise.all(
      [...this.#watched].map(async ([id, watched]) => {
        const tell = (complete: boolean): void => {
          if (this.#watched.get(id) === watched) this.#tellOf(id, watched, complete);
        };
        await watched.tail.read(() => tell(false));
        tell(true);
      }),
    );
  }

  #begin(id: string): Watched {
    const tail = new MetricsTail(this.#folderOf(id));
    return { tail, generation: -1, steps: 0, validations: 0 };
  }

  #tellOf(run: string, watched: Watched, whole: boolean): void {
    const { history, generation } = watched.tail;
    const begunAnew = watched.generation !== generation;
    if (begunAnew) Object.assign(watched, { generation, steps: 0, validations: 0 });
    const isNew = (): boolean =>
      watched.steps < history.stepCount || watched.validations < history.validationCount;
    if (!begunAnew && !isNew()) return;
    do {
      const steps = Math.min(history.stepCount, watched.steps + rowsOfPart);
      // Samples are few; they all come with the last part.
      const isLast = steps === history.stepCount;
      const validations = isLast ? history.validationCount : watched.validations;
      this.#tell({
        run,
        stepsFrom: watched.steps,
        steps: cut<StepColumn>(stepColumns, history.steps, watched.steps, steps),
        validationsFrom: watched.validations,
        validations: cut<ValidationColumn>(
          validationColumns,
          history.validations,
          watched.validations,
          validations,
        ),
        samples: history.samples.slice(watched.validations, validations).map((samples) => [...samples]),
        complete: whole && isLast,
      });
      Object.assign(watched, { steps, validations });
    } while (isNew());
  }
}

function cut<Name extends string>(
  names: readonly Name[],
  columns: Readonly<Record<Name, Column>>,
  start: number,
  end: number,
): ColumnsOf<Name> {
  const parts = names.map((name) => {
    const column = columns[name].slice(start, end);
    return [name, isAxis(name) ? column : Float32Array.from(column)];
  });
  return Object.fromEntries(parts) as ColumnsOf<Name>;
}
