/** How a run stands, as the pages and the tree show it: made of what is on the disk and what trains now. */
import type { RunSummary, Validation } from '../../webview/training/messages';
import { recentTokensPerSecond, type MetricsEnds } from './metricsEnds';
import type { RunHistory } from './runHistory';
import { inState, type RunRecord } from './runRecord';
import type { StoredRun } from './runStore';
import type { Holder } from './trainerLock';
import type { Activity } from './trainingQueue';
import { budgetInWords, pauseInWords, vanishedInWords } from './wording';

export interface Standing {
  readonly run: StoredRun;
  readonly ends: MetricsEnds | undefined;
  /** The window that trains, whichever run. */
  readonly holder: Holder | undefined;
  /** What trains in this window. */
  readonly activity: Activity | undefined;
  readonly inUse: boolean;
}

export function summaryOf({ run, ends, holder, activity, inUse }: Standing): RunSummary {
  const { id, from, to, bytes, checkpoints, best } = run;
  const latest = ends?.tail.latest;
  const record = asItIs(run, holder, latest?.step);
  const here = activity?.id === id ? activity : undefined;
  const saved = savedStep(run);
  return {
    id,
    name: record.name,
    from,
    to,
    state: record.state,
    pausedBy: record.pausedBy ?? null,
    elsewhere: record.state === 'training' && here === undefined,
    sentence: here?.warnings.at(-1) ?? record.sentence ?? pauseInWords(record.pausedBy, saved) ?? null,
    stage: stageOf(here),
    progress: record.state === 'finished' ? 1 : progressOf(record, latest),
    budget: budgetInWords(record.plan?.form.budget),
    step: count(latest?.step),
    epoch: count(latest?.epoch),
    loss: perhaps(latest?.smoothedLoss),
    perplexity: perhaps(latest?.perplexity),
    learningRate: perhaps(latest?.learningRate),
    tokensPerSecond: ends === undefined ? null : perhaps(recentTokensPerSecond(ends)),
    targetTokens: count(latest?.targetTokens),
    seconds: perhaps(latest?.seconds) ?? 0,
    secondsLeft: record.state === 'training' ? perhaps(latest?.secondsLeft) : null,
    parameters: ends?.head.leg === undefined ? null : count(ends.head.leg.parameters),
    device: here?.device ?? null,
    validation: ends === undefined ? null : lastValidation(ends.tail),
    best: best ?? null,
    bytes,
    copyable: record.plan !== undefined,
    usable: checkpoints.some(({ average }) => !average),
    inUse,
  };
}

/**
 * A run that trains, says its record; but nobody trains it: its window or its machine has gone. Where its engine has
 * saved all that it did, it is as good as paused.
 *
 * @param latest the newest step that it took
 */
export function asItIs(run: StoredRun, holder: Holder | undefined, latest: number | undefined): RunRecord {
  const { id, record } = run;
  if (record.state !== 'training' || holder?.run === id) return record;
  const step = savedStep(run);
  if (step !== undefined && step === latest) return inState(record, 'paused', { pausedBy: 'window' });
  return { ...record, state: 'interrupted', sentence: vanishedInWords(step) };
}

/** After which step the newest checkpoint is that can be gone on from. */
function savedStep({ checkpoints }: StoredRun): number | undefined {
  return checkpoints.find(({ average }) => !average)?.step;
}

function stageOf(activity: Activity | undefined): RunSummary['stage'] {
  if (activity?.stage === undefined) return null;
  const { kind, done, of } = activity.stage;
  return { kind, done, of: of ?? null };
}

function progressOf({ plan }: RunRecord, latest: RunHistory['latest']): number | null {
  const budget = plan?.form.budget;
  if (budget === undefined || budget.kind === 'patience') return null;
  if (latest === undefined) return 0;
  const share = budget.kind === 'steps' ? latest.step / budget.steps : latest.seconds / (60 * budget.minutes);
  return Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0;
}

function lastValidation({ validations, validationCount }: RunHistory): Validation | null {
  if (validationCount === 0) return null;
  const { step, loss, perplexity, bleu, chrf } = validations;
  return {
    step: count(step.last),
    loss: perhaps(loss.last),
    perplexity: perhaps(perplexity.last),
    bleu: perhaps(bleu.last),
    chrf: perhaps(chrf.last),
  };
}

function perhaps(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

function count(value: number | undefined): number {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}
