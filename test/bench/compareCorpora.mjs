// `node test/bench/compareCorpora.mjs --made runs/corpus --other <folder> --to de`: how near the corpora that
// `npm run corpus` made come to others that were made from the same packages. Both folders have software/ and docs/ with
// en-<language>.{train,valid,test}.tsv.gz. Prints a line a kind of source: how many of the other's pairs were found
// (recall), and how many of ours the other has too (precision). Only what comes from packages that we read is compared.
// The other's paragraphs are cut into sentences as ours are.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { pairSentences } from '../../scripts/corpus/alignment.mjs';
import { loadLibraries } from '../../scripts/corpus/make.mjs';

const { values: options } = parseArgs({
  options: {
    made: { type: 'string', default: path.join('runs', 'corpus') },
    other: { type: 'string' },
    to: { type: 'string', default: 'de' },
    /** Prints so many of what was missed, and of what only we have. */
    show: { type: 'string', default: '0' },
  },
});
if (options.other === undefined) throw new Error('Compare with what? --other names a folder of corpora.');
const { splitSentences } = loadLibraries();

/** The pairs of a folder. */
function* read(folder) {
  for (const kind of ['software', 'docs']) {
    for (const part of ['train', 'valid', 'test']) {
      const file = path.join(folder, kind, `en-${options.to}.${part}.tsv.gz`);
      for (const line of gunzipSync(readFileSync(file)).toString('utf8').split('\n')) {
        if (line === '') continue;
        const [source, target, origin] = line.split('\t');
        const [prefix, name] = origin.includes(':') ? origin.split(':') : ['messages', origin];
        const pairs =
          kind === 'docs' ? pairSentences([source, target], splitSentences, options.to) : [[source, target]];
        for (const pair of pairs) yield { kind: prefix, name, source: pair[0], target: pair[1] };
      }
    }
  }
}

const report = JSON.parse(readFileSync(path.join(options.made, `en-${options.to}.json`), 'utf8'));
const packages = new Set(Object.keys(report.packages));
const made = [...read(options.made)];
const others = [...read(options.other)];
const targetsOf = (pairs) => {
  const targets = new Map();
  for (const { source, target } of pairs) {
    if (!targets.has(source)) targets.set(source, new Set());
    targets.get(source).add(target);
  }
  return targets;
};
const ours = targetsOf(made);
const theirs = targetsOf(others);
const share = (part, all) => (all === 0 ? undefined : Number((part / all).toFixed(3)));

for (const kind of ['messages', 'help', 'man', 'ddtp']) {
  const wanted = others.filter((pair) => pair.kind === kind && packages.has(pair.name));
  const given = made.filter((pair) => pair.kind === kind);
  const found = wanted.filter(({ source, target }) => ours.get(source)?.has(target));
  const shared = given.filter(({ source, target }) => theirs.get(source)?.has(target));
  const otherTarget = given.filter(
    ({ source, target }) => theirs.has(source) && !theirs.get(source).has(target),
  );
  const line = {
    kind,
    other: wanted.length,
    found: found.length,
    recall: share(found.length, wanted.length),
    made: given.length,
    shared: shared.length,
    precision: share(shared.length, given.length),
    translatedOtherwise: otherTarget.length,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
  show(
    'missed',
    wanted.filter((pair) => !found.includes(pair)),
  );
  show(
    'only here',
    given.filter(({ source }) => !theirs.has(source)),
  );
}

/** Some pairs, evenly spread. */
function show(title, pairs) {
  const count = Math.min(Number(options.show), pairs.length);
  for (let index = 0; index < count; index++) {
    const { name, source, target } = pairs[Math.floor((index * pairs.length) / count)];
    process.stdout.write(`  ${title}: ${source} ¦ ${target} (${name})\n`);
  }
}
