/** Which lines of a plain text belong together. */
import { describe, expect, it } from 'vitest';
import { proseOfComment } from '../../../extension/prose/commentProse';
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

  it('that were lines stay lines, however long their translation is', () => {
    const long = 'a translation that takes many more words than the text '.repeat(4).trim();
    const [line] = paragraphsOf(new TextLines('The file was saved on the server.'));
    expect(proseOfComment(line!).fit(long)).toEqual([long]);
    expect(proseOfComment(line!).below(long)).toEqual({ line: 0, texts: [long] });
    const wrapped = 'A sentence which was wrapped by an editor because it had become\ntoo long for a line.';
    const [paragraph] = paragraphsOf(new TextLines(wrapped));
    expect(proseOfComment(paragraph!).fit(long).length).toBeGreaterThan(1);
  });

  it('whose lines end early are lines', () => {
    expect(sizes('Shopping for the week, and for the Sunday after it too\nmilk\nbread')).toEqual([1, 1, 1]);
  });
});
