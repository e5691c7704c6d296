/**
 * Stands in for VS Code on the development page: answers as the host does, from a synthetic model. The address says
 * how: ?theme=dark&layers=6&heads=8&delay=20&fail=observe; secondLayers=2, secondHeads=8: so deep is the second model, and
 * so many heads it has.
 */
import type * as v from 'valibot';
import { attentionTexts } from '../../extension/attention/attentionTexts';
import { attentionDoor, type Model, type Observation, type Shown } from '../../webview/attention/messages';
import type { FromHost } from '../../webview/components/messages';
import { asked, askedNumber, standIn, type StandIn } from './standIn';
import { attend, observe, walkThrough } from './syntheticModel';

/** What a test reaches in from outside. */
interface Handle extends StandIn {
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
  }
}

const layers = askedNumber('layers', 3);
const shape = {
  encoderLayers: layers,
  decoderLayers: askedNumber('decoderLayers', layers),
  heads: askedNumber('heads', 4),
};
/** The second model; what is missing is as in the first. */
const second = {
  encoderLayers: askedNumber('secondLayers', shape.encoderLayers),
  decoderLayers: askedNumber('secondLayers', shape.decoderLayers),
  heads: askedNumber('secondHeads', shape.heads),
};
const models: Model[] = ['Polyhead en → de', 'My run, step 8000'].map((name) => ({
  folder: `/models/${name}`,
  name,
  from: 'en',
  to: 'de',
  pair: 'English → German',
}));
const observations = new Map<number, Observation>();
const hold = askedNumber('hold', 0);
const held: FromHost[] = [];
let holdsAll = (): void => undefined;

const saved: Handle['saved'] = [];

const shown: Shown | null = asked.has('text') ? { text: asked.get('text')! } : null;

const handlers = {
  start: () => ({ shown: sessionStorage.getItem('state') === null ? shown : null, models }),
  observe: ({ text, target, folder }: { text: string; target?: string; folder?: string }) => {
    const name = models.find((model) => model.folder === folder)?.name ?? models[0]!.name;
    const observation = observe(text, target, name, folder === models[1]!.folder ? second : shape);
    observations.set(observation.observation, observation);
    return observation;
  },
  attention: ({
    observation,
    segment,
    kind,
    layer,
  }: v.InferOutput<typeof attentionDoor.requests.attention.parameters>) => {
    const { segments, heads } = observations.get(observation)!;
    const { sourceTokens, targetTokens } = segments[segment]!;
    const queries = kind === 'encoder' ? sourceTokens.length : targetTokens.length;
    const keys = kind === 'decoder' ? targetTokens.length : sourceTokens.length;
    return attend(kind, layer === 'mean' ? 0 : layer, heads, queries, keys);
  },
  walk: ({ observation, segment, ...route }: v.InferOutput<typeof attentionDoor.requests.walk.parameters>) =>
    walkThrough(observations.get(observation)!.segments[segment]!, route, shape),
  release: () => null,
  save: (file: Handle['saved'][number]) => {
    saved.push(file);
    return { saved: true };
  },
};

const page = standIn(attentionDoor, handlers, { texts: attentionTexts() }, (reply, method) => {
  if (method !== 'attention' || hold === 0) page.post(reply);
  else if (held.push(reply) === hold) holdsAll();
});
// One object: what a test sets on it, the stand-in reads.
window.polyhead = Object.assign(page, {
  saved,
  allHeld: new Promise((resolve) => (holdsAll = resolve)),
  release: async (maps, drawn) => {
    const begun = performance.now();
    for (const message of held.splice(0)) page.post(message);
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
} satisfies Omit<Handle, keyof StandIn>);
