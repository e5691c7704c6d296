/** Which lines of a plain text belong together. */
import { describe, expect, it } from 'vitest';
import { paragraphsOf } from '../../../extension/prose/plainText';
import { TextLines } from '../../../extension/prose/reading/lines';

const sizes = (text: string): number[] => paragraphsOf(new TextLines(text)).map(({ lines }) => lines.length);

describe('paragraphs of a plain text', () => {
  it('that were wrapped are one text', () => {
    const text = [
      'The server keeps what was sent until every client has confirmed it, which takes a',
      'second at most. Clients that are away are asked again when they come back, so that',
      'nothing is lost.',
    ].join('\n');
    expect(sizes(text)).toEqual([3]);
  });

  it('whose lines each end a sentence are lines, however long these are', () => {
    const line = 'The file was saved on the server before the window of the program was closed.';
    expect(sizes(`${line}\n${line}\n${line}\n\n${line}`)).toEqual([1, 1, 1, 1]);
    expect(sizes(`${line.slice(0, -1)} (“again.”)\n${line}`)).toEqual([1, 1]);
  });

  it('whose lines end early are lines', () => {
    expect(sizes('Shopping for the week, and for the Sunday after it too\nmilk\nbread')).toEqual([1, 1, 1]);
  });
});
