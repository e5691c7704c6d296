/**
 * An engine whose extension host is killed as an editor kills it: the host leads a process group of its own, its
 * output goes through pipes, and so does the engine's log. Nobody is left who could end the engine; it ends itself.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildEngineBundle, type EngineBundle } from './fixtures/engineBundle';
import { makeModelsFolder, type ModelsFolder } from './fixtures/models';
import { isRunning, untilGone } from './fixtures/processes';

const ownerScript = path.join(import.meta.dirname, 'fixtures/ownerLikeHost.mjs');

describe('an engine whose extension host is killed', () => {
  let bundle: EngineBundle;
  let models: ModelsFolder;
  let owner: ChildProcess;
  let lines: AsyncIterator<string>;
  let pid: number;

  beforeAll(async () => {
    bundle = await buildEngineBundle();
    models = await makeModelsFolder();
    await models.describe('en-de', { from: 'en', to: 'de', name: 'orders' });
  });
  afterAll(() => Promise.all([bundle.remove(), models.remove()]));

  beforeEach(async () => {
    owner = spawn(process.execPath, [ownerScript, bundle.modulePath, models.folder], {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    });
    lines = createInterface({ input: owner.stdout! })[Symbol.asyncIterator]();
    pid = Number(await nextLine());
    expect(isRunning(pid)).toBe(true);
  });
  afterEach(() => {
    owner.kill('SIGKILL');
    if (isRunning(pid)) process.kill(pid, 'SIGKILL');
  });

  it('is gone within two seconds when it had only been forked', async () => {
    owner.kill('SIGKILL');
    await untilGone(pid, 2000);
  });

  it('is gone within two seconds when it was at work', async () => {
    expect(await nextLine()).toBe('busy');
    owner.kill('SIGKILL');
    await untilGone(pid, 2000);
  });

  async function nextLine(): Promise<string | undefined> {
    const next = await lines.next();
    return next.done === true ? undefined : next.value;
  }
});
