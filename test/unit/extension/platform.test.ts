import { describe, expect, it, vi } from 'vitest';
import { thisMachine, whyUnsupported, type Machine } from '../../../extension/engine/platform';

vi.mock('vscode', async () => (await import('./fakeVscode')).fakeVscode());

const machine = (platform: string, arch: string, musl = false): Machine => ({ platform, arch, musl });

describe('an engine', () => {
  it.each([
    ['linux', 'x64'],
    ['linux', 'arm64'],
    ['win32', 'x64'],
    ['win32', 'arm64'],
    ['darwin', 'arm64'],
  ])('runs on %s %s', (platform, arch) => {
    expect(whyUnsupported(machine(platform, arch))).toBeUndefined();
  });

  it.each([
    ['linux', 'arm'],
    ['linux', 'ia32'],
    ['win32', 'ia32'],
    ['darwin', 'x64'],
    ['freebsd', 'x64'],
  ])('says that it does not run on %s %s, and where it does', (platform, arch) => {
    const sentence = whyUnsupported(machine(platform, arch));
    expect(sentence).toMatch(
      new RegExp(
        `^Polyhead does not run on ${platform} \\(${arch}\\): .* for Linux and Windows .* Apple silicon\\.$`,
      ),
    );
  });

  it('says what to use instead of Alpine', () => {
    expect(whyUnsupported(machine('linux', 'x64', true))).toMatch(/Alpine Linux: .* Use a Debian/);
  });

  it('runs on the machine that its tests run on', () => {
    expect(thisMachine()).toMatchObject({ platform: process.platform, arch: process.arch });
    expect(whyUnsupported(thisMachine())).toBeUndefined();
  });
});
