// `npm run architecture`: the invariants of docs/architecture.md that can be read off the imports
// (.dependency-cruiser.cjs) and off the bundle that the extension host loads.
import { existsSync, readFileSync } from 'node:fs';
import { ensureBuilt } from './setup/built.mjs';
import { Failure, enter, say } from './setup/failure.mjs';
import { ensureInstalled } from './setup/installed.mjs';
import { inRoot } from './setup/paths.mjs';
import { run, stopEverythingOnSignals } from './setup/processes.mjs';

const folders = ['extension', 'models', 'webview'];

await enter(async () => {
  stopEverythingOnSignals({ announce: () => say('\nStopping …') });
  await ensureInstalled();
  await checkImports();
  await ensureBuilt();
  checkExtensionBundle();
  return 0;
});

/** @throws {Failure} with every import that breaks a rule */
async function checkImports() {
  const missing = folders.filter((folder) => !existsSync(inRoot(folder)));
  if (missing.length > 0) throw new Failure(`There is nothing to check: ${missing.join(', ')} is missing.`);
  const { code, output } = await run(process.execPath, [
    inRoot('node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs'),
    ...['--config', inRoot('.dependency-cruiser.cjs'), ...folders],
  ]);
  if (code !== 0) throw new Failure(output);
  process.stdout.write(`${output}\n`);
}

/** @throws {Failure} if the extension host would load onnxruntime, which blocks its event loop */
function checkExtensionBundle() {
  const bundle = inRoot('dist', 'extension.js');
  const found = /(?:require|import)\s*\(\s*["'](onnxruntime[^"']*)["']/.exec(readFileSync(bundle, 'utf8'));
  if (found !== null) {
    throw new Failure(`dist/extension.js loads ${found[1]}: only an engine process may do that.`);
  }
  process.stdout.write('✔ dist/extension.js loads no onnxruntime\n');
}
