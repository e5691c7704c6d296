// One set-up at a time: two commands in a pipe, or a test run beside `npm start`, wait for each other.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { say } from './failure.mjs';
import { hostsFolder } from './paths.mjs';

const lockFile = path.join(hostsFolder, 'setup.lock');
/** Milliseconds. */
const [pause, silence, momentToWrite] = [200, 2000, 5000];

/**
 * Runs `work` while no other process of this checkout sets something up.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function alone(work) {
  mkdirSync(hostsFolder, { recursive: true });
  for (let waited = 0; !take(); waited += pause) {
    // A process that has the number of an owner killed long ago looks like that owner.
    if (waited === silence) {
      say(`Another command sets something up; waiting for it. If there is none, delete ${lockFile}.`);
    }
    await delay(pause);
  }
  const release = () => rmSync(lockFile, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** @returns {boolean} whether the lock is ours now */
function take() {
  try {
    writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    if (!ownerIsAlive()) rmSync(lockFile, { force: true });
    return false;
  }
}

/** A killed owner leaves its lock behind. */
function ownerIsAlive() {
  try {
    const owner = Number(readFileSync(lockFile, 'utf8'));
    // Between creating and writing, the file is empty for a moment: that owner lives, unless it was killed just there.
    if (owner === 0) return Date.now() - statSync(lockFile).mtimeMs < momentToWrite;
    process.kill(owner, 0);
    return true;
  } catch (error) {
    // EPERM: alive, but another user's. ENOENT: just released, so try again at once.
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
