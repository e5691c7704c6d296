/**
 * What Polyhead says to the person. Every message has a way on, in its words or as a button. None is
 * awaited: a command is done when its work is done, not when its message has been read.
 */
import { commands, l10n, window } from 'vscode';
import { runCommand } from './contributions';
import { EngineError } from './engine/engineError';
import type { EngineLog } from './engine/engineLog';
import { withoutLinks } from './plainText';

/** A button of a message. */
export interface Action {
  readonly title: string;
  readonly run: () => unknown;
}

type Show = (message: string, ...titles: string[]) => Thenable<string | undefined>;

function say(show: Show, sentence: string, actions: readonly Action[]): void {
  void show(withoutLinks(sentence), ...actions.map(({ title }) => title)).then((chosen) =>
    actions.find(({ title }) => title === chosen)?.run(),
  );
}

/** Something the person may want to know. */
export function inform(sentence: string, ...actions: readonly Action[]): void {
  say((...message) => window.showInformationMessage(...message), sentence, actions);
}

/** Something the person should look at. */
export function warn(sentence: string, ...actions: readonly Action[]): void {
  say((...message) => window.showWarningMessage(...message), sentence, actions);
}

/** A question that work waits for; anything but a press of the button is a no. */
export async function confirm(question: string, detail: string, button: string): Promise<boolean> {
  const options = { modal: true, detail: withoutLinks(detail) };
  return (await window.showWarningMessage(withoutLinks(question), options, button)) === button;
}

/** Something that went well and needs no reading; it goes away by itself. */
export function mention(sentence: string): void {
  window.setStatusBarMessage(sentence, 4000);
}

/** A button that opens Polyhead's settings, or one of them. */
export function openSettings(query = 'polyhead'): Action {
  return {
    title: l10n.t('Open Settings'),
    run: () => commands.executeCommand('workbench.action.openSettings', query),
  };
}

/** A failure: silent when it was cancelled, with a way to the settings or to the log and a new engine otherwise. */
export function tellFailure(error: unknown, log: EngineLog): void {
  const failure = error instanceof EngineError ? error : undefined;
  if (failure?.code === 'cancelled' || isAbort(error)) return;
  if (failure?.code === 'user') {
    warn(failure.message, openSettings());
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  // The message may quote the person's text, so the log gets it at a level that is off by default.
  log.debug(error instanceof Error ? (error.stack ?? message) : message);
  const restart = {
    title: l10n.t('Restart Engine'),
    run: () => runCommand(commands, 'polyhead.restartEngine'),
  };
  const showLog = { title: l10n.t('Show Log'), run: () => runCommand(commands, 'polyhead.showLog') };
  say(
    (...shown) => window.showErrorMessage(...shown),
    message,
    failure === undefined ? [showLog] : [restart, showLog],
  );
}

/** What was cancelled before the engine had it: a document that was still being read. */
function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
