// Child processes: each leads a process group of its own, so that stopping it stops all that it started.
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from './failure.mjs';
import { root } from './paths.mjs';

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */
/** @typedef {{ code: number, output: string, timedOut: boolean }} Outcome */

const windows = process.platform === 'win32';

let stopping = false;

/** @type {Set<ChildProcess>} every child whose group may still be alive */
const running = new Set();

/**
 * Starts a process as the leader of its own group. Throws when this process is already stopping: what it
 * starts now would be left behind.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {ChildProcess}
 */
export function startGroup(command, args, options = {}) {
  if (stopping) throw new Failure('Stopped.');
  const child = spawn(command, args, { cwd: root, ...options, detached: !windows });
  running.add(child);
  child.once('error', () => running.delete(child));
  return child;
}

/** @param {ChildProcess} child @param {NodeJS.Signals | 0} signal @returns {boolean} whether the group is there */
function signalGroup(child, signal) {
  if (child.pid === undefined) return false;
  try {
    process.kill(windows ? child.pid : -child.pid, signal);
    return true;
  } catch {
    return false;
  }
}

/**
 * Stops a child and everything that it started: asks first, and after `graceMs` ends what is left.
 * @param {ChildProcess} child
 * @param {number} graceMs milliseconds
 */
export async function stopGroup(child, graceMs = 3000) {
  if (windows && child.pid !== undefined && child.exitCode === null) {
    spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f'], { timeout: 10_000 });
  } else if (signalGroup(child, 'SIGTERM')) {
    for (const end = Date.now() + graceMs; Date.now() < end && signalGroup(child, 0);) await delay(25);
    signalGroup(child, 'SIGKILL');
  }
  running.delete(child);
}

/** Whether a signal has told this process to stop; children then end because we ended them. */
export const isStopping = () => stopping;

/**
 * Makes Ctrl+C, a closed terminal and `kill` stop every group before this process ends.
 * @param {object} options
 * @param {() => void} options.announce
 * @param {number} [options.exitCode] by default 128 + the signal's number
 * @returns {() => void} leaves signals alone again, for what this process does next
 */
export function stopEverythingOnSignals({ announce, exitCode }) {
  /** @param {number} code */
  const stop = async (code) => {
    if (stopping) return;
    stopping = true;
    announce();
    await Promise.all([...running].map((child) => stopGroup(child)));
    process.exit(exitCode ?? code);
  };
  // A terminal that is gone takes no more words; that must not keep us from stopping.
  const nobodyListens = () => undefined;
  const streams = [process.stdout, process.stderr];
  for (const stream of streams) stream.on('error', nobodyListens);
  const signals = {
    SIGHUP: () => void stop(129),
    SIGINT: () => void stop(130),
    SIGTERM: () => void stop(143),
  };
  for (const [signal, act] of Object.entries(signals)) process.on(signal, act);
  // A signal to npm ends the shell that npm started, and does not come down to this process.
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.env['npm_lifecycle_event'] !== undefined && process.ppid !== parent) void stop(143);
  }, 500).unref();
  return () => {
    clearInterval(watch);
    for (const [signal, act] of Object.entries(signals)) process.off(signal, act);
    for (const stream of streams) stream.off('error', nobodyListens);
  };
}

/**
 * Runs a command to its end. A command that cannot be started has the code 127, as in a shell.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean, limitMs?: number, shell?: boolean }} options
 *   show: pass its output on to the terminal instead of keeping it
 * @returns {Promise<Outcome>}
 */
export async function run(command, args, options = {}) {
  const { show = false, limitMs, ...rest } = options;
  // Windows runs batch files through its shell alone, to which Node gives words as they are: “Program Files” is two.
  const quoted = (/** @type {string} */ word) => (rest.shell === true ? `"${word}"` : word);
  const child = startGroup(quoted(command), args.map(quoted), {
    ...rest,
    stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text));
  }
  let timedOut = false;
  const timer =
    limitMs === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          void stopGroup(child);
        }, limitMs);
  return new Promise((resolve) => {
    /** @param {number} code */
    const end = (code) => {
      clearTimeout(timer);
      running.delete(child);
      // Who waits for a command that was stopped with this process has nothing more to do.
      if (!stopping) resolve({ code, output: output.trim(), timedOut });
    };
    child.once('error', (error) => {
      output += error.message;
      end(127);
    });
    child.once('close', (code) => end(code ?? 1));
  });
}

/**
 * Runs npm in `cwd`. Inside an npm script the same npm is used; its settings for the outer package
 * (where to install, which script runs) are kept from the inner one.
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean, limitMs?: number, node?: string }} options
 *   node: the Node that npm and what it starts run on, if not this process's
 */
export function npm(args, { node = process.execPath, ...options } = {}) {
  const { npm_execpath: cli, npm_config_local_prefix: _prefix, ...env } = { ...process.env, ...options.env };
  if (node !== process.execPath) env['PATH'] = `${path.dirname(node)}${path.delimiter}${env['PATH'] ?? ''}`;
  if (cli?.endsWith('.js')) return run(node, [cli, ...args], { ...options, env });
  return run(windows ? 'npm.cmd' : 'npm', args, { ...options, env, shell: windows });
}

/**
 * The first executable of that name on PATH that `accept` agrees to.
 * @param {string} name
 * @param {(file: string) => boolean} accept
 * @returns {string | undefined}
 */
export function onPath(name, accept = () => true) {
  const names = windows ? [`${name}.exe`, `${name}.cmd`] : [name];
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    for (const candidate of names) {
      const file = path.join(folder, candidate);
      if (folder !== '' && isExecutable(file) && accept(file)) return file;
    }
  }
  return undefined;
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
