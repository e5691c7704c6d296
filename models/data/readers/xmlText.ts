/**
 * XML of files that come from anywhere, read as a stream: any encoding that is declared, faults told instead of thrown,
 * no entity but XML's own, and an end to elements that have none.
 */
import { TextDecoder } from 'node:util';
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { shorten, UserError } from '../../userError';
import { namelessGzip, readBytes, type Meter } from '../lines';

/** Characters without the end of an element: what is longer is no such file, and would fill the memory. */
const longestElement = 16 * 1024 * 1024;

/**
 * A file's text, some of it at a time.
 *
 * @throws UserError where the file cannot be read to its end, or is in an unknown encoding
 */
export async function* readXmlText(file: string, meter?: Meter): AsyncGenerator<string, void, undefined> {
  let decoder: TextDecoder | undefined;
  for await (const chunk of readBytes(file, meter)) {
    decoder ??= decoderOf(chunk, file);
    yield decoder.decode(chunk, { stream: true });
  }
  yield decoder?.decode() ?? '';
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

/**
 * What the parser says after a closing tag that nothing had opened: it takes the document for ended there, goes on all the
 * same, and finds more ends than beginnings.
 */
const consequences =
  /^(?:documents may contain only one root|text data outside of root node|unmatched closing tag)/;

/** What hears of the parts of a document. Faults are predicates of their line. */
export interface XmlListener {
  open(tag: SaxesTagPlain): void;
  close(name: string): void;
  text(text: string): void;
  fault(fault: string): void;
}

export class XmlReader {
  private readonly parser = new SaxesParser();
  private sinceElement = 0;
  /** The parser takes the document for ended. */
  private ended = false;
  /** The end of what was written, from an ampersand on. */
  private pending = '';

  /** @param kind what the file should be, such as TMX, for faults */
  constructor(
    private readonly file: string,
    private readonly kind: string,
    listener: XmlListener,
  ) {
    const { parser } = this;
    parser.on('opentag', (tag) => {
      this.sinceElement = 0;
      listener.open(tag);
    });
    parser.on('closetag', ({ name }) => {
      this.sinceElement = 0;
      listener.close(name);
    });
    parser.on('text', (text) => listener.text(text));
    parser.on('cdata', (text) => listener.text(text.replaceAll(bareAmpersand, '&')));
    parser.on('error', (error) => {
      const message = error.message.replace(/^\d+:\d+:\s*|\.$/g, '');
      if (!this.ended || !consequences.test(message)) listener.fault(`is no ${kind}: ${message}`);
      if (message.startsWith('unmatched closing tag')) this.ended = true;
    });
  }

  /** Where the parser is, from 1. */
  get line(): number {
    return this.parser.line;
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
        `${this.file}: 16 MiB after line ${this.parser.line} there is still no end of an element; it does not look like ${this.kind}.`,
      );
    }
  }

  close(): void {
    this.parser.write(this.pending.replace(notAnEntity, bareAmpersand)).close();
  }
}

/** What is wrong with a text that an XmlReader hands on, if something is. */
export function faultOfText(text: string): string | undefined {
  if (text.includes(bareAmpersand)) return 'has an ampersand that is not written as &amp;';
  return text.includes('\uFFFD') ? 'is not in the encoding that the file declares' : undefined;
}
