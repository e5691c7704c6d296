/**
 * The commands “Polyhead: Pick Languages” and “Polyhead: Swap Languages”.
 */
import { commands, l10n, QuickPickItemKind, window, type QuickPickItem, type TextDocument } from 'vscode';
import { automatic, type LanguagePair } from '../../models/engine/protocol';
import { registerCommand, runCommand } from '../contributions';
import { DisposableStore, type Disposable } from '../disposable';
import type { EngineLog } from '../engine/engineLog';
import type { Engines } from '../engine/engines';
import { inform, tellFailure } from '../notices';
import { withoutIcons } from '../plainText';
import { isSamePair, languageName, nearest, pairName, swap, type AskedPair } from './languagePair';
import type { Languages } from './languages';

interface Choice extends QuickPickItem {
  readonly asked?: AskedPair;
  readonly importModel?: true;
}

export function registerLanguageCommands(languages: Languages, engines: Engines, log: EngineLog): Disposable {
  const told = (work: () => Promise<void>) => (): Promise<void> =>
    work().catch((error: unknown) => tellFailure(error, log));
  const store = new DisposableStore();
  store.add(
    registerCommand(
      commands,
      'polyhead.pickLanguages',
      told(() => pickLanguages(languages, engines)),
    ),
  );
  store.add(
    registerCommand(
      commands,
      'polyhead.swapLanguages',
      told(() => swapLanguages(languages, engines)),
    ),
  );
  return store;
}

const activeDocument = (): TextDocument | undefined => window.activeTextEditor?.document;

async function pickLanguages(languages: Languages, engines: Engines): Promise<void> {
  const document = activeDocument();
  // The list opens at once; the pairs come as soon as the engine has answered.
  const choices = engines.pairs().then((pairs) => choicesFor(pairs, languages.asked(document)));
  const chosen = await window.showQuickPick(choices, {
    title: l10n.t('Translate from and into'),
    placeHolder: l10n.t('Languages of the translation'),
    matchOnDescription: true,
  });
  if (chosen?.importModel === true) await runCommand(commands, 'polyhead.importModelFolder');
  if (chosen?.asked !== undefined) await languages.ask(chosen.asked, document);
}

/** Everything that can be asked for, what is asked for now with a tick. */
function choicesFor(pairs: readonly LanguagePair[], now: AskedPair): Choice[] {
  const both: AskedPair = { from: automatic, to: automatic };
  const targets = [...new Set(pairs.map(({ to }) => to))];
  const detected = targets.map((to): AskedPair => ({ from: automatic, to }));
  const chosen = nearest([both, ...detected, ...pairs], now);
  const choice = (asked: AskedPair, label: string, description: string): Choice => ({
    asked,
    label,
    description: [description, chosen && isSamePair(asked, chosen) ? `$(check) ${l10n.t('chosen')}` : '']
      .filter((text) => text !== '')
      .join(' · '),
  });
  return [
    { label: l10n.t('Detect the language'), kind: QuickPickItemKind.Separator },
    choice(both, l10n.t('Detect both'), l10n.t('into the language of the editor, or out of it')),
    ...detected.map((asked) => choice(asked, l10n.t('Detect → {0}', languageName(asked.to)), '')),
    { label: l10n.t('Pairs'), kind: QuickPickItemKind.Separator },
    ...pairs.map((pair) => choice({ from: pair.from, to: pair.to }, pairName(pair), withoutIcons(pair.name))),
    { label: '', kind: QuickPickItemKind.Separator },
    { label: `$(folder-opened) ${l10n.t('Import Model Folder…')}`, importModel: true },
  ];
}

async function swapLanguages(languages: Languages, engines: Engines): Promise<void> {
  const document = activeDocument();
  const swapped = swap(languages.asked(document), languages.last);
  const pickInstead = {
    title: l10n.t('Pick Languages'),
    run: () => runCommand(commands, 'polyhead.pickLanguages'),
  };
  if (swapped === undefined) {
    inform(
      l10n.t('The languages are detected, and nothing has been translated yet that could be swapped.'),
      pickInstead,
    );
    return;
  }
  const pairs = await engines.pairs();
  const pair = nearest(pairs, swapped);
  if (pair === undefined) {
    const offered = pairs.map(pairName).join(', ');
    inform(
      l10n.t('There is no model for {0}. There are models for: {1}.', pairName(swapped), offered),
      pickInstead,
    );
    return;
  }
  await languages.ask(pair, document);
}
