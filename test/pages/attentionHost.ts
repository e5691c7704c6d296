/**
 * Stands in for VS Code on the development page: answers as the host does, from a synthetic model. The address says
 * how: ?theme=dark&layers=6&heads=8&delay=20&fail=observe.
 */
import * as v from 'valibot';
import { attentionTexts } from '../../extension/attention/attentionTexts';
import { attentionDoor, type Model, type Observation, type Shown } from '../../webview/attention/messages';
import type { FromHost, FromPage } from '../../webview/components/messages';
import { attend, observe, walkThrough } from './syntheticModel';
import { themes, type ThemeName } from './themes';

/** What a test reaches in from outside. */
interface Handle {
  /** Everything that the page has sent. */
  readonly sent: FromPage[];
  /** Sends the page anything. */
  post(message: unknown): void;
  setTheme(name: ThemeName): void;
  /** Requests that fail from now on. */
  failing: string | null;
  saved: { format: string; name: string; content: string | Uint8Array }[];
  /** Comes when as many weights as the address holds back (hold=6) wait for `release`. */
  readonly allHeld: Promise<void>;
  /**
   * Hands them to the page, all at once.
   *
   * @param drawn what each of `maps` heat maps says when it is drawn: `100×100`
   * @returns the milliseconds until all say so, after the frame in which they are painted
   */
  release(maps: number, drawn: string): Promise<number>;
  /** Clicks a tab, and tells the longest time between two frames of the next half second. */
  longestFrame(tab: string): Promise<number>;
}

declare global {
  interface Window {
    polyhead: Handle;
    acquireVsCodeApi: () => unknown;
  }
}

const asked = new URLSearchParams(location.search);
const number = (name: string, otherwise: number): number => Number(asked.get(name) ?? otherwise);
const layers = number('layers', 3);
const shape = {
  encoderLayers: layers,
  decoderLayers: number('decoderLayers', layers),
  heads: number('heads', 4),
};
const models: Model[] = ['Polyhead en → de', 'My run, step 8000'].map((name) => ({
  folder: `/models/${name}`,
  name,
  from: 'en',
  to: 'de',
  pair: 'English → German',
}));
const observations = new Map<number, Observation>();
const cancelled = new Set<number>();
const hold = number('hold', 0);
const held: FromHost[] = [];
let holdsAll = (): void => undefined;
let state: unknown = JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined;

const handle: Handle = {
  sent: [],
  post: (message) => window.postMessage(message, '*'),
  setTheme,
  failing: asked.get('fail'),
  saved: [],
  allHeld: new Promise((resolve) => (holdsAll = resolve)),
  release: async (maps, drawn) => {
    const begun = performance.now();
    for (const message of held.splice(0)) handle.post(message);
    const nextFrame = (): Promise<unknown> => new Promise(requestAnimationFrame);
    while (document.querySelectorAll(`.cell[data-drawn="${drawn}"]`).length < maps) await nextFrame();
    // Painting follows the frame's scripts.
    await new Promise((resolve) => setTimeout(resolve));
    return performance.now() - begun;
  },
  longestFrame: async (name) => {
    const tabs = [...document.querySelectorAll<HTMLElement>('[role=tab]')];
    let [longest, last] = [0, performance.now()];
    const end = last + 500;
    tabs.find((tab) => tab.textContent.trim() === name)?.click();
    while (last < end) {
      const now = await new Promise<number>((resolve) => {
        requestAnimationFrame(() => resolve(performance.now()));
      });
      longest = Math.max(longest, now - last);
      last = now;
    }
    return longest;
  },
};

const shown: Shown | null = asked.has('text') ? { text: asked.get('text')! } : null;

const handlers: Record<string, (parameters: never) => unknown> = {
  start: () => ({ shown: state === undefined ? shown : null, models }),
  observe: ({ text, target, folder }: { text: string; target?: string; folder?: string }) => {
    const name = models.find((model) => model.folder === folder)?.name ?? models[0]!.name;
    const observation = observe(text, target, name, shape);
    observations.set(observation.observation, observation);
    return observation;
  },
  attention: ({
    observation,
    segment,
    kind,
    layer,
  }: v.InferOutput<typeof attentionDoor.requests.attention.parameters>) => {
    const { sourceTokens, targetTokens } = observations.get(observation)!.segments[segment]!;
    const queries = kind === 'encoder' ? sourceTokens.length : targetTokens.length;
    const keys = kind === 'decoder' ? targetTokens.length : sourceTokens.length;
    return attend(kind, layer === 'mean' ? 0 : layer, shape.heads, queries, keys);
  },
  walk: ({ observation, segment, ...route }: v.InferOutput<typeof attentionDoor.requests.walk.parameters>) =>
    walkThrough(observations.get(observation)!.segments[segment]!, route, shape),
  release: () => null,
  save: (file: Handle['saved'][number]) => {
    handle.saved.push(file);
    return { saved: true };
  },
};

function answer(message: FromPage): void {
  handle.sent.push(message);
  if (message.kind === 'cancel') cancelled.add(message.id);
  if (message.kind !== 'request') return;
  const { id, method, parameters } = message;
  const schemas = (
    attentionDoor.requests as Record<string, { parameters: v.GenericSchema; reply: v.GenericSchema }>
  )[method]!;
  const reply = (): FromHost => {
    if (handle.failing === method) {
      return {
        kind: 'failure',
        id,
        code: 'engine',
        message: 'The translation engine stopped unexpectedly (signal SIGSEGV). Try again.',
      };
    }
    const checked = v.parse(schemas.parameters, parameters);
    return { kind: 'reply', id, reply: v.parse(schemas.reply, handlers[method]!(checked as never)) };
  };
  const prepared = reply();
  const send = (): void => {
    if (cancelled.has(id)) return;
    if (method !== 'attention' || hold === 0) handle.post(prepared);
    else if (held.push(prepared) === hold) holdsAll();
  };
  setTimeout(send, number('delay', 0));
}

function setTheme(name: ThemeName): void {
  const { kind, variables } = themes[name];
  document.body.className = kind;
  for (const [variable, value] of Object.entries(variables))
    document.documentElement.style.setProperty(variable, value);
}

window.polyhead = handle;
window.acquireVsCodeApi = () => ({
  postMessage: answer,
  getState: () => state,
  setState: (next: unknown) => {
    state = next;
    sessionStorage.setItem('state', JSON.stringify(next));
  },
});
setTheme((asked.get('theme') ?? 'dark') as ThemeName);
document.body.dataset['start'] = JSON.stringify({ texts: attentionTexts() });
