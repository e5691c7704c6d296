/** What a person does with a model, of a run or any other: have it judged on a file, and write it down for others. */
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { commands, l10n, Uri, window, workspace, type TextDocument } from 'vscode';
import type { ReplyOf } from '../../models/engine/protocol';
import { EngineError } from '../engine/engineError';
import type { Engines } from '../engine/engines';
import { inform } from '../notices';
import { inPercent, inSentences, withPatientProgress } from '../progress';
import { countInWords, durationInWords, scoreInWords } from './wording';

/** A model folder, with what it is called. */
export interface NamedModel {
  readonly folder: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** As many sentences tell models apart; more take longer than they tell more. */
const mostSentences = 2000;
/** As the paper searches (§6.1). */
const search = { beamSize: 4, lengthPenalty: 0.6 };

/** Asks for a file with sentence pairs, has the model translate it, and shows how well it did. @throws EngineError */
export async function evaluateModel(model: NamedModel, engines: Engines): Promise<void> {
  const chosen = await window.showOpenDialog({
    title: l10n.t('Evaluate “{0}”: choose a file with sentence pairs, or two', model.name),
    openLabel: l10n.t('Evaluate'),
    canSelectMany: true,
    filters: {
      [l10n.t('Sentence pairs')]: ['tsv', 'tmx', 'xlf', 'xliff', 'po', 'txt', 'gz'],
      [l10n.t('All files')]: ['*'],
    },
  });
  if (chosen === undefined) return;
  const { from, to } = model;
  const paths = chosen.map(({ fsPath }) => fsPath);
  const { corpora } = await engines.work('findCorpora', { paths, from, to });
  const [corpus] = corpora;
  if (corpus === undefined) {
    throw new EngineError(
      'user',
      l10n.t(
        'There are no sentence pairs in what you chose: .tsv, .tmx, .xliff, .po, or two files of as many lines.',
      ),
    );
  }
  const { files } = corpus;
  const result = await withPatientProgress(
    l10n.t('Evaluating “{0}”', model.name),
    inSentences,
    (signal, count) =>
      engines.work(
        'evaluateModel',
        { model: model.folder, corpus: { files }, limit: mostSentences, search },
        { signal, onProgress: ({ done, total }) => count(done, total) },
      ),
  );
  showReport(model, files, result);
}

function showReport(
  model: NamedModel,
  files: readonly string[],
  { sentences, bleu, chrf, seconds, samples }: ReplyOf<'evaluateModel'>,
): void {
  const corpus = files.map((file) => path.basename(file)).join(' + ');
  const figures = l10n.t(
    'BLEU {0}, chrF {1} on {2} sentences',
    scoreInWords(bleu.score),
    scoreInWords(chrf.score),
    countInWords(sentences),
  );
  const show = async (): Promise<TextDocument> => {
    const document = await workspace.openTextDocument({
      language: 'markdown',
      content: [
        `# ${escape(model.name)}`,
        '',
        l10n.t('On {0}: {1}, in {2}.', escape(corpus), figures, durationInWords(seconds)),
        '',
        '```text',
        bleu.signature,
        chrf.signature,
        '```',
        ...samples.flatMap(({ source, reference, translation }) => [
          '',
          `- ${escape(source)}`,
          `  - ${l10n.t('Translation')}: ${escape(translation)}`,
          `  - ${l10n.t('Reference')}: ${escape(reference)}`,
        ]),
        '',
      ].join('\n'),
    });
    await window.showTextDocument(document);
    return document;
  };
  inform(l10n.t('“{0}”: {1}.', model.name, figures), { title: l10n.t('Show Report'), run: show });
}

/** Text of a corpus as it may stand in Markdown. */
function escape(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>|~]|^[-+#]/g, '\\$&');
}

/** Asks for a folder, and writes the model into a new one in it. @throws EngineError */
export async function exportModel(
  model: NamedModel,
  format: 'folder' | 'onnx',
  engines: Engines,
): Promise<void> {
  const [parent] =
    (await window.showOpenDialog({
      title:
        format === 'folder'
          ? l10n.t('Export “{0}”: choose the folder to put it in', model.name)
          : l10n.t('Export “{0}” as ONNX: choose the folder to put it in', model.name),
      openLabel: l10n.t('Export Here'),
      canSelectFolders: true,
      canSelectFiles: false,
    })) ?? [];
  if (parent === undefined) return;
  await mkdir(parent.fsPath, { recursive: true });
  const output = path.join(parent.fsPath, await freeName(parent.fsPath, nameOf(model, format)));
  const { folder } = await withPatientProgress(
    l10n.t('Exporting “{0}”', model.name),
    inPercent,
    (signal, count) =>
      engines.work(
        'exportModel',
        { model: model.folder, output, format },
        { signal, onProgress: ({ done, total }) => count(done, total) },
      ),
  );
  inform(l10n.t('Exported “{0}” to {1}.', model.name, folder), {
    title: l10n.t('Show Folder'),
    run: () => commands.executeCommand('revealFileInOS', Uri.file(folder)),
  });
}

/** A folder's name that every system takes. */
function nameOf({ from, to, name }: NamedModel, format: 'folder' | 'onnx'): string {
  const words = name
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return [`${from}-${to}`, words, ...(format === 'onnx' ? ['onnx'] : [])]
    .filter((part) => part !== '')
    .join('-');
}

async function freeName(parent: string, wanted: string): Promise<string> {
  const taken = new Set(await readdir(parent));
  let name = wanted;
  for (let number = 2; taken.has(name); number++) name = `${wanted}-${number}`;
  return name;
}
