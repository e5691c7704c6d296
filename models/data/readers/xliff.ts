/**
 * XLIFF 1.2 (OASIS 2008) and 2.x (OASIS 2014, 2018): units with a source and a target. Targets that say of themselves
 * that they are still to be translated are left out; so are units whose XML is broken, and the others are read on.
 */
import type { SaxesTagPlain } from 'saxes';
import type { Meter } from '../lines';
import { foldLines, primaryLanguage, type Candidate, type Candidates, type Languages } from './candidates';
import { faultOfText, readXmlText, XmlReader, type XmlListener } from './xmlText';

/**
 * Reads the pairs of two languages; the other way round where the file translates into the source language.
 *
 * @param unnamed what is taken for a language that the file does not name: the one that is wanted, unless given
 * @throws UserError where the file cannot be read to its end, or is in an unknown encoding
 */
export async function* readXliff(
  file: string,
  languages: Languages,
  meter?: Meter,
  unnamed: Languages = { from: '', to: '' },
): Candidates {
  const units = new UnitReader(file, languages, unnamed);
  for await (const text of readXmlText(file, meter)) {
    units.write(text);
    yield units.take();
  }
  units.end();
  yield units.take();
}

/** A trans-unit of 1.2, a segment of 2.x. */
interface Unit {
  readonly line: number;
  source?: string;
  target?: string;
  /** The target is a copy, a draft, or marked as not translated. */
  unfinished: boolean;
  fault?: { readonly line: number; readonly fault: string };
}

const unitElements: ReadonlySet<string> = new Set(['trans-unit', 'segment']);
/** Elements of 1.2 whose content is code of the document, not its text; those of 2.x have none. `g` and `mrk` hold text. */
const codeElements: ReadonlySet<string> = new Set(['bpt', 'ept', 'it', 'ph']);
/** What 1.2 and 2.x call targets that nobody has translated or looked at. */
const unfinishedStates: ReadonlySet<string> = new Set([
  ...['new', 'needs-translation', 'needs-l10n', 'needs-adaptation', 'needs-review-translation'],
  'initial',
]);

class UnitReader implements XmlListener {
  private readonly xml: XmlReader;
  private candidates: Candidate[] = [];
  private unit: Unit | undefined;
  /** Of the document, and of the file in hand. */
  private document: Languages;
  private translates: Languages;
  private side: 'source' | 'target' | undefined;
  /** Elements that are open inside a side. */
  private depth = 0;
  private codeDepth = Infinity;
  /** Inside of suggestions (alt-trans of 1.2, matches of 2.x), which are not this file's translations. */
  private suggestions = 0;
  private strayFault = false;

  constructor(
    private readonly file: string,
    private readonly languages: Languages,
    unnamed: Languages,
  ) {
    this.document = unnamed;
    this.translates = unnamed;
    this.xml = new XmlReader(file, 'XLIFF', this);
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

  open({ name: qualified, attributes }: SaxesTagPlain): void {
    const name = localName(qualified);
    if (this.side !== undefined) {
      this.depth++;
      if (codeElements.has(name) && this.depth < this.codeDepth) this.codeDepth = this.depth;
      // What stands for something else says for what: {{name}}, <b>.
      this.append(attributes['equiv-text'] ?? attributes['disp'] ?? '');
    } else if (name === 'alt-trans' || name === 'matches') this.suggestions++;
    else if (this.suggestions > 0) return;
    else if (name === 'xliff') {
      const { from, to } = this.document;
      this.document = { from: attributes['srcLang'] ?? from, to: attributes['trgLang'] ?? to };
      this.translates = this.document;
    } else if (name === 'file') {
      this.translates = {
        from: attributes['source-language'] ?? this.document.from,
        to: attributes['target-language'] ?? this.document.to,
      };
    } else if (unitElements.has(name)) {
      if (this.unit) this.endUnit();
      const unfinished = attributes['approved'] === 'no' || unfinishedStates.has(attributes['state'] ?? '');
      this.unit = { line: this.xml.line, unfinished };
      this.strayFault = false;
    } else if ((name === 'source' || name === 'target') && this.unit) {
      this.side = name;
      this.unit[name] = '';
      if (name === 'target' && unfinishedStates.has(attributes['state'] ?? '')) this.unit.unfinished = true;
    }
  }

  close(qualified: string): void {
    const name = localName(qualified);
    if (this.side !== undefined && this.depth > 0) {
      if (this.depth === this.codeDepth) this.codeDepth = Infinity;
      this.depth--;
    } else if (this.side !== undefined) this.side = undefined;
    else if (name === 'alt-trans' || name === 'matches') this.suggestions = Math.max(0, this.suggestions - 1);
    else if (unitElements.has(name) && this.unit) this.endUnit();
  }

  text(text: string): void {
    if (this.side === undefined || this.depth >= this.codeDepth) return;
    const fault = faultOfText(text);
    if (fault !== undefined) this.fault(fault);
    this.append(text);
  }

  fault(fault: string): void {
    const { line } = this.xml;
    if (this.unit) this.unit.fault ??= { line, fault };
    else if (!this.strayFault) {
      this.strayFault = true;
      this.candidates.push({ file: this.file, line, fault });
    }
  }

  private append(text: string): void {
    if (this.unit && this.side !== undefined) this.unit[this.side] += text;
  }

  private endUnit(): void {
    const { source, target, unfinished, fault } = this.unit!;
    this.unit = undefined;
    this.side = undefined;
    this.depth = 0;
    this.codeDepth = Infinity;
    this.strayFault = fault !== undefined;
    const direction = directionOf(this.translates, this.languages);
    if (fault) this.candidates.push({ file: this.file, ...fault });
    else if (direction === undefined) this.candidates.push({ omitted: 'otherLanguage' });
    // A template has no targets: there is nothing to be said of it.
    else if (source !== undefined && target !== undefined) {
      const pair = [foldLines(source), foldLines(target)] as const;
      const [first, second] = direction === 'forward' ? pair : [pair[1], pair[0]];
      this.candidates.push(unfinished ? { omitted: 'fuzzy' } : { source: first, target: second });
    }
  }
}

function directionOf({ from, to }: Languages, wanted: Languages): 'forward' | 'backward' | undefined {
  const fits = (tag: string, language: string): boolean =>
    tag === '' || primaryLanguage(tag) === primaryLanguage(language);
  if (fits(from, wanted.from) && fits(to, wanted.to)) return 'forward';
  return fits(from, wanted.to) && fits(to, wanted.from) ? 'backward' : undefined;
}

/** Without the prefix of a namespace. */
function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
