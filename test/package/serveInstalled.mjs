// A program of its own: installs a .vsix into a VS Code server that knows nothing of the sources, and serves a folder.
// Prints the address. It ends when the server ends, and then leaves alone whatever the server has left behind.
import { installPackage } from '../../scripts/package/install.mjs';
import { Failure, enter } from '../../scripts/setup/failure.mjs';
import { stopEverythingOnSignals } from '../../scripts/setup/processes.mjs';
import { startWorkbenchServer } from '../../scripts/setup/workbenchServer.mjs';

const [vsix, stateFolder, workspace] = process.argv.slice(2);

await enter(async () => {
  if (vsix === undefined || stateFolder === undefined || workspace === undefined) {
    throw new Failure('serveInstalled.mjs needs a .vsix, a folder for the server and a workspace.', 2);
  }
  stopEverythingOnSignals({ announce: () => undefined, exitCode: 0 });
  await installPackage(vsix, stateFolder);
  const server = await startWorkbenchServer({ stateFolder, port: '0', underTest: true });
  process.stdout.write(`${server.url(workspace)}\n`);
  await server.ended;
  return 0;
});
