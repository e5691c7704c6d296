/** The links of a hover: what was shown goes into the text's place, to the clipboard, or to the attention panel. */
import { commands, env, l10n } from 'vscode';
import { registerLinkedCommand, runCommand, type LinkedCommandId } from '../contributions';
import { DisposableStore, type Disposable } from '../disposable';
import type { EngineLog } from '../engine/engineLog';
import { inform, mention, tellFailure, warn } from '../notices';
import { whyUnchanged } from '../translate/report';
import type { ShownHovers } from './shownHovers';

export function registerHoverCommands(hovers: ShownHovers, log: EngineLog): Disposable {
  const store = new DisposableStore();
  const register = (id: LinkedCommandId, run: (hover: unknown) => Promise<void>): void => {
    const told = (hover?: unknown): Promise<void> =>
      run(hover).catch((error: unknown) => tellFailure(error, log));
    store.add(registerLinkedCommand(commands, id, told));
  };
  register('polyhead.replaceByHover', async (id) => {
    const outcome = await hovers.replace(id);
    if (outcome === undefined) tellForgotten();
    else if (typeof outcome === 'string') (outcome === 'same' ? inform : warn)(whyUnchanged(outcome));
  });
  register('polyhead.copyHover', async (id) => {
    const shown = hovers.get(id);
    if (shown === undefined) {
      tellForgotten();
      return;
    }
    await env.clipboard.writeText(shown.translation);
    mention(l10n.t('$(check) Translation copied'));
  });
  register('polyhead.showHoverAttention', async (id) => {
    const shown = hovers.get(id);
    if (shown === undefined) tellForgotten();
    else await runCommand(commands, 'polyhead.showAttention', shown.attention);
  });
  return store;
}

function tellForgotten(): void {
  inform(l10n.t('This hover is too long ago. Point at the text again.'));
}
