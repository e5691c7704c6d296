/**
 * The status bar item: which languages, and what the engine does. A click picks others.
 */
import { l10n, MarkdownString, StatusBarAlignment, ThemeColor, window, type StatusBarItem } from 'vscode';
import type { CommandId } from './contributions';
import { DisposableStore, type Disposable } from './disposable';
import type { EngineState } from './engine/engineClient';
import { fits, pairName, shortName, type AskedPair } from './languages/languagePair';

/** To the right of the editor's own items on the left side: it says what a command will do, not where one is. */
const priority = 10;

const command: CommandId = 'polyhead.pickLanguages';

export interface Shown {
  readonly asked: AskedPair;
  readonly last: AskedPair | undefined;
  readonly engine: EngineState;
}

export class StatusBar implements Disposable {
  readonly #store = new DisposableStore();
  readonly #item: StatusBarItem;

  constructor() {
    this.#item = this.#store.add(
      window.createStatusBarItem('polyhead.languages', StatusBarAlignment.Right, priority),
    );
    this.#item.name = l10n.t('Polyhead: languages and engine');
    this.#item.command = command;
    this.#item.show();
  }

  show({ asked, last, engine }: Shown): void {
    this.#item.text = `${icons[engine]} ${shortText(asked, last)}`;
    this.#item.backgroundColor =
      engine === 'resting' ? new ThemeColor('statusBarItem.warningBackground') : undefined;
    this.#item.tooltip = tooltip(asked, last, engine);
    this.#item.accessibilityInformation = {
      label: l10n.t('Polyhead, {0}, {1}', pairName(asked), stateName(engine)),
      role: 'button',
    };
  }

  dispose(): void {
    this.#store.dispose();
  }
}

const icons: Readonly<Record<EngineState, string>> = {
  off: '$(globe)',
  starting: '$(loading~spin)',
  ready: '$(globe)',
  working: '$(loading~spin)',
  resting: '$(warning)',
};

/** The pair that was used last, where the settings leave it open. */
function shortText(asked: AskedPair, last: AskedPair | undefined): string {
  return shortName(last !== undefined && fits(asked, last) ? last : asked);
}

function stateName(engine: EngineState): string {
  switch (engine) {
    case 'off':
      return l10n.t('the engine is not running; the next translation starts it');
    case 'starting':
      return l10n.t('the engine is starting');
    case 'ready':
      return l10n.t('the engine is ready');
    case 'working':
      return l10n.t('the engine is translating');
    case 'resting':
      return l10n.t('the engine stopped too often and is left alone for a minute');
  }
}

function tooltip(asked: AskedPair, last: AskedPair | undefined, engine: EngineState): MarkdownString {
  const link = (title: string, id: CommandId): string => `[${title}](command:${id})`;
  const text = new MarkdownString(
    [
      `**${pairName(asked)}**`,
      ...(last === undefined || shortText(asked, last) === shortName(asked)
        ? []
        : [l10n.t('Last translated: {0}', pairName(last))]),
      `Polyhead: ${stateName(engine)}`,
      [
        link(l10n.t('Pick Languages'), 'polyhead.pickLanguages'),
        link(l10n.t('Swap Languages'), 'polyhead.swapLanguages'),
        link(l10n.t('Restart Engine'), 'polyhead.restartEngine'),
        link(l10n.t('Show Log'), 'polyhead.showLog'),
      ].join(' · '),
    ].join('\n\n'),
  );
  text.isTrusted = {
    enabledCommands: [
      'polyhead.pickLanguages',
      'polyhead.swapLanguages',
      'polyhead.restartEngine',
      'polyhead.showLog',
    ] satisfies CommandId[],
  };
  return text;
}
