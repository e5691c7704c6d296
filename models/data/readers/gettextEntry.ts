/** The entries of a gettext catalogue out of its lines: keywords, continued strings, escapes, comments that matter. */
import type { Line } from '../lines';

export interface Entry {
  context?: string;
  message?: string;
  plural?: string;
  /** Translations by plural form; a message without a plural has one. A form that is not given is a hole. */
  forms: (string | undefined)[];
  fuzzy: boolean;
  obsolete: boolean;
  /** The first thing that is wrong with the entry. */
  fault?: { readonly line: number; readonly fault: string };
}

/** UTF-16 units of one string, all its lines together; longer ones are no messages. */
const longestString = 1024 * 1024;
const mostForms = 16;

const keywordPattern = /^(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d{1,4})\])?[ \t]*(?=")/;

/** Where the next continued string belongs: a keyword, or a plural form's number. */
type Place = 'context' | 'message' | 'plural' | number;

export class EntryReader {
  private entry = emptyEntry();
  private place: Place | undefined;
  private begun = false;

  /** @returns the entry before, where this line is no longer part of it */
  push(line: Line, number: number): Entry | undefined {
    const { text: whole, fault }: { text?: string; fault?: string } =
      typeof line === 'string' ? { text: line } : line;
    if (whole === undefined) {
      this.setFault(number, fault!);
      return undefined;
    }
    const text = whole.trim();
    if (text === '') return this.end();
    const isObsolete = text.startsWith('#~');
    const content = isObsolete ? text.slice(2).trim() : text;
    // #~| is the message that an obsolete entry had before.
    if (isObsolete && (content === '' || content.startsWith('|'))) return undefined;
    if (isObsolete || !text.startsWith('#')) return this.content(content, number, isObsolete, fault);
    // What is wrong with a comment does not matter.
    const before = this.isComplete() ? this.end() : undefined;
    if (/^#,.*\bfuzzy\b/.test(text)) this.entry.fuzzy = true;
    return before;
  }

  /** The entry in hand, if there is one; the next line begins another. */
  end(): Entry | undefined {
    const { entry, begun } = this;
    this.place = undefined;
    if (!begun) {
      // A comment that a blank line parts from the entries speaks of none.
      this.entry = emptyEntry();
      return undefined;
    }
    if (entry.fault === undefined) {
      if (entry.message === undefined)
        entry.fault = { line: this.firstLine, fault: 'begins an entry without msgid' };
      else if (entry.forms.length === 0)
        entry.fault = { line: this.firstLine, fault: 'begins an entry without msgstr' };
    }
    this.entry = emptyEntry();
    this.begun = false;
    return entry;
  }

  private firstLine = 0;

  private isComplete(): boolean {
    return this.begun && this.entry.forms.length > 0;
  }

  /** @param fault of the line itself */
  private content(text: string, number: number, obsolete: boolean, fault?: string): Entry | undefined {
    const keyword = keywordPattern.exec(text);
    const starts = keyword?.[1] === 'msgctxt' || keyword?.[1] === 'msgid';
    const before = starts && this.isComplete() ? this.end() : undefined;
    if (!this.begun) this.firstLine = number;
    this.begun = true;
    if (fault !== undefined) this.setFault(number, fault);
    if (obsolete) this.entry.obsolete = true;
    if (keyword) this.open(keyword, number);
    else if (this.place === undefined || !text.startsWith('"')) {
      this.setFault(number, 'is no line of a catalogue');
      return before;
    }
    const value = unquote(keyword ? text.slice(keyword[0].length) : text);
    if (value === undefined) this.setFault(number, 'holds no string in quotation marks');
    else this.append(value, number);
    return before;
  }

  private open(keyword: RegExpExecArray, number: number): void {
    const [, name, index] = keyword;
    const { entry } = this;
    if (name === 'msgstr') {
      const form = Number(index ?? 0);
      if (form >= mostForms) this.setFault(number, `gives plural form ${form}; no language has so many`);
      else if (entry.forms[form] !== undefined) this.setFault(number, 'translates the message a second time');
      else entry.forms[form] = '';
      this.place = form;
      return;
    }
    this.place = name === 'msgctxt' ? 'context' : name === 'msgid' ? 'message' : 'plural';
    if (entry[this.place] !== undefined) this.setFault(number, `begins a second ${name ?? ''} in one entry`);
    entry[this.place] = '';
  }

  private append(value: string, number: number): void {
    const { entry, place } = this;
    if (place === undefined) return;
    const joined = ((typeof place === 'number' ? entry.forms[place] : entry[place]) ?? '') + value;
    if (joined.length > longestString) {
      this.setFault(number, 'makes a string longer than 1 MiB');
      this.place = undefined;
    } else if (typeof place === 'number') entry.forms[place] = joined;
    else entry[place] = joined;
  }

  private setFault(line: number, fault: string): void {
    this.begun = true;
    this.entry.fault ??= { line, fault };
  }
}

function emptyEntry(): Entry {
  return { forms: [], fuzzy: false, obsolete: false };
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

/** The text of a C string with its quotation marks; undefined where it is none. */
function unquote(quoted: string): string | undefined {
  if (!/^"(?:[^"\\]|\\.)*"$/su.test(quoted)) return undefined;
  const escape = /\\(?:([0-7]{1,3})|x([\da-f]{1,2})|(.))/gisu;
  return quoted.slice(1, -1).replace(escape, (_, octal?: string, hex?: string, other?: string) => {
    if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8) & 0xff);
    if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
    return escapes[other ?? ''] ?? other ?? '';
  });
}
