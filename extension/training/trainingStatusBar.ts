/** The status bar item that is there while a run trains: how far it is. A click shows the run. */
import { l10n, MarkdownString, StatusBarAlignment, window, type StatusBarItem } from 'vscode';
import type { CommandId } from '../contributions';
import { DisposableStore, type Disposable } from '../disposable';
import type { RunsItem } from './runsItem';
import type { Trainings } from './trainings';
import { activityInWords, countInWords, durationInWords } from './wording';

/** Beside the item of languages, to its left. */
const priority = 11;

export class TrainingStatusBar implements Disposable {
  readonly #store = new DisposableStore();
  readonly #item: StatusBarItem;

  constructor(trainings: Trainings) {
    this.#item = this.#store.add(
      window.createStatusBarItem('polyhead.training', StatusBarAlignment.Right, priority),
    );
    this.#item.name = l10n.t('Polyhead: training');
    this.#store.add(trainings.onDidChange(() => this.#show(trainings)));
  }

  dispose(): void {
    this.#store.dispose();
  }

  #show({ training }: Trainings): void {
    // Another window's training is that window's to show.
    if (training === undefined || training.elsewhere) {
      this.#item.hide();
      return;
    }
    const activity = activityInWords(training);
    this.#item.text = `$(sync~spin) ${activity}`;
    this.#item.command = {
      command: 'polyhead.showRun' satisfies CommandId,
      title: l10n.t('Show Run'),
      arguments: [{ kind: 'run', run: training.id } satisfies RunsItem],
    };
    const lines = [
      l10n.t('Polyhead trains “{0}”: {1}', training.name, activity),
      ...(training.step > 0 ? [l10n.t('Step {0}', countInWords(training.step))] : []),
      ...(training.secondsLeft === null ? [] : [l10n.t('{0} left', durationInWords(training.secondsLeft))]),
    ];
    const tooltip = new MarkdownString();
    for (const line of lines) tooltip.appendText(line).appendMarkdown('\n\n');
    this.#item.tooltip = tooltip;
    this.#item.accessibilityInformation = { label: lines.join(', '), role: 'button' };
    this.#item.show();
  }
}
