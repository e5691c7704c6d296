/**
 * What Polyhead says to the person. Every message has a way on, in its words or as a button. None is
 * awaited: a command is done when its work is done, not when its message has been read.
 */
import { commands, l10n, window } from 'vscode';
import { runCommand } from './contributions';
import { EngineError } from './engine/engineError';
import type { EngineLog } from './engine/engineLog';

/** Something the person may want to know. */
export function inform(sentence: string): void {
  void window.showInformationMessage(sentence);
}

/** Something the person should look at. */
export function warn(sentence: string): void {
  void window.showWarningMessage(sentence);
}

/** A failure: silent when it was cancelled, with a way to the settings or to the log otherwise. */
export function tellFailure(error: unknown, log: EngineLog): void {
  const failure = error instanceof EngineError ? error : undefined;
  if (failure?.code === 'cancelled') return;
  if (failure?.code === 'user') {
    const openSettings = l10n.t('Open Settings');
    void window.showWarningMessage(failure.message, openSettings).then((choice) => {
      if (choice === openSettings) void commands.executeCommand('workbench.action.openSettings', 'polyhead');
    });
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  // The message may quote the person's text, so the log gets it at a level that is off by default.
  log.debug(error instanceof Error ? (error.stack ?? message) : message);
  const showLog = l10n.t('Show Log');
  void window.showErrorMessage(message, showLog).then((choice) => {
    if (choice === showLog) void runCommand(commands, 'polyhead.showLog');
  });
}
