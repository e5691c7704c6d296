/**
 * Translations that a person looks over before a file changes: the file beside itself in translation, as a comparison,
 * with a way to apply it and one to discard it.
 */
import { randomUUID } from 'node:crypto';
import {
  commands,
  l10n,
  TabInputTextDiff,
  Uri,
  window,
  workspace,
  type Tab,
  type TextDocument,
  type TextDocumentContentProvider,
} from 'vscode';
import { registerCommand } from '../contributions';
import { DisposableStore, type Disposable } from '../disposable';
import { inform, tellFailure, warn } from '../notices';
import type { EngineLog } from '../engine/engineLog';
import type { Passage } from '../prose/passage';
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
  readonly #log: EngineLog;

  constructor(log: EngineLog) {
    this.#log = log;
    this.#store.add(workspace.registerTextDocumentContentProvider(proposalScheme, this));
    this.#store.add(window.tabGroups.onDidChangeTabs(() => this.#forgetClosed()));
    this.#store.add(registerCommand(commands, 'polyhead.applyProposal', () => this.#telling(this.#apply())));
    this.#store.add(
      registerCommand(commands, 'polyhead.discardProposal', () => this.#telling(this.#close())),
    );
    // What an extension host before this one has left open can be applied no more.
    void this.#telling(closeTabs(proposalTabs(), true));
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
    const spans = new Set(replacements.map(({ span }) => span));
    const isReplaced = ({ span }: Passage): boolean => spans.has(span);
    const translated = translations
      .filter((_, index) => isReplaced(passages[index]!))
      .map(({ text }, index) => ({ index, translation: text }));
    // The path's ending tells the language, and its folder is shown to the person. VS Code asks for an address once: it
    // must not be that of a comparison that was there before.
    const uri = Uri.from({ scheme: proposalScheme, path: document.uri.path, query: randomUUID() });
    const key = uri.toString();
    this.#proposals.set(key, {
      text: translatedText(source, replacements).text,
      // What stays may change meanwhile.
      edits: new PassageEdits(document, passages.filter(isReplaced)),
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
      { title: l10n.t('Apply'), run: () => this.#telling(this.#apply(key)) },
      { title: l10n.t('Discard'), run: () => this.#telling(this.#close(key)) },
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

  #telling(work: Promise<void>): Promise<void> {
    return work.catch((error: unknown) => tellFailure(error, this.#log));
  }

  /** Applies a proposal, by default the one in front. */
  async #apply(uri = this.#current()): Promise<void> {
    const isOpen = proposalTabs().some((tab) => tab.uri === uri);
    const proposal = uri === undefined || !isOpen ? undefined : this.#proposals.get(uri);
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
    await closeTabs(proposalTabs().filter((tab) => tab.uri === uri));
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

interface ProposalTab {
  readonly tab: Tab;
  readonly uri: string;
}

async function closeTabs(tabs: readonly ProposalTab[], preserveFocus = false): Promise<void> {
  await window.tabGroups.close(
    tabs.map(({ tab }) => tab),
    preserveFocus,
  );
}

function proposalTabs(): ProposalTab[] {
  return window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .flatMap((tab) => {
      const { input } = tab;
      const isProposal = input instanceof TabInputTextDiff && input.modified.scheme === proposalScheme;
      return isProposal ? [{ tab, uri: input.modified.toString() }] : [];
    });
}
