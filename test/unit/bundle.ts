/**
 * Builds one of the product's bundles for tests that start it as a process, with the product's own bundler settings,
 * so that the tests run what the product runs. Takes a second or two.
 */
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import webpack, { type Configuration } from 'webpack';

const root = path.resolve(import.meta.dirname, '../..');

export interface Bundle {
  /** Absolute path of the built file, in a folder `dist`. */
  readonly modulePath: string;
  /** What stands for the repository's root: the parent of `dist`, with the packages that stay outside of bundles. */
  readonly folder: string;
  remove(): Promise<void>;
}

type Entries = Record<string, string>;

/** What a program forks from beside itself, whichever configuration builds it. */
const neighbours: Entries = {
  corpus: './models/data/process/main.ts',
  deviceProbe: './models/devices/probe/main.ts',
};

/**
 * @param name which of webpack.config.mjs's configurations
 * @param entry what to build instead of the product's own entry, from the repository's root
 */
export async function buildBundle(name: string, entry?: string): Promise<Bundle> {
  const settings = (await import(pathToFileURL(path.join(root, 'webpack.config.mjs')).href)) as {
    default: Configuration[];
  };
  const configuration = settings.default.find((candidate) => candidate.name === name);
  if (configuration === undefined)
    throw new Error(`webpack.config.mjs has no configuration named “${name}”.`);
  const folder = await mkdtemp(path.join(tmpdir(), `polyhead-${name}-`));
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  const changed: Configuration = {
    ...configuration,
    mode: 'development',
    context: root,
    entry: entry === undefined ? { ...(configuration.entry as Entries), ...neighbours } : { [name]: entry },
    output: { ...configuration.output, path: path.join(folder, 'dist') },
  };
  await new Promise<void>((resolve, reject) => {
    webpack(changed, (error, stats) => {
      if (error) reject(error);
      else if (stats?.hasErrors() === true) reject(new Error(stats.toString('errors-only')));
      else resolve();
    });
  });
  return {
    modulePath: path.join(folder, 'dist', `${name}.js`),
    folder,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
