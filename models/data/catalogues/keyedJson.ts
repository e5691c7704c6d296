/** JSON catalogues, which give texts by keys: those of VS Code, of i18next (nested), of browser extensions. */
import { UserError } from '../../userError';
import { readSmallText } from '../lines';

/** Bytes; a longer file is no catalogue. */
const longestFile = 32 * 1024 * 1024;
const deepest = 32;

/**
 * The texts by their keys; those of nested objects with a line break between. An object with a `message` is a text with
 * a comment (VS Code, browser extensions).
 *
 * @throws UserError where the file cannot be read, or is no JSON object
 */
export async function readKeyedJson(file: string): Promise<Map<string, string>> {
  const json = await readSmallText(file, longestFile);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new UserError(`${file} is no JSON: ${(error as Error).message}.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UserError(`${file} is no catalogue: it holds no JSON object.`);
  const texts = new Map<string, string>();
  flatten(value as Readonly<Record<string, unknown>>, '', 0, texts);
  return texts;
}

function flatten(
  object: Readonly<Record<string, unknown>>,
  before: string,
  depth: number,
  texts: Map<string, string>,
): void {
  if (depth > deepest) return;
  for (const [key, value] of Object.entries(object)) {
    const whole = before + key;
    if (typeof value === 'string') texts.set(whole, value);
    else if (typeof value === 'object' && value !== null) {
      const { message } = value as { message?: unknown };
      if (typeof message === 'string') texts.set(whole, message);
      else flatten(value as Readonly<Record<string, unknown>>, `${whole}\n`, depth + 1, texts);
    }
  }
}
