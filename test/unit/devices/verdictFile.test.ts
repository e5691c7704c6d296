/** What is remembered of devices: for the same machine and driver, and only while it is as it was written. */
import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { isQuicker, type Verdict } from '../../../models/devices/verdict';
import { VerdictFile } from '../../../models/devices/verdictFile';
import { temporaryFolder } from '../temporaryFolder';

const inFolder = temporaryFolder('verdicts');
const machine = (): Promise<string> => Promise.resolve('machine');
const pace = { device: 30, processor: 10 };
const verdict: Verdict = {
  outcome: 'right',
  difference: 1e-5,
  adapter: 'Card 7',
  paces: { gigaflops: pace, alone: pace, batch: pace },
  keepsBytes: true,
  when: 1_790_000_000_000,
};

describe('the file of verdicts', () => {
  it('keeps what is written, one by one, in a folder that it makes', async () => {
    const file = new VerdictFile(inFolder('new', 'devices.json'), machine);
    expect((await file.read()).size).toBe(0);
    await file.write('webgpu', 'translation', verdict);
    const wrong: Verdict = { outcome: 'wrong', sentence: 'Other numbers.', difference: 0.3, when: 1 };
    await file.write('webgpu', 'training', wrong);
    await file.write('cuda', 'translation', { since: 5, times: 2 });
    expect([...(await file.read())]).toEqual([
      ['webgpu translation', verdict],
      ['webgpu training', wrong],
      ['cuda translation', { since: 5, times: 2 }],
    ]);
    await file.forget('cuda', 'translation');
    expect([...(await file.read()).keys()]).toEqual(['webgpu translation', 'webgpu training']);
  });

  it('counts for no other machine, driver or version', async () => {
    const place = inFolder('other.json');
    await new VerdictFile(place, machine).write('webgpu', 'translation', verdict);
    const ofAnother = new VerdictFile(place, () => Promise.resolve('another'));
    expect((await ofAnother.read()).size).toBe(0);
    expect((await ofAnother.peek()).size).toBe(1);
  });

  it('counts as none where anything in it is not as it was written', async () => {
    const place = inFolder('hostile.json');
    const file = new VerdictFile(place, machine);
    await file.write('webgpu', 'translation', verdict);
    const whole = await readFile(place, 'utf8');
    const changes: readonly ((text: string) => string)[] = [
      () => '',
      (text) => text.slice(0, -9),
      () => 'null',
      () => '[]',
      (text) => text.replace('"right"', '"perfect"'),
      (text) => text.replace('"format": 1', '"format": 2'),
      (text) => text.replace('webgpu translation', 'webgpu anything'),
      (text) => text.replace('"Card 7"', '{"toString": 7}'),
      (text) => text.replace('"Card 7"', JSON.stringify('x'.repeat(2000))),
      (text) => text.replace('"device": 30', '"device": -30'),
      (text) => text.replace('"device": 30', '"device": "30"'),
      (text) => text.replace('"device": 30', '"device": 1e999'),
      (text) => text.replace('"alone"', '"__proto__"'),
      (text) => text.replace('"when"', '"never"'),
      (text) => text + ' '.repeat(2 ** 17),
      () => '{'.repeat(50_000),
    ];
    for (const change of changes) {
      expect(change(whole)).not.toBe(whole);
      await writeFile(place, change(whole));
      expect((await file.read()).size, change.toString()).toBe(0);
    }
    await writeFile(place, whole);
    expect((await file.read()).size).toBe(1);
  });
});

describe('“auto” takes a device', () => {
  it('that is right and quicker in all that counts', () => {
    expect(isQuicker(verdict, 'translation')).toBe(true);
    expect(isQuicker({ ...verdict, outcome: 'wrong' }, 'translation')).toBe(false);
    expect(isQuicker({ ...verdict, paces: { gigaflops: pace, alone: pace } }, 'translation')).toBe(false);
    const slow = { device: 11, processor: 10 };
    expect(isQuicker({ ...verdict, paces: { ...verdict.paces, alone: slow } }, 'translation')).toBe(false);
    expect(isQuicker(verdict, 'training')).toBe(false);
    expect(isQuicker({ ...verdict, paces: { gigaflops: pace, training: pace } }, 'training')).toBe(true);
  });

  it.each([
    'SwiftShader Device (Subzero)',
    'llvmpipe (LLVM 15.0.6, 256 bits)',
    'Microsoft Basic Render Driver',
    'Microsoft Direct3D12 (WARP)',
  ])('but never the processor that plays one: %s', (adapter) => {
    expect(isQuicker({ ...verdict, adapter }, 'translation')).toBe(false);
  });
});
