/** What a hover says, as far as it must be seen at once. */
import { describe, expect, it, vi } from 'vitest';
import { translationContents } from '../../../extension/hover/hoverContents';

vi.mock('vscode', async () => (await import('../extension/fakeVscode')).fakeVscode());

/** The height of the picture below a translation, in CSS pixels. */
function pictureBelow(translation: string): number {
  const labels = Array.from({ length: 8 }, (_, index) => `${index}verwendet`);
  const { value } = translationContents(
    {
      ...{ translation, from: 'en', to: 'zh', id: 1, replaceable: false },
      picture: {
        alignment: { rows: labels, columns: labels, weights: new Float32Array(64).fill(1 / 8), words: false },
        ...{ sentence: 1, sentences: 1 },
      },
    },
    'light',
  );
  return Number(/\|width=\d+,height=(\d+)\)/.exec(value)![1]);
}

describe('the picture in a hover', () => {
  const lines = (count: number): string => Array<string>(count).fill('a').join('\n');

  it('leaves room for the lines of the translation', () => {
    const [one, two, three] = [1, 2, 3].map((count) => pictureBelow(lines(count)));
    expect(two).toBeLessThan(one!);
    expect(three).toBeLessThan(two!);
  });

  it('leaves as much for signs that are twice as wide, of which half as many make a line', () => {
    expect(pictureBelow('字'.repeat(100))).toBe(pictureBelow(lines(3)));
    expect(pictureBelow('letter '.repeat(100 / 7))).toBe(pictureBelow(lines(2)));
    expect(pictureBelow('字'.repeat(100))).toBeLessThan(pictureBelow('letter '.repeat(100 / 7)));
  });
});
