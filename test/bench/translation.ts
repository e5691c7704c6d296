/**
 * `npm run bench -- translation`, inside VS Code: how long a person waits for the extension and its translations.
 * One console line of JSON at the end, which scripts/bench.mjs reads.
 */
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
  const [begun, worked] = [performance.now(), process.cpuUsage()];
  await extension().activate();
  const activation = performance.now() - begun;
  const { user, system } = process.cpuUsage(worked);
  const first = await milliseconds(sentences[1]!);
  const later: number[] = [];
  for (let pass = 0; pass < passes; pass++) {
    for (const sentence of sentences) later.push(await milliseconds(sentence));
  }
  later.sort((a, b) => a - b);
  const result = {
    vscode: vscode.version,
    activation: round(activation),
    activationProcessor: round((user + system) / 1000),
    firstTranslation: round(first),
    laterMedian: round(later[Math.floor(later.length / 2)]!),
    later95th: round(later[Math.floor(later.length * 0.95)]!),
  };
  console.log(`[bench] ${JSON.stringify(result)}`);
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
