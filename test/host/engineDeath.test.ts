/**
 * The engine process is killed while it works: the person reads one sentence, and the next call works.
 */
import * as assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { closeEditors, edit, extension, Notifications, run, select, until } from './workbench';

const sentence = 'The window can be closed now.';

describe('the death of the engine', () => {
  let notifications: Notifications;

  beforeEach(() => {
    notifications = new Notifications();
  });

  afterEach(async () => {
    notifications.restore();
    await closeEditors();
  });

  it('becomes one message, and the next translation starts another engine', async () => {
    const polyhead = await extension().activate();
    const text = `${sentence}\n`.repeat(600);
    const long = await edit(text);
    select(long);
    const translation = run('polyhead.translateSelection');
    const killed = await until('an engine process', () => polyhead.engineProcessId());
    // Progress is shown while the engine is at work.
    await until('the progress notification', () => notifications.shownProgress > 0);
    process.kill(killed, 'SIGKILL');
    await translation;
    assert.equal(long.document.getText(), text);
    assert.equal(notifications.said.length, 1);
    assert.match(notifications.said[0]!, /engine stopped unexpectedly \(signal SIGKILL\)/);

    const short = await edit(sentence);
    select(short);
    await run('polyhead.translateSelection');
    assert.equal(notifications.said.length, 1, notifications.said[1]);
    assert.notEqual(short.document.getText(), sentence);
    const next = polyhead.engineProcessId();
    assert.ok(next !== undefined && next !== killed);
  });
});
