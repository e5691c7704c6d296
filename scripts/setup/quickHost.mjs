// The VS Code server from npm: the real workbench (in a browser) and the real extension host, on the Node
// that runs this. code-server 4.100.3 holds VS Code 1.100.3, the oldest version that the extension supports.
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Failure, say } from './failure.mjs';
import { alone } from './lock.mjs';
import { hostsFolder } from './paths.mjs';
import { npm } from './processes.mjs';
import { canInstallPackages, installOnDebian, missingCompilerTools } from './systemPackages.mjs';

const version = '4.100.3';
const folder = path.join(hostsFolder, `code-server-${version}`);
const serverFolder = path.join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
const stampFile = path.join(folder, 'ready.json');

// Compiled modules belong to a platform and to a major version of Node.
const machine = `${process.platform}-${process.arch}-node${process.versions.modules}`;

/** The server's main script; `ensureQuickHost` puts it there. */
export const serverScript = path.join(serverFolder, 'out', 'server-main.js');

/**
 * Installs the VS Code server below .vscode-test/ unless a whole installation is there: about half a minute
 * and 300 MB, once. An installation that was broken off is done again.
 * @throws {Failure} with npm's last words
 */
export async function ensureQuickHost() {
  if (isReady()) return;
  await alone(async () => {
    if (isReady()) return;
    say(`Installing the VS Code server from npm (code-server ${version}; once, about half a minute) …`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    // Without a package.json of its own, npm would install into the project around it.
    writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
    await install(folder, [`code-server@${version}`]);
    await install(serverFolder, ['--omit=dev']);
    // Parts of the workbench look for their packages under the desktop version's name.
    symlinkSync('node_modules', path.join(serverFolder, 'node_modules.asar'), 'junction');
    await compileNativeModules();
    writeFileSync(stampFile, JSON.stringify({ version, machine }));
  });
}

function isReady() {
  if (!existsSync(stampFile) || !existsSync(serverScript)) return false;
  return JSON.parse(readFileSync(stampFile, 'utf8')).machine === machine;
}

/**
 * No install script runs: most of them would fetch or compile what is not used here.
 * @param {string} cwd
 * @param {string[]} args
 */
async function install(cwd, args) {
  const { code, output } = await npm(
    ['install', '--prefix', cwd, '--ignore-scripts', '--no-audit', '--no-fund', ...args],
    { cwd },
  );
  if (code !== 0) throw new Failure(`npm could not install the VS Code server:\n${output}`);
}

/**
 * Two small modules are worth compiling: spdlog writes the log files behind the Output view, and
 * native-watchdog ends an extension host whose server died. VS Code works without them, so a machine
 * without a compiler goes on with a warning.
 */
async function compileNativeModules() {
  const missing = missingCompilerTools();
  if (missing.length > 0 && canInstallPackages()) await installOnDebian(missing);
  const { code, output } = await npm(['rebuild', '@vscode/spdlog', 'native-watchdog'], {
    cwd: serverFolder,
    env: headersBesideNode(),
    limitMs: 300_000,
  });
  if (code === 0) return;
  writeFileSync(path.join(folder, 'rebuild.log'), output);
  say(
    'The Output view will stay empty: its logger could not be compiled' +
      (missing.length > 0 ? ` without ${missing.join(', ')}.` : `; see ${path.join(folder, 'rebuild.log')}.`),
  );
}

/** Node's own headers, where they were installed with it; otherwise npm downloads them. */
function headersBesideNode() {
  const prefix = path.dirname(path.dirname(process.execPath));
  const found = existsSync(path.join(prefix, 'include', 'node', 'node.h'));
  return found ? { npm_config_nodedir: prefix } : {};
}
