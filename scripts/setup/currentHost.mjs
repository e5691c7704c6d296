// The current host: the VS Code that most people run, on the Node that it wants, both from npm.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { codeServer, installPackages } from './codeServer.mjs';
import { hostsFolder } from './paths.mjs';

const nodeVersion = '24.21.0';
const nodeFolder = path.join(hostsFolder, `node-${nodeVersion}`);
const nodePackage = nodePackageName();
/** Holds bin/ and include/, as an installation of Node does. */
const prefix = path.join(nodeFolder, 'node_modules', nodePackage);

export const currentHost = codeServer({
  version: '4.139.1',
  vscode: '1.139.1',
  node: {
    execPath: path.join(prefix, 'bin', process.platform === 'win32' ? 'node.exe' : 'node'),
    abi: nodeVersion,
    headers: prefix,
    ensure: ensureNode,
  },
  nativeModules: ['@vscode/spdlog', '@vscode/native-watchdog'],
  effort: 'about three minutes and 800 MB',
});

/** The package that holds Node itself for this machine: the package “node” only chooses among them. */
function nodePackageName() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const scope = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  return `${scope}-${platform}-${process.arch}`;
}

async function ensureNode() {
  if (existsSync(path.join(nodeFolder, 'node_modules', '.package-lock.json'))) return;
  mkdirSync(nodeFolder, { recursive: true });
  writeFileSync(path.join(nodeFolder, 'package.json'), '{ "private": true }\n');
  await installPackages(nodeFolder, [`${nodePackage}@${nodeVersion}`]);
}
