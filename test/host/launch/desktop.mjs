// The second launcher of the host suite: @vscode/test-electron with a desktop VS Code. Run as a program of its
// own (by scripts/testDesktop.mjs), since test-electron lets VS Code write straight to its standard output.
import { runTests } from '@vscode/test-electron';
import { inRoot, root } from '../../../scripts/setup/paths.mjs';

const [executable, workspace, userData] = process.argv.slice(2);
if (executable === undefined || workspace === undefined || userData === undefined) {
  throw new Error('desktop.mjs needs an executable, a workspace and a folder for settings.');
}

process.exitCode = await runTests({
  vscodeExecutablePath: executable,
  extensionDevelopmentPath: root,
  extensionTestsPath: inRoot('out', 'hostSuite'),
  launchArgs: [workspace, '--disable-extensions', '--user-data-dir', userData],
}).catch(() => 1);
