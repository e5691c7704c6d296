/** What the page calls the models that a run can go on from. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { baseModelsOf } from '../../../../extension/training/baseModels';
import type { StoredRun } from '../../../../extension/training/runStore';

const model = (name: string) => ({ name, from: 'en', to: 'de', folder: path.join('/home/ada/models', name) });
const checkpoint = (name: string, best = false, average = false) => ({ name, best, average });

function run(id: string, ...checkpoints: object[]): StoredRun {
  const known = { id, from: 'en', to: 'fr', folder: path.join('/runs', id), record: { name: 'A run' } };
  return { ...known, checkpoints } as unknown as StoredRun;
}

describe('the models to go on from', () => {
  it('keep their keys when another one comes, which are no paths', () => {
    const [before] = baseModelsOf([], [model('mine')]);
    const after = baseModelsOf([], [model('imported'), model('mine')]);
    expect(after[1]).toEqual(before);
    expect(after[0]!.key).not.toBe(after[1]!.key);
    for (const { key } of after) expect(key).not.toMatch(/ada|mine|imported|[\\/]/);
  });

  it('are a run’s best, or else its newest that is no average', () => {
    const average = checkpoint('average', false, true);
    const folders = [
      run('a', average, checkpoint('2'), checkpoint('1', true)),
      run('b', average, checkpoint('2')),
      run('c'),
    ];
    expect(baseModelsOf(folders, []).map(({ key, folder }) => [key, folder])).toEqual([
      ['run:a', path.join('/runs', 'a', '1')],
      ['run:b', path.join('/runs', 'b', '2')],
    ]);
  });
});
