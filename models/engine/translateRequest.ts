/**
 * One request to translate: its texts, each in the pair that was chosen for it, and back in the order in which they came.
 */
import type { LanguageChoice } from './languageChoice';
import { inTurn, type LoadedModels, type Translated } from './loadedModels';
import type { LanguagePair, ProgressOf, Translation } from './protocol';

export interface TranslateRequestOptions {
  readonly minimumConfidence: number;
  /** Of each text, parts that stay besides what patterns find. */
  readonly keep?: readonly (readonly string[])[] | undefined;
  readonly signal: AbortSignal;
  readonly report: (progress: ProgressOf<'translate'>) => void;
}

/** Texts of a request that go through the same model. */
interface Group {
  readonly pair: LanguagePair;
  /** Places in the request. */
  readonly places: number[];
  /** Sentences; as many as texts, until the model has counted them. */
  done: number;
  total: number;
}

/**
 * Translates each text with the pair chosen for it, model after model: side by side they would only share the cores.
 *
 * @param choices one a text
 */
export async function translateTexts(
  texts: readonly string[],
  choices: readonly LanguageChoice[],
  models: LoadedModels,
  { minimumConfidence, keep, signal, report }: TranslateRequestOptions,
): Promise<Translation[]> {
  const groups = groupByPair(choices);
  const reportAll = (): void =>
    report({ done: sum(groups.map(({ done }) => done)), total: sum(groups.map(({ total }) => total)) });
  const translations = texts.map((text, place) => untouched(text, choices[place]!));
  for (const group of groups) {
    const onProgress = (done: number, total: number): void => {
      Object.assign(group, { done, total });
      reportAll();
    };
    const translated = await inTurn(models.get(group.pair.folder), signal, (loaded) =>
      loaded.translate(
        group.places.map((place) => texts[place]!),
        {
          signal,
          minimumConfidence,
          keep: keep && group.places.map((place) => keep[place] ?? []),
          onProgress,
        },
      ),
    );
    translated.forEach((result, index) => {
      translations[group.places[index]!] = asTranslation(result, group.pair);
    });
    group.done = group.total;
  }
  return translations;
}

function groupByPair(choices: readonly LanguageChoice[]): Group[] {
  const groups = new Map<LanguagePair, Group>();
  choices.forEach(({ pair, alreadyInTarget, withoutModel }, place) => {
    if (alreadyInTarget || withoutModel) return;
    const group = groups.get(pair) ?? { pair, places: [], done: 0, total: 0 };
    groups.set(pair, group);
    group.places.push(place);
    group.total++;
  });
  return [...groups.values()];
}

function untouched(text: string, { pair, alreadyInTarget, withoutModel }: LanguageChoice): Translation {
  return {
    text,
    from: pair.from,
    to: pair.to,
    alreadyInTarget,
    ...(withoutModel && { withoutModel }),
    segments: [],
    masked: false,
  };
}

function asTranslation({ text, segments, masked }: Translated, { from, to }: LanguagePair): Translation {
  return { text, from, to, alreadyInTarget: false, segments: [...segments], masked };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
