/**
 * Nothing of Polyhead's in the extension host asks the network for anything: Node's network calls are trapped from the
 * loading of this file, before the extension is activated, and each is traced back to whoever made it.
 *
 * The engine is another process; test/manners looks at that one.
 */
import * as assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import dgram from 'node:dgram';
import dns from 'node:dns';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { closeEditors, edit, extension, Notifications, run, select } from './workbench';

interface Call {
  readonly what: string;
  readonly stack: string;
  /** Whether it follows from something that a test here asked Polyhead for. */
  readonly asked: boolean;
}

/** Follows what a test asks for through every callback and promise, into code that has lost its stack. */
const asked = new AsyncLocalStorage<true>();
const calls: Call[] = [];

trap(net.Socket.prototype, ['connect']);
trap(tls, ['connect']);
trap(dgram.Socket.prototype, ['connect', 'send', 'bind']);
trap(http, ['request', 'get']);
trap(https, ['request', 'get']);
trap(http2, ['connect']);
trap(dns, functionsOf(dns));
trap(dns.promises, functionsOf(dns.promises));
trap(globalThis, ['fetch']);

/** Notes each call before it goes on. */
function trap(owner: object, names: readonly string[]): void {
  const functions = owner as Record<string, unknown>;
  for (const name of names) {
    const original = functions[name];
    assert.ok(typeof original === 'function', `Node has no function ${name}`);
    functions[name] = function (this: unknown, ...values: unknown[]): unknown {
      if (!isLocalPipe(values)) {
        const stack = new Error(name).stack ?? '';
        calls.push({ what: name, stack, asked: asked.getStore() === true });
      }
      return Reflect.apply(original, this, values) as unknown;
    };
  }
}

/** All that look something up: lookup, resolve4, reverse and the rest. */
function functionsOf(owner: object): string[] {
  return Object.entries(owner)
    .filter(([name, value]) => typeof value === 'function' && /^(lookup|resolve|reverse)/.test(name))
    .map(([name]) => name);
}

/** A socket in the file system leads to no network. */
function isLocalPipe(values: readonly unknown[]): boolean {
  // Node passes its own calls on as [[options, callback]].
  const [first] = values.flat() as { path?: unknown; port?: unknown }[];
  return typeof first === 'object' && first.path !== undefined && first.port === undefined;
}

/** A port of this machine that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The calls that Polyhead's code made, or that came of what was asked of it. */
function oursAmong(made: readonly Call[]): string[] {
  const bundle = vscode.Uri.joinPath(extension().extensionUri, 'dist', 'extension.js').fsPath;
  return made.filter((call) => call.asked || call.stack.includes(bundle)).map(({ stack }) => stack);
}

describe('the network', () => {
  let notifications: Notifications | undefined;

  afterEach(async () => {
    notifications?.restore();
    await closeEditors();
  });

  it('is watched: a call is seen, and traced back through promises', async () => {
    const port = await closedPort();
    const before = calls.length;
    const refused = async (): Promise<unknown> => {
      await Promise.resolve();
      return fetch(`http://127.0.0.1:${port}/`).catch((error: unknown) => error);
    };
    assert.ok((await asked.run(true, refused)) instanceof Error);
    const seen = calls.splice(before);
    assert.ok(
      seen.some(({ what, asked }) => what === 'connect' && asked),
      `seen: ${seen.map(({ what }) => what).join(', ')}`,
    );
    await new Promise((resolve) => dns.lookup('localhost', resolve));
    assert.deepEqual(
      calls.splice(before).map(({ what, asked }) => [what, asked]),
      [['lookup', false]],
    );
  });

  it('is not asked for anything by a translation', async () => {
    notifications = new Notifications();
    const editor = await edit('The file was saved on the server.');
    select(editor);
    await asked.run(true, () => run('polyhead.translateSelection'));
    assert.notEqual(editor.document.getText(), 'The file was saved on the server.');
    assert.deepEqual(oursAmong(calls), []);
  });

  it('was not asked for anything by Polyhead in all that came before', () => {
    assert.equal(extension().isActive, true);
    assert.deepEqual(oursAmong(calls), []);
  });
});
