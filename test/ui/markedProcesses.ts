/**
 * The processes of one VS Code among all of this machine's: it is started with a mark in its environment, which every
 * process inherits from the one that starts it, whoever its parent is afterwards. Linux only.
 */
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { isAlive } from './startedVsCode';

const variable = 'POLYHEAD_TEST_MARK';

export type Part = 'server' | 'extension host' | 'engine';

const signs: Readonly<Record<Part, string>> = {
  server: 'server-main.js',
  'extension host': '--type=extensionHost',
  engine: 'dist/engine.js',
};

export class MarkedProcesses {
  readonly #mark = `${variable}=${randomUUID()}`;

  /** What the first process must have in its environment. */
  get environment(): Record<string, string> {
    return { [variable]: this.#mark.slice(variable.length + 1) };
  }

  /** The processes that are that part of VS Code. */
  those(part: Part): number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => read(pid, 'environ').split('\0').includes(this.#mark))
      .filter((pid) => read(pid, 'cmdline').includes(signs[part]) && isAlive(pid));
  }

  /** The engines that nobody uses any more: their extension host is gone. */
  orphans(): number[] {
    const hosts = this.those('extension host');
    return this.those('engine').filter((pid) => {
      const parent = /^PPid:\s+(\d+)$/m.exec(read(pid, 'status'))?.[1];
      // A process that has ended since has no parent to tell.
      return parent !== undefined && !hosts.includes(Number(parent));
    });
  }
}

/** A file of a process; nothing when the process is gone or another user's. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
