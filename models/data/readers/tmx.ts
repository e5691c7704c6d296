/**
 * TMX 1.1–1.4b (Localization Industry Standards Association, 2005): translation units with a variant a language. A unit
 * whose XML is broken is left out; the others are read on.
 */
import type { SaxesTagPlain } from 'saxes';
import type { Meter } from '../lines';
import { foldLines, primaryLanguage, type Candidate, type Candidates, type Languages } from './candidates';
import { faultOfText, readXmlText, XmlReader, type XmlListener } from './xmlText';

/** Elements whose content is markup of the document that the segment is from, not its text. `hi` holds text. */
const codeElements: ReadonlySet<string> = new Set(['bpt', 'ept', 'it', 'ph', 'ut']);

/**
 * Reads the pairs of two languages: `en` finds `en-GB` where there is no `en`.
 *
 * @throws UserError where the file cannot be read to its end, or is in an unknown encoding
 */
export async function* readTmx(file: string, languages: Languages, meter?: Meter): Candidates {
  const units = new UnitReader(file, languages);
  for await (const text of readXmlText(file, meter)) {
    units.write(text);
    yield units.take();
  }
  units.end();
  yield units.take();
}

interface Unit {
  readonly line: number;
  readonly variants: { readonly language: string; text: string }[];
  fault?: { readonly line: number; readonly fault: string };
}

class UnitReader implements XmlListener {
  private readonly xml: XmlReader;
  private candidates: Candidate[] = [];
  private unit: Unit | undefined;
  private language = '';
  /** Elements that are open around the text: 0 outside of segments. */
  private depth = 0;
  /** Depth at which markup of a document began. */
  private codeDepth = Infinity;
  /** Outside of units a fault is told once until the next one, and none after a unit's: it mostly brings others along. */
  private strayFault = false;

  constructor(
    private readonly file: string,
    private readonly languages: Languages,
  ) {
    this.xml = new XmlReader(file, 'TMX', this);
  }

  write(text: string): void {
    this.xml.write(text);
  }

  end(): void {
    this.xml.close();
    if (this.unit) this.endUnit();
  }

  /** What was read since the last time. */
  take(): Candidate[] {
    const { candidates } = this;
    this.candidates = [];
    return candidates;
  }

  open({ name, attributes }: SaxesTagPlain): void {
    if (this.depth > 0) {
      this.depth++;
      if (codeElements.has(name) && this.depth < this.codeDepth) this.codeDepth = this.depth;
      return;
    }
    if (name === 'tu') {
      if (this.unit) this.endUnit();
      this.unit = { line: this.xml.line, variants: [] };
      this.strayFault = false;
    } else if (name === 'tuv') this.language = attributes['xml:lang'] ?? attributes['lang'] ?? '';
    else if (name === 'seg' && this.unit) {
      this.unit.variants.push({ language: this.language, text: '' });
      this.depth = 1;
    }
  }

  close(name: string): void {
    if (this.depth > 0) {
      if (this.depth === this.codeDepth) this.codeDepth = Infinity;
      this.depth--;
    } else if (name === 'tu' && this.unit) this.endUnit();
  }

  text(text: string): void {
    if (this.depth === 0 || this.depth >= this.codeDepth || !this.unit) return;
    const fault = faultOfText(text);
    if (fault !== undefined) this.fault(fault);
    this.unit.variants.at(-1)!.text += text;
  }

  fault(fault: string): void {
    const { line } = this.xml;
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
    this.strayFault = fault !== undefined;
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
