/** `polyhead devices` and `translate --device`: without a graphics card, and with one in software. */
import { missing } from '../training/softwareCard';
import { writeFile } from 'node:fs/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { commandLine, untilEnd } from './commandLine';

const { inHouse, pipe, run, start } = commandLine();
const translate = ['translate', '--from', 'en', '--to', 'de', '--threads', '1'];
const text = 'Open the file.\n\n  %s\n';

beforeAll(() => writeFile(inHouse('package.json'), '{ "version": "9.8.7" }'));

describe.skipIf(process.platform !== 'linux')('without a card', () => {
  const { VK_ICD_FILENAMES: before } = process.env;
  beforeEach(() => {
    process.env['VK_ICD_FILENAMES'] = '/nowhere.json';
  });
  afterEach(() => {
    if (before === undefined) delete process.env['VK_ICD_FILENAMES'];
    else process.env['VK_ICD_FILENAMES'] = before;
  });

  it('the processor translates, and a sentence says so', async () => {
    const wanted = await pipe(text, ...translate);
    const { code, stdout, stderr } = await pipe(text, ...translate, '--device', 'webgpu');
    expect({ code, stdout }).toEqual({ code: 0, stdout: wanted.stdout });
    expect(stderr).toMatch(
      /^There is no device for webgpu on this machine: .* The processor computes instead\.\n$/,
    );
    const other = await pipe(text, ...translate, '--device', 'coreml');
    expect({ code: other.code, stdout: other.stdout }).toEqual({ code: 0, stdout: wanted.stdout });
    expect(other.stderr).toMatch(
      /^This machine has no “coreml” \(it has cpu, webgpu.*\), so that the processor/,
    );
  });

  it('the report says that there is none, for people and for programs', async () => {
    const { code, stdout, stderr } = await run('devices');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^1 of \d: webgpu, translation\n2 of \d: webgpu, training\n/);
    expect(stdout).toMatch(/^# Polyhead: this machine\n/);
    expect(stdout).toContain('| Polyhead | 9.8.7 |');
    expect(stdout).toMatch(
      /## webgpu, training\n\n- There is none\. There is no device for webgpu on this machine/,
    );
    const { trials, uses } = JSON.parse((await run('devices', '--json')).stdout) as {
      trials: { device: string; verdict: { outcome: string } }[];
      uses: unknown;
    };
    expect(trials.filter(({ device }) => device === 'webgpu').map(({ verdict }) => verdict.outcome)).toEqual([
      'absent',
      'absent',
    ]);
    expect(uses).toEqual({ translation: 'cpu', training: 'cpu' });
  });

  it('Ctrl+C ends the report in a word', async () => {
    const child = start('devices');
    child.stderr.once('data', () => child.kill('SIGINT'));
    const { code, stdout, stderr } = await untilEnd(child);
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toMatch(/^1 of \d: webgpu, translation\n\nStopping\.\nStopped\.\n$/);
  });
});

describe.skipIf(missing !== undefined)(`a card in software${missing ? ` (${missing})` : ''}`, () => {
  it('translates as the processor does', async () => {
    const wanted = await pipe(text, ...translate);
    expect(await pipe(text, ...translate, '--device', 'webgpu')).toMatchObject({
      code: 0,
      stdout: wanted.stdout,
    });
  }, 180_000);
});
