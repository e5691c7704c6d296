/**
 * A VS Code server with nothing but the package installed, in a folder far from the repository, and what can be seen
 * of its processes from outside.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');

export class InstalledVsCode {
  /** The server's and the person's files; outside the repository, so that nothing is found there by accident. */
  readonly folder = mkdtempSync(path.join(tmpdir(), 'polyhead-installed-'));
  readonly workspace = path.join(this.folder, 'my workspäce');
  readonly home = path.join(this.folder, 'home');
  readonly extensions = path.join(this.folder, 'vscode', 'extensions');
  readonly logs = path.join(this.folder, 'vscode', 'user', 'logs');
  #child: ChildProcess | undefined;

  constructor() {
    mkdirSync(this.home);
    cpSync(path.join(root, 'test', 'sample-workspace'), this.workspace, { recursive: true });
  }

  /** Installs the package and starts the server. @returns the address that opens the workspace */
  async start(vsix: string): Promise<string> {
    const program = path.join(import.meta.dirname, 'serveInstalled.mjs');
    const child = spawn(process.execPath, [program, vsix, path.join(this.folder, 'vscode'), this.workspace], {
      cwd: this.folder,
      env: { ...process.env, HOME: this.home, XDG_CACHE_HOME: path.join(this.home, '.cache') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    let output = '';
    return new Promise((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          output += text;
          const address = /^http:\S+$/m.exec(output)?.[0];
          if (address !== undefined) resolve(address);
        });
      }
      child.once('exit', () => reject(new Error(`The VS Code server did not start:\n${output}`)));
    });
  }

  /** The installed extension's folder. */
  installed(): string {
    const names = readdirSync(this.extensions).filter((name) => name.startsWith('polyhead.'));
    if (names.length !== 1) throw new Error(`There should be one extension: ${names.join(', ')}`);
    return path.join(this.extensions, names[0]!);
  }

  /** Every process that has this server's home, which is to say: the server and what it has started. */
  processes(): number[] {
    if (!existsSync('/proc/self/environ')) return [];
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0 && pid !== this.#child?.pid && environment(pid).includes(`HOME=${this.home}`));
  }

  /** The processes among them that run the engine's program. */
  engines(): number[] {
    return this.processes().filter((pid) => commandLine(pid).some((word) => word.endsWith('engine.js')));
  }

  /** Ends the server's process, and it alone: what it has started must notice by itself. */
  signalServer(signal: 'SIGTERM' | 'SIGKILL'): void {
    const server = this.processes().find((pid) => commandLine(pid)[1]?.endsWith('server-main.js') === true);
    if (server === undefined) throw new Error('There is no server to end.');
    process.kill(server, signal);
  }

  /** What lives now, each with its command line. */
  left(): string[] {
    return this.processes().map((pid) => `${pid} ${commandLine(pid).join(' ')}`);
  }

  /** Ends what is left and takes the folder away. */
  clear(): void {
    this.#child?.kill('SIGTERM');
    for (const pid of this.processes()) process.kill(pid, 'SIGKILL');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What a process was started with. Empty if it has ended, or where there is no /proc. */
export function commandLine(pid: number): string[] {
  return wordsIn(`/proc/${pid}/cmdline`);
}

function environment(pid: number): string[] {
  return wordsIn(`/proc/${pid}/environ`);
}

function wordsIn(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** Every file that a process has in its memory or holds open, sorted; no pipes, sockets or devices. */
export function filesOf(pid: number): string[] {
  const maps = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n');
  const mapped = maps.map((line) => /\s(\/.*)$/.exec(line)?.[1]);
  const open = readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`));
  const files = [...mapped, ...open].filter(
    (file) => file?.startsWith('/') === true && !file.startsWith('/dev/'),
  );
  return [...new Set(files as string[])].sort();
}

/** The addresses that a process is connected to, or tries to be, as the kernel writes them (TCP and UDP). */
export function connectionsOf(pid: number): string[] {
  const sockets = readdirSync(`/proc/${pid}/fd`).map(
    (fd) => /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`) ?? '')?.[1],
  );
  return ['tcp', 'tcp6', 'udp', 'udp6']
    .flatMap((table) => readFileSync(`/proc/${pid}/net/${table}`, 'utf8').trim().split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => sockets.includes(fields[9]))
    .map((fields) => fields[2] ?? '');
}

/** Every file below a folder, as paths from it. */
export function filesUnder(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

function linkOf(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}
