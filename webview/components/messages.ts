/**
 * How a page and its host talk, whatever they talk about: the envelopes of requests, replies, failures, progress and
 * events, and a door: the schemas of what travels in them. Each side checks what it gets. There is no version: the
 * host serves the page from its own package. Used by both sides, so neither the DOM nor vscode is in here.
 */
import * as v from 'valibot';

/** The schemas of one request: what it takes, answers and tells meanwhile. */
export interface RequestSchemas {
  readonly parameters: v.GenericSchema;
  readonly reply: v.GenericSchema;
  readonly progress?: v.GenericSchema;
}

/** Everything that can be said through a door: requests of the page, events of the host. */
export interface Door {
  readonly requests: Readonly<Record<string, RequestSchemas>>;
  readonly events: Readonly<Record<string, v.GenericSchema>>;
}

export type Method<D extends Door> = keyof D['requests'] & string;
export type EventName<D extends Door> = keyof D['events'] & string;
export type ParametersOf<D extends Door, M extends Method<D>> = v.InferOutput<D['requests'][M]['parameters']>;
export type ReplyOf<D extends Door, M extends Method<D>> = v.InferOutput<D['requests'][M]['reply']>;
export type ProgressOf<D extends Door, M extends Method<D>> = D['requests'][M] extends {
  readonly progress: infer Schema extends v.GenericSchema;
}
  ? v.InferOutput<Schema>
  : never;
export type EventOf<D extends Door, N extends EventName<D>> = v.InferOutput<D['events'][N]>;

/**
 * Why a request failed: `user`: the message is a sentence about what the person can put right; `cancelled`: it was ended
 * before its time, by the page itself, which knows, or by somebody else; `engine`: something of ours broke, and trying
 * again may help.
 */
export const failureCodes = ['user', 'cancelled', 'engine'] as const;
export type FailureCode = (typeof failureCodes)[number];

const id = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** From the page to its host. `ready` is the first of a page that was loaded, anew or again. */
export const fromPage = v.variant('kind', [
  v.object({ kind: v.literal('ready') }),
  v.object({ kind: v.literal('request'), id, method: v.string(), parameters: v.unknown() }),
  v.object({ kind: v.literal('cancel'), id }),
]);
export type FromPage = v.InferOutput<typeof fromPage>;

/** From the host to its page. */
export const fromHost = v.variant('kind', [
  v.object({ kind: v.literal('reply'), id, reply: v.unknown() }),
  v.object({ kind: v.literal('failure'), id, code: v.picklist(failureCodes), message: v.string() }),
  v.object({ kind: v.literal('progress'), id, progress: v.unknown() }),
  v.object({ kind: v.literal('event'), name: v.string(), value: v.unknown() }),
]);
export type FromHost = v.InferOutput<typeof fromHost>;

/** What a door's name stands for, and nothing that an object inherits. */
export function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
