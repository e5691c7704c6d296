// JSON out of files that may come from anywhere. JSON.parse alone lets pass what two readers may understand in two
// ways: of a key that is there twice it takes the last without a word. And it makes a gigabyte out of 30 MB of brackets.

const deepest = 64; // Far more than any file of ours needs.
const longestShown = 60;

/** What a text may hold. Each of its values and keys takes up to a hundred bytes of memory. */
export interface JsonLimits {
  readonly mostValues: number;
  readonly mostKeys: number;
}

/** Enough for any settings. */
const usualLimits: JsonLimits = { mostValues: 10_000, mostKeys: 10_000 };

// UTF-16 units.
const quotationMark = 0x22;
const comma = 0x2c;
const openingBracket = 0x5b;
const backslash = 0x5c;
const closingBracket = 0x5d;
const openingBrace = 0x7b;
const closingBrace = 0x7d;

/**
 * As JSON.parse; a SyntaxError, too, for a key that an object has twice, for what is nested too deep, and for more values
 * or keys than the limits allow.
 */
export function parseStrictJson(json: string, limits: JsonLimits = usualLimits): unknown {
  // Before anything is made of it: what is refused here takes no memory. Whether it is JSON at all, the parser says.
  checkBuild(json, limits);
  return JSON.parse(json) as unknown;
}

/** Walks from one quotation mark, brace, bracket or comma to the next; the text need be no JSON. */
function checkBuild(json: string, { mostValues, mostKeys }: JsonLimits): void {
  let values = 1;
  let keys = 0;
  /** The keys of each open object so far; none for a list. */
  const open: (Set<string> | undefined)[] = [];
  /** In an object, the first text after its brace or a comma is a key. */
  let keyIsNext = false;
  for (let place = 0; place < json.length; place++) {
    switch (json.charCodeAt(place)) {
      case openingBrace:
      case openingBracket:
        if (open.length === deepest) throw new SyntaxError(`it is nested more than ${deepest} levels deep`);
        keyIsNext = json.charCodeAt(place) === openingBrace;
        open.push(keyIsNext ? new Set() : undefined);
        values++;
        break;
      case closingBrace:
      case closingBracket:
        open.pop();
        break;
      case comma:
        keyIsNext = true;
        values++;
        break;
      case quotationMark: {
        const start = place;
        place = endOfText(json, place);
        const earlier = open.at(-1);
        if (keyIsNext && earlier !== undefined) {
          if (++keys > mostKeys) throw new SyntaxError(`it holds more than ${mostKeys} keys`);
          addKey(earlier, json.slice(start, place + 1));
        }
        keyIsNext = false;
      }
    }
    if (values > mostValues) throw new SyntaxError(`it holds more than ${mostValues} values`);
  }
}

/** Where the closing quotation mark of a text stands; behind the end where it has none. */
function endOfText(json: string, start: number): number {
  for (let place = start + 1; place < json.length; place++) {
    const sign = json.charCodeAt(place);
    if (sign === quotationMark) return place;
    if (sign === backslash) place++;
  }
  return json.length;
}

/** `quoted` is a key as it stands in the file: the same key can be written in several ways. */
function addKey(keys: Set<string>, quoted: string): void {
  const key = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  if (keys.has(key)) {
    const shown = key.length > longestShown ? `${key.slice(0, longestShown)}…` : key;
    throw new SyntaxError(`it holds “${shown}” twice`);
  }
  keys.add(key);
}
