/**
 * `npm run bench -- spans`: counts what must survive a translation and what did, by kind, over made sentences, lines of
 * test sets and comments of real sources. One line of JSON, which scripts/bench.mjs reads; `lost` names what is gone from
 * a text that was translated.
 */
import path from 'node:path';
import { keepsNames } from '../../extension/prose/keptParts';
import { Translator } from '../../models/inference/translator';
import { missing, spanKinds, spansOf, type SpanKind } from './spanKinds';
import { commentTexts, lineTexts, madeTexts, type SpanText } from './spanTexts';

interface Count {
  spans: number;
  lost: number;
}
interface Source {
  texts: number;
  /** Texts that stayed as they were, and were said to. */
  left: number;
  names: Count;
  kinds: Partial<Record<SpanKind, Count>>;
  lost: string[];
}

async function count(translator: Translator, texts: readonly SpanText[]): Promise<Source> {
  const source: Source = { texts: texts.length, left: 0, names: { spans: 0, lost: 0 }, kinds: {}, lost: [] };
  const translated = await translator.translate(
    texts.map(({ text }) => text),
    { keep: texts.map(({ keep }) => keep) },
  );
  translated.forEach(({ text: translation, segments }, index) => {
    const { text, keep } = texts[index]!;
    if (segments.every(({ left }) => left)) source.left++;
    source.names.spans += keep.length;
    for (const name of keep.filter((part) => !keepsNames(text, translation, [part]))) {
      source.names.lost++;
      source.lost.push(`name ${name} | ${text} | ${translation}`);
    }
    for (const kind of Object.keys(spanKinds) as SpanKind[]) {
      const before = spansOf(text, kind);
      if (before.length === 0) continue;
      const lost = missing(before, text, translation);
      const counted = (source.kinds[kind] ??= { spans: 0, lost: 0 });
      counted.spans += before.length;
      counted.lost += lost.length;
      for (const span of lost) source.lost.push(`${kind} ${span} | ${text} | ${translation}`);
    }
  });
  return source;
}

async function main(models: string, root: string, corpora: string): Promise<void> {
  const tests = ['software', 'docs'].map((name) => path.join(corpora, name, 'en-de.test.tsv.gz'));
  const result: Record<string, Source> = {};
  for (const [from, to] of [
    ['en', 'de'],
    ['de', 'en'],
  ] as const) {
    const translator = await Translator.load(path.join(models, `${from}-${to}`));
    const sources: Record<string, SpanText[]> = {
      made: madeTexts(from),
      lines: lineTexts(tests, from === 'en' ? 0 : 1, 400),
    };
    if (from === 'en') {
      sources['comments of node_modules'] = commentTexts([path.join(root, 'node_modules')], 600);
      sources['comments of Python and C'] = commentTexts(
        ['/usr/lib/python3', '/usr/lib/python3.11', '/usr/include'],
        400,
      );
    }
    for (const [name, texts] of Object.entries(sources))
      if (texts.length > 0) result[`${from}-${to}, ${name}`] = await count(translator, texts);
    await translator.dispose();
  }
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

void main(process.argv[2]!, process.argv[3]!, process.argv[4]!);
