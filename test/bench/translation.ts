/**
 * `npm run bench -- translation`, inside VS Code: how long a person waits for the extension and its translations.
 * One console line of JSON at the end, which scripts/bench.mjs reads.
 */
import * as nodeModule from 'node:module';
import path from 'node:path';
import * as vscode from 'vscode';
import { closeEditors, edit, extension, run as runCommand, select } from '../host/workbench';

/** Five to twenty-five words, none of them in a corpus of ours. */
const sentences = [
  'The blue lamp is broken again.',
  'Press the left key twice to open the garden gate.',
  'This option keeps a copy of every letter that you send to the library.',
  'If the engine does not start within ten seconds, check the cable and try the second socket.',
  'The list shows all rooms of the house, the people who are in them now, and the time at which each of them came in.',
];
const passes = 8;

export async function run(): Promise<void> {
  // VS Code activates it a moment after its start; a test is quicker.
  if (extension().isActive) throw new Error('The extension was active before its activation could be timed.');
  const loading = loadingTime();
  // What VS Code does about an activation, while it starts other extensions, is in this too.
  const begun = performance.now();
  await extension().activate();
  const activation = performance.now() - begun;
  const first = await milliseconds(sentences[1]!);
  const later: number[] = [];
  for (let pass = 0; pass < passes; pass++) {
    for (const sentence of sentences) later.push(await milliseconds(sentence));
  }
  later.sort((a, b) => a - b);
  const result = {
    vscode: vscode.version,
    ...loading,
    activation: round(activation),
    firstTranslation: round(first),
    laterMedian: round(later[Math.floor(later.length / 2)]!),
    later95th: round(later[Math.floor(later.length * 0.95)]!),
  };
  console.log(`[bench] ${JSON.stringify(result)}`);
}

/** Milliseconds of reading and evaluating the extension's program once more, by the clock and of the processor. */
function loadingTime(): { loading: number; loadingProcessor: number } {
  const program = path.join(extension().extensionPath, 'dist', 'extension.js');
  // By this name webpack leaves it to Node.
  const requireFrom = Reflect.get(nodeModule, 'createRequire');
  const load = requireFrom(program);
  const loaded = load.cache[program];
  Reflect.deleteProperty(load.cache, program);
  const [begun, worked] = [performance.now(), process.cpuUsage()];
  load(program);
  const { user, system } = process.cpuUsage(worked);
  const taken = performance.now() - begun;
  load.cache[program] = loaded;
  return { loading: round(taken), loadingProcessor: round((user + system) / 1000) };
}

/** From the command to the changed document. */
async function milliseconds(sentence: string): Promise<number> {
  const editor = await edit(sentence);
  select(editor);
  const begun = performance.now();
  await runCommand('polyhead.translateSelection');
  const taken = performance.now() - begun;
  if (editor.document.getText() === sentence) throw new Error(`“${sentence}” was not translated.`);
  await closeEditors();
  return taken;
}

function round(value: number): number {
  return Number(value.toFixed(1));
}
