/**
 * The commands “Polyhead: Translate Selection”, “Insert Translation Below” and “Copy Translation”: the selections, or
 * the comment or line of each cursor, through the engine, and where its translation then goes.
 */
import {
  commands,
  env,
  l10n,
  Selection,
  window,
  workspace,
  type TextDocument,
  type TextEditor,
} from 'vscode';
import type { Translation } from '../../models/engine/protocol';
import { readConfig, registerCommand, runCommand, type CommandId } from '../contributions';
import { DisposableStore, type Disposable } from '../disposable';
import type { EngineLog } from '../engine/engineLog';
import type { Engines } from '../engine/engines';
import { isAutomatic, pairName } from '../languages/languagePair';
import type { Languages } from '../languages/languages';
import { inform, mention, openSettings, tellFailure, warn, type Action } from '../notices';
import { inSentences, withPatientProgress } from '../progress';
import { PassageEdits, type Outcome, type Translated } from './passageEdits';
import { PassageMarks } from './passageMarks';
import { findPassages, type Nothing } from './passages';
import type { Passage } from '../prose/passage';
import { withPlainLineEndings, type Span } from '../prose/prose';
import type { ProseFinder } from '../prose/proseFinder';
import { accepts } from './accepts';
import { isTranslated, reportOn, whyLeft, whyUnchanged } from './report';

/** Where a translation goes: into the text's place, below it, or to the clipboard. */
type Destination = 'replace' | 'below' | 'clipboard';

export interface TranslateServices {
  readonly engines: Engines;
  readonly languages: Languages;
  readonly log: EngineLog;
}

export interface EditorServices extends TranslateServices {
  readonly finder: ProseFinder;
}

const destinations = {
  'polyhead.translateSelection': 'replace',
  'polyhead.insertTranslationBelow': 'below',
  'polyhead.copyTranslation': 'clipboard',
} as const satisfies Partial<Record<CommandId, Destination>>;

export function registerTranslateCommands(services: EditorServices): Disposable {
  const store = new DisposableStore();
  for (const id of Object.keys(destinations) as (keyof typeof destinations)[]) {
    store.add(registerCommand(commands, id, () => translateFromEditor(destinations[id], services)));
  }
  return store;
}

async function translateFromEditor(destination: Destination, services: EditorServices): Promise<void> {
  const editor = window.activeTextEditor;
  if (editor === undefined) {
    inform(l10n.t('Open a file in an editor, and select the text to translate or put the cursor into it.'));
    return;
  }
  const { document, selections } = editor;
  if (destination !== 'clipboard' && workspace.fs.isWritableFileSystem(document.uri.scheme) === false) {
    warn(whyUnchanged('readOnly'), copyInstead());
    return;
  }
  try {
    const { passages, left, changed } = await findPassages(document, selections, services.finder);
    if (changed) {
      warn(whyUnchanged('changed'));
      return;
    }
    if (passages.length === 0) {
      inform(whyLeft(left, 0));
      return;
    }
    const edits = new PassageEdits(document, passages);
    try {
      await translatePassages(destination, editor, edits, left, services);
    } finally {
      edits.dispose();
    }
  } catch (error) {
    tellFailure(error, services.log);
  }
}

async function translatePassages(
  destination: Destination,
  editor: TextEditor,
  edits: PassageEdits,
  left: readonly Nothing[],
  services: TranslateServices,
): Promise<void> {
  const marks = new PassageMarks(editor.document, () => edits.spans);
  const translations = await translate(edits.passages, editor.document, services).finally(() =>
    marks.dispose(),
  );
  const { passages } = edits;
  const made = [...translations.entries()].filter(([, translation]) => isTranslated(translation));
  // What would break a link, a string or a comment is not put in.
  const translated = made.flatMap(([index, translation]) =>
    accepts(passages[index]!, translation) ? [{ index, translation: translation.text }] : [],
  );
  const unfit = made.length - translated.length;
  if (destination === 'clipboard') {
    const isSelected = editor.selections.some(({ isEmpty }) => !isEmpty);
    const copied = translations.map(({ text }, index) => {
      const passage = passages[index]!;
      // Of a selection the text around its sentences is wanted too; of a comment at the cursor not the signs.
      return isSelected && passage.fits(text) ? withPlainLineEndings(passage.fit(text)) : text;
    });
    await env.clipboard.writeText(copied.join('\n'));
    if (made.length > 0) mention(l10n.t('$(check) Translation copied'));
    tell(translations, left, 0, () => undefined);
    return;
  }
  if (translated.length === 0) {
    tell(translations, left, unfit, () => undefined);
    return;
  }
  const outcome = await carryOut(destination, edits, translated);
  if (typeof outcome === 'string') {
    const say = outcome === 'same' ? inform : warn;
    say(whyUnchanged(outcome), ...(outcome === 'readOnly' ? [copyInstead()] : []));
    return;
  }
  const spanOf = new Map(translated.map(({ index }, place) => [index, outcome.spans[place]!]));
  tell(translations, left, unfit, (index) => showSpan(editor.document, spanOf, index));
}

function carryOut(
  destination: 'replace' | 'below',
  edits: PassageEdits,
  translated: readonly Translated[],
): Promise<Outcome> {
  return destination === 'replace' ? edits.replace(translated) : edits.insertBelow(translated);
}

/** Asks the engine, with progress that can be cancelled. */
async function translate(
  passages: readonly Passage[],
  document: TextDocument,
  { engines, languages }: TranslateServices,
): Promise<Translation[]> {
  const asked = languages.asked(document);
  const title =
    isAutomatic(asked.from) || isAutomatic(asked.to)
      ? l10n.t('Translating')
      : l10n.t('Translating {0}', pairName(asked));
  const parameters = {
    ...languages.request('either', document),
    minimumConfidence: readConfig(workspace, 'polyhead.minimumConfidence', document),
    texts: passages.map(({ text }) => text),
    keep: passages.map(({ keep }) => [...keep]),
  };
  const { translations } = await withPatientProgress(title, inSentences, (signal, count) =>
    engines.translate(parameters, { signal, onProgress: ({ done, total }) => count(done, total) }),
  );
  const used = translations.find((translation) => !translation.alreadyInTarget);
  if (used !== undefined) languages.used({ from: used.from, to: used.to });
  return translations;
}

/** Says what is to be looked over; the button selects it. */
function tell(
  translations: readonly Translation[],
  left: readonly Nothing[],
  unfit: number,
  show: (indices: readonly number[]) => unknown,
): void {
  const report = reportOn(translations, left, unfit);
  if (report === undefined) return;
  const actions: Action[] = [];
  if (report.uncertain.length > 0) {
    actions.push({ title: l10n.t('Select Them'), run: () => show(report.uncertain) });
  }
  if (report.tooUncertain) actions.push(openSettings('polyhead.minimumConfidence'));
  if (translations.every(({ alreadyInTarget }) => alreadyInTarget)) {
    actions.push({
      title: l10n.t('Pick Languages'),
      run: () => runCommand(commands, 'polyhead.pickLanguages'),
    });
  }
  (report.serious ? warn : inform)(report.sentence, ...actions);
}

async function showSpan(
  document: TextDocument,
  spans: ReadonlyMap<number, Span>,
  indices: readonly number[],
): Promise<void> {
  const editor = await window.showTextDocument(document);
  editor.selections = indices.flatMap((index) => {
    const span = spans.get(index);
    return span === undefined
      ? []
      : [new Selection(document.positionAt(span.start), document.positionAt(span.end))];
  });
  editor.revealRange(editor.selection);
}

function copyInstead(): Action {
  return { title: l10n.t('Copy Translation'), run: () => runCommand(commands, 'polyhead.copyTranslation') };
}
