// `npm run -s polyhead -- …`: the command line of Polyhead, installed and built first if it has to be.
import { createRequire } from 'node:module';
import { ensureBuilt } from './setup/built.mjs';
import { enter, say } from './setup/failure.mjs';
import { ensureInstalled } from './setup/installed.mjs';
import { inRoot } from './setup/paths.mjs';
import { stopEverythingOnSignals } from './setup/processes.mjs';

const leaveSignals = stopEverythingOnSignals({ announce: () => say('\nStopping …') });
await enter(async () => {
  await ensureInstalled();
  await ensureBuilt();
  return 0;
});
// What comes now ends itself on signals as it sees fit: a training saves what it has.
leaveSignals();

if (process.exitCode === 0) {
  // npm runs scripts in the repository; the paths in a person's arguments start where the person is.
  const { npm_lifecycle_event: script, INIT_CWD: whereTyped } = process.env;
  if (script === 'polyhead' && whereTyped !== undefined) process.chdir(whereTyped);
  // In this same process: stdin, stdout, signals and the exit code are the command's own.
  const cli = inRoot('dist', 'cli.js');
  process.argv[1] = cli;
  process.exitCode = undefined;
  createRequire(import.meta.url)(cli);
}
