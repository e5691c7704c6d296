/**
 * The page's one source of truth: what the person has chosen, what the models have answered, and who asks them what.
 * A change of the text is asked about after a moment; a new question drops the one before; weights are fetched a
 * layer at a time, when a view needs them.
 */
import type { MessageBus } from '../components/messageBus';
import type { ParametersOf, ReplyOf } from '../components/messages';
import type { AttentionDoor, AttentionKind, Model, Observation, Shown, Walk, Weights } from './messages';
import {
  fittingHeads,
  fittingLayer,
  neededWalk,
  neededWeights,
  walkKey,
  weightsKey,
  type WalkPart,
  type WeightsPart,
} from './neededWeights';
import { initialView, restoredView, type ViewState } from './viewState';

/** How long a person pauses before what they type is translated. */
const typingPauseMs = 350;

/** One model's answer. */
export interface Slot {
  /** The text that was observed; while another one is on its way, not the one that was typed. */
  readonly text: string;
  /** None where the model did not get to answer, so that an old one is not taken for its answer. */
  readonly observation: Observation | null;
  /** What the model says of its own accord, with what else it might say: also while it looks at what it was given. */
  readonly own: Observation | null;
  /** An answer is on its way. */
  readonly busy: boolean;
  /** A sentence. */
  readonly failure: string | null;
  readonly weights: ReadonlyMap<string, Weights>;
  readonly walks: ReadonlyMap<string, Walk>;
}

const emptySlot: Slot = {
  text: '',
  observation: null,
  own: null,
  busy: false,
  failure: null,
  weights: new Map(),
  walks: new Map(),
};

export interface SessionState {
  readonly view: ViewState;
  readonly models: readonly Model[];
  /** One a model that is looked into. */
  readonly slots: readonly Slot[];
  /** The host has told what to begin with, or that it cannot. */
  readonly started: boolean;
}

interface Asked {
  readonly controller: AbortController;
  /** Weights and walks that are on their way, by their keys. */
  readonly parts: Map<string, AbortController>;
  /** The observation was gone and has been asked for again, and what is shown of it has not all come since. */
  retried: boolean;
}

export interface Keeper {
  getState(): unknown;
  setState(state: unknown): void;
}

export class AttentionSession {
  readonly #bus: MessageBus<AttentionDoor>;
  readonly #keeper: Keeper;
  readonly #changed: (weights: boolean) => void;
  #state: SessionState;
  #asked: Asked[] = [];
  #typing: ReturnType<typeof setTimeout> | undefined;
  /** How often something else was asked for than before. */
  #questions = 0;

  /** @param changed is called after every change of the state; `weights`: only weights have come, of which more may follow */
  constructor(bus: MessageBus<AttentionDoor>, keeper: Keeper, changed: (weights: boolean) => void) {
    this.#bus = bus;
    this.#keeper = keeper;
    this.#changed = changed;
    const view = restoredView(keeper.getState());
    this.#state = { view, models: [], slots: view.models.map(() => emptySlot), started: false };
    bus.on('shown', (shown) => this.show(shown));
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Asks the host what to begin with; what is there from before goes on otherwise. */
  async start(): Promise<void> {
    const questions = this.#questions;
    this.#set({ started: false, slots: this.#state.slots.map((slot) => ({ ...slot, failure: null })) });
    try {
      const { shown, models } = await this.#bus.request('start', {});
      this.#set({ models, started: true });
      // What the host told or the person typed meanwhile is newer.
      if (this.#questions !== questions) return;
      if (shown !== null) this.show(shown);
      else this.#observeAll();
    } catch (error) {
      this.#set({ started: true });
      if (this.#questions === questions) this.#fail(0, error);
    }
  }

  /** A text that the person wants to see. */
  show({ text, from, to, folder = '' }: Shown): void {
    this.#view({
      text,
      from: from ?? null,
      to: to ?? null,
      target: null,
      segment: 0,
      pinned: null,
      models: [folder],
    });
    this.#observeAll();
    if (folder !== '' && !this.#state.models.some((model) => model.folder === folder))
      void this.#readModels();
  }

  /** A run may have made models since the page was opened. */
  async #readModels(): Promise<void> {
    try {
      const { models } = await this.#bus.request('start', {});
      this.#set({ models });
    } catch {
      // What is shown needs no list.
    }
  }

  /** What is chosen in the views; nothing is translated anew. */
  choose(change: Partial<Omit<ViewState, 'text' | 'target' | 'models'>>): void {
    this.#view(change);
    this.#fetchWeights();
  }

  type(text: string): void {
    this.#view({ text, from: null, to: null, target: null, segment: 0, pinned: null });
    this.#soon();
  }

  /** Has the models look at this translation; null: at their own. */
  force(target: string | null, at: 'soon' | 'now' = 'soon'): void {
    this.#view({ target, segment: 0, pinned: null });
    if (at === 'soon') this.#soon();
    else this.#observeAll();
  }

  /** Has the models look at a translation in which the sentence that is shown is said otherwise. */
  takeAlternative(target: string): void {
    this.#view({ target, pinned: null });
    this.#observeAll();
  }

  /** Which models are looked into, by their folders. */
  useModels(models: readonly string[]): void {
    this.#view({ models: [...models], segment: 0, pinned: null });
    this.#observeAll();
  }

  /** Asks again, after a failure. */
  async retry(): Promise<void> {
    if (this.#state.models.length === 0) await this.start();
    else this.#observeAll();
  }

  /** Has the person save a file. @throws RequestFailure */
  save(file: ParametersOf<AttentionDoor, 'save'>): Promise<ReplyOf<AttentionDoor, 'save'>> {
    return this.#bus.request('save', file);
  }

  #soon(): void {
    this.#questions++;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#observeAll(), typingPauseMs);
  }

  #observeAll(): void {
    this.#questions++;
    clearTimeout(this.#typing);
    const { view, slots } = this.#state;
    for (const [index, asked] of this.#asked.entries()) {
      asked.controller.abort();
      dropParts(asked);
      this.#release(slots[index]);
    }
    this.#asked = [];
    if (view.text.trim() === '') {
      this.#set({ slots: view.models.map(() => emptySlot) });
      return;
    }
    // What was there stays in sight until the answer comes.
    this.#set({
      slots: view.models.map((_, index) => ({ ...(slots[index] ?? emptySlot), busy: true, failure: null })),
    });
    for (const index of view.models.keys()) {
      this.#asked.push({ controller: new AbortController(), parts: new Map(), retried: false });
      void this.#observe(index);
    }
  }

  async #observe(index: number): Promise<void> {
    const asked = this.#asked[index]!;
    const { text, target, from, to, models } = this.#state.view;
    const folder = models[index]!;
    try {
      const observation = await this.#bus.request(
        'observe',
        {
          text,
          ...(target !== null && { target }),
          ...(from !== null && { from }),
          ...(to !== null && { to }),
          ...(folder !== '' && { folder }),
        },
        { signal: asked.controller.signal },
      );
      const own = target === null ? observation : this.#state.slots[index]!.own;
      this.#slot(index, { ...emptySlot, text, observation, own });
      this.#fitSegment(observation);
    } catch (error) {
      if (asked.controller.signal.aborted) return;
      this.#fail(index, error);
    }
    this.#fitChoice();
    this.#fetchWeights();
  }

  /** A text of fewer sentences leaves less to choose from. */
  #fitSegment({ segments }: Observation): void {
    this.#view({ segment: Math.min(this.#state.view.segment, Math.max(0, segments.length - 1)) });
  }

  /** Of two models the larger one says which layers and heads there are: known when both have answered. */
  #fitChoice(): void {
    const { view, slots } = this.#state;
    if (slots.some(({ busy }) => busy)) return;
    this.#view({ layer: fittingLayer(view, slots), heads: fittingHeads(view.heads, slots) });
  }

  #fetchWeights(): void {
    const { view, slots } = this.#state;
    for (const [index, asked] of this.#asked.entries()) {
      const slot = slots[index];
      if (slot?.observation == null || slot.busy || slot.failure !== null) continue;
      const walk = neededWalk(view, slot.observation);
      if (walk !== undefined && !slot.walks.has(walkKey(walk)) && !asked.parts.has(walkKey(walk))) {
        void this.#fetchWalk(index, asked, walk);
      }
      for (const part of neededWeights(view, slot.observation)) {
        const key = weightsKey(part);
        if (slot.weights.has(key) || asked.parts.has(key)) continue;
        void this.#fetch(index, asked, part);
      }
    }
  }

  #fetch(index: number, asked: Asked, part: WeightsPart): Promise<void> {
    const key = weightsKey(part);
    return this.#fetchPart(index, asked, key, async (observation, signal) => {
      const weights = await this.#bus.request('attention', { observation, ...part }, { signal });
      const slot = this.#state.slots[index]!;
      this.#slot(index, { ...slot, weights: new Map(slot.weights).set(key, weights) }, true);
    });
  }

  #fetchWalk(index: number, asked: Asked, part: WalkPart): Promise<void> {
    const key = walkKey(part);
    return this.#fetchPart(index, asked, key, async (observation, signal) => {
      const walk = await this.#bus.request('walk', { observation, ...part }, { signal });
      const slot = this.#state.slots[index]!;
      this.#slot(index, { ...slot, walks: new Map(slot.walks).set(key, walk) });
    });
  }

  async #fetchPart(
    index: number,
    asked: Asked,
    key: string,
    fetch: (observation: number, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const controller = new AbortController();
    asked.parts.set(key, controller);
    try {
      await fetch(this.#state.slots[index]!.observation!.observation, controller.signal);
      asked.parts.delete(key);
      if (asked.parts.size === 0) asked.retried = false;
    } catch (error) {
      if (!controller.signal.aborted) await this.#lose(index, asked, error);
    }
  }

  /** The engine was replaced meanwhile, or keeps too many others: once, the sentence is observed again. */
  async #lose(index: number, asked: Asked, error: unknown): Promise<void> {
    // All parts are of one observation: those that are on their way are lost with it, and fetched again with it.
    dropParts(asked);
    if (asked.retried) {
      this.#fail(index, error);
      return;
    }
    asked.retried = true;
    this.#slot(index, { ...this.#state.slots[index]!, busy: true });
    await this.#observe(index);
  }

  #fail(index: number, error: unknown): void {
    const failure = error instanceof Error ? error.message : String(error);
    const { slots, view } = this.#state;
    const slot = slots[index];
    if (slot === undefined) return;
    this.#release(slot);
    // What was there is of what was asked before; alternatives alone stay as long as a translation is given.
    const own = view.target === null ? null : slot.own;
    this.#slot(index, { ...emptySlot, own, failure });
  }

  #release(slot: Slot | undefined): void {
    if (slot?.observation == null) return;
    // Whether it was still there does not matter.
    this.#bus.request('release', { observation: slot.observation.observation }).catch(() => undefined);
  }

  #view(change: Partial<ViewState>): void {
    const view = { ...initialView, ...this.#state.view, ...change };
    this.#keeper.setState(view);
    this.#set({ view });
  }

  #slot(index: number, slot: Slot, weights = false): void {
    this.#set({ slots: this.#state.slots.map((other, at) => (at === index ? slot : other)) }, weights);
  }

  #set(change: Partial<SessionState>, weights = false): void {
    this.#state = { ...this.#state, ...change };
    this.#changed(weights);
  }
}

/** Nobody waits any longer for what is on its way. */
function dropParts({ parts }: Asked): void {
  for (const pending of parts.values()) pending.abort();
  parts.clear();
}

/** The weights of a part, if they are there. */
export function weightsOf(
  slot: Slot,
  segment: number,
  kind: AttentionKind,
  layer: number | 'mean',
): Weights | undefined {
  return slot.weights.get(weightsKey({ segment, kind, layer }));
}
