/**
 * Devices are tried out in processes of their own: with a card in software they are found right; one that dies, hangs,
 * answers nonsense or computes other numbers costs a sentence.
 */
import { missing } from '../training/softwareCard';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Devices } from '../../../models/devices/devices';
import { runProbe } from '../../../models/devices/probe/client';
import { compareDecoding } from '../../../models/devices/probe/translation';
import { isQuicker, isSoftware } from '../../../models/devices/verdict';
import { VerdictFile } from '../../../models/devices/verdictFile';
import { machineKey } from '../../../models/devices/machine';
import { Decoder } from '../../../models/inference/decoder';
import { runtimeVersion } from '../../../models/runtime/session';
import { buildBundle, type Bundle } from '../bundle';
import { temporaryFolder } from '../temporaryFolder';

const inFolder = temporaryFolder('probe');
const fixture = (name: string): string => path.join(import.meta.dirname, 'fixtures', `${name}.mjs`);
/** Enough for a process to start on a busy machine. */
const limitMs = 20_000;

describe('a probing process', () => {
  it.each([
    ['killed', 'broken', /its driver ended the process that tried it out \(SIG(?:SEGV|ABRT)\)/],
    ['garbled', 'broken', /its answer makes no sense/],
    ['missing', 'broken', /could not be tried out/],
    ['wrong', 'wrong', /^The device for webgpu computes other numbers than the processor/],
  ])('that is %s costs a sentence', async (kind, outcome, sentence) => {
    const module = fixture(kind);
    const verdict = await runProbe('webgpu', 'translation', { module, measure: false, limitMs });
    expect(verdict.outcome).toBe(outcome);
    expect(verdict.sentence).toMatch(sentence);
  });

  it('that hangs is ended, and costs a sentence', async () => {
    const started = performance.now();
    const hung = { module: fixture('hung'), measure: false, limitMs: 2000 };
    const { outcome, sentence } = await runProbe('webgpu', 'translation', hung);
    expect(outcome).toBe('broken');
    expect(sentence).toMatch(/it had not answered after 2 seconds/);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('is ended at once where nobody waits for it any more', async () => {
    const controller = new AbortController();
    const probing = runProbe('webgpu', 'translation', {
      module: fixture('hung'),
      measure: false,
      signal: controller.signal,
    });
    setTimeout(() => controller.abort(), 200);
    await expect(probing).rejects.toThrow('aborted');
  });
});

describe('what is remembered', () => {
  const file = (): string => inFolder('devices.json');
  const asked = async (): Promise<string[]> =>
    (await readFile(inFolder('asked'), 'utf8')).trim().split('\n').filter(Boolean);
  const open = (module: string): Devices => new Devices({ file: file(), module: fixture(module), limitMs });

  beforeEach(async () => {
    process.env['POLYHEAD_TEST_ASKED'] = inFolder('asked');
    await writeFile(inFolder('asked'), '');
    await rm(file(), { force: true });
  });
  afterAll(() => {
    delete process.env['POLYHEAD_TEST_ASKED'];
  });

  it('is not asked again, by name and by itself, until it is damaged', async () => {
    const devices = open('quick');
    expect(await devices.choose('webgpu', 'translation')).toBeUndefined();
    expect(await devices.chooseTried('webgpu', 'translation')).toEqual({
      device: 'webgpu',
      keepsBytes: true,
    });
    expect((await devices.chooseTried('webgpu', 'translation')).device).toBe('webgpu');
    expect(await asked()).toEqual(['webgpu translation false']);
    // It is right; whether it is quicker has not been measured.
    expect((await devices.choose('auto', 'translation'))?.device).toBe('cpu');
    process.env['VK_DRIVER_FILES'] = 'something, so that there may be a card';
    try {
      const ofOwn = new Devices({ file: file(), module: fixture('quick'), limitMs });
      expect((await ofOwn.tryOutOnce('translation'))?.adapter).toBe('Quick Card');
      expect(await ofOwn.tryOutOnce('translation')).toBeUndefined();
      expect((await ofOwn.choose('auto', 'translation'))?.device).toBe('webgpu');
      expect((await ofOwn.choose('auto', 'training'))?.device).toBe('cpu');
      expect(await asked()).toEqual(['webgpu translation false', 'webgpu translation true']);
      await writeFile(file(), 'garbled');
      expect((await ofOwn.choose('auto', 'translation'))?.device).toBe('cpu');
      expect(await ofOwn.tryOutOnce('translation')).toBeDefined();
      expect((await ofOwn.choose('auto', 'translation'))?.device).toBe('webgpu');
    } finally {
      delete process.env['VK_DRIVER_FILES'];
    }
  });

  it('is that it failed, with its sentence, and the processor computes', async () => {
    const devices = open('killed');
    const choice = await devices.chooseTried('webgpu', 'translation');
    expect(choice.device).toBe('cpu');
    expect(choice.sentence).toMatch(/could not be tried out.*The processor computes instead\.$/);
    // A device that would do well now is not asked.
    expect(await open('quick').chooseTried('webgpu', 'translation')).toEqual(choice);
  });

  it('is that a trial never ended, thrice, before none is begun any more', async () => {
    const devices = open('quick');
    const kept = new VerdictFile(file(), () => machineKey(runtimeVersion));
    await kept.write('webgpu', 'translation', { since: Date.now(), times: 1 });
    expect((await devices.chooseTried('webgpu', 'translation')).sentence).toMatch(/is being tried out/);
    await kept.write('webgpu', 'translation', { since: 5, times: 3 });
    expect((await devices.chooseTried('webgpu', 'translation')).sentence).toMatch(
      /^3 times webgpu was to be/,
    );
    expect(await asked()).toEqual([]);
    await kept.write('webgpu', 'translation', { since: 5, times: 2 });
    expect((await devices.chooseTried('webgpu', 'translation')).device).toBe('webgpu');
  });

  it('is as before where a trial is cancelled', async () => {
    const devices = open('quick');
    await devices.chooseTried('webgpu', 'translation');
    const before = await devices.known();
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 200);
    const hung = new Devices({ file: file(), module: fixture('hung') });
    await expect(hung.tryOutAll(() => undefined, controller.signal)).rejects.toThrow('aborted');
    expect(await devices.known()).toEqual(before);
  });

  it('does not matter for what this machine does not have', async () => {
    const choice = await open('quick').choose('coreml', 'translation');
    if (process.platform === 'darwin') return;
    expect(choice?.device).toBe('cpu');
    expect(choice?.sentence).toMatch(/^This machine has no “coreml” \(it has cpu/);
  });
});

describe.skipIf(missing !== undefined)(`a card in software${missing ? ` (${missing})` : ''}`, () => {
  let bundle: Bundle;
  beforeAll(async () => {
    bundle = await buildBundle('engine', './models/devices/probe/main.ts');
  });
  afterAll(() => bundle.remove());

  it('translates rightly, is known for what it is, and is not taken by itself', async () => {
    const module = bundle.modulePath;
    const verdict = await runProbe('webgpu', 'translation', { module, measure: true, limitMs: 180_000 });
    expect(verdict.sentence).toBeUndefined();
    expect(verdict.outcome).toBe('right');
    expect(verdict.difference).toBeLessThan(1e-3);
    expect(isSoftware(verdict)).toBe(true);
    expect(verdict.paces?.gigaflops?.device).toBeGreaterThan(0);
    expect(isQuicker(verdict, 'translation')).toBe(false);
  }, 200_000);

  it('is refused where it computes other numbers', async () => {
    const altered = await compareDecoding('webgpu', async (config, weights) => {
      const changed = new Map(weights);
      const name = 'decoder.layers.0.feedForward.inner.weight';
      const values = weights.get(name) as Float32Array | undefined;
      if (values === undefined) throw new Error(`There is no ${name}: ${[...weights.keys()].join(', ')}.`);
      changed.set(
        name,
        values.map((value) => 1.05 * value),
      );
      return Decoder.create(config, changed, 1);
    });
    expect(altered).toBeGreaterThan(1e-3);
    const same = await compareDecoding('webgpu', (config, weights) => Decoder.create(config, weights, 2));
    expect(same).toBeLessThan(1e-5);
  });
});

it('says that there is no card', async () => {
  const bundle = await buildBundle('engine', './models/devices/probe/main.ts');
  const { VK_ICD_FILENAMES: before } = process.env;
  process.env['VK_ICD_FILENAMES'] = '/nowhere.json';
  try {
    for (const purpose of ['translation', 'training'] as const) {
      const options = { module: bundle.modulePath, measure: true };
      const verdict = await runProbe('webgpu', purpose, options);
      if (process.platform !== 'linux') continue;
      expect(verdict.outcome).toBe('absent');
      expect(verdict.sentence).toMatch(/^There is no device for webgpu on this machine: /);
    }
  } finally {
    if (before === undefined) delete process.env['VK_ICD_FILENAMES'];
    else process.env['VK_ICD_FILENAMES'] = before;
    await bundle.remove();
  }
});
