// Asks apt, with lists and a cache of our own: nothing of the machine's own state changes, and no rights are needed.
// Where packages come from, and whose signatures count, is what the machine's apt is set up with.
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Failure } from '../setup/failure.mjs';
import { onPath, run } from '../setup/processes.mjs';

/**
 * @typedef {object} Candidate a package as it would be downloaded
 * @property {string} name
 * @property {string} version
 * @property {number} size bytes
 * @property {string} sha256
 * @property {string} file name of the .deb
 */

const packageName = /^[a-z0-9][a-z0-9+.-]{1,100}$/;
const listsAgeMs = 24 * 3600_000;
/** Packages a call of apt-get: what is broken off loses that many at most. */
const batch = 20;

/** apt on a folder of its own. */
export class Apt {
  /** @type {string} */
  #folder;
  /** @type {string} */
  #config;
  /** @type {string[]} */
  #languages;

  /**
   * @param {string} folder for lists, cache and packages
   * @param {string[]} languages of the lists of descriptions, in apt's spelling
   * @throws {Failure} where there is no apt
   */
  constructor(folder, languages) {
    for (const tool of ['apt-get', 'apt-cache', 'dpkg-deb']) {
      if (onPath(tool) === undefined) {
        throw new Failure(
          `Corpora are made from Debian's packages, and ${tool} is not on this machine: run this on Debian or in a container of it.`,
        );
      }
    }
    if (/["\\\n]/.test(folder))
      throw new Failure(`apt cannot work in the folder ${folder}: choose another one.`, 2);
    this.#folder = folder;
    this.#config = path.join(folder, 'apt', 'apt.conf');
    this.#languages = languages;
    const lists = path.join(folder, 'apt', 'lists');
    const cache = path.join(folder, 'apt', 'cache');
    mkdirSync(path.join(lists, 'partial'), { recursive: true });
    mkdirSync(path.join(cache, 'archives', 'partial'), { recursive: true });
    mkdirSync(this.packages, { recursive: true });
    writeFileSync(
      this.#config,
      [
        // What the machine's own settings say, and what it does after an update, is for its own lists.
        ...['Acquire::Languages', 'APT::Update::Post-Invoke', 'APT::Update::Post-Invoke-Success'].map(
          (name) => `#clear ${name};`,
        ),
        `Acquire::Languages { ${languages.map((language) => `"${language}";`).join(' ')} };`,
        'Acquire::GzipIndexes "false";',
        `Dir::State::lists "${lists}";`,
        `Dir::Cache "${cache}";`,
        '',
      ].join('\n'),
    );
  }

  /** Where the packages lie. */
  get packages() {
    return path.join(this.#folder, 'packages');
  }

  /**
   * Fetches the lists of packages and descriptions, unless those of the last day are there.
   * @param {(line: string) => void} say
   * @throws {Failure} with apt's last words
   */
  async update(say) {
    const stamp = path.join(this.#folder, 'apt', `updated.${this.#languages.join('+')}`);
    if (existsSync(stamp) && Date.now() - statSync(stamp).mtimeMs < listsAgeMs) return;
    say('Fetching the lists of packages and descriptions (about 20 MB) …');
    await this.#ask('apt-get', ['update']);
    writeFileSync(stamp, '');
  }

  /**
   * What there is of packages; names that Debian does not have are missing from the answer.
   * @param {readonly string[]} names
   * @returns {Promise<Candidate[]>} sorted by name
   */
  async candidates(names) {
    for (const name of names) {
      if (!packageName.test(name)) throw new Failure(`“${name}” is no name of a Debian package.`, 2);
    }
    /** @type {Map<string, Candidate>} */
    const found = new Map();
    for (let start = 0; start < names.length; start += 200) {
      const asked = names.slice(start, start + 200);
      const { output } = await this.#run('apt-cache', ['show', '--no-all-versions', ...asked]);
      for (const stanza of output.split(/\n{2,}/)) {
        const field = (/** @type {string} */ name) =>
          new RegExp(`^${name}: (\\S+)$`, 'm').exec(stanza)?.[1] ?? '';
        const candidate = {
          name: field('Package'),
          version: field('Version'),
          size: Number(field('Size')),
          sha256: field('SHA256'),
          file: `${field('Package')}_${field('Version').replaceAll(':', '%3a')}_${field('Architecture')}.deb`,
        };
        if (/^[0-9a-f]{64}$/.test(candidate.sha256) && !candidate.file.includes('/'))
          found.set(candidate.name, candidate);
      }
    }
    return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Whether a package is here, whole. @param {Candidate} candidate */
  has({ file, size }) {
    const there = path.join(this.packages, file);
    return existsSync(there) && statSync(there).size === size;
  }

  /**
   * Downloads packages; those that are here stay. Each appears whole, its checksum compared.
   * @param {readonly Candidate[]} candidates
   * @param {(done: number, of: number) => void} onProgress in bytes
   * @throws {Failure} with apt's last words
   */
  async download(candidates, onProgress) {
    const missing = candidates.filter((candidate) => !this.has(candidate));
    const total = missing.reduce((sum, { size }) => sum + size, 0);
    let done = 0;
    for (let start = 0; start < missing.length; start += batch) {
      const part = missing.slice(start, start + batch);
      const unfinished = path.join(this.#folder, 'apt', 'unfinished');
      rmSync(unfinished, { recursive: true, force: true });
      mkdirSync(unfinished);
      await this.#ask(
        'apt-get',
        ['download', ...part.map(({ name, version }) => `${name}=${version}`)],
        unfinished,
      );
      for (const candidate of part) {
        await accept(path.join(unfinished, candidate.file), candidate);
        renameSync(path.join(unfinished, candidate.file), path.join(this.packages, candidate.file));
        done += candidate.size;
      }
      onProgress(done, total);
    }
  }

  /**
   * The text of the lists of descriptions in a language, of all archives that apt knows.
   * @param {string} language in apt's spelling
   * @returns {Promise<string>}
   */
  async descriptions(language) {
    const folder = path.join(this.#folder, 'apt', 'lists');
    // apt's own spelling of an underscore in a file's name.
    const ending = `_i18n_Translation-${language.replaceAll('_', '%5f')}`;
    const files = readdirSync(folder).filter((file) => file.endsWith(ending));
    const texts = await Promise.all(files.sort().map((file) => readFile(path.join(folder, file), 'utf8')));
    return texts.join('\n\n');
  }

  /** @param {string} command @param {string[]} args @param {string} [cwd] */
  async #ask(command, args, cwd) {
    const { code, output } = await this.#run(command, args, cwd);
    if (code !== 0)
      throw new Failure(`${command} ${args[0]} failed:\n${output.split('\n').slice(-5).join('\n')}`);
  }

  /** @param {string} command @param {string[]} args @param {string} [cwd] */
  #run(command, args, cwd = this.#folder) {
    const env = { ...process.env, LC_ALL: 'C.UTF-8' };
    return run(command, ['-q', '-c', this.#config, ...args], { cwd, env });
  }
}

/** @param {string} file @param {Candidate} candidate @throws {Failure} if it is another file than the list says */
async function accept(file, { name, sha256 }) {
  if (!existsSync(file))
    throw new Failure(`apt-get downloaded no ${path.basename(file)}. Run the command again.`);
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  if (hash.digest('hex') !== sha256)
    throw new Failure(`The package ${name} arrived damaged. Run the command again.`);
}
