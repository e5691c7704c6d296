/**
 * Progress that shows itself only when there is something to wait for.
 */
import { l10n, ProgressLocation, window, type Progress } from 'vscode';

/** What takes less than this shows no notification: one that flashes up and goes is worse than none. */
const patienceMs = 300;

/** How much is done, in words. */
export type Wording = (done: number, total: number) => string;

export const inSentences: Wording = (done, total) => l10n.t('{0} of {1} sentences', done, total);

export const inPercent: Wording = (done, total) => l10n.t('{0} %', Math.floor((100 * done) / total));

/**
 * Runs a task, and after a moment shows a notification that counts and can be cancelled.
 *
 * @param task gets a signal that aborts when the person cancels, and a function to count with
 * @returns what the task returns; throws what it throws
 */
export async function withPatientProgress<T>(
  title: string,
  wording: Wording,
  task: (signal: AbortSignal, count: (done: number, total: number) => void) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let counted = { done: 0, total: 0 };
  let shown: { progress: Progress<{ message?: string; increment?: number }>; done: number } | undefined;

  const show = (): void => {
    if (shown === undefined || counted.total === 0) return;
    const { done, total } = counted;
    // A task that is begun again counts from nothing; the bar stays until it is caught up with.
    const increment = Math.max(0, (100 * (done - shown.done)) / total);
    shown.done = Math.max(done, shown.done);
    shown.progress.report({ message: wording(done, total), increment });
  };

  const running = task(controller.signal, (done, total) => {
    counted = { done, total };
    show();
  });
  const notification = setTimeout(() => {
    void window.withProgress(
      { location: ProgressLocation.Notification, title, cancellable: true },
      (progress, token) => {
        token.onCancellationRequested(() => controller.abort());
        shown = { progress, done: 0 };
        show();
        // Who started the task hears of its failure; the notification only goes away.
        return running.then(
          () => undefined,
          () => undefined,
        );
      },
    );
  }, patienceMs);
  try {
    return await running;
  } finally {
    clearTimeout(notification);
  }
}
