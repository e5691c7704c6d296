/**
 * What the extension host computes for every key while a person types in a file with many comments: with hovers and
 * translated comments, and without, in turns.
 */
import * as vscode from 'vscode';
import { closeEditors, edit, run, setting } from '../host/workbench';
import { computedBy, round, untilIdle } from './processorTime';

const functions = 60;
const turns = 3;
const burstsATurn = 3;
const keysABurst = 12;
/** As a quick typist does, who then thinks. */
const [keyMs, thinkMs] = [80, 800];

interface Turn {
  /** Milliseconds that the process computed for each key, the thinking included. */
  computedMs: number;
  /** Milliseconds of each key for which the thread that extensions share was busy. */
  busyMs: number;
  /** Milliseconds from a key to the changed document. */
  keyMs: number;
}

export async function costOfTyping(sentences: readonly string[], engine: number) {
  const text = Array.from({ length: functions }, (_, at) => {
    const sentence = sentences[at % sentences.length]!.replace('%', String(300 + at));
    return `# ${sentence}\ndef f${at}(x):\n    return x + ${at}\n\n`;
  }).join('');
  const editor = await edit(text, 'py');
  const [off, on]: [Turn[], Turn[]] = [[], []];
  for (let turn = 0; turn < turns; turn++) {
    await setting('polyhead.hover', 'off');
    off.push(await type(editor));
    await setting('polyhead.hover', 'comments');
    await run('polyhead.toggleTranslatedComments');
    await untilIdle(engine);
    on.push(await type(editor));
    await run('polyhead.toggleTranslatedComments');
  }
  await setting('polyhead.hover', undefined);
  await closeEditors();
  const [without, withThem] = [medianOf(off), medianOf(on)];
  return { without, with: withThem, computedRatio: round(withThem.computedMs / without.computedMs) };
}

async function type(editor: vscode.TextEditor): Promise<Turn> {
  const keys = burstsATurn * keysABurst;
  editor.selection = new vscode.Selection(2, 0, 2, 0);
  const begun = computedBy(process.pid);
  const loop = performance.eventLoopUtilization();
  let waited = 0;
  for (let burst = 0; burst < burstsATurn; burst++) {
    for (let key = 0; key < keysABurst; key++) {
      const pressed = performance.now();
      await vscode.commands.executeCommand('type', { text: key === keysABurst - 1 ? '\n' : 'x' });
      waited += performance.now() - pressed;
      await new Promise((resolve) => setTimeout(resolve, keyMs));
    }
    await new Promise((resolve) => setTimeout(resolve, thinkMs));
  }
  return {
    computedMs: (computedBy(process.pid) - begun) / keys,
    busyMs: performance.eventLoopUtilization(loop).active / keys,
    keyMs: waited / keys,
  };
}

function medianOf(taken: readonly Turn[]): Turn {
  const median = (of: keyof Turn): number =>
    round(taken.map((turn) => turn[of]).sort((a, b) => a - b)[taken.length >> 1]!);
  return { computedMs: median('computedMs'), busyMs: median('busyMs'), keyMs: median('keyMs') };
}
