/**
 * The engine where there is no network: it runs in an empty network namespace of Linux, in which not even the loopback
 * is up, and translates all the same with the model that is shipped. The namespace's own tables then show whether it
 * has a socket of the internet, and its counters whether it ever tried to reach something.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  automatic,
  protocolVersion,
  type EngineMethod,
  type ParametersOf,
  type ReplyOf,
} from '../../models/engine/protocol';
import { buildBundle, type Bundle } from '../unit/bundle';

const shippedModels = path.resolve(import.meta.dirname, '../../models/pretrained');

/** How a namespace of one's own is had here: as root, or as a user who becomes root in it. */
const unshare = [['-n'], ['-r', '-n']].find(
  (options) => spawnSync('unshare', [...options, 'true']).status === 0,
);

describe.skipIf(unshare === undefined)(
  `an engine without a network${unshare === undefined ? ' (skipped: unshare is not permitted here)' : ''}`,
  () => {
    let bundle: Bundle;
    let engine: ChildProcess;
    let connection: MessageConnection;

    beforeAll(async () => {
      bundle = await buildBundle('engine');
    });
    afterAll(() => bundle.remove());

    afterEach(() => {
      connection.dispose();
      engine.kill('SIGKILL');
    });

    /** Starts a program of Node's in the namespace, with a channel to this process. */
    function start(...program: string[]): void {
      engine = spawn('unshare', [...unshare!, process.execPath, ...program], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      connection = createMessageConnection(new IPCMessageReader(engine), new IPCMessageWriter(engine));
      connection.listen();
    }

    function ask<M extends EngineMethod>(method: M, parameters: ParametersOf<M>): Promise<ReplyOf<M>> {
      return connection.sendRequest<ReplyOf<M>>(method, { parameters });
    }

    it('translates, and neither opens a socket of the internet nor tries to reach anything', async () => {
      start(bundle.modulePath);
      const { pairs, pid } = await ask('initialize', {
        protocolVersion,
        modelFolders: [shippedModels],
        threads: 1,
      });
      // unshare becomes the program, so that nothing stands between this process and the engine.
      expect(pid).toBe(engine.pid);
      expect(interfacesOf(pid)).toEqual(['lo']);
      const pair = pairs.find(({ from }) => from === 'en');
      expect(pair).toBeDefined();
      const text = 'The file was saved on the server.';
      const { translations } = await ask('translate', {
        from: pair!.from,
        to: pair!.to,
        preferredTarget: automatic,
        minimumConfidence: 0,
        texts: [text],
      });
      expect(translations[0]?.text).toMatch(/\p{L}/u);
      expect(translations[0]?.text).not.toBe(text);
      expect(internetSocketsOf(pid)).toEqual([]);
      expect(otherThanLocalSockets(pid)).toEqual([]);
      expect(attemptsIn(pid)).toBe(0);
    });

    it('would be seen if it did', async () => {
      // The address is one of those for documentation; here, nothing is ever sent.
      const program = `
        const net = require('node:net');
        net.createServer().listen(0, () =>
          net.connect(80, '192.0.2.1').on('error', () => process.send('tried')));`;
      const tried = new Promise((resolve) => {
        start('-e', program);
        engine.once('message', resolve);
      });
      await tried;
      expect(internetSocketsOf(engine.pid!).join()).toContain('tcp6');
      expect(otherThanLocalSockets(engine.pid!)).toHaveLength(1);
      expect(attemptsIn(engine.pid!)).toBe(1);
    });
  },
);

/** The network interfaces that a process sees. */
function interfacesOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/net/dev`, 'utf8')
    .split('\n')
    .slice(2)
    .map((line) => line.split(':')[0]!.trim())
    .filter((name) => name !== '');
}

/** The sockets in the internet's tables of a process's namespace, each with its table's name. */
function internetSocketsOf(pid: number): string[] {
  return ['tcp', 'tcp6', 'udp', 'udp6', 'udplite', 'udplite6', 'raw', 'raw6'].flatMap((table) => {
    const file = `/proc/${pid}/net/${table}`;
    // A kernel may be without a protocol.
    if (!existsSync(file)) return [];
    const [, ...sockets] = readFileSync(file, 'utf8').trimEnd().split('\n');
    return sockets.map((socket) => `${table}: ${socket.trim()}`);
  });
}

/** How often something was to be sent in a process's namespace, and found no way out of it. */
function attemptsIn(pid: number): number {
  const [names, counts] = readFileSync(`/proc/${pid}/net/snmp`, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('Ip:'))
    .map((line) => line.split(' '));
  const count = Number(counts?.[names?.indexOf('OutNoRoutes') ?? -1]);
  if (Number.isNaN(count)) throw new Error('The kernel does not count what finds no route.');
  return count;
}

/** The process's own sockets, apart from those between processes of this machine. */
function otherThanLocalSockets(pid: number): string[] {
  // The channel was opened outside of the namespace, and stands in the table of the namespace of its maker.
  const local = [pid, process.pid].map((of) => readFileSync(`/proc/${of}/net/unix`, 'utf8')).join('\n');
  return readdirSync(`/proc/${pid}/fd`)
    .map((descriptor) => readlinkSync(`/proc/${pid}/fd/${descriptor}`))
    .flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? [])
    .filter((inode) => !new RegExp(`\\b${inode}\\b`).test(local));
}
