/** What a person does with runs and their models, whether from the sidebar, the tree or the palette. */
import path from 'node:path';
import { l10n, Uri, window, workspace } from 'vscode';
import * as v from 'valibot';
import { form, type Budget } from '../../webview/training/messages';
import { EngineError } from '../engine/engineError';
import type { Engines } from '../engine/engines';
import { pairName } from '../languages/languagePair';
import { confirm, inform, mention } from '../notices';
import { inPercent, withPatientProgress } from '../progress';
import { makeModel } from './modelFolder';
import { keepsItsPlace } from './runRecord';
import { averageName, type Checkpoint, type StoredRun } from './runStore';
import type { Trainings } from './trainings';
import type { UsedModel, UsedModels } from './usedModels';
import { bytesInWords, countInWords, modelName } from './wording';

export interface RunActionsOptions {
  readonly trainings: Trainings;
  readonly engines: Engines;
  readonly used: UsedModels;
}

export class RunActions {
  readonly #options: RunActionsOptions;

  constructor(options: RunActionsOptions) {
    this.#options = options;
  }

  async pause(id: string): Promise<void> {
    await this.#options.trainings.queue.pause(id);
  }

  async stop(id: string): Promise<void> {
    await this.#options.trainings.queue.stop(id);
  }

  /** Goes on with a run; one whose budget is used up is asked for a larger one first. */
  async resume(id: string): Promise<void> {
    const { trainings } = this.#options;
    const { run, summary } = this.#find(id);
    const plan = run.record.plan;
    const isUsedUp = summary.state === 'finished' || summary.progress === 1;
    if (isUsedUp && plan !== undefined) {
      const budget = await askForMore(plan.form.budget, run.record.name);
      if (budget === undefined) return;
      await trainings.store.update(id, (record) => ({
        ...record,
        plan: { ...plan, form: { ...plan.form, budget } },
      }));
    }
    await trainings.queue.resume(id);
  }

  async rename(id: string): Promise<void> {
    const { run } = this.#find(id);
    const name = await window.showInputBox({
      title: l10n.t('Rename “{0}”', run.record.name),
      value: run.record.name,
      validateInput: (value) =>
        value.trim() === '' || value.length > 200 ? l10n.t('A name of 1 to 200 characters') : undefined,
    });
    if (name === undefined || name.trim() === run.record.name) return;
    const { trainings } = this.#options;
    await trainings.store.update(id, (record) => ({ ...record, name: name.trim() }));
    await trainings.refresh();
  }

  /** Deletes a run, or one of its models, when the person has confirmed it. @returns whether it is gone */
  async delete(id: string, checkpoint?: Checkpoint): Promise<boolean> {
    const { trainings } = this.#options;
    const { run, summary } = this.#find(id);
    if (summary.state === 'training') {
      throw new EngineError(
        'user',
        l10n.t('“{0}” is being trained. Stop it, then delete it.', run.record.name),
      );
    }
    const folder = checkpoint === undefined ? run.folder : path.join(run.folder, checkpoint.name);
    const question =
      checkpoint === undefined
        ? l10n.t('Delete the run “{0}” with its checkpoints?', run.record.name)
        : l10n.t('Delete the model after step {0} of “{1}”?', countInWords(checkpoint.step), run.record.name);
    const bytes = bytesInWords((checkpoint ?? run).bytes);
    const gone = await deleteFolder(Uri.file(folder), question, bytes);
    trainings.store.forgetSizes();
    await trainings.refresh();
    if (gone && checkpoint === undefined && keepsItsPlace(summary.state)) await trainings.queue.advance();
    return gone;
  }

  /** From now on the model translates its pair: a given one, or the run's best, or else its newest. */
  async use(id: string, checkpoint?: Checkpoint): Promise<void> {
    const { trainings, used } = this.#options;
    const { run } = this.#find(id);
    const chosen = checkpoint ?? bestOf(run);
    const { from, to } = run;
    const name = modelName(run.record.name, chosen);
    const folder = path.join(run.folder, chosen.name);
    await withPatientProgress(l10n.t('Preparing the model'), inPercent, (signal, count) =>
      used.use(
        { run: id, from, to, step: chosen.step, folder, name },
        { signal, onProgress: ({ done, total }) => count(done, total) },
      ),
    );
    await trainings.refresh();
    inform(l10n.t('“{0}” now translates {1}.', name, pairName({ from, to })), {
      title: l10n.t('Use the Previous Model Again'),
      run: () => this.giveUp(from, to),
    });
  }

  /** The pair is translated by the model that did so before. */
  async giveUp(from: string, to: string): Promise<void> {
    const { used, trainings } = this.#options;
    const models = (await used.list()).filter((model) => model.from === from && model.to === to);
    for (const model of models) await used.giveUp(model);
    await trainings.refresh();
    if (models.length > 0)
      mention(l10n.t('$(check) The previous model translates {0} again', pairName({ from, to })));
  }

  async giveUpModel({ from, to }: UsedModel): Promise<void> {
    await this.giveUp(from, to);
  }

  /** Writes the mean of the newest checkpoints beside them (§6.1). */
  async average(id: string): Promise<void> {
    const { trainings, engines } = this.#options;
    const { run } = this.#find(id);
    const there = run.checkpoints.filter(({ average, apart }) => !average && !apart);
    const [newest] = there;
    if (newest === undefined || there.length < 2)
      throw new EngineError('user', l10n.t('There must be two checkpoints at least to average them.'));
    const counts = Array.from({ length: there.length - 1 }, (_, index) => index + 2).reverse();
    const chosen = await window.showQuickPick(
      counts.map((count) => ({
        label: l10n.t('The newest {0} checkpoints', countInWords(count)),
        description: l10n.t('from step {0} on', countInWords(there[count - 1]!.step)),
        count,
      })),
      {
        title: l10n.t('Average Checkpoints of “{0}”', run.record.name),
        placeHolder: l10n.t('The mean of the last checkpoints often translates better than the last alone'),
      },
    );
    if (chosen === undefined) return;
    const output = path.join(run.folder, averageName(chosen.count, newest.step));
    await withPatientProgress(l10n.t('Averaging checkpoints'), inPercent, (signal, count) =>
      makeModel(output, (unfinished) =>
        engines.work(
          'averageCheckpoints',
          { folder: run.folder, which: chosen.count, output: unfinished },
          { signal, onProgress: ({ done, total }) => count(done, total) },
        ),
      ),
    );
    trainings.store.forgetSizes();
    await trainings.refresh();
    mention(l10n.t('$(check) The average of {0} checkpoints is there', countInWords(chosen.count)));
  }

  #find(id: string): NonNullable<ReturnType<Trainings['find']>> {
    const found = this.#options.trainings.find(id);
    if (found === undefined) throw new EngineError('user', l10n.t('This run is not there any more.'));
    return found;
  }
}

/** The model of a run that translates best, as far as one knows. @throws EngineError where there is none */
export function bestOf({ checkpoints, record }: StoredRun): Checkpoint {
  const chosen = checkpoints.find(({ best }) => best) ?? checkpoints.find(({ average }) => !average);
  if (chosen === undefined) {
    throw new EngineError(
      'user',
      l10n.t(
        '“{0}” has no checkpoint yet: the first one comes after some steps, or with a pause.',
        record.name,
      ),
    );
  }
  return chosen;
}

/** By how much a run goes on that has used up what it was given. */
async function askForMore(budget: Budget, name: string): Promise<Budget | undefined> {
  const now = amountOf(budget);
  const written = await window.showInputBox({
    title: l10n.t('Train “{0}” Further', name),
    prompt: questionOf(budget),
    value: String(budget.kind === 'patience' ? 2 * now : Math.round(1.5 * now) || 1),
    validateInput: (value) => faultOf(ofAmount(budget.kind, Number(value)), now),
  });
  return written === undefined ? undefined : ofAmount(budget.kind, Number(written));
}

function questionOf(budget: Budget): string {
  const now = countInWords(amountOf(budget));
  switch (budget.kind) {
    case 'minutes':
      return l10n.t('Minutes of training in all (so far {0})', now);
    case 'steps':
      return l10n.t('Step to train up to (so far {0})', now);
    case 'patience':
      return l10n.t('Validations in a row that may be no better than the best (so far {0})', now);
  }
}

/** Why a run that has used up so much cannot go on with this; undefined where it can. */
function faultOf(budget: Budget, now: number): string | undefined {
  const { issues } = v.safeParse(form.entries.budget, budget);
  const tooMuch = issues?.find(({ type }) => type === 'max_value');
  if (tooMuch !== undefined)
    return l10n.t('A number of at most {0}', countInWords(Number(tooMuch.requirement)));
  const isMore = budget.kind === 'minutes' ? amountOf(budget) >= now : amountOf(budget) > now;
  return issues === undefined && isMore ? undefined : l10n.t('A number above {0}', countInWords(now));
}

function amountOf(budget: Budget): number {
  switch (budget.kind) {
    case 'minutes':
      return budget.minutes;
    case 'steps':
      return budget.steps;
    case 'patience':
      return budget.patience;
  }
}

function ofAmount(kind: Budget['kind'], amount: number): Budget {
  switch (kind) {
    case 'minutes':
      return { kind, minutes: amount };
    case 'steps':
      return { kind, steps: amount };
    case 'patience':
      return { kind, patience: amount };
  }
}

/** Asks, then moves a folder to the trash; where there is none, asks again before it is gone for good. */
async function deleteFolder(folder: Uri, question: string, bytes: string): Promise<boolean> {
  const detail = l10n.t('{0} on the disk. A copy that is used for translation stays.', bytes);
  if (!(await confirm(question, detail, l10n.t('Move to Trash')))) return false;
  try {
    await workspace.fs.delete(folder, { recursive: true, useTrash: true });
    return true;
  } catch {
    const again = l10n.t('It cannot be moved to a trash here. Deleted for good, it cannot be brought back.');
    if (!(await confirm(question, again, l10n.t('Delete for Good')))) return false;
    await workspace.fs.delete(folder, { recursive: true, useTrash: false });
    return true;
  }
}
