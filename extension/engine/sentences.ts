/**
 * What a person reads when the engine process itself fails. Sentences about languages, models and texts
 * come from the engine.
 */
import { l10n } from 'vscode';

/** How a process came to its end. */
export interface ProcessEnd {
  code: number | null;
  signal: string | null;
}

function describe({ code, signal }: ProcessEnd): string {
  if (signal !== null) return l10n.t('signal {0}', signal);
  return code === null ? l10n.t('reason unknown') : l10n.t('exit code {0}', code);
}

/** Nobody but the system sends these to an engine, and then mostly because memory has run out. */
function isWantOfMemory({ code, signal }: ProcessEnd): boolean {
  return signal === 'SIGKILL' || signal === 'SIGABRT' || code === 134;
}

export const sentences = {
  stopped: (end: ProcessEnd): string =>
    isWantOfMemory(end)
      ? l10n.t(
          'The translation engine was ended by the system ({0}), perhaps because memory ran out. Close what you do not need, and try again.',
          describe(end),
        )
      : l10n.t('The translation engine stopped unexpectedly ({0}). Try again.', describe(end)),
  endedWhileStarting: (end: ProcessEnd): string =>
    l10n.t('The translation engine could not start ({0}). The log says why.', describe(end)),
  notForked: (reason: string): string => l10n.t('The translation engine could not be started: {0}.', reason),
  silent: (seconds: number): string =>
    l10n.t('The translation engine did not answer within {0} seconds after its start. Try again.', seconds),
  resting: (times: number, seconds: number): string =>
    l10n.t(
      'The translation engine stopped {0} times within a minute, so it is left alone for {1} seconds. Look into the log, or restart it now.',
      times,
      seconds,
    ),
  closing: (): string => l10n.t('The translation engine is being closed.'),
  cancelled: (): string => l10n.t('The translation was cancelled.'),
};
