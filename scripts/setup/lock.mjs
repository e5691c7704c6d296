// One set-up at a time: two commands in a pipe, or a test run beside `npm start`, wait for each other.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { hostsFolder } from './paths.mjs';

const lockFile = path.join(hostsFolder, 'setup.lock');

/**
 * Runs `work` while no other process of this checkout sets something up.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function alone(work) {
  mkdirSync(hostsFolder, { recursive: true });
  while (!take()) await delay(200);
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
    // Between creating and writing, the file is empty for a moment: that owner lives.
    if (owner === 0) return true;
    process.kill(owner, 0);
    return true;
  } catch (error) {
    // EPERM: alive, but another user's. ENOENT: just released, so try again at once.
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
