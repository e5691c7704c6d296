/**
 * What the host wrote into the page itself: texts in the person's language, and whatever else the first picture needs.
 */
import * as v from 'valibot';

/** @throws Error if the page's `data-start` is not what the schema says: it comes from our own host */
export function pageStart<S extends v.GenericSchema>(schema: S): v.InferOutput<S> {
  return v.parse(schema, JSON.parse(document.body.dataset['start'] ?? '{}'));
}

/** Puts values into the places {0}, {1} … of a text. */
export function fill(text: string, ...values: readonly (string | number)[]): string {
  return text.replace(/\{(\d+)\}/g, (place, index: string) => String(values[Number(index)] ?? place));
}
