/**
 * What every development page needs in VS Code's place: an API that keeps what the page has sent, requests that are
 * checked and answered as the host does it, and the editor's themes.
 */
import * as v from 'valibot';
import { own, type Door, type FromHost, type FromPage, type Method } from '../../webview/components/messages';
import { themes, type ThemeName } from './themes';

declare global {
  interface Window {
    acquireVsCodeApi: () => unknown;
  }
}

/** What a test reaches in from outside, whatever the page. */
export interface StandIn {
  /** Everything that the page has sent. */
  readonly sent: FromPage[];
  /** Sends the page anything. */
  post(message: unknown): void;
  setTheme(name: ThemeName): void;
  /** Requests that fail from now on. */
  failing: string | null;
}

/** One for each request; what it is given has been checked. A promise is waited for. */
export type Handlers<D extends Door> = Readonly<Record<Method<D>, (parameters: never) => unknown>>;

/** What the page's address asks for: `?theme=dark&delay=20`. */
export const asked = new URLSearchParams(location.search);
export const askedNumber = (name: string, otherwise: number): number => Number(asked.get(name) ?? otherwise);

const failure = 'The translation engine stopped unexpectedly (signal SIGSEGV). Try again.';

/**
 * Takes VS Code's place: from now on the page can be loaded.
 *
 * @param start what the host writes into the page
 * @param send how a reply gets to the page: at once, unless it is to be held back
 */
export function standIn<D extends Door>(
  door: D,
  handlers: Handlers<D>,
  start: object,
  send: (reply: FromHost, method: string) => void = post,
): StandIn {
  const cancelled = new Set<number>();
  let state: unknown = JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined;
  const handle: StandIn = { sent: [], post, setTheme, failing: asked.get('fail') };

  async function replyTo(id: number, method: string, parameters: unknown): Promise<FromHost> {
    if (handle.failing === method) return { kind: 'failure', id, code: 'engine', message: failure };
    const schemas = own(door.requests, method)!;
    const checked = v.parse(schemas.parameters, parameters);
    const reply = await handlers[method as Method<D>](checked as never);
    return { kind: 'reply', id, reply: v.parse(schemas.reply, reply) };
  }

  function answer(message: FromPage): void {
    handle.sent.push(message);
    if (message.kind === 'cancel') cancelled.add(message.id);
    if (message.kind !== 'request') return;
    const { id, method, parameters } = message;
    void replyTo(id, method, parameters).then((reply) => {
      setTimeout(
        () => {
          if (!cancelled.has(id)) send(reply, method);
        },
        askedNumber('delay', 0),
      );
    });
  }

  window.acquireVsCodeApi = () => ({
    postMessage: answer,
    getState: () => state,
    setState: (next: unknown) => {
      state = next;
      sessionStorage.setItem('state', JSON.stringify(next));
    },
  });
  setTheme((asked.get('theme') ?? 'dark') as ThemeName);
  document.body.dataset['start'] = JSON.stringify(start);
  return handle;
}

function post(message: unknown): void {
  window.postMessage(message, '*');
}

function setTheme(name: ThemeName): void {
  const { kind, variables } = themes[name];
  document.body.className = kind;
  for (const [variable, value] of Object.entries(variables))
    document.documentElement.style.setProperty(variable, value);
  // A page has no ground of its own: it is that of the part of the workbench that it lies in.
  const part = asked.get('page') === 'training' ? 'sideBar' : 'editor';
  document.documentElement.style.setProperty('background', `var(--vscode-${part}-background)`);
}
