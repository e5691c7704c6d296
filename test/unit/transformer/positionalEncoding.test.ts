/** §3.5, PE(pos, 2i) = sin(pos/10000^(2i/dModel)) and PE(pos, 2i+1) = cos(pos/10000^(2i/dModel)), in both layouts. */
import { describe, expect, it } from 'vitest';
import { input } from '../../../models/graph/tensor';
import { positionLayouts } from '../../../models/transformer/config';
import { embed } from '../../../models/transformer/embeddings';
import { inferenceContext } from '../../../models/transformer/layers';
import { Scope } from '../../../models/transformer/parameters';
import { sinusoids } from '../../../models/transformer/positionalEncoding';
import { evaluate, fed } from '../graph/run';
import { at, range, smallConfig, smallParameters, smallWeights } from './smallModel';

const dModel = 10;

/** The paper's formula for one position and one column of the paper's own layout. */
function formula(position: number, column: number): number {
  const angle = position / 10_000 ** ((column - (column % 2)) / dModel);
  return column % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
}

/** Where the layout keeps what the paper has in this column. */
const columnOf = {
  interleaved: (column: number) => column,
  halves: (column: number) => Math.floor(column / 2) + (column % 2 === 0 ? 0 : dModel / 2),
};

describe.each(positionLayouts)('positions in the layout “%s”', (layout) => {
  const config = smallConfig({ dModel, positions: layout });

  it('are the formula’s', async () => {
    const positions = [0, 1, 2, 7, 63, 200, 1000];
    const { encoding } = await evaluate(
      { encoding: sinusoids(input('positions', 'float32', ['n']), dModel, layout) },
      { positions: fed('float32', [positions.length], positions) },
    );
    expect(encoding.dims).toEqual([positions.length, dModel]);
    positions.forEach((position, row) => {
      for (const column of range(dModel)) {
        // float32 keeps seven digits of the angle.
        const digits = position < 100 ? 5 : 4;
        expect(at(encoding, row, columnOf[layout](column))).toBeCloseTo(formula(position, column), digits);
      }
    });
  });

  it.each([true, false])('are added to the embeddings, scaled by √dModel: %s', async (scaleEmbeddings) => {
    const own = { ...config, scaleEmbeddings };
    const table = smallWeights(own).get('embedding.weight')!;
    const scope = new Scope(smallParameters(own));
    const ids = input('ids', 'int32', ['batch', 'length']);
    const first = input('first', 'int32', []);
    const tokens = [3, 3, 0, 29, 7, 1];
    const results = await evaluate(
      {
        plain: embed(inferenceContext(own), scope, 'encoder', ids),
        later: embed(inferenceContext(own), scope, 'decoder', ids, first),
      },
      { ids: fed('int32', [2, 3], tokens), first: fed('int32', [], [5]) },
    );
    for (const [index, token] of tokens.entries()) {
      const [entry, place] = [Math.floor(index / 3), index % 3];
      for (const column of range(dModel)) {
        const here = columnOf[layout](column);
        const row = table[token * dModel + here]! * (scaleEmbeddings ? Math.sqrt(dModel) : 1);
        expect(at(results.plain, entry, place, here)).toBeCloseTo(row + formula(place, column), 5);
        expect(at(results.later, entry, place, here)).toBeCloseTo(row + formula(place + 5, column), 5);
      }
    }
  });
});
