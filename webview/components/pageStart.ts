/**
 * What the host wrote into the page itself: texts in the person's language, and whatever else the first picture needs.
 */
import * as v from 'valibot';

/** By itself for what is made without a page. */
export { fill } from './fill';

/** @throws Error if the page's `data-start` is not what the schema says: it comes from our own host */
export function pageStart<S extends v.GenericSchema>(schema: S): v.InferOutput<S> {
  return v.parse(schema, JSON.parse(document.body.dataset['start'] ?? '{}'));
}
