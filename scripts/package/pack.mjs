// From a staged folder to a .vsix, by Microsoft's own packer.
import { rmSync, statSync } from 'node:fs';
import { Failure } from '../setup/failure.mjs';
import { inRoot } from '../setup/paths.mjs';
import { run } from '../setup/processes.mjs';

/**
 * @param {import('./stage.mjs').Stage} stage
 * @param {string} version
 * @returns {Promise<{ file: string, bytes: number }>}
 * @throws {Failure} with vsce's words
 */
export async function packStage({ target, folder }, version) {
  const file = inRoot('out', 'package', `polyhead-${target}-${version}.vsix`);
  rmSync(file, { force: true });
  const { code, output } = await run(
    process.execPath,
    [
      inRoot('node_modules', '@vscode', 'vsce', 'vsce'),
      ...['package', '--target', target, '--out', file],
      // Pictures are packed with the README; where the project will be published is not known yet.
      ...['--no-rewrite-relative-links', '--allow-missing-repository'],
    ],
    { cwd: folder, env: environment() },
  );
  if (code !== 0) throw new Failure(`vsce could not pack ${target}:\n${output}`);
  return { file, bytes: statSync(file).size };
}

/** vsce asks npm which packages the folder has; the npm around this process would answer for the repository. */
function environment() {
  const entries = Object.entries(process.env).filter(
    ([name]) => !['npm_config_local_prefix', 'npm_package_json', 'INIT_CWD'].includes(name),
  );
  return Object.fromEntries(entries);
}
