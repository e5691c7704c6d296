// `npm run corpus -- --to de`: makes parallel corpora, English to another language, from the packages of Debian's archive.
// It downloads: running it is asking for that, and it says how much before it begins. docs/corpus.md describes what comes
// out.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { languageOf } from './corpus/languages.mjs';
import { ensureBuilt } from './setup/built.mjs';
import { Failure, enter, say } from './setup/failure.mjs';
import { ensureInstalled } from './setup/installed.mjs';
import { stopEverythingOnSignals } from './setup/processes.mjs';

const usage = `npm run corpus -- --to <language> [options]

  --to <language>       what the texts are translated into: de, es, pt-BR, zh …
  --output <folder>     for packages and corpora (runs/corpus)
  --packages <names>    of Debian packages, with commas between them; by default the 1,331 that the corpora of this
                        project are made of (scripts/corpus/packages.txt)
  --dry-run             says what would be downloaded, and ends
  --help

Broken off, the same command goes on. Packages stay in the folder for the next language.`;

/** @param {number} bytes */
const mega = (bytes) => (bytes / 1e6).toFixed(0);

let lastSaid = 0;

/** Once a second at most, and on a terminal in one line. @param {string} line */
function progress(line) {
  if (Date.now() - lastSaid < (process.stderr.isTTY ? 200 : 5000)) return;
  lastSaid = Date.now();
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
  else say(line);
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        to: { type: 'string' },
        output: { type: 'string', default: path.join('runs', 'corpus') },
        packages: { type: 'string' },
        'dry-run': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new Failure(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`, 2);
  }
}

await enter(async () => {
  const options = readOptions();
  if (options.help === true) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  if (options.to === undefined)
    throw new Failure(`Which language? For example: npm run corpus -- --to es\n\n${usage}`, 2);
  const language = languageOf(options.to);
  // npm runs scripts in the repository; a person's paths start where the person is.
  const folder = path.resolve(process.env['INIT_CWD'] ?? process.cwd(), options.output);
  const names = options.packages
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  stopEverythingOnSignals({
    announce: () => say('\nStopping. What is downloaded stays; the same command goes on.'),
  });
  await ensureInstalled();
  await ensureBuilt();
  const { gather, loadLibraries, plan, write } = await import('./corpus/make.mjs');

  const { apt, candidates } = await plan({ language, folder, names, say });
  if (options['dry-run'] === true) return 0;
  await apt.download(candidates, (done, of) => progress(`Downloading: ${mega(done)} of ${mega(of)} MB`));
  const libraries = loadLibraries();
  const gathered = await gather({
    ...{ apt, candidates, language, libraries, allDescriptions: names === undefined },
    onProgress: (done) => progress(`Reading: ${done} of ${candidates.length} packages`),
  });
  if (gathered.software.isEmpty && gathered.docs.isEmpty) {
    throw new Failure(
      `No package has texts in “${language.tag}”: nothing is written. Is that the language's code?`,
    );
  }
  say('Filtering and writing …');
  const { packages: _, ...report } = await write({ gathered, candidates, language, folder, libraries });
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  say(
    `Written to ${folder}: software/ and docs/ (en-${language.tag}.*.tsv.gz), licences/, en-${language.tag}.json.`,
  );
  return 0;
});
