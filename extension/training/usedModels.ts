/**
 * Models of runs that the person uses for translation. Each is a copy of its own, exported into a folder that the engine
 * looks through before all others, so that a run may train on, or be deleted. The folder's name says which run and step
 * it is of; another step has another name, and what is remembered of the model before is not mistaken for its own.
 */
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Engines } from '../engine/engines';
import type { RequestOptions } from '../engine/engineProcess';
import { readJsonIfSound, writeJson } from './jsonFile';
import { makeModel, removeModel } from './modelFolder';

/** Beside the engine's files of a model: where it came from. */
const sourceFile = 'polyhead-source.json';

export interface UsedModel {
  readonly folder: string;
  readonly from: string;
  readonly to: string;
  readonly name: string;
  /** The run's id, which may be deleted by now. */
  readonly run: string;
  readonly step: number;
}

/** A model of a run. */
export interface Source {
  readonly run: string;
  readonly from: string;
  readonly to: string;
  readonly step: number;
  /** The checkpoint's folder. */
  readonly folder: string;
  /** What the model is called. */
  readonly name: string;
}

export class UsedModels {
  readonly #folder: () => string;
  readonly #engines: Engines;

  constructor(folder: () => string, engines: Engines) {
    this.#folder = folder;
    this.#engines = engines;
  }

  async list(): Promise<UsedModel[]> {
    const folder = this.#folder();
    const names = await readdir(folder).catch(() => []);
    const models = await Promise.all(
      names.filter((name) => !name.startsWith('.')).map((name) => read(path.join(folder, name))),
    );
    return models.filter((model) => model !== undefined);
  }

  /** From now on the model translates its pair. @throws EngineError */
  async use(source: Source, options: RequestOptions<'exportModel'> = {}): Promise<void> {
    const before = await this.list();
    const { from, to, run, step, name } = source;
    const folder = this.#folder();
    await mkdir(folder, { recursive: true });
    const base = path.basename(source.folder).replace(/[^A-Za-z0-9-]/g, '');
    const output = path.join(folder, `${from}-${to}-${run}-${base}`);
    const again = before.find((model) => model.folder === output);
    if (again === undefined) {
      await makeModel(output, async (unfinished) => {
        await this.#engines.work(
          'exportModel',
          { model: source.folder, output: unfinished, format: 'folder', name },
          options,
        );
        await writeJson(path.join(unfinished, sourceFile), { run, step, from, to, name });
      });
    }
    for (const model of before) {
      if (model.from === from && model.to === to && model.folder !== output) await removeModel(model.folder);
    }
    this.#engines.renew();
  }

  /** The pair is translated again by the model that did so before. */
  async giveUp(model: UsedModel): Promise<void> {
    await removeModel(model.folder);
    this.#engines.renew();
  }
}

async function read(folder: string): Promise<UsedModel | undefined> {
  const source = await readJsonIfSound(path.join(folder, sourceFile));
  const { run, step, from, to, name } = source ?? {};
  const texts = [run, from, to, name];
  if (!texts.every((text) => typeof text === 'string') || typeof step !== 'number') return undefined;
  return { folder, step, ...(source as unknown as Pick<UsedModel, 'run' | 'from' | 'to' | 'name'>) };
}
