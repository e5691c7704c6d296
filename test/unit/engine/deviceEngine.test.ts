/** The product's own engine with a graphics card in software, and without one: what it says, remembers and translates with. */
import { missing } from '../training/softwareCard';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { EngineClient } from '../../../extension/engine/engineClient';
import type { DeviceSetting } from '../../../models/engine/protocol';
import { buildBundle, type Bundle } from '../bundle';
import { collectLog } from '../extension/collectLog';
import { makeModelFolder } from '../inference/modelFolder';
import { temporaryFolder } from '../temporaryFolder';

vi.mock('vscode', async () => (await import('../extension/fakeVscode')).fakeVscode());

const inFolder = temporaryFolder('device-engine');
let bundle: Bundle;
const clients: EngineClient[] = [];
const { VK_ICD_FILENAMES: before } = process.env;

beforeAll(async () => {
  bundle = await buildBundle('engine');
  await makeModelFolder(inFolder('models', 'en-de'));
  // A report names Polyhead's version.
  await writeFile(path.join(bundle.folder, 'package.json'), '{ "version": "9.8.7" }');
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.stop()));
  if (before === undefined) delete process.env['VK_ICD_FILENAMES'];
  else process.env['VK_ICD_FILENAMES'] = before;
  await rm(inFolder('devices.json'), { force: true });
});
afterAll(() => bundle.remove());

function start(translation: DeviceSetting) {
  const { log, lines } = collectLog();
  const told: string[] = [];
  const devices = { translation, file: inFolder('devices.json'), tryOut: false };
  const client = new EngineClient({
    modulePath: bundle.modulePath,
    settings: () => ({ modelFolders: [inFolder('models')], threads: 1, idleMs: 0, devices }),
    priority: 'normal',
    log,
    onNotice: (sentence) => told.push(sentence),
  });
  clients.push(client);
  const translate = async (text: string): Promise<string> => {
    const request = { from: 'en', to: 'de', preferredTarget: 'de', minimumConfidence: 0, texts: [text] };
    return (await client.request('translate', request)).translations[0]!.text;
  };
  return { client, translate, lines, told };
}

const text = 'Open the file.';

describe.skipIf(missing !== undefined)(`with a card in software${missing ? ` (${missing})` : ''}`, () => {
  it('it translates as the processor does, and the next engine knows of the card', async () => {
    const wanted = await start('cpu').translate(text);
    const first = start('webgpu');
    expect(await first.translate(text)).toBe(wanted);
    expect(first.told).toEqual([]);
    expect(first.lines.join('\n')).toContain(
      `The model in ${inFolder('models', 'en-de')} is computed by webgpu.`,
    );
    const remembered = await readFile(inFolder('devices.json'), 'utf8');
    expect(remembered).toContain('"right"');
    const second = start('webgpu');
    expect(await second.translate(text)).toBe(wanted);
    expect(await readFile(inFolder('devices.json'), 'utf8')).toBe(remembered);
    const { machine } = await second.client.request('inspectDevices', {
      tryOut: false,
      settings: { translation: 'webgpu', training: 'auto' },
    });
    expect(machine.uses).toEqual({ translation: 'webgpu', training: 'cpu' });
  }, 200_000);
});

describe.skipIf(process.platform !== 'linux')('without a card', () => {
  it('the processor translates: with a sentence where a card was asked for, and without where it was not', async () => {
    process.env['VK_ICD_FILENAMES'] = '/nowhere.json';
    const wanted = await start('cpu').translate(text);
    const asked = start('webgpu');
    for (let time = 0; time < 2; time++) expect(await asked.translate(text)).toBe(wanted);
    expect(asked.told).toEqual([
      expect.stringMatching(
        /^There is no device for webgpu on this machine: .* The processor computes instead\.$/,
      ),
    ]);
    const automatic = start('auto');
    expect(await automatic.translate(text)).toBe(wanted);
    expect(automatic.told).toEqual([]);
  });
});
