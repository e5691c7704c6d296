/**
 * The command “Polyhead: Name from Description…”: what a thing is, said in the person's language, becomes an identifier
 * in the project's.
 */
import {
  commands,
  env,
  l10n,
  QuickPickItemKind,
  window,
  workspace,
  type QuickPickItem,
  type Selection,
  type TextEditor,
} from 'vscode';
import { registerCommand } from '../contributions';
import type { Disposable } from '../disposable';
import { languageName } from '../languages/languagePair';
import { mention, tellFailure, warn } from '../notices';
import type { Span } from '../prose/prose';
import type { TranslateServices } from '../translate/translateCommands';
import { PassageEdits } from '../translate/passageEdits';
import { spell, spellingsFor, wordsOfName, type Spelling } from './identifiers';

/** Translations that names are made of; the likelier come first. */
const mostTranslations = 4;
/** What is longer is no description of a thing. */
const longestDescription = 200;

interface Name extends QuickPickItem {
  readonly identifier?: string;
}

export function registerNameFromDescription(services: TranslateServices): Disposable {
  return registerCommand(commands, 'polyhead.nameFromDescription', () =>
    nameFromDescription(services).catch((error: unknown) => tellFailure(error, services.log)),
  );
}

async function nameFromDescription(services: TranslateServices): Promise<void> {
  const editor = window.activeTextEditor;
  const selected = editor === undefined ? undefined : describedBy(editor, editor.selection);
  const description = selected ?? (await askForDescription());
  if (description === undefined) return;
  const place = editor && placeOf(editor, selected === undefined);
  try {
    const chosen = await pickName(description, editor, services);
    if (chosen !== undefined) await useName(chosen, place);
  } finally {
    place?.dispose();
  }
}

/** The selection, where it can be a description: words on one line. */
function describedBy({ document }: TextEditor, selection: Selection): string | undefined {
  const text = document.getText(selection).trim();
  const fits = selection.isSingleLine && text.length <= longestDescription && /\p{L}/u.test(text);
  return fits ? text : undefined;
}

function askForDescription(): Thenable<string | undefined> {
  return window.showInputBox({
    title: l10n.t('Name from Description'),
    prompt: l10n.t('What is it, in your own words? Press Enter for names to choose from.'),
    placeHolder: l10n.t('number of open files'),
    validateInput: (text) =>
      text.length > longestDescription
        ? l10n.t('A description of at most {0} characters.', longestDescription)
        : undefined,
  });
}

/** Where the name goes, followed while the person chooses: the place of the selection's words, or the cursor's. */
function placeOf(editor: TextEditor, atCursor: boolean): PassageEdits | undefined {
  const { document, selection } = editor;
  if (workspace.fs.isWritableFileSystem(document.uri.scheme) === false) return undefined;
  const cursor = document.offsetAt(selection.active);
  return new PassageEdits(document, [
    {
      span: atCursor ? { start: cursor, end: cursor } : spanOfWords(editor),
      text: '',
      keep: [],
      fits: () => true,
      fit: (name) => name,
      below: (name) => ({ line: selection.end.line, text: name }),
    },
  ]);
}

/** The selection without the white space at its ends, which is no part of the description either. */
function spanOfWords({ document, selection }: TextEditor): Span {
  const text = document.getText(selection);
  const start = document.offsetAt(selection.start) + text.length - text.trimStart().length;
  return { start, end: start + text.trim().length };
}

/** The list opens at once; the names come as soon as the engine has answered. */
async function pickName(
  description: string,
  editor: TextEditor | undefined,
  services: TranslateServices,
): Promise<string | undefined> {
  const controller = new AbortController();
  const names = namesFor(description, editor, services, controller.signal);
  const title = l10n.t('Name for “{0}”', description);
  try {
    const chosen = await window.showQuickPick(names, {
      title,
      placeHolder: l10n.t('Choose a name; type to narrow them down'),
      matchOnDescription: true,
    });
    return chosen?.identifier;
  } finally {
    controller.abort();
  }
}

async function namesFor(
  description: string,
  editor: TextEditor | undefined,
  { engines, languages }: TranslateServices,
  signal: AbortSignal,
): Promise<Name[]> {
  const document = editor?.document;
  const { translation, segments } = await engines.observe(
    {
      ...languages.request('writing', document),
      text: description,
      candidates: 0,
      alternatives: mostTranslations,
    },
    { signal },
  );
  const { text, to, alreadyInTarget } = translation;
  if (!alreadyInTarget) languages.used({ from: translation.from, to });
  // A description of several sentences has alternatives sentence by sentence; its name is of the whole.
  const others =
    segments.length === 1 ? segments[0]!.alternatives.map((alternative) => alternative.text) : [];
  const order = spellingsFor(document?.languageId ?? '');
  const names = [...new Set([text, ...others])].flatMap((wording) => namesOf(wording, to, order));
  const fresh = names.filter(
    ({ identifier }, index) =>
      identifier === undefined || index === names.findIndex((name) => name.identifier === identifier),
  );
  const offered = fresh.filter((name, index) => !isSeparator(name) || !isSeparator(fresh[index + 1]));
  if (offered.length > 0) return offered;
  return [
    { label: l10n.t('“{0}” holds no word that a name in {1} could be made of.', text, languageName(to)) },
  ];
}

/** A wording's names, each spelling once, below what they are made of. */
function namesOf(wording: string, language: string, order: readonly Spelling[]): Name[] {
  const words = wordsOfName(wording, language);
  const names = order.flatMap((spelling): Name[] => {
    const identifier = spell(words, spelling);
    return identifier === undefined ? [] : [{ label: identifier, description: spelling, identifier }];
  });
  return names.length === 0 ? [] : [{ label: wording, kind: QuickPickItemKind.Separator }, ...names];
}

function isSeparator(name: Name | undefined): boolean {
  return name === undefined || name.kind === QuickPickItemKind.Separator;
}

/** Into its place; onto the clipboard where there is none, or it has gone meanwhile. */
async function useName(name: string, place: PassageEdits | undefined): Promise<void> {
  const outcome = place && (await place.replace([{ index: 0, translation: name }]));
  if (outcome === 'same' || typeof outcome === 'object') return;
  await env.clipboard.writeText(name);
  if (outcome === undefined) mention(l10n.t('$(check) {0} copied', name));
  else warn(l10n.t('The text cannot take the name “{0}” any more, so it was copied instead.', name));
}
