/** The form as it is being filled in: numbers are texts until they are right. Kept while the view is hidden. */
import * as v from 'valibot';
import {
  detailLimits,
  detailNames,
  languageTag,
  presetNames,
  type Detail,
  type Details,
  type Form,
  type Preset,
} from '../messages';

const budgetKinds = ['minutes', 'steps', 'patience'] as const;
export type BudgetKind = (typeof budgetKinds)[number];

const text = v.string();

const draftSchema = v.object({
  name: text,
  from: text,
  to: text,
  /** The person has chosen the languages; what corpora are called no longer counts. */
  languagesTouched: v.boolean(),
  /** The key of a model to go on from. */
  base: v.nullable(text),
  preset: v.picklist(presetNames),
  normalisation: v.picklist(['post', 'pre']),
  details: v.record(text, text),
  budgetKind: v.picklist(budgetKinds),
  budgets: v.object({ minutes: text, steps: text, patience: text }),
  stopOn: v.picklist(['loss', 'bleu']),
  detailsOpen: v.boolean(),
});
export type Draft = v.InferOutput<typeof draftSchema>;

/** What the page kept, if it is a draft; numbers that the form did not have then are the preset's. */
export function readDraft(kept: unknown, presets: readonly Preset[]): Draft | undefined {
  const result = v.safeParse(draftSchema, kept);
  if (!result.success) return undefined;
  const draft = result.output;
  const usual = usualOf(draft, presets);
  return { ...draft, details: { ...(usual && textsOf(usual)), ...draft.details } };
}

/** A form that nobody has touched. */
export function emptyDraft(presets: readonly Preset[]): Draft {
  const preset = presets.find(({ name }) => name === 'small') ?? presets[0]!;
  return {
    name: '',
    from: '',
    to: '',
    languagesTouched: false,
    base: null,
    preset: preset.name,
    normalisation: preset.normalisation,
    details: textsOf(preset.ours),
    budgetKind: 'minutes',
    budgets: { minutes: '60', steps: '10000', patience: '10' },
    stopOn: 'loss',
    detailsOpen: false,
  };
}

/** Updates of warm-up for a model that has learned something already, as the engine has them. */
const fineTuningWarmupSteps = '200';

/** A model to go on from, as far as the form asks. */
interface Base {
  readonly from: string;
  readonly to: string;
}

/** The draft with a model to go on from, or with none; the warm-up is what suits that, unless the person changed it. */
export function withBase(
  draft: Draft,
  base: (Base & { readonly key: string }) | null,
  presets: readonly Preset[],
): Draft {
  const chosen =
    base === null ? { base: null } : { base: base.key, from: base.from, to: base.to, languagesTouched: true };
  return withWarmup({ ...draft, ...chosen }, base !== null, presets);
}

/**
 * The draft with other languages. A model to go on from that does not know them begins with a vocabulary of theirs, and
 * needs a model from nothing's warm-up, unless the person changed that.
 */
export function withLanguages(
  draft: Draft,
  languages: Partial<Pick<Draft, 'from' | 'to'>>,
  base: Base | undefined,
  presets: readonly Preset[],
): Draft {
  const changed = { ...draft, ...languages, languagesTouched: true };
  const [from, to] = [changed.from.trim(), changed.to.trim()];
  if (base === undefined || from === '' || to === '') return changed;
  const known = [base.from, base.to];
  return withWarmup(changed, known.includes(from) && known.includes(to), presets);
}

/** The warm-up of a model that has learned something already, or of one from nothing, in place of the other one's. */
function withWarmup(draft: Draft, hasLearned: boolean, presets: readonly Preset[]): Draft {
  const usual = String(usualOf(draft, presets)?.warmupSteps ?? '');
  const [before, after] = hasLearned ? [usual, fineTuningWarmupSteps] : [fineTuningWarmupSteps, usual];
  const isUntouched = draft.details['warmupSteps'] === before;
  return isUntouched ? { ...draft, details: { ...draft.details, warmupSteps: after } } : draft;
}

/** The numbers of a preset in the draft's place. */
export function withPreset(draft: Draft, preset: Preset, source: 'ours' | 'paper'): Draft {
  return {
    ...draft,
    preset: preset.name,
    normalisation: source === 'paper' ? 'post' : preset.normalisation,
    details: textsOf(preset[source]),
  };
}

/** The numbers that suit the draft's size of models. */
function usualOf(draft: Draft, presets: readonly Preset[]): Details | undefined {
  return presets.find(({ name }) => name === draft.preset)?.ours;
}

function textsOf(details: Details): Record<string, string> {
  return Object.fromEntries(
    detailNames.map((name) => [name, isLeftOpen(name, details[name]) ? '' : String(details[name])]),
  );
}

/** Where 0 stands for what the engine chooses, the field is empty. */
export function isLeftOpen(name: Detail | BudgetKind, value: number): boolean {
  return name === 'peakLearningRate' && value === 0;
}

/** What a run was asked for, to be changed. */
export function draftOf(form: Form, before: Draft): Draft {
  const { name, from, to, base, preset, normalisation, details, budget, stopOn } = form;
  const limit =
    budget.kind === 'minutes' ? budget.minutes : budget.kind === 'steps' ? budget.steps : budget.patience;
  return {
    ...before,
    ...{ name, from, to, base, preset, normalisation, stopOn },
    languagesTouched: true,
    details: textsOf(details),
    budgetKind: budget.kind,
    budgets: { ...before.budgets, [budget.kind]: String(limit) },
  };
}

export type Field = Detail | BudgetKind | 'from' | 'to';

/** The sizes that a model which is gone on from has already. */
export const sizesOfModel: readonly Detail[] = [
  ...(['dModel', 'heads', 'dFf', 'encoderLayers', 'decoderLayers'] as const),
  'vocabularySize',
];

const budgetLimits: Readonly<Record<BudgetKind, { low: number; high: number; whole: boolean }>> = {
  minutes: { low: 0.01, high: 1_000_000, whole: false },
  steps: { low: 1, high: 1_000_000_000, whole: true },
  patience: { low: 1, high: 10_000, whole: true },
};

export function limitsOf(field: Detail | BudgetKind): { low: number; high: number; whole: boolean } {
  return field in budgetLimits ? budgetLimits[field as BudgetKind] : detailLimits[field as Detail];
}

/** The number that a text stands for; undefined where it is none that the field takes. */
export function numberOf(field: Detail | BudgetKind, written: string): number | undefined {
  const { low, high, whole } = limitsOf(field);
  const trimmed = written.trim();
  if (trimmed === '') return isLeftOpen(field, 0) ? 0 : undefined;
  const value = whole ? wholeNumberOf(trimmed) : Number(trimmed.replace(',', '.'));
  return value >= low && value <= high ? value : undefined;
}

/** Thousands, set apart by one sign throughout: `10,000`, `10.000`, `10 000`, `10’000`. */
const inThousands = /^[1-9]\d{0,2}([.,\s'’])\d{3}(\1\d{3})*$/;

/** The number of digits alone, or in thousands; NaN of anything else. */
function wholeNumberOf(written: string): number {
  const digits = inThousands.test(written) ? written.replace(/\D/g, '') : written;
  return /^\d+$/.test(digits) ? Number(digits) : NaN;
}

/** The form, where every field is right; otherwise which are not. */
export function readForm(
  draft: Draft,
  presets: readonly Preset[],
): { form: Form } | { faults: ReadonlySet<Field> } {
  const faults = new Set<Field>();
  const number = (field: Detail | BudgetKind, written: string | undefined): number => {
    const value = numberOf(field, written ?? '');
    if (value === undefined) faults.add(field);
    return value ?? 0;
  };
  for (const field of ['from', 'to'] as const) {
    if (!v.safeParse(languageTag, draft[field].trim()).success) faults.add(field);
  }
  if (draft.from.trim() === draft.to.trim()) faults.add('to');
  const usual = usualOf(draft, presets);
  const details = detailNames.map((name) => {
    const written = draft.details[name];
    // Beside a model to go on from nobody is shown its sizes, and nobody could correct them.
    const isHidden = draft.base !== null && sizesOfModel.includes(name);
    const instead = isHidden && numberOf(name, written ?? '') === undefined ? usual?.[name] : undefined;
    return [name, instead ?? number(name, written)];
  });
  const { budgetKind, budgets } = draft;
  const limit = number(budgetKind, budgets[budgetKind]);
  if (faults.size > 0) return { faults };
  const { name, base, preset, normalisation, stopOn } = draft;
  return {
    form: {
      name: name.trim(),
      from: draft.from.trim(),
      to: draft.to.trim(),
      base,
      preset,
      normalisation,
      details: Object.fromEntries(details) as Details,
      budget: { kind: budgetKind, [budgetKind]: limit } as Form['budget'],
      stopOn,
    },
  };
}
