/**
 * The engine's life as a person sees it: it dies and is replaced, dies too often, is restarted, ends when idle.
 */
import * as assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
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
  until,
} from './workbench';

describe('the engine', () => {
  let notifications: Notifications;
  const text = `${sentence} The window can be closed now.\n`;

  beforeEach(() => {
    notifications = new Notifications();
  });

  afterEach(async () => {
    notifications.restore();
    await resetSettings();
    await closeEditors();
  });

  const processIds = async (): Promise<number[]> => (await extension().activate()).engineProcessIds();

  /** Kills the engines that come up for a translation, `times` times. */
  async function translateAndKill(times: number): Promise<number[]> {
    const api = await extension().activate();
    const killed: number[] = [];
    await run('polyhead.restartEngine');
    // This one is for short texts, and has nothing to do.
    const before = api.engineProcessIds();
    const work = run('polyhead.translateSelection');
    const state = { over: false };
    void work.then(() => (state.over = true));
    while (!state.over && killed.length < times) {
      const found = api.engineProcessIds().find((pid) => ![...before, ...killed].includes(pid));
      // Progress is shown once the command has waited a moment.
      if (found !== undefined && notifications.shownProgress > 0) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        killed.push(found);
        process.kill(found, 'SIGKILL');
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await work;
    return killed;
  }

  it('is replaced when it is killed, and the translation arrives all the same', async () => {
    const editor = await edit(text.repeat(300));
    select(editor);
    const killed = await translateAndKill(1);
    assert.equal(killed.length, 1);
    assert.deepEqual(notifications.said, []);
    assert.ok(!editor.document.getText().includes(sentence));
    assert.ok(!(await processIds()).includes(killed[0]!));
  });

  it('that keeps dying becomes one message with a way on, and the document stays', async () => {
    const long = text.repeat(600);
    const editor = await edit(long);
    select(editor);
    const killed = await translateAndKill(3);
    assert.equal(killed.length, 3);
    assert.equal(editor.document.getText(), long);
    assert.equal(notifications.said.length, 1);
    assert.match(notifications.said[0]!, /signal SIGKILL/);

    // It now rests; the button of the next message ends that.
    await closeEditors();
    const again = await edit(long);
    select(again);
    notifications.press('Restart Engine');
    await run('polyhead.translateSelection');
    assert.match(notifications.said[1]!, /stopped 3 times within a minute/);
    await until('a new engine', () => extension().exports.engineProcessIds().length > 0);

    const short = await edit(sentence);
    select(short);
    await run('polyhead.translateSelection');
    assert.notEqual(short.document.getText(), sentence);
    assert.equal(notifications.said.length, 2);
  });

  it('is another one after Restart Engine', async () => {
    await run('polyhead.restartEngine');
    const [before] = await processIds();
    assert.ok(before !== undefined);
    await run('polyhead.restartEngine');
    const [after] = await processIds();
    assert.ok(after !== undefined && after !== before);
    assert.deepEqual(notifications.said, []);
  });

  it('ends when it has nothing to do for as long as the setting says, and comes back when needed', async () => {
    await setting('polyhead.engineIdleMinutes', 0.02);
    const editor = await edit(sentence);
    select(editor);
    await run('polyhead.translateSelection');
    const api = await extension().activate();
    await until('the end of the engine', () => api.engineProcessIds().length === 0);
    await closeEditors();
    const next = await edit(sentence);
    select(next);
    await run('polyhead.translateSelection');
    assert.notEqual(next.document.getText(), sentence);
    assert.deepEqual(notifications.said, []);
  });
});
