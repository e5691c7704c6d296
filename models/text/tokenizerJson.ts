// The vocabulary as a Hugging Face tokenizer.json, so that their tools read our models.
//
// What is read back may come from anywhere: everything is checked, and the sentence of the UserError says what is wrong.

import { isDeepStrictEqual } from 'node:util';
import { show, UserError } from '../userError';
import type { MergeRule } from './bytePairEncoder';
import { spaceMark, wordPattern } from './preTokenizer';
import { firstLearnedId, reservedTokens, specialTokens } from './reservedTokens';
import { parseStrictJson, type JsonLimits } from './strictJson';

/** What a tokenizer.json says beyond the fixed: learned tokens in the order of their ids, and merges in that learned. */
export interface LearnedTokens {
  readonly learned: readonly string[];
  readonly merges: readonly MergeRule[];
}

/** UTF-16 units, or bytes of a file; a vocabulary of 64,000 takes about 4 million. */
export const longestJson = 2 ** 25;
const mostTokens = 2 ** 20;
const longestToken = 1024; // UTF-16 units.

/** As many tokens and merges as are read: each merge is a list of two; and what is the same in all. */
const jsonLimits: JsonLimits = { mostValues: 4 * mostTokens + 1000, mostKeys: mostTokens + 1000 };

/** The parts that are the same in every vocabulary of ours: how text is cut, marked and put together again. */
const fixedParts: Readonly<Record<string, unknown>> = {
  normalizer: null,
  pre_tokenizer: {
    type: 'Sequence',
    pretokenizers: [
      { type: 'Metaspace', replacement: spaceMark, prepend_scheme: 'never', split: false },
      { type: 'Split', pattern: { Regex: wordPattern(spaceMark) }, behavior: 'Isolated', invert: false },
    ],
  },
  post_processor: null,
  decoder: {
    type: 'Sequence',
    decoders: [
      { type: 'Replace', pattern: { String: spaceMark }, content: ' ' },
      { type: 'ByteFallback' },
      { type: 'Fuse' },
    ],
  },
};
const addedTokens = specialTokens.map((content, id) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
}));
const modelSettings: Readonly<Record<string, unknown>> = {
  type: 'BPE',
  dropout: null,
  unk_token: '<unk>',
  continuing_subword_prefix: null,
  end_of_word_suffix: null,
  fuse_unk: false,
  byte_fallback: true,
  ignore_merges: false,
};

/** The text of a tokenizer.json from the tokens by id and the merges in the order learned. */
export function formatTokenizerJson(tokens: readonly string[], merges: readonly MergeRule[]): string {
  const text = (id: number): string => tokens[id]!;
  const file = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: addedTokens,
    ...fixedParts,
    model: {
      ...modelSettings,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: merges.map(({ left, right }) => [text(left), text(right)]),
    },
  };
  return `${JSON.stringify(file, undefined, 1)}\n`;
}

/** Reads what `formatTokenizerJson` wrote; a UserError whose sentence begins with `where` for anything else. */
export function parseTokenizerJson(json: string, where: string): LearnedTokens {
  const fail: Fail = (problem) => {
    throw new UserError(`${where} is not a vocabulary of this program: ${problem}.`);
  };
  if (json.length > longestJson)
    fail(`it has ${json.length} characters, and at most ${longestJson} are read`);
  const file = parseObject(json, fail);
  for (const [name, expected] of Object.entries({ ...fixedParts, added_tokens: addedTokens })) {
    if (!isDeepStrictEqual(file[name], expected))
      fail(`its “${name}” is not the one that this program writes`);
  }
  const model = asObject(file['model']) ?? fail('it has no “model”');
  for (const [name, expected] of Object.entries(modelSettings)) {
    if (!isDeepStrictEqual(model[name], expected)) {
      fail(`its model’s “${name}” is ${show(model[name])} where ${show(expected)} is needed`);
    }
  }
  const idOfToken = readTokens(asObject(model['vocab']) ?? fail('its model has no “vocab”'), fail);
  return { learned: orderTokens(idOfToken, fail), merges: readMerges(model['merges'], idOfToken, fail) };
}

type Fail = (problem: string) => never;

function parseObject(json: string, fail: Fail): Record<string, unknown> {
  let file: unknown;
  try {
    file = parseStrictJson(json, jsonLimits);
  } catch (error) {
    fail(`it is no sound JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  return asObject(file) ?? fail('it is no JSON object');
}

function readTokens(vocab: Record<string, unknown>, fail: Fail): Map<string, number> {
  const entries = Object.entries(vocab);
  if (entries.length > mostTokens)
    fail(`it has ${entries.length} tokens, and at most ${mostTokens} are read`);
  const idOfToken = new Map<string, number>();
  for (const [token, id] of entries) {
    if (token === '') fail('it has an empty token');
    if (/\p{Surrogate}/u.test(token)) fail(`the token ${show(token)} holds half a surrogate pair`);
    if (token.length > longestToken)
      fail(`the token ${show(token)} is longer than ${longestToken} characters`);
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id >= entries.length) {
      fail(`the token ${show(token)} has the id ${show(id)}, and ids are 0 to ${entries.length - 1}`);
    }
    idOfToken.set(token, id);
  }
  return idOfToken;
}

/** The learned tokens by id, once every id is taken exactly once and the reserved ones are where they have to be. */
function orderTokens(idOfToken: ReadonlyMap<string, number>, fail: Fail): string[] {
  reservedTokens.forEach((token, id) => {
    if (idOfToken.get(token) !== id) fail(`the token ${token} has to have the id ${id}`);
  });
  const tokens = new Array<string | undefined>(idOfToken.size).fill(undefined);
  for (const [token, id] of idOfToken) {
    const other = tokens[id];
    if (other !== undefined) fail(`the tokens ${show(other)} and ${show(token)} have the same id ${id}`);
    tokens[id] = token;
  }
  // As many tokens as ids, none twice: no gap is left.
  return tokens.slice(firstLearnedId) as string[];
}

function readMerges(merges: unknown, idOfToken: ReadonlyMap<string, number>, fail: Fail): MergeRule[] {
  if (!Array.isArray(merges)) return fail('its model has no list of “merges”');
  if (merges.length > mostTokens) fail(`it has ${merges.length} merges, and at most ${mostTokens} are read`);
  const seen = new Set<number>();
  const idOf = (token: string, complain: Fail): number => {
    const id = idOfToken.get(token);
    if (id === undefined) return complain(`needs the token ${show(token)}, which is not in its vocabulary`);
    if (id < firstLearnedId) return complain(`uses the reserved token ${show(token)}`);
    return id;
  };
  return merges.map((merge: unknown, index): MergeRule => {
    const complain: Fail = (problem) => fail(`merge ${index + 1} (${show(merge)}) ${problem}`);
    if (!Array.isArray(merge) || merge.length !== 2) return complain('is no pair of tokens');
    const first: unknown = merge[0];
    const second: unknown = merge[1];
    if (typeof first !== 'string' || typeof second !== 'string') return complain('is no pair of tokens');
    const left = idOf(first, complain);
    const right = idOf(second, complain);
    const result = idOf(first + second, complain);
    const key = left * mostTokens + right;
    if (seen.has(key)) complain('is there twice');
    seen.add(key);
    return { left, right, result };
  });
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
