/**
 * A training through its commands, with a real engine: it begins, pauses, goes on, ends, translates, and is deleted.
 * What the sidebar's page does is tested in the browser.
 */
import * as assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { ItemCommandId } from '../../extension/contributions';
import type { RunsItem } from '../../extension/training/runsItem';
import { sentence } from './texts';
import {
  closeEditors,
  edit,
  extension,
  Notifications,
  resetSettings,
  run,
  select,
  setting,
} from './workbench';

const id = 'en-de-a-run';
const item: RunsItem = { kind: 'run', run: id };
const words = [
  ...[
    'one eins',
    'two zwei',
    'three drei',
    'four vier',
    'five fünf',
    'six sechs',
    'seven sieben',
    'eight acht',
  ],
].map((pair) => pair.split(' ') as [string, string]);

/** Numbers in English and German, all different. */
function corpus(): string {
  const lines = Array.from({ length: 420 }, (_, index) => {
    const digits = [index % 8, Math.floor(index / 8) % 8, Math.floor(index / 64) % 8].map(
      (digit) => words[digit]!,
    );
    return [0, 1].map((side) => digits.map((pair) => pair[side]).join(' ')).join('\t');
  });
  return `${lines.join('\n')}\n`;
}

const details = {
  ...{
    dModel: 16,
    heads: 2,
    dFf: 32,
    encoderLayers: 1,
    decoderLayers: 1,
    vocabularySize: 340,
    batchTokens: 300,
  },
  ...{
    accumulate: 1,
    warmupSteps: 20,
    peakLearningRate: 0,
    dropout: 0,
    attentionDropout: 0,
    labelSmoothing: 0.1,
  },
  ...{
    feedForwardDropout: 0,
    subwordDropout: 0,
    rDrop: 0,
    clipNorm: 1,
    cooldown: 0,
    maximumWords: 100,
    heldOut: 20,
    checkpointEvery: 20,
  },
  ...{ keepCheckpoints: 5, translatePairs: 3, seed: 1 },
};

describe('a training', function () {
  this.timeout(180_000);
  let notifications: Notifications;
  let folder: string;
  const inRuns = (...names: string[]): string => path.join(folder, 'data', 'runs', ...names);

  function writeRun(steps: number): void {
    const file = path.join(folder, 'numbers.en-de.tsv');
    writeFileSync(file, corpus());
    mkdirSync(inRuns(id), { recursive: true });
    const form = {
      ...{ name: 'Numbers', from: 'en', to: 'de', base: null, preset: 'tiny', normalisation: 'pre', details },
      ...{ budget: { kind: 'steps', steps }, stopOn: 'loss' },
    };
    const record = {
      format: 1,
      name: 'Numbers',
      created: 1,
      state: 'paused',
      plan: { form, corpora: [file] },
    };
    writeFileSync(inRuns(id, 'sidebar.json'), JSON.stringify(record));
  }

  const state = (): string => {
    const { state: now } = JSON.parse(readFileSync(inRuns(id, 'sidebar.json'), 'utf8')) as { state: string };
    return now;
  };
  const steps = (): number => {
    const file = inRuns(id, 'metrics.jsonl');
    if (!existsSync(file)) return 0;
    return (readFileSync(file, 'utf8').match(/"kind":"step"/g) ?? []).length;
  };
  const on = (command: ItemCommandId, target?: RunsItem): Thenable<unknown> =>
    vscode.commands.executeCommand(command, target);

  async function until(what: string, condition: () => boolean): Promise<void> {
    for (const end = Date.now() + 90_000; !condition();) {
      assert.ok(
        Date.now() < end,
        `waited in vain for: ${what}; it was ${state()}, said: ${notifications.said.join(' ')}`,
      );
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  beforeEach(async () => {
    notifications = new Notifications();
    folder = mkdtempSync(path.join(tmpdir(), 'polyhead-training-'));
    await setting('polyhead.dataFolder', path.join(folder, 'data'));
    await extension().activate();
  });

  afterEach(async () => {
    if (existsSync(inRuns(id, 'sidebar.json')) && state() === 'training')
      await on('polyhead.stopTraining', item);
    notifications.restore();
    await resetSettings();
    await closeEditors();
    rmSync(folder, { recursive: true, force: true });
  });

  it('begins, pauses, goes on where it was, and ends', async () => {
    writeRun(100_000);
    await on('polyhead.resumeTraining', item);
    await until('the first steps', () => steps() > 3);
    assert.equal(state(), 'training');
    await on('polyhead.pauseTraining', item);
    assert.equal(state(), 'paused');
    const paused = steps();
    assert.ok(readdirSync(inRuns(id)).some((name) => name.startsWith('checkpoint-')));
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(steps(), paused, 'a paused training takes no steps');

    await on('polyhead.resumeTraining', item);
    await until('steps after the pause', () => steps() > paused);
    await on('polyhead.stopTraining', item);
    assert.equal(state(), 'stopped');
    assert.deepEqual(notifications.said, []);
  });

  it('that has ended translates, until the model before does again; deleted, it is gone when that was confirmed', async () => {
    writeRun(40);
    await on('polyhead.resumeTraining', item);
    await until('the end', () => state() === 'finished');
    assert.equal(steps(), 40);
    const translate = async (): Promise<string> => {
      const editor = await edit(sentence);
      select(editor);
      await run('polyhead.translateSelection');
      return editor.document.getText();
    };
    await setting('polyhead.sourceLanguage', 'en');
    await setting('polyhead.targetLanguage', 'de');
    const shipped = await translate();
    await on('polyhead.useForTranslation', item);
    const used = path.join(folder, 'data', 'used');
    assert.equal(readdirSync(used).length, 1);
    assert.notEqual(await translate(), shipped);
    await on('polyhead.useModelBefore');
    assert.deepEqual(readdirSync(used), []);
    assert.equal(await translate(), shipped);

    await on('polyhead.deleteRun', item);
    assert.ok(existsSync(inRuns(id)), 'nothing is deleted that nobody has confirmed');
    // There is a trash on some machines, and on others the second question.
    notifications.press('Move to Trash', 'Delete for Good');
    await on('polyhead.deleteRun', item);
    assert.ok(!existsSync(inRuns(id)));
  });

  it('that its engine was killed under says so, and goes on from what was saved', async () => {
    writeRun(100_000);
    const before = extension().exports.engineProcessIds();
    await on('polyhead.resumeTraining', item);
    await until('a checkpoint', () => readdirSync(inRuns(id)).some((name) => name.startsWith('checkpoint-')));
    const lock = JSON.parse(readFileSync(inRuns(id, 'training.lock'), 'utf8')) as { pid: number };
    assert.ok(!before.includes(lock.pid));
    process.kill(lock.pid, 'SIGKILL');
    await until('the interruption', () => state() === 'interrupted');
    await until('the message', () => notifications.said.length > 0);
    assert.match(notifications.said[0]!, /was interrupted.*SIGKILL/);
    const saved = steps();
    await on('polyhead.resumeTraining', item);
    await until('steps after the crash', () => steps() > saved + 1);
    await on('polyhead.stopTraining', item);
    assert.equal(state(), 'stopped');
  });
});
