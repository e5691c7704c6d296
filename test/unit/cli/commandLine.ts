/** The command line as a process, built as the product builds it, in a house with one small shipped model. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { buildBundle, type Bundle } from '../bundle';
import { makeModelFolder } from '../inference/modelFolder';

export interface Ended {
  /** The exit code, or the signal that ended the process. */
  readonly code: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandLine {
  /** The path of something in the folder where the process runs: the house. */
  readonly inHouse: (...names: string[]) => string;
  readonly start: (...parameters: string[]) => ChildProcessWithoutNullStreams;
  /** Runs a command to its end, with nothing on standard input. */
  readonly run: (...parameters: string[]) => Promise<Ended>;
  /** As `run`, with standard input. */
  readonly pipe: (input: string | Uint8Array, ...parameters: string[]) => Promise<Ended>;
}

/** Builds it before the tests of a file and removes it after them. */
export function commandLine(): CommandLine {
  let bundle: Bundle;
  beforeAll(async () => {
    bundle = await buildBundle('cli');
    await makeModelFolder(inHouse('models', 'pretrained', 'en-de'));
  });
  afterAll(() => bundle.remove());

  const inHouse = (...names: string[]): string => path.join(bundle.folder, ...names);
  const start = (...parameters: string[]): ChildProcessWithoutNullStreams =>
    spawn(process.execPath, [bundle.modulePath, ...parameters], { cwd: bundle.folder });
  const pipe: CommandLine['pipe'] = (input, ...parameters) => {
    const child = start(...parameters);
    // A command that fails does not read to the end.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    return untilEnd(child);
  };
  return { inHouse, start, pipe, run: (...parameters) => pipe('', ...parameters) };
}

/** What a process said, once it has ended. */
export async function untilEnd(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  child.stdout.on('data', (chunk: Buffer) => chunks.stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.stderr.push(chunk));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  const text = (all: Buffer[]): string => Buffer.concat(all).toString();
  return { code: code ?? signal ?? NaN, stdout: text(chunks.stdout), stderr: text(chunks.stderr) };
}

/** One sentence that says `what`, on one line, and the exit code of bad input. */
export function expectRefusal({ code, stdout, stderr }: Ended, what: string | RegExp): void {
  expect(stderr).toMatch(/^[^\n]+\.\n$/);
  expect(stderr).toMatch(what);
  expect(stderr).not.toMatch(/^error|\bat .*:\d+:\d+|Polyhead has a fault/);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
}
