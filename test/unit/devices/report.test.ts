/** What a person may post: all that matters, and nothing about them. */
import { homedir, hostname, userInfo } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { macCards, nvidiaCards, windowsCards } from '../../../models/devices/machine';
import { reportOf, withoutPerson, type MachineDescription, type Trial } from '../../../models/devices/report';

const pace = { device: 300.4, processor: 150.2 };
const trial = (verdict: Trial['verdict'], more: Partial<Trial> = {}): Trial => ({
  device: 'webgpu',
  purpose: 'translation',
  verdict,
  isSoftware: false,
  isQuicker: false,
  ...more,
});
const machine: MachineDescription = {
  versions: { polyhead: '1.2.3', runtime: '1.30.0', node: 'v20.20.2' },
  system: 'linux 6.1.0 x64',
  processor: { name: 'A Processor', cores: 8 },
  memory: 16 * 2 ** 30,
  cards: [{ name: 'A | Card', driver: '550.90', memory: 8 * 2 ** 30 }, { name: 'Another' }],
  trials: [
    trial(
      {
        outcome: 'right',
        difference: 2.5e-6,
        adapter: 'A Card',
        paces: { gigaflops: pace },
        keepsBytes: true,
        when: Date.UTC(2026, 5, 7),
      },
      { isQuicker: true },
    ),
    trial(
      {
        outcome: 'broken',
        sentence: `It could not be tried out: ${path.join(homedir(), 'a folder', 'lib.so')} on ${hostname()} is missing.`,
        when: 1,
      },
      { purpose: 'training' },
    ),
    trial(undefined, { device: 'cuda' }),
  ],
  settings: { translation: 'auto', training: 'cpu' },
  uses: { translation: 'webgpu', training: 'cpu' },
};

describe('a report', () => {
  const report = reportOf(machine);

  it('says what is known', () => {
    expect(report).toContain(
      '| Graphics cards | A \\| Card (driver 550.90, 8.0 GiB); Another (driver unknown, memory unknown) |',
    );
    expect(report).toContain('| polyhead.translationDevice | auto: webgpu |');
    expect(report).toContain('## webgpu, translation\n\n- Computes what the processor does.');
    expect(report).toContain('difference from the processor’s numbers: 2.5e-6 (allowed: 0.001)');
    expect(report).toContain('| Products of matrices, billions of operations a second | 300 | 150 | 2.00 |');
    expect(report).toContain('- Tried out: 2026-06-07');
    expect(report).toContain('## cuda, translation\n\nNot tried out.');
  });

  it('names neither the person nor the machine, nor where files are', () => {
    expect(report).toContain('- Could not be tried out.');
    expect(report).not.toContain(homedir());
    if (hostname().length > 2) expect(report).not.toContain(hostname());
    if (userInfo().username.length > 2) expect(report).not.toContain(`/${userInfo().username}/`);
    expect(
      withoutPerson('No /opt/somebody/lib/a.so, C:\\Users\\Somebody\\b.dll: 3/4 of it, webgpu/cpu.'),
    ).toBe('No …/a.so, …/b.dll: 3/4 of it, webgpu/cpu.');
  });
});

describe('graphics cards', () => {
  it('are read from what systems’ tools print', () => {
    expect(nvidiaCards('NVIDIA H200, 550.90.07, 143771\nNVIDIA T4, [N/A], [N/A]\n')).toEqual([
      { name: 'NVIDIA H200', driver: '550.90.07', memory: 143771 * 2 ** 20 },
      { name: 'NVIDIA T4', driver: '[N/A]' },
    ]);
    expect(
      windowsCards(
        '[{"Name":"Radeon","DriverVersion":"31.0","AdapterRAM":4293918720},{"Name":"UHD","DriverVersion":"30.1","AdapterRAM":1073741824}]',
      ),
    ).toEqual([
      { name: 'Radeon', driver: '31.0' },
      { name: 'UHD', driver: '30.1', memory: 2 ** 30 },
    ]);
    expect(macCards('{"SPDisplaysDataType":[{"sppci_model":"Apple M2"}]}')[0]).toMatchObject({
      name: 'Apple M2',
    });
    expect(macCards('{"SPDisplaysDataType":7}')).toEqual([]);
  });
});
