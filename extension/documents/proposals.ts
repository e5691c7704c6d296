/**
 * Translations that a person looks over before a file changes: the file beside itself in translation, as a comparison,
 * with a way to apply it and one to discard it.
 */
import {
  commands,
  l10n,
  TabInputTextDiff,
  Uri,
  window,
  workspace,
  type TextDocument,
  type TextDocumentContentProvider,
} from 'vscode';
import { registerCommand, runCommand } from '../contributions';
import { DisposableStore, type Disposable } from '../disposable';
import { inform, tellFailure, warn } from '../notices';
import type { EngineLog } from '../engine/engineLog';
import { PassageEdits, type Translated } from '../translate/passageEdits';
import { whyUnchanged } from '../translate/report';
import { proposalScheme } from './schemes';
import { translatedText } from './translatedText';
import type { WholeTranslation } from './wholeDocument';

interface Proposal {
  readonly text: string;
  /** Follows the passages while the person looks, so that the file may change elsewhere meanwhile. */
  readonly edits: PassageEdits;
  readonly translated: readonly Translated[];
}

export class Proposals implements TextDocumentContentProvider, Disposable {
  readonly #store = new DisposableStore();
  readonly #proposals = new Map<string, Proposal>();
  #count = 0;

  constructor(log: EngineLog) {
    this.#store.add(workspace.registerTextDocumentContentProvider(proposalScheme, this));
    this.#store.add(window.tabGroups.onDidChangeTabs(() => this.#forgetClosed()));
    const told = (work: () => Promise<void>) => (): Promise<void> =>
      work().catch((error: unknown) => tellFailure(error, log));
    this.#store.add(
      registerCommand(
        commands,
        'polyhead.applyProposal',
        told(() => this.#apply()),
      ),
    );
    this.#store.add(
      registerCommand(
        commands,
        'polyhead.discardProposal',
        told(() => this.#close()),
      ),
    );
  }

  /**
   * Shows what a document would become.
   *
   * @param language the name of the language that it would be in
   * @param title of the comparison, by the file's name and the language's
   */
  async show(
    document: TextDocument,
    whole: WholeTranslation,
    language: string,
    title: (file: string, language: string) => string,
  ): Promise<void> {
    const { source, passages, translations, replacements } = whole;
    const replaced = new Set(replacements.map(({ span }) => span));
    const translated = passages.flatMap(({ span }, index) =>
      replaced.has(span) ? [{ index, translation: translations[index]!.text }] : [],
    );
    // The path's ending tells the language, and its folder is shown to the person.
    const uri = Uri.from({
      scheme: proposalScheme,
      path: document.uri.path,
      query: String(++this.#count),
    });
    const edits = new PassageEdits(document, passages);
    this.#proposals.set(uri.toString(), {
      text: translatedText(source, replacements).text,
      edits,
      translated,
    });
    const name = document.uri.path.split('/').at(-1)!;
    await commands.executeCommand('vscode.diff', document.uri, uri, title(name, language), {
      preview: false,
    });
    inform(
      translated.length === 1
        ? l10n.t('One text of {0} would be translated into {1}.', name, language)
        : l10n.t('{0} texts of {1} would be translated into {2}.', translated.length, name, language),
      { title: l10n.t('Apply'), run: () => runCommand(commands, 'polyhead.applyProposal') },
      { title: l10n.t('Discard'), run: () => runCommand(commands, 'polyhead.discardProposal') },
    );
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.#proposals.get(uri.toString())?.text ?? '';
  }

  dispose(): void {
    for (const { edits } of this.#proposals.values()) edits.dispose();
    this.#proposals.clear();
    this.#store.dispose();
  }

  async #apply(): Promise<void> {
    const uri = this.#current();
    const proposal = uri === undefined ? undefined : this.#proposals.get(uri);
    if (proposal === undefined) {
      inform(
        l10n.t('There is no translation to apply: translate the comments or the strings of a file first.'),
      );
      return;
    }
    const outcome = await proposal.edits.replace(proposal.translated);
    if (typeof outcome === 'string') {
      warn(whyUnchanged(outcome));
      return;
    }
    await this.#close(uri);
    await window.showTextDocument(proposal.edits.document, { preview: false });
  }

  /** Closes a proposal's comparison, by default that of the one in front. */
  async #close(uri = this.#current()): Promise<void> {
    const tabs = proposalTabs().filter((tab) => tab.uri === uri);
    await window.tabGroups.close(tabs.map(({ tab }) => tab));
    this.#forgetClosed();
  }

  /** The proposal in front; after a notification has taken the focus, the last one. */
  #current(): string | undefined {
    const open = proposalTabs();
    const active = open.find(({ tab }) => tab.isActive && tab.group.isActive);
    return (active ?? open.at(-1))?.uri;
  }

  #forgetClosed(): void {
    const open = new Set(proposalTabs().map(({ uri }) => uri));
    // A comparison that is just being opened has no tab yet: the newest stays until another comes.
    const newest = [...this.#proposals.keys()].at(-1);
    for (const [uri, { edits }] of this.#proposals) {
      if (open.has(uri) || uri === newest) continue;
      edits.dispose();
      this.#proposals.delete(uri);
    }
  }
}

function proposalTabs() {
  return window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .flatMap((tab) => {
      const { input } = tab;
      const isProposal = input instanceof TabInputTextDiff && input.modified.scheme === proposalScheme;
      return isProposal ? [{ tab, uri: input.modified.toString() }] : [];
    });
}
