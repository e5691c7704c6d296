/** Runs in words, in the language of the editor. */
import { env, l10n } from 'vscode';
import type { Budget, PauseReason, RunState, RunSummary } from '../../webview/training/messages';
import { Formats } from '../../webview/training/numbers/format';

/** The pages' own way to write numbers, so that both sides write them alike. */
const formats = new Formats(env.language);

/** `12,500`. */
export const countInWords = (value: number): string => formats.count(value);
/** `7.6M`: of parameters, tokens, operations. */
export const roughly = (value: number): string => formats.roughly(value);
/** `140 MB`. */
export const bytesInWords = (bytes: number): string => formats.bytes(bytes);
/** `1h 5m`, `40s`: the two largest units. */
export const durationInWords = (seconds: number): string => formats.duration(seconds);
/** `21.3`: of BLEU and chrF, as papers have it. */
export const scoreInWords = (score: number): string => formats.score(score);

/** A model in a run's folder, as far as its name tells: of a step, or the mean of several up to it. */
export interface ModelOfRun {
  readonly name: string;
  readonly step: number;
  readonly average: boolean;
}

export function modelName(run: string, { step, average, name }: ModelOfRun): string {
  if (!average) return l10n.t('{0}, step {1}', run, countInWords(step));
  return l10n.t('{0}, average of {1} up to step {2}', run, averagedCount(name), countInWords(step));
}

/** Of how many checkpoints the model in a folder of such a name is the average. */
export function averagedCount(name: string): string {
  return /^average-(\d+)-/.exec(name)?.[1] ?? '';
}

/** `BLEU 21.3`. */
export function bleuInWords(bleu: number): string {
  return l10n.t('BLEU {0}', formats.score(bleu));
}

export function budgetInWords(budget: Budget | undefined): string {
  switch (budget?.kind) {
    case 'minutes':
      return l10n.t('for {0}', durationInWords(budget.minutes * 60));
    case 'steps':
      return l10n.t('up to step {0}', countInWords(budget.steps));
    case 'patience':
      return l10n.t('until {0} validations in a row are no better', countInWords(budget.patience));
    case undefined:
      return l10n.t('until it is stopped');
  }
}

/** @param step of the last checkpoint; undefined where there is none yet */
export function pauseInWords(reason: PauseReason | undefined, step: number | undefined): string | undefined {
  switch (reason) {
    case 'battery':
      return l10n.t(
        'Paused while the machine runs on its battery. It goes on by itself when there is mains.',
      );
    case 'disk':
      return l10n.t('Paused because the disk is nearly full. Make room, then resume.');
    case 'window':
      return step === undefined
        ? l10n.t('Its window closed before the first step. Resume begins it anew.')
        : l10n.t(
            'Saved after step {0}, when its window closed. Resume goes on from there.',
            countInWords(step),
          );
    case 'person':
    case undefined:
      return undefined;
  }
}

/** @param step of the last checkpoint; undefined where there is none yet */
export function vanishedInWords(step: number | undefined): string {
  return step === undefined
    ? l10n.t('It stopped with its window before its first checkpoint. Resume begins it anew.')
    : l10n.t(
        'It stopped with its window. Resume goes on from the checkpoint after step {0}.',
        countInWords(step),
      );
}

export function unreadableInWords(file: string, reason: string): string {
  return l10n.t(
    '{0} cannot be read ({1}). It has the run’s name and plan, so nothing is written over it: mend it, or remove it.',
    file,
    reason,
  );
}

export function elsewhereInWords(): string {
  return l10n.t('Another window trains this run. Pause or stop it there.');
}

export function stateInWords(state: RunState): string {
  switch (state) {
    case 'waiting':
      return l10n.t('waits for its turn');
    case 'training':
      return l10n.t('training');
    case 'paused':
      return l10n.t('paused');
    case 'interrupted':
      return l10n.t('interrupted');
    case 'finished':
      return l10n.t('finished');
    case 'stopped':
      return l10n.t('stopped');
    case 'failed':
      return l10n.t('failed');
  }
}

/** What a run does now, for a status bar and a tree. */
export function activityInWords({ state, stage, progress }: RunSummary): string {
  if (state !== 'training') return stateInWords(state);
  switch (stage?.kind) {
    case 'starting':
      return l10n.t('starting');
    case 'reading':
      return l10n.t('reading the corpus');
    case 'learning':
      return l10n.t('learning the vocabulary');
    case 'encoding':
      return l10n.t('encoding the corpus');
    case 'saving':
      return l10n.t('saving');
    case undefined:
      return progress === null ? stateInWords(state) : formats.percent(progress);
  }
}
