/**
 * `npm start` as a person runs it: started in a process of its own, its address read from the terminal,
 * stopped with Ctrl+C.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

export class StartedVsCode {
  readonly #child: ChildProcess;
  #output = '';

  /**
   * @param folder the workspace
   * @param profile a folder for VS Code's settings and logs
   * @param environment variables for it and all that it starts
   */
  constructor(folder: string, profile: string, environment: Readonly<Record<string, string>> = {}) {
    const script = path.join(root, 'scripts', 'start.mjs');
    this.#child = spawn(process.execPath, [script, '--browser', '--no-open', '--profile', profile, folder], {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    }
  }

  /** What the person reads on the terminal. */
  get output(): string {
    return this.#output;
  }

  /** The address that it prints. Fails if it ends without one. */
  async address(): Promise<string> {
    for (;;) {
      const found = /^http:\S+$/m.exec(this.#output);
      if (found !== null) return found[0];
      if (this.#child.exitCode !== null) throw new Error(`npm start ended:\n${this.#output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Every process that it has started, directly or not. Empty where there is no /proc. */
  processes(): number[] {
    return this.#child.pid === undefined ? [] : descendantsOf(this.#child.pid);
  }

  /** Settles when it has ended by itself, having lost its server. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    await new Promise((resolve) => this.#child.once('exit', resolve));
  }

  /** Presses Ctrl+C and waits for the end. @returns the exit code */
  async interrupt(): Promise<number | null> {
    if (this.#child.exitCode !== null) return this.#child.exitCode;
    const exited = new Promise<number | null>((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGINT');
    return exited;
  }
}

/** Whether the process is there and not merely waiting to be buried. */
export function isAlive(pid: number): boolean {
  return stateOf(pid) !== undefined;
}

function descendantsOf(ancestor: number): number[] {
  if (!existsSync('/proc/self/stat')) return [];
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), parent: stateOf(Number(name))?.parent }));
  const children = (of: number): number[] =>
    parents.filter(({ parent }) => parent === of).flatMap(({ pid }) => [pid, ...children(pid)]);
  return children(ancestor);
}

function stateOf(pid: number): { parent: number } | undefined {
  try {
    // pid (name) state parent …; the name may hold anything, so the fields are counted from its end.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    return fields[0] === 'Z' ? undefined : { parent: Number(fields[1]) };
  } catch {
    return undefined;
  }
}
