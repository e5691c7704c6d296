/**
 * `npm run bench -- hover`, inside VS Code: how long a warm hover over a comment takes, from the question to the translation
 * with its picture, alone and beside a training; and what hovers and translated comments cost while a person types. One
 * console line of JSON at the end, which scripts/bench.mjs reads.
 */
import path from 'node:path';
import * as vscode from 'vscode';
import { closeEditors, edit, extension } from '../host/workbench';
import { BusyTraining } from './busyTraining';
import { computedBy, round } from './processorTime';
import { costOfTyping } from './typing';

/** Sentences of up to twenty-five tokens; the number makes each one new, or the cache would answer. */
const sentences = [
  'Die Lampe Nummer % ist wieder kaputt.',
  'Der Server antwortet nicht auf die Anfrage %.',
  'Gibt den Namen der Datei % zurück, wenn sie vorhanden ist.',
  'Die Liste % zeigt alle Dateien, die seit gestern geändert wurden.',
  'Wenn der Dienst % nicht antwortet, wird die Verbindung nach zehn Sekunden beendet.',
];
const passes = 20;

export async function run(): Promise<void> {
  const polyhead = await extension().activate();
  await warm();
  const engine = polyhead.engineProcessIds()[0]!;
  const alone = await hovers(engine, 100);
  const training = await BusyTraining.begin(path.join(extension().extensionPath, 'dist', 'cli.js'));
  try {
    const besideTraining = await hovers(engine, 200);
    if (!training.trains) throw new Error('The training ended before the hovers were measured.');
    await training.end();
    const typing = await costOfTyping(sentences, engine);
    console.log(`[bench] ${JSON.stringify({ vscode: vscode.version, alone, besideTraining, typing })}`);
  } finally {
    await training.end();
  }
}

/** The first one starts the engine and loads the model. */
async function warm(): Promise<void> {
  const editor = await edit(`# ${sentences[0]!.replace('%', '1')}\n`, 'py');
  for (let tries = 0; tries < 60; tries++) {
    if ((await hover(editor.document, 0)).includes('data:image/svg+xml')) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('The engine did not get warm within half a minute.');
}

/** @param from the first of the numbers that make sentences new */
async function hovers(engine: number, from: number) {
  const comments = Array.from({ length: passes }, (_, pass) =>
    sentences.map((sentence) => `# ${sentence.replace('%', String(from + pass))}\nf()\n`),
  ).flat();
  const { document } = await edit(comments.join(''), 'py');
  // Has the document read, as it is by the time that somebody points at it.
  await hover(document, 1);
  const [taken, here, there]: [number[], number[], number[]] = [[], [], []];
  for (const [index, comment] of comments.entries()) {
    const before = { here: computedBy(process.pid), there: computedBy(engine) };
    const begun = performance.now();
    const shown = await hover(document, 2 * index);
    taken.push(performance.now() - begun);
    here.push(computedBy(process.pid) - before.here);
    there.push(computedBy(engine) - before.there);
    if (!shown.includes('data:image/svg+xml')) throw new Error(`No hover with a picture over: ${comment}`);
  }
  await closeEditors();
  return {
    hovers: taken.length,
    // By the clock; and what was computed for it, on all threads of the extension host and of the engine, and by both.
    ...{ ms: spread(taken), hostComputedMs: spread(here), engineComputedMs: spread(there) },
    computedMs: spread(here.map((of, index) => of + there[index]!)),
  };
}

function spread(values: readonly number[]): { median: number; p95: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => round(sorted[Math.floor(sorted.length * share)]!);
  return { median: at(0.5), p95: at(0.95) };
}

async function hover(document: vscode.TextDocument, line: number): Promise<string> {
  const found = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    new vscode.Position(line, 8),
  );
  return found
    .flatMap(({ contents }) => contents)
    .map((content) => (content instanceof vscode.MarkdownString ? content.value : ''))
    .join('\n');
}
