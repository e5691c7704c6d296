/**
 * Beam search written a second time, as plainly as can be: all candidates sorted, whole prefixes at a time, rules looked
 * up in the tokens so far; it never stops before its beam is full of finished hypotheses.
 */
import type { Hypothesis } from '../../../models/inference/hypothesis';
import type { SearchSettings } from '../../../models/inference/search';
import { endId, firstByteId } from '../../../models/text/reservedTokens';
import {
  isSurelyOver,
  longestNaturalRepetition,
  missingFrom,
  repetitionAtTheEnd,
  runawayCycle,
  type Model,
} from './slowGreedy';

export type Ranked = Pick<Hypothesis, 'tokens' | 'penalisedScore' | 'masked' | 'truncated'>;

interface Path extends Ranked {
  /** All that the model said, whether it stays or not. */
  readonly said: readonly number[];
  readonly isFinished: boolean;
}

/** All finished hypotheses of one source, best first. */
export async function slowBeam(
  model: Model,
  source: readonly number[],
  { beamSize, lengthPenalty }: SearchSettings,
): Promise<Ranked[]> {
  const natural = longestNaturalRepetition(source);
  const nothing = { tokens: [], said: [], penalisedScore: 0, masked: false, truncated: false };
  let growing: Path[] = [{ ...nothing, isFinished: false }];
  let finished: Path[] = [];
  while (growing.length > 0 && finished.length < beamSize) {
    const distributions = await model(growing.map(({ tokens }) => tokens));
    const candidates = growing
      .flatMap((path, index) => extensions(path, source, natural, distributions[index]!, lengthPenalty))
      .toSorted((a, b) => sum(b.said) - sum(a.said))
      .slice(0, 2 * beamSize);
    finished = [...finished, ...candidates.slice(0, beamSize).filter(({ isFinished }) => isFinished)]
      .toSorted((a, b) => Number(a.truncated) - Number(b.truncated) || b.penalisedScore - a.penalisedScore)
      .filter(
        ({ tokens }, index, all) => all.findIndex((one) => one.tokens.join() === tokens.join()) === index,
      );
    growing = candidates.filter(({ isFinished }) => !isFinished).slice(0, beamSize);
  }
  return finished.map(({ tokens, penalisedScore, masked, truncated }) => {
    return { tokens, penalisedScore, masked, truncated };
  });
}

function extensions(
  path: Path,
  source: readonly number[],
  natural: number,
  logProbabilities: Float32Array,
  lengthPenalty: number,
): Path[] {
  const missing = missingFrom(path.tokens, source);
  const everything = [...logProbabilities.keys()];
  const allowed = everything.filter((token) =>
    token === endId ? missing.length === 0 : token >= firstByteId || missing.includes(token),
  );
  const isTight = path.tokens.length + missing.length === source.length + 50;
  const narrow = missing.length > 0 ? missing : [endId];
  const isNarrow = isTight || isSurelyOver(logProbabilities, missing);
  const possible = isNarrow ? allowed.filter((token) => narrow.includes(token)) : allowed;
  const likeliest = logProbabilities.indexOf(Math.max(...logProbabilities));
  return possible.map((token): Path => {
    const said = [...path.said, logProbabilities[token]!];
    const next = {
      said,
      penalisedScore: sum(said) / Math.pow((5 + said.length) / 6, lengthPenalty),
      masked: path.masked || !allowed.includes(likeliest),
      truncated: path.truncated || (allowed.includes(likeliest) && !possible.includes(likeliest)),
    };
    if (token === endId) return { ...next, tokens: path.tokens, isFinished: true };
    return cutWhereItRunsAway(
      { ...next, tokens: [...path.tokens, token], isFinished: false },
      source,
      natural,
    );
  });
}

function cutWhereItRunsAway(path: Path, source: readonly number[], natural: number): Path {
  const cycle = runawayCycle(path.tokens, natural);
  if (cycle === undefined) return path;
  const tokens = [...path.tokens];
  while (repetitionAtTheEnd(tokens, cycle) > Math.max(cycle, natural)) tokens.pop();
  const missing = missingFrom(tokens, source);
  return {
    ...path,
    tokens: [...tokens, ...missing],
    masked: path.masked || missing.length > 0,
    truncated: true,
    isFinished: true,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
