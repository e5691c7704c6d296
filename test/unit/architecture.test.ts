/**
 * The rules of .dependency-cruiser.cjs, each on a small house in which it is broken once. A rule that
 * stops biting, or that nobody breaks here, fails.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const configFile = path.join(root, '.dependency-cruiser.cjs');

/** A file's path and what it imports. `type` imports count like all others. */
type House = Record<string, string>;

/** One violation a line, with the rules that must find it. */
const faults: readonly { rules: string[]; from: string; imports: string }[] = [
  {
    rules: ['no-onnxruntime-outside-engines'],
    from: 'extension/direct.ts',
    imports: `import 'onnxruntime-node';`,
  },
  {
    rules: ['extension-uses-the-door-of-models', 'no-onnxruntime-outside-engines'],
    from: 'extension/detour.ts',
    imports: `import '../models/runtime/session';`,
  },
  {
    rules: ['onnxruntime-in-runtime-only'],
    from: 'models/training/trainer.ts',
    imports: `import type { Tensor } from 'onnxruntime-node'; export type { Tensor };`,
  },
  {
    rules: ['extension-uses-the-door-of-models'],
    from: 'extension/types.ts',
    imports: `import type { Config } from '../models/transformer/config'; export type { Config };`,
  },
  {
    rules: ['the-door-brings-no-room-along'],
    from: 'models/engine/protocol.ts',
    imports: `import type { Text } from '../text/pieces'; export type { Text };`,
  },
  {
    rules: ['extension-uses-the-doors-of-webview'],
    from: 'extension/panel.ts',
    imports: `import '../webview/attention/draw';`,
  },
  {
    rules: ['webview-stands-alone'],
    from: 'webview/attention/host.ts',
    imports: `import '../../extension/empty';`,
  },
  {
    rules: ['webview-stands-alone'],
    from: 'webview/attention/config.ts',
    imports: `import '../../models/transformer/config';`,
  },
  {
    rules: ['webview-is-a-browser'],
    from: 'webview/attention/files.ts',
    imports: `import 'node:fs';`,
  },
  {
    rules: ['vscode-in-extension-only'],
    from: 'webview/attention/window.ts',
    imports: `import 'vscode';`,
  },
  {
    rules: ['vscode-in-extension-only'],
    from: 'models/engine/window.ts',
    imports: `import type { Uri } from 'vscode'; export type { Uri };`,
  },
  {
    rules: ['models-know-no-window'],
    from: 'models/engine/owner.ts',
    imports: `import '../../extension/empty';`,
  },
  {
    rules: ['engine-knows-nothing-above-it'],
    from: 'models/engine/command.ts',
    imports: `import '../cli';`,
  },
  {
    rules: ['devices-knows-nothing-above-it'],
    from: 'models/devices/door.ts',
    imports: `import '../engine/server';`,
  },
  {
    rules: ['training-knows-nothing-above-it'],
    from: 'models/training/report.ts',
    imports: `import '../engine/server';`,
  },
  {
    rules: ['inference-knows-nothing-above-it'],
    from: 'models/inference/translator.ts',
    imports: `import '../training/loss';`,
  },
  {
    rules: ['storage-knows-nothing-above-it'],
    from: 'models/storage/checkpoint.ts',
    imports: `import '../training/loss';`,
  },
  {
    rules: ['transformer-knows-nothing-above-it'],
    from: 'models/transformer/decoder.ts',
    imports: `import '../inference/beam';`,
  },
  {
    rules: ['graph-knows-nothing-above-it'],
    from: 'models/graph/shapes.ts',
    imports: `import '../transformer/config';`,
  },
  {
    rules: ['rooms-beside-stay-beside'],
    from: 'models/data/batches.ts',
    imports: `import '../graph/tensor';`,
  },
  {
    rules: ['graphs-are-not-run-where-they-are-built'],
    from: 'models/transformer/run.ts',
    imports: `import '../runtime/session';`,
  },
  {
    rules: ['graph-stands-alone'],
    from: 'models/graph/names.ts',
    imports: `import '../text/pieces';`,
  },
  {
    rules: ['every-room-has-its-place'],
    from: 'models/attic/box.ts',
    imports: `import '../graph/tensor';`,
  },
  { rules: ['imports-resolve'], from: 'extension/lost.ts', imports: `import './nowhere';` },
  { rules: ['no-cycles'], from: 'extension/egg.ts', imports: `import './hen';` },
];

/** What stands in the house besides the faults, and breaks no rule. */
const soundHouse: House = {
  'extension/main.ts': `import 'vscode'; import '../models/engine/protocol'; import '../webview/attention/messages';`,
  'extension/empty.ts': '',
  'webview/attention/draw.ts': `import './messages'; import '../components/theme';`,
  'webview/attention/messages.ts': '',
  'webview/components/theme.ts': '',
  'models/cli.ts': `import './commands/train'; import './engine/server';`,
  'models/commands/train.ts': `import '../training/loss';`,
  'models/engine/protocol.ts': '',
  'models/engine/server.ts': `import './protocol'; import '../inference/beam'; import '../devices/probe';`,
  'models/devices/probe.ts': `import '../training/loss'; import '../inference/beam';`,
  'models/training/loss.ts': `import '../inference/beam'; import '../runtime/session'; import '../data/corpus';`,
  'models/inference/beam.ts': `import '../storage/files'; import '../transformer/config'; import '../text/pieces';`,
  'models/storage/files.ts': `import '../transformer/config'; import '../userError';`,
  'models/transformer/config.ts': `import '../graph/tensor';`,
  'models/graph/tensor.ts': `import type { Op } from './op'; export interface Tensor { op: Op }`,
  'models/graph/op.ts': `import type { Tensor } from './tensor'; export interface Op { inputs: Tensor[] }`,
  'models/runtime/session.ts': `import 'onnxruntime-node';`,
  'models/data/corpus.ts': `import '../text/pieces';`,
  'models/text/pieces.ts': `import '../userError';`,
  'models/userError.ts': '',
  'node_modules/onnxruntime-node/package.json': '{ "name": "onnxruntime-node", "main": "index.js" }',
  'node_modules/onnxruntime-node/index.js': '',
};

/** @returns the violations as “rule: file → file” */
function violationsIn(folder: string, house: House): string[] {
  for (const [file, content] of Object.entries(house)) {
    mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(folder, file), `${content}\n`);
  }
  const program = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const found = execFileSync(
    process.execPath,
    [program, '--config', configFile, '--output-type', 'json', 'extension', 'webview', 'models'],
    { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 24 },
  );
  const { summary } = JSON.parse(found) as {
    summary: { violations: { rule: { name: string }; from: string }[] };
  };
  return summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`);
}

describe('the rules about imports', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'polyhead-architecture-'));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('let a sound house stand', () => {
    expect(violationsIn(path.join(folder, 'sound'), soundHouse)).toEqual([]);
  });

  it('find each fault, and nothing else', () => {
    const broken: House = { ...soundHouse, 'extension/hen.ts': `import './egg';` };
    for (const { from, imports } of faults) broken[from] = imports;
    const expected = faults.flatMap(({ rules, from }) => rules.map((rule) => `${rule}: ${from}`));
    const found = new Set(violationsIn(path.join(folder, 'broken'), broken));
    expect([...found].sort()).toEqual(expected.sort());
  });

  it('are each broken here once', () => {
    const { forbidden } = createRequire(import.meta.url)(configFile) as { forbidden: { name: string }[] };
    const broken = new Set(faults.flatMap(({ rules }) => rules));
    expect(forbidden.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([]);
  });
});
