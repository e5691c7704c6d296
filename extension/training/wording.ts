/** Runs in words, in the language of the editor. */
import { env, l10n } from 'vscode';
import type { Budget, PauseReason, RunState, RunSummary } from '../../webview/training/messages';

function format(value: number, options: Intl.NumberFormatOptions = {}): string {
  try {
    return new Intl.NumberFormat(env.language, options).format(value);
  } catch {
    return new Intl.NumberFormat('en', options).format(value);
  }
}

/** `12,500`. */
export function countInWords(value: number): string {
  return format(value);
}

/** `7.6 M`: of parameters, tokens, operations. */
export function roughly(value: number): string {
  return format(value, { notation: 'compact', maximumSignificantDigits: 3 });
}

/** `140 MB`. */
export function bytesInWords(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return format(value, {
    style: 'unit',
    unit: units[power]!,
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && power > 0 ? 1 : 0,
  });
}

/** `1 h 5 min`, `40 s`: the two largest units. */
export function durationInWords(seconds: number): string {
  const units = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
    ['second', 1],
  ] as const;
  let rest = Math.max(0, Math.round(seconds));
  const parts: string[] = [];
  for (const [unit, size] of units) {
    const value = Math.floor(rest / size);
    if (value > 0 || (unit === 'second' && parts.length === 0))
      parts.push(format(value, { style: 'unit', unit, unitDisplay: 'narrow' }));
    else if (parts.length > 0) break;
    rest -= value * size;
    if (parts.length === 2) break;
  }
  return parts.join(' ');
}

/** `BLEU 21.3`: one digit, as papers have it. */
export function bleuInWords(bleu: number): string {
  return l10n.t('BLEU {0}', format(bleu, { minimumFractionDigits: 1, maximumFractionDigits: 1 }));
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
      return progress === null ? stateInWords(state) : format(progress, { style: 'percent' });
  }
}
