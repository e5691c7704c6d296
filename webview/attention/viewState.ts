/**
 * What the person sees and has chosen, as it survives hiding the panel and reloading the window. It comes back from
 * VS Code as anything, so it is checked.
 */
import * as v from 'valibot';
import { attentionKinds, mostCharacters, mostTargetCharacters } from './messages';

export const views = ['grid', 'heads', 'alignment', 'table', 'walk'] as const;
export type ViewName = (typeof views)[number];

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const text = v.pipe(v.string(), v.maxLength(mostCharacters));
const target = v.pipe(v.string(), v.maxLength(mostTargetCharacters));

/** Cell sizes of the alignment, in CSS pixels. */
export const zooms = [4, 6, 8, 11, 14, 18, 24, 30, 38, 48] as const;

const viewState = v.object({
  text,
  /** The translation that the person gives; null: the model's. One that cannot be looked at takes nothing else along. */
  target: v.fallback(v.nullable(target), null),
  from: v.nullable(v.string()),
  to: v.nullable(v.string()),
  /** Folders of the models that are looked into, one or two; '' : the one that suits the text. */
  models: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(2)),
  view: v.picklist(views),
  kind: v.picklist(attentionKinds),
  layer: v.union([whole, v.literal('mean')]),
  /** Heads that are shown; none: all. */
  heads: v.pipe(v.array(whole), v.maxLength(256)),
  segment: whole,
  zoom: v.pipe(whole, v.maxValue(zooms.length - 1)),
  orientation: v.picklist(['upright', 'lying']),
  /** The token that stays followed; `as` what, where a map shows it on both sides. */
  pinned: v.fallback(
    v.nullable(
      v.object({
        side: v.picklist(['source', 'target']),
        index: v.number(),
        as: v.nullable(v.picklist(['queries', 'keys'])),
      }),
    ),
    null,
  ),
  /** The table's order. */
  sort: v.object({
    by: v.picklist(['place', 'entropy', 'distance', 'diagonal']),
    descending: v.boolean(),
  }),
  /** Where the walk is, and whose tokens it is about. */
  walk: v.object({ step: whole, source: whole, target: whole, layer: whole, head: whole }),
});
export type ViewState = Readonly<v.InferOutput<typeof viewState>>;

export const initialView: ViewState = {
  text: '',
  target: null,
  from: null,
  to: null,
  models: [''],
  view: 'grid',
  kind: 'cross',
  layer: 'mean',
  heads: [],
  segment: 0,
  zoom: 6,
  orientation: 'upright',
  pinned: null,
  sort: { by: 'place', descending: false },
  walk: { step: 0, source: 0, target: 0, layer: 0, head: 0 },
};

/** The state as it was left; the first one, where there is none that can be read. */
export function restoredView(saved: unknown): ViewState {
  const parsed = v.safeParse(viewState, saved);
  return parsed.success ? parsed.output : initialView;
}
