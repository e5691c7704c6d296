/**
 * How a string writes what cannot stand in it as it is: by language and by quotation mark.
 */

export interface Escaping {
  /** What an escape sequence says; undefined where that is no text, or is not known. */
  decode(sequence: string): string | undefined;
  /** A text as the string writes it; undefined where it cannot. */
  encode(text: string): string | undefined;
}

const named: Readonly<Partial<Record<string, string>>> = {
  n: '\n',
  t: '\t',
  '"': '"',
  "'": "'",
  '`': '`',
  '\\': '\\',
  '/': '/',
};

/** `\n`, `\"`, `\u00e4`: languages after C. `marks`: what needs a backslash. */
function backslash(marks: string, { multiline = false, ascii = false } = {}): Escaping {
  return {
    decode(sequence) {
      const code = /^\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))$/.exec(sequence);
      const digits = code?.[1] ?? code?.[2] ?? code?.[3];
      if (digits !== undefined) return character(parseInt(digits, 16));
      return /^\\[^]$/.test(sequence) ? named[sequence[1]!] : undefined;
    },
    encode(text) {
      const escaped = text.replace(/[\\\n\t"'`]/g, (found) => {
        if (found === '\\' || marks.includes(found)) return `\\${found}`;
        if (found === '\n' && !multiline) return '\\n';
        return found === '\t' ? '\\t' : found;
      });
      if (!ascii) return escaped;
      return escaped.replace(
        /[\u0080-\uffff]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
    },
  };
}

/** No letters but those that stand for themselves: a control character, half of a pair. */
function character(code: number): string | undefined {
  if (code < 0x20 || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff) return undefined;
  return String.fromCodePoint(code);
}

/** Only the mark itself, and the backslash, are escaped: `'…'` in PHP, Ruby and Perl. */
function markOnly(mark: string): Escaping {
  return {
    decode: (sequence) => (sequence === '\\\\' || sequence === `\\${mark}` ? sequence[1] : undefined),
    encode: (text) =>
      text.includes('\n') ? undefined : text.replace(/[\\]/g, '\\\\').replaceAll(mark, `\\${mark}`),
  };
}

/** A mark within the string is written twice: SQL, C#'s `@"…"`, YAML's `'…'`. */
function doubled(mark: string, { multiline = true } = {}): Escaping {
  return {
    decode: (sequence) => (sequence === mark + mark ? mark : undefined),
    encode: (text) => (!multiline && text.includes('\n') ? undefined : text.replaceAll(mark, mark + mark)),
  };
}

/** Nothing can be escaped. */
function raw(close: string, multiline: boolean): Escaping {
  return {
    decode: () => undefined,
    encode: (text) =>
      (text + close).indexOf(close) !== text.length || (!multiline && text.includes('\n')) ? undefined : text,
  };
}

/** Bytes, which a letter beyond ASCII is several of. */
function bytes(text: Escaping): Escaping {
  const asAscii = (said: string | undefined): string | undefined =>
    said !== undefined && /^\p{ASCII}*$/u.test(said) ? said : undefined;
  return {
    decode: (sequence) => asAscii(text.decode(sequence)),
    encode: (said) => asAscii(text.encode(said)),
  };
}

/** `&quot;` in an attribute. */
function entities(mark: string): Escaping {
  return {
    decode: () => undefined,
    encode: (text) => text.replaceAll(mark, mark === '"' ? '&quot;' : '&#39;').replaceAll('<', '&lt;'),
  };
}

export interface StringSigns {
  readonly languageId: string;
  /** With what belongs to it: `r"`. */
  readonly open: string;
  readonly close: string;
  /** The value of an attribute of markup. */
  readonly isAttribute: boolean;
  /** It writes characters beyond ASCII by their numbers. */
  readonly ascii: boolean;
}

/** How a string escapes. */
export function escapingOf(string: StringSigns): Escaping {
  const { languageId, open } = string;
  const isOfBytes = /^(?:python|rust)$/.test(languageId) && /^[a-z]*b[a-z]*#*["']/i.test(open);
  return isOfBytes ? bytes(ofText(string)) : ofText(string);
}

function ofText({ languageId, open, close, isAttribute, ascii }: StringSigns): Escaping {
  const mark = close.slice(-1);
  const isTriple = close.length >= 3;
  if (isAttribute) return entities(mark);
  const usual = backslash(isTriple ? '' : mark, { multiline: isTriple || mark === '`', ascii });
  switch (languageId) {
    case 'python':
      return /r/i.test(open.replace(/["'].*/, '')) ? raw(close, isTriple) : usual;
    case 'csharp':
      if (isTriple) return raw(close, true);
      return open.includes('@') ? doubled(mark) : usual;
    case 'sql':
    case 'vb':
    case 'pascal':
      return doubled(mark, { multiline: languageId === 'sql' });
    case 'yaml':
      return mark === "'" ? doubled(mark, { multiline: false }) : usual;
    case 'toml':
      return mark === "'" ? raw(close, isTriple) : usual;
    case 'rust':
      return open.includes('r') ? raw(close, true) : backslash(mark, { multiline: true });
    case 'go':
      return mark === '`' ? raw(close, true) : usual;
    case 'kotlin':
    case 'scala':
      return isTriple ? raw(close, true) : usual;
    case 'shellscript':
      return open.startsWith("'") ? raw(close, true) : shell;
    case 'php':
    case 'ruby':
    case 'perl':
      if (mark !== "'" && mark !== '"' && mark !== '`') return raw(close, true);
      return mark === "'" ? markOnly(mark) : usual;
    case 'powershell':
      return mark === "'" ? doubled(mark) : raw(close, true);
    case 'lua':
    case 'cpp':
    case 'r':
      return mark === '"' && open.endsWith('"') ? usual : mark === "'" ? usual : raw(close, true);
    case 'dart':
      return open.startsWith('r') ? raw(close, isTriple) : usual;
    default:
      return usual;
  }
}

/** In `"…"` of a shell a backslash stands for itself unless one of these follows. */
const shell: Escaping = {
  decode: (sequence) => (/^\\["\\$`]$/.test(sequence) ? sequence[1] : undefined),
  encode: (text) => text.replace(/["\\$`]/g, '\\$&'),
};
