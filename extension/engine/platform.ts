/**
 * Where an engine can run: onnxruntime brings its native library for some systems and processors, and not for others.
 */
import { existsSync } from 'node:fs';
import { l10n } from 'vscode';

const supported: Readonly<Record<string, readonly string[]>> = {
  linux: ['x64', 'arm64'],
  win32: ['x64', 'arm64'],
  darwin: ['arm64'],
};

export interface Machine {
  readonly platform: string;
  readonly arch: string;
  /** The C library is musl, as on Alpine, and not GNU's. */
  readonly musl: boolean;
}

/** The machine that the extension host runs on: with SSH, WSL or a container that is the other end. */
export function thisMachine(): Machine {
  const { platform, arch } = process;
  return { platform, arch, musl: platform === 'linux' && existsSync('/etc/alpine-release') };
}

/** A sentence for the person when no engine can run on the machine. */
export function whyUnsupported({ platform, arch, musl }: Machine): string | undefined {
  if (musl) {
    return l10n.t(
      'Polyhead does not run on Alpine Linux: its native library needs the GNU C library. Use a Debian- or Fedora-based container instead.',
    );
  }
  if (supported[platform]?.includes(arch) === true) return undefined;
  return l10n.t(
    'Polyhead does not run on {0} ({1}): its native library is there for Linux and Windows (x64, arm64) and for macOS on Apple silicon.',
    platform,
    arch,
  );
}
