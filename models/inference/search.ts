/**
 * Beam search (the paper, §6.1; GNMT, Wu et al. 2016, §7): expand (candidates.ts), score, finish, reorder. With a beam
 * of 1 it is greedy decoding.
 */
import { expand, type Candidate } from './candidates';
import type { StepwiseDecoder } from './decoder';
import {
  beginHypothesis,
  finish,
  limitsOf,
  penalise,
  say,
  type Growing,
  type Hypothesis,
  type Limits,
} from './hypothesis';

export interface SearchSettings {
  /** Hypotheses that grow side by side for each source, at least 1; the paper takes 4. */
  readonly beamSize: number;
  /** α of `penalise`, at least 0; the paper takes 0.6. Without effect where `beamSize` is 1. */
  readonly lengthPenalty: number;
}

export interface SearchOptions extends SearchSettings {
  /** Hypotheses a source, at most; 1 unless given, and not more than `beamSize`. */
  readonly best?: number;
  readonly signal?: AbortSignal | undefined;
}

/** One source's search. */
interface Beam {
  readonly limits: Limits;
  /** Best first; none once the search is done. */
  growing: readonly Growing[];
  /** Best first, no two of the same tokens. */
  finished: readonly Hypothesis[];
  /** Of the decoder's last step, of the hypotheses that grew then; ascending. */
  rows: readonly number[];
}

/**
 * The best translations of each source, best first, in the sources' order; those that were cut come after all others.
 * Sources are token sequences with their end, at least one; the batch is one. Equal inputs give equal results: where
 * candidates are equally likely, that of the better hypothesis goes first, then the lower id. Rejects with `signal`'s
 * reason when it aborts: it is looked at before each token, and onnxruntime's `run` lets the event loop turn before it
 * begins.
 */
export async function search(
  decoder: StepwiseDecoder,
  sources: readonly (readonly number[])[],
  { signal, best = 1, ...settings }: SearchOptions,
): Promise<Hypothesis[][]> {
  const { decoderStartToken, endToken } = decoder.config;
  signal?.throwIfAborted();
  const state = await decoder.begin(sources);
  const beams = sources.map((source, row): Beam => {
    return {
      limits: limitsOf(source),
      growing: [beginHypothesis(source, endToken, row)],
      finished: [],
      rows: [],
    };
  });
  try {
    let owners = beams;
    while (owners.length > 0) {
      signal?.throwIfAborted();
      const growing = beams.flatMap((beam) => beam.growing);
      const output = await state.step(
        growing.map(({ tokens }) => tokens.at(-1) ?? decoderStartToken),
        growing.map(({ row }) => row),
        2 * settings.beamSize,
      );
      let row = 0;
      for (const beam of beams) {
        beam.rows = beam.growing.map(() => row++);
        const candidates = beam.growing.flatMap((hypothesis, index) =>
          // The best of them all may be of one hypothesis.
          expand(hypothesis, output, beam.rows[index]!, beam.limits, 2 * settings.beamSize),
        );
        advance(beam, candidates, settings, endToken);
        if (isDone(beam, settings, best)) beam.growing = [];
      }
      // Reorder: the decoder's rows are to be of the sources that the next step's hypotheses translate.
      const before = owners;
      owners = beams.flatMap((beam) => beam.growing.map(() => beam));
      const isOther = owners.length !== before.length || owners.some((beam, index) => beam !== before[index]);
      if (isOther && owners.length > 0) await state.keepSources(beams.flatMap(rowsOfSource));
    }
  } finally {
    state.dispose();
  }
  return beams.map(({ finished }) => finished.slice(0, best));
}

/** Rows that hold the beam's source, for each hypothesis that grows: they ascend where there are as many as before. */
function rowsOfSource({ growing, rows }: Beam): number[] {
  return growing.map((_, index) => rows[Math.min(index, rows.length - 1)]!);
}

/**
 * The best candidates make the beam's next step. One that finishes must be among the best `beamSize`, as it must be to
 * grow in a beam without ends; the best `beamSize` others grow, so that a beam does not narrow as hypotheses finish.
 */
function advance(
  beam: Beam,
  candidates: readonly Candidate[],
  { beamSize, lengthPenalty }: SearchSettings,
  endToken: number,
): void {
  // Candidates of a step are of one length: their sums order them as their scores would. Sorting is stable.
  const ranked = candidates.toSorted((a, b) => b.sum - a.sum).slice(0, 2 * beamSize);
  const growing: Growing[] = [];
  ranked.forEach(({ hypothesis, token, logProbability }, rank) => {
    if (growing.length === beamSize) return;
    const next = say(hypothesis, token, logProbability, endToken, beam.limits);
    if (!next.isFinished) growing.push(next);
    else if (rank < beamSize) beam.finished = enrol(finish(next, lengthPenalty), beam.finished);
  });
  beam.growing = growing;
}

/** The finished hypotheses with one more; of two with the same tokens, as one that was cut may have, the better stays. */
function enrol(hypothesis: Hypothesis, finished: readonly Hypothesis[]): Hypothesis[] {
  return [...finished, hypothesis]
    .sort(compare)
    .filter((one, index, all) => index === all.findIndex((other) => isSame(one.tokens, other.tokens)));
}

/** Whole ones before those that were cut, then by score. */
function compare(a: Hypothesis, b: Hypothesis): number {
  return Number(a.truncated) - Number(b.truncated) || b.penalisedScore - a.penalisedScore;
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((token, index) => token === b[index]);
}

/**
 * Whether a source needs no further step: `beamSize` hypotheses have finished, or as many as are wanted have, and no
 * growing one can become better (§6.1, "terminate early when possible"). A sum only falls, and is divided by most at
 * the longest length.
 */
function isDone(
  { growing, finished, limits }: Beam,
  { beamSize, lengthPenalty }: SearchSettings,
  best: number,
): boolean {
  const [first] = growing;
  const last = finished[best - 1];
  if (!first || finished.length >= beamSize) return true;
  return (
    last !== undefined &&
    !last.truncated &&
    last.penalisedScore >= penalise(first.sum, limits.longest + 1, lengthPenalty)
  );
}
