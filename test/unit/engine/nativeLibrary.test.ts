/** The product's own engine where onnxruntime's native library is missing: it lives, and says so. */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdir, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorNumbers, protocolVersion, type ReplyOf } from '../../../models/engine/protocol';
import { writeModel } from '../../../models/storage/modelFolder';
import { buildBundle, type Bundle } from '../bundle';
import { tinyModel } from '../tinyModel';

let bundle: Bundle;
let engine: ChildProcess;
let connection: MessageConnection;
let models: string;

beforeAll(async () => {
  bundle = await buildBundle('engine');
  models = path.join(bundle.folder, 'models');
  await mkdir(path.join(models, 'en-de'), { recursive: true });
  await writeModel(path.join(models, 'en-de'), tinyModel(), 'F16');
  // In the place of the repository's packages: one that fails as the real one does on a foreign platform.
  await unlink(path.join(bundle.folder, 'node_modules'));
  const ort = path.join(bundle.folder, 'node_modules', 'onnxruntime-node');
  await mkdir(ort, { recursive: true });
  await writeFile(path.join(ort, 'index.js'), "require('./bin/napi-v6/none/onnxruntime_binding.node');\n");
  engine = fork(bundle.modulePath, [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] });
  connection = createMessageConnection(new IPCMessageReader(engine), new IPCMessageWriter(engine));
  connection.listen();
}, 60_000);
afterAll(() => {
  connection.dispose();
  engine.kill('SIGKILL');
  return bundle.remove();
});

const sentence =
  `Polyhead’s native library for ${process.platform}-${process.arch} is missing or cannot be loaded ` +
  "(Cannot find module './bin/napi-v6/none/onnxruntime_binding.node'). Install the Polyhead package made for this platform.";

describe('an engine without its native library', () => {
  it('shakes hands and knows the pairs', async () => {
    const parameters = { protocolVersion, modelFolders: [models], threads: 1 };
    const reply: ReplyOf<'initialize'> = await connection.sendRequest('initialize', { parameters });
    expect(reply.pairs.map(({ from, to }) => [from, to])).toEqual([['en', 'de']]);
  });

  const parameters = { from: 'en', to: 'de', preferredTarget: 'en', minimumConfidence: 0 };

  it('says what is missing, each time that it is asked to translate', async () => {
    for (const texts of [['one'], ['two']]) {
      const failing = connection.sendRequest('translate', { parameters: { ...parameters, texts } });
      await expect(failing).rejects.toMatchObject({
        code: errorNumbers.user,
        message: expect.stringContaining(sentence) as string,
      });
    }
  });

  it('says so when a model is to be imported, and blames the model for nothing', async () => {
    const folders = { folder: path.join(models, 'en-de'), modelsFolder: path.join(bundle.folder, 'store') };
    const failing = connection.sendRequest('importModel', { parameters: { ...folders, replace: false } });
    await expect(failing).rejects.toMatchObject({
      code: errorNumbers.user,
      message: expect.stringContaining(sentence) as string,
    });
  });
});
