// JSON out of files that may come from anywhere. JSON.parse alone lets pass what two readers may understand in two
// ways: of a key that is there twice it takes the last without a word.

const deepest = 64; // Far more than any file of ours needs.
const longestShown = 60;

// UTF-16 units.
const quotationMark = 0x22;
const comma = 0x2c;
const openingBracket = 0x5b;
const backslash = 0x5c;
const closingBracket = 0x5d;
const openingBrace = 0x7b;
const closingBrace = 0x7d;

/** As JSON.parse; a SyntaxError, too, for a key that an object has twice and for what is nested too deep. */
export function parseStrictJson(json: string): unknown {
  const value = JSON.parse(json) as unknown;
  checkKeys(json);
  return value;
}

/** Walks through sound JSON from one quotation mark, brace, bracket or comma to the next. */
function checkKeys(json: string): void {
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
        break;
      case closingBrace:
      case closingBracket:
        open.pop();
        break;
      case comma:
        keyIsNext = true;
        break;
      case quotationMark: {
        const start = place;
        place = endOfText(json, place);
        const keys = open.at(-1);
        if (keyIsNext && keys !== undefined) addKey(keys, json.slice(start, place + 1));
        keyIsNext = false;
      }
    }
  }
}

/** Where the closing quotation mark of a text stands. */
function endOfText(json: string, start: number): number {
  let place = start + 1;
  for (let sign = json.charCodeAt(place); sign !== quotationMark; sign = json.charCodeAt(place))
    place += sign === backslash ? 2 : 1;
  return place;
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
