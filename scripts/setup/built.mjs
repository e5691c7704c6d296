// The bundles in dist/ and out/: built when one is missing or the sources are not those of the last build.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { Failure, say } from './failure.mjs';
import { alone } from './lock.mjs';
import { inRoot } from './paths.mjs';
import { npm } from './processes.mjs';
import { readStamp, writeStamp } from './stamp.mjs';

const sourceFolders = ['extension', 'models', 'webview', 'test/host', 'test/bench', 'test/pages'];
const sourceFiles = ['webpack.config.mjs', 'scripts/packNgrams.mjs', 'package-lock.json'];
// Weights are data: the bundles read them when they run.
const dataFolders = ['models/pretrained', 'models/parents'];
const bundleFolders = ['dist', 'out'];
const stampFile = inRoot('dist', '.built.json');

/**
 * Builds the bundles if the sources changed since the last build. Quiet unless it has to work or fails.
 * @throws {Failure} with webpack's messages
 */
export async function ensureBuilt() {
  if (isFresh()) return;
  await alone(async () => {
    if (isFresh()) return;
    say('Building …');
    // Taken before the build: what changes meanwhile is built the next time.
    const sources = fingerprint();
    // A build that is broken off leaves bundles of two ages, which no stamp vouches for.
    rmSync(stampFile, { force: true });
    const { code, output } = await npm(['run', '-s', 'build']);
    if (code !== 0) throw new Failure(`The build failed:\n${output}`);
    const bundles = bundleFolders
      .flatMap((folder) => filesUnder(folder))
      .filter((file) => /\.(js|css|wasm)$/.test(file));
    writeStamp(stampFile, { sources, bundles });
  });
}

function isFresh() {
  /** @type {{ sources: string, bundles: string[] } | undefined} */
  const built = readStamp(stampFile);
  if (built === undefined) return false;
  return built.bundles.every((bundle) => existsSync(inRoot(bundle))) && built.sources === fingerprint();
}

/** Names and contents of every source file; time stamps say little after a checkout. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const file of [...sourceFiles, ...sourceFolders.flatMap((folder) => filesUnder(folder))]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(inRoot(file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** @param {string} folder which need not exist @returns {string[]} its files, at any depth, sorted */
function filesUnder(folder) {
  if (dataFolders.includes(folder) || !existsSync(inRoot(folder))) return [];
  return readdirSync(inRoot(folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const place = `${folder}/${entry.name}`;
      return entry.isDirectory() ? filesUnder(place) : [place];
    });
}
