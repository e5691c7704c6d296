// A home folder that can be written to: containers and build machines run people without one, and npm, the
// browser and compilers keep their caches there.
import { accessSync, constants, mkdirSync } from 'node:fs';
import path from 'node:path';
import { hostsFolder } from './paths.mjs';

/** Gives this process and its children a home below .vscode-test/ if HOME cannot be used. */
export function ensureHome() {
  const home = process.env['HOME'];
  if (process.platform === 'win32' || (home !== undefined && isWritable(home))) return;
  const substitute = path.join(hostsFolder, 'home');
  mkdirSync(substitute, { recursive: true });
  process.env['HOME'] = substitute;
  // An npm around this process has already said where its cache would be.
  const cache = process.env['npm_config_cache'];
  if (cache !== undefined && !isWritable(cache))
    process.env['npm_config_cache'] = path.join(substitute, '.npm');
}

/** @param {string} folder */
function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
