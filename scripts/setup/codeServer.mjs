// The VS Code server as npm's code-server brings it: the real workbench (in a browser) and the real extension host.
// quickHost.mjs and currentHost.mjs say which versions.
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Failure, say } from './failure.mjs';
import { alone } from './lock.mjs';
import { hostsFolder } from './paths.mjs';
import { npm } from './processes.mjs';
import { readStamp, writeStamp } from './stamp.mjs';
import { canInstallPackages, installOnDebian, missingCompilerTools } from './systemPackages.mjs';

/**
 * @typedef {object} HostNode the Node that a server runs on
 * @property {string} execPath
 * @property {string} abi what compiled modules belong to, beside the platform
 * @property {string | undefined} headers the folder whose include/node its headers are in; undefined: npm downloads them
 * @property {() => Promise<void>} ensure makes it be there
 */
/**
 * @typedef {object} CodeServer
 * @property {string} vscode the version of VS Code in it
 * @property {string} execPath the Node that runs it
 * @property {string} script the server's main script
 * @property {() => Promise<void>} ensure installs it below .vscode-test/ unless a whole installation is there; one
 *   that was broken off is done again. Throws a Failure with npm's last words.
 */

/**
 * @param {object} options
 * @param {string} options.version of code-server
 * @param {string} options.vscode the version of VS Code in it
 * @param {HostNode} options.node
 * @param {readonly string[]} options.nativeModules the packages to compile. Two small ones are worth it: one writes the
 *   log files behind the Output view, one ends an extension host whose server died.
 * @param {string} options.effort what a person is told beforehand: time and space
 * @returns {CodeServer}
 */
export function codeServer({ version, vscode, node, nativeModules, effort }) {
  const folder = path.join(hostsFolder, `code-server-${version}`);
  const serverFolder = path.join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  const stampFile = path.join(folder, 'ready.json');
  const script = path.join(serverFolder, 'out', 'server-main.js');
  // Compiled modules belong to a platform and to a major version of Node.
  const machine = `${process.platform}-${process.arch}-node${node.abi}`;

  const isReady = () => {
    if (!existsSync(script) || !existsSync(node.execPath)) return false;
    return readStamp(stampFile)?.machine === machine;
  };

  const install = async () => {
    say(`Installing VS Code ${vscode} from npm (code-server ${version}; once, ${effort}) …`);
    await node.ensure();
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    // Without a package.json of its own, npm would install into the project around it.
    writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
    await installPackages(folder, [`code-server@${version}`], node.execPath);
    await installPackages(serverFolder, ['--omit=dev'], node.execPath);
    // Parts of the workbench look for their packages under the desktop version's name.
    symlinkSync('node_modules', path.join(serverFolder, 'node_modules.asar'), 'junction');
    await compile(nativeModules, serverFolder, node, path.join(folder, 'rebuild.log'));
    writeStamp(stampFile, { version, machine });
  };

  return {
    vscode,
    execPath: node.execPath,
    script,
    ensure: async () => {
      if (isReady()) return;
      await alone(async () => {
        if (!isReady()) await install();
      });
    },
  };
}

/**
 * No install script runs: most of them would fetch or compile what is not used here.
 * @param {string} cwd
 * @param {string[]} args
 * @param {string} node
 * @throws {Failure} with npm's last words
 */
export async function installPackages(cwd, args, node = process.execPath) {
  const { code, output } = await npm(
    ['install', '--prefix', cwd, '--ignore-scripts', '--no-audit', '--no-fund', ...args],
    { cwd, node },
  );
  if (code !== 0) throw new Failure(`npm could not install ${args.join(' ')} into ${cwd}:\n${output}`);
}

/**
 * VS Code works without these modules, so a machine without a compiler goes on with a warning.
 * @param {readonly string[]} modules
 * @param {string} cwd
 * @param {HostNode} node
 * @param {string} logFile
 */
async function compile(modules, cwd, node, logFile) {
  const missing = missingCompilerTools();
  if (missing.length > 0 && canInstallPackages()) await installOnDebian(missing);
  const { code, output } = await npm(['rebuild', ...modules], {
    cwd,
    node: node.execPath,
    env: node.headers === undefined ? {} : { npm_config_nodedir: node.headers },
    limitMs: 600_000,
  });
  // An npm that is told to run no scripts ends well, having compiled nothing.
  const built = modules.every((module) => existsSync(path.join(cwd, 'node_modules', module, 'build')));
  if (code === 0 && built) return;
  writeFileSync(logFile, output);
  const without = missingCompilerTools();
  say(
    'The Output view will stay empty: its logger could not be compiled' +
      (without.length > 0 ? ` without ${without.join(', ')}.` : `; see ${logFile}.`),
  );
}
