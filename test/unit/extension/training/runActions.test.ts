/** What a person does with runs: how far one goes on, what its average is of, and what comes after it. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { RunActions, type RunActionsOptions } from '../../../../extension/training/runActions';
import type { Checkpoint } from '../../../../extension/training/runStore';
import type { Budget, RunState } from '../../../../webview/training/messages';
import { temporaryFolder } from '../../temporaryFolder';
import { someForm } from './someRuns';

interface InputBox {
  readonly validateInput: (value: string) => string | undefined;
}
interface Choice {
  readonly label: string;
}

/** What VS Code's boxes were asked, and what the person says to them. */
const person = vi.hoisted(() => ({
  written: undefined as string | undefined,
  box: undefined as InputBox | undefined,
  choices: [] as readonly Choice[],
  deleted: [] as string[],
}));

vi.mock('vscode', async () => {
  const fake = (await import('../fakeVscode')).fakeVscode();
  return {
    ...fake,
    Uri: { file: (fsPath: string) => ({ fsPath }) },
    workspace: {
      fs: { delete: ({ fsPath }: { fsPath: string }) => Promise.resolve(void person.deleted.push(fsPath)) },
    },
    window: {
      ...fake.window,
      showInputBox: (box: InputBox) => {
        person.box = box;
        return Promise.resolve(person.written);
      },
      showQuickPick: (choices: readonly Choice[]) => {
        person.choices = choices;
        return Promise.resolve(choices[0]);
      },
      showWarningMessage: (_: string, __: object, button: string) => Promise.resolve(button),
    },
  };
});

const temporary = temporaryFolder('run-actions');
let folder = '';
let count = 0;
beforeEach(async () => {
  folder = temporary(`run-${count++}`);
  await mkdir(folder);
  Object.assign(person, { written: undefined, box: undefined, choices: [], deleted: [] });
});

const checkpoint = (step: number, more: Partial<Checkpoint> = {}): Checkpoint => ({
  ...{ name: `checkpoint-${String(step).padStart(8, '0')}`, step, bytes: 1 },
  ...{ best: false, apart: false, average: false },
  ...more,
});

interface Standing {
  readonly state?: RunState;
  readonly budget?: Budget;
  readonly checkpoints?: readonly Checkpoint[];
  readonly work?: (method: string, parameters: { which: number; output: string }) => Promise<unknown>;
}

/** The actions on a run that stands so, and what came of them. */
function actionsOn({ state = 'finished', budget, checkpoints = [], work }: Standing) {
  const plan = { form: { ...someForm, ...(budget && { budget }) }, corpora: [] };
  const record = { format: 1, name: 'A run', created: 1, state, plan };
  const did: string[] = [];
  const updated: unknown[] = [];
  const actions = new RunActions({
    trainings: {
      find: () => ({ run: { id: 'a', folder, record, checkpoints, bytes: 1 }, summary: { state } }),
      refresh: () => Promise.resolve(),
      store: {
        forgetSizes: () => undefined,
        update: (_: string, change: (before: unknown) => unknown) =>
          Promise.resolve(void updated.push(change(record))),
      },
      queue: {
        resume: (id: string) => Promise.resolve(void did.push(`resume ${id}`)),
        advance: () => Promise.resolve(void did.push('advance')),
      },
    },
    engines: { work },
  } as unknown as RunActionsOptions);
  return { actions, did, updated };
}

describe('a run that goes on', () => {
  it.each<[Budget, string[], string[]]>([
    [
      { kind: 'minutes', minutes: 60 },
      ['90', '60.5', '1000000'],
      ['59', 'x', '1000001', '9999999', 'Infinity'],
    ],
    [{ kind: 'steps', steps: 100 }, ['101', '1000000000'], ['100', '100.5', '1000000001', 'Infinity', '']],
    [{ kind: 'patience', patience: 5 }, ['6', '10000'], ['5', '10001', 'NaN']],
  ])('is given no more than a run can be asked for: %j', async (budget, right, wrong) => {
    const { actions, did } = actionsOn({ budget });
    await actions.resume('a');
    expect(did).toEqual([]);
    const { validateInput } = person.box!;
    for (const value of right) expect(validateInput(value), value).toBeUndefined();
    for (const value of wrong) expect(validateInput(value), value).toMatch(/number/);
  });

  it('is given what the person says', async () => {
    person.written = '90';
    const { actions, did, updated } = actionsOn({ budget: { kind: 'minutes', minutes: 60 } });
    await actions.resume('a');
    expect(updated).toMatchObject([{ plan: { form: { budget: { kind: 'minutes', minutes: 90 } } } }]);
    expect(did).toEqual(['resume a']);
  });
});

describe('an average', () => {
  const checkpoints = [
    ...[checkpoint(400), checkpoint(300), checkpoint(200)],
    ...[checkpoint(50, { best: true, apart: true }), checkpoint(400, { average: true })],
  ];
  const name = 'average-3-00000400';

  it('is of the last checkpoints, without one that stays for being the best alone', async () => {
    const asked: unknown[] = [];
    const { actions } = actionsOn({
      checkpoints,
      work: async (_, { which, output }) => {
        asked.push(which);
        await mkdir(output);
      },
    });
    await actions.average('a');
    expect(person.choices.map(({ label }) => label)).toEqual([
      'The newest 3 checkpoints',
      'The newest 2 checkpoints',
    ]);
    expect(asked).toEqual([3]);
    expect(await readdir(folder)).toEqual([name]);
  });

  it('is none of two of which one is there for that alone', async () => {
    const { actions } = actionsOn({ checkpoints: [checkpoint(400), checkpoint(50, { apart: true })] });
    await expect(actions.average('a')).rejects.toThrow('two checkpoints at least');
  });

  it('comes into the place of an earlier one when it is whole, and not before', async () => {
    const config = path.join(folder, name, 'config.json');
    await mkdir(path.dirname(config));
    await writeFile(config, 'before');
    let fails = true;
    const { actions } = actionsOn({
      checkpoints,
      work: async (_, { output }) => {
        // Where a training removes what it takes for its own, half-written, it must not take this.
        expect(path.basename(output)).toMatch(/^\.(?!unfinished-)/);
        await mkdir(output);
        await writeFile(path.join(output, 'config.json'), 'after');
        if (fails) throw new Error('A checkpoint is damaged.');
      },
    });
    await expect(actions.average('a')).rejects.toThrow('damaged');
    expect(await readFile(config, 'utf8')).toBe('before');
    expect(await readdir(folder)).toEqual([name]);
    fails = false;
    await actions.average('a');
    expect(await readFile(config, 'utf8')).toBe('after');
    expect(await readdir(folder)).toEqual([name]);
  });
});

describe('a run that is deleted', () => {
  it.each<[RunState, string[]]>([
    ['paused', ['advance']],
    ['interrupted', ['advance']],
    ['waiting', []],
    ['finished', []],
    ['failed', []],
  ])('lets the next one begin where it held that up: %s', async (state, expected) => {
    const { actions, did } = actionsOn({ state });
    expect(await actions.delete('a')).toBe(true);
    expect(person.deleted).toEqual([folder]);
    expect(did).toEqual(expected);
  });

  it('does not where it was a checkpoint of it alone', async () => {
    const { actions, did } = actionsOn({ state: 'paused' });
    await actions.delete('a', checkpoint(50));
    expect(did).toEqual([]);
  });
});
