// The quick host: the oldest VS Code that the extension supports, on the Node that runs this.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { codeServer } from './codeServer.mjs';

/** Node's own headers, where they were installed with it. */
function headersBesideNode() {
  const prefix = path.dirname(path.dirname(process.execPath));
  return existsSync(path.join(prefix, 'include', 'node', 'node.h')) ? prefix : undefined;
}

export const quickHost = codeServer({
  version: '4.100.3',
  vscode: '1.100.3',
  node: {
    execPath: process.execPath,
    abi: process.versions.modules,
    headers: headersBesideNode(),
    ensure: () => Promise.resolve(),
  },
  nativeModules: ['@vscode/spdlog', 'native-watchdog'],
  effort: 'about half a minute and 300 MB',
});

/** Installs the quick host unless it is there. */
export const ensureQuickHost = quickHost.ensure;
