/**
 * TMX 1.1–1.4b (Localization Industry Standards Association, 2005): translation units with a variant a language. A unit
 * whose XML is broken is left out; the others are read on.
 */
import { TextDecoder } from 'node:util';
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { shorten, UserError } from '../../userError';
import { namelessGzip, readBytes } from '../lines';
import { foldLines, primaryLanguage, type Candidate, type Candidates, type Languages } from './candidates';

/** Characters without the end of an element: what is longer is no translation memory, and would fill the memory. */
const longestElement = 16 * 1024 * 1024;
/** Elements whose content is markup of the document that the segment is from, not its text. `hi` holds text. */
const codeElements: ReadonlySet<string> = new Set(['bpt', 'ept', 'it', 'ph', 'ut']);

/**
 * Reads the pairs of two languages: `en` finds `en-GB` where there is no `en`.
 *
 * @throws UserError where the file cannot be read to its end, or is in an unknown encoding
 */
export async function* readTmx(file: string, languages: Languages): Candidates {
  const units = new UnitReader(file, languages);
  let decoder: TextDecoder | undefined;
  for await (const chunk of readBytes(file)) {
    decoder ??= decoderOf(chunk, file);
    units.write(decoder.decode(chunk, { stream: true }));
    yield units.take();
  }
  units.write(decoder?.decode() ?? '');
  units.close();
  yield units.take();
}

/** By byte order mark, else by the XML declaration, else UTF-8. Broken bytes become U+FFFD. */
function decoderOf(start: Buffer, file: string): TextDecoder {
  if (start[0] === 0x1f && start[1] === 0x8b) throw namelessGzip(file);
  const marked =
    start[0] === 0xff && start[1] === 0xfe
      ? 'utf-16le'
      : start[0] === 0xfe && start[1] === 0xff
        ? 'utf-16be'
        : undefined;
  const declared = /^(?:\xef\xbb\xbf)?<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(
    start.toString('latin1', 0, 200),
  )?.[1];
  const encoding = marked ?? declared ?? 'utf-8';
  try {
    return new TextDecoder(encoding);
  } catch {
    throw new UserError(
      `${file} declares the encoding ${shorten(encoding)}, which is unknown here: make it UTF-8.`,
    );
  }
}

/**
 * Stands for an ampersand that begins no entity. The parser would take all up to the next semicolon, units away, for an
 * entity's name; inside CDATA it is an ampersand like any other. A character for private use that nobody uses.
 */
const bareAmpersand = '\u{F0026}';
const notAnEntity = /&(?!#\d{1,7};|#x[\da-f]{1,6};|\w{1,12};)/giu;
/** Longer than any reference to a character: what may go on in the next stretch of text waits for it. */
const longestReference = 14;

interface Unit {
  readonly line: number;
  readonly variants: { readonly language: string; text: string }[];
  fault?: { readonly line: number; readonly fault: string };
}

class UnitReader {
  private readonly parser = new SaxesParser();
  private candidates: Candidate[] = [];
  private unit: Unit | undefined;
  private language = '';
  /** Elements that are open around the text: 0 outside of segments. */
  private depth = 0;
  /** Depth at which markup of a document began. */
  private codeDepth = Infinity;
  /** A fault outside of units is told once until the next unit: it mostly brings others along. */
  private strayFault = false;
  private sinceElement = 0;
  /** The end of what was written, from an ampersand on. */
  private pending = '';

  constructor(
    private readonly file: string,
    private readonly languages: Languages,
  ) {
    const { parser } = this;
    parser.on('opentag', (tag) => this.open(tag));
    parser.on('closetag', (tag) => this.closeTag(tag));
    parser.on('text', (text) => this.text(text));
    parser.on('cdata', (text) => this.text(text.replaceAll(bareAmpersand, '&')));
    parser.on('error', (error) => this.fault(`is no TMX: ${error.message.replace(/^\d+:\d+:\s*|\.$/g, '')}`));
  }

  write(text: string): void {
    this.sinceElement += text.length;
    const whole = this.pending + text;
    const last = whole.lastIndexOf('&', whole.length);
    const end = last >= whole.length - longestReference && last >= 0 ? last : whole.length;
    this.pending = whole.slice(end);
    this.parser.write(whole.slice(0, end).replace(notAnEntity, bareAmpersand));
    if (this.sinceElement > longestElement) {
      throw new UserError(
        `${this.file}: 16 MiB after line ${this.parser.line} there is still no end of an element; it does not look like TMX.`,
      );
    }
  }

  close(): void {
    this.parser.write(this.pending.replace(notAnEntity, bareAmpersand)).close();
    if (this.unit) this.endUnit();
  }

  /** What was read since the last time. */
  take(): Candidate[] {
    const { candidates } = this;
    this.candidates = [];
    return candidates;
  }

  private open({ name, attributes }: SaxesTagPlain): void {
    this.sinceElement = 0;
    if (this.depth > 0) {
      this.depth++;
      if (codeElements.has(name) && this.depth < this.codeDepth) this.codeDepth = this.depth;
      return;
    }
    if (name === 'tu') {
      if (this.unit) this.endUnit();
      this.unit = { line: this.parser.line, variants: [] };
      this.strayFault = false;
    } else if (name === 'tuv') this.language = attributes['xml:lang'] ?? attributes['lang'] ?? '';
    else if (name === 'seg' && this.unit) {
      this.unit.variants.push({ language: this.language, text: '' });
      this.depth = 1;
    }
  }

  private closeTag({ name }: SaxesTagPlain): void {
    this.sinceElement = 0;
    if (this.depth > 0) {
      if (this.depth === this.codeDepth) this.codeDepth = Infinity;
      this.depth--;
    } else if (name === 'tu' && this.unit) this.endUnit();
  }

  private text(text: string): void {
    if (this.depth === 0 || this.depth >= this.codeDepth || !this.unit) return;
    if (text.includes(bareAmpersand)) this.fault('has an ampersand that is not written as &amp;');
    if (text.includes('\uFFFD')) this.fault('is not in the encoding that the file declares');
    this.unit.variants.at(-1)!.text += text;
  }

  private fault(fault: string): void {
    const { line } = this.parser;
    if (this.unit) this.unit.fault ??= { line, fault };
    else if (!this.strayFault) {
      this.strayFault = true;
      this.candidates.push({ file: this.file, line, fault });
    }
  }

  private endUnit(): void {
    const { variants, fault } = this.unit!;
    this.unit = undefined;
    this.depth = 0;
    this.codeDepth = Infinity;
    if (fault) {
      this.candidates.push({ file: this.file, ...fault });
      return;
    }
    const source = textIn(variants, this.languages.from);
    const target = textIn(variants, this.languages.to);
    if (source === undefined || target === undefined) this.candidates.push({ omitted: 'otherLanguage' });
    else this.candidates.push({ source: foldLines(source), target: foldLines(target) });
  }
}

/** The variant in exactly this language, else in the same one of another region. */
function textIn(variants: Unit['variants'], wanted: string): string | undefined {
  const same = (tag: string): boolean => tag.toLowerCase() === wanted.toLowerCase();
  const akin = (tag: string): boolean => primaryLanguage(tag) === primaryLanguage(wanted);
  const found =
    variants.find(({ language }) => same(language)) ?? variants.find(({ language }) => akin(language));
  return found?.text;
}
