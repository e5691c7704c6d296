import type { RunSummary } from '../../webview/training/messages';

/**
 * What stands in the tree of runs and models, by name: commands are given one and look up the rest. VS Code hands items
 * back to commands, so that they hold nothing that grows old.
 */
export type RunsItem =
  /** A run. `contextValue`: as runContext says. */
  | { readonly kind: 'run'; readonly run: string }
  /** A model in a run's folder. `contextValue`: `checkpoint`, `best` or `average`. */
  | { readonly kind: 'checkpoint'; readonly run: string; readonly name: string }
  /** The heading of models that are no run's. */
  | { readonly kind: 'models' }
  /** A model that translates, or can. `contextValue`: the origin; of a configured one `imported`, whose menu it has. */
  | {
      readonly kind: 'model';
      readonly origin: ModelOrigin;
      /** Another one for the same languages comes before it. */
      readonly idle: boolean;
      readonly folder: string;
      readonly name: string;
      readonly from: string;
      readonly to: string;
    };

/**
 * `used`: of a run, for translation; `imported`: the person's own; `configured`: so, in a folder of polyhead.modelFolders;
 * `shipped`: comes with Polyhead.
 */
export type ModelOrigin = 'used' | 'imported' | 'configured' | 'shipped';

/**
 * What the menus of a run depend on: `run:<state>:usable`, or `run:<state>:empty` before its first checkpoint. A run that
 * another window trains is `elsewhere`: it is paused, stopped and deleted there.
 */
export function runContext({
  state,
  elsewhere,
  usable,
}: Pick<RunSummary, 'state' | 'elsewhere' | 'usable'>): string {
  return `run:${elsewhere ? 'elsewhere' : state}:${usable ? 'usable' : 'empty'}`;
}
