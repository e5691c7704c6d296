/** Lines that GitHub, MkDocs and kramdown read within what CommonMark takes for a paragraph. */
import { describe, expect, it } from 'vitest';
import { markdownBlocks } from '../../../extension/prose/reading/markdown';
import { partsOfParagraph } from '../../../extension/prose/reading/markdownLines';

const partsOf = (text: string): string[] =>
  partsOfParagraph(text, { start: 0, end: text.length }).map(({ start, end }) => text.slice(start, end));

describe('of a paragraph of Markdown', () => {
  it.each<[string, string, string[]]>([
    ['lines without signs are one text', 'One\ntwo\n three', ['One\ntwo\n three']],
    ['alerts begin behind their first line', '[!NOTE]\n> One\n> two', ['One\n> two']],
    ['titles of alerts are texts of their own', '[!tip]- One two\n> Three', ['One two', 'Three']],
    ['admonitions stay above their text', '!!! note "One"\n    Two\n    three', ['Two\n    three']],
    ['a text above one ends there', 'One\n??? tip\n    Two', ['One', 'Two']],
    [
      'lists in one are lists',
      '=== "One"\n    Two:\n    - three\n      four\n    1. five',
      ['Two:', 'three\n      four', 'five'],
    ],
    ['code in one stays', '!!! note\n    One\n    ```sh\n    two\n    ```\n    Three', ['One', 'Three']],
    ['tables in one stay', '!!! note\n    | One |\n    |-----|', []],
    [
      'terms and definitions are texts of their own',
      'One\nTwo\n:   Three\n    four\n: Five',
      ['One', 'Two', 'Three\n    four', 'Five'],
    ],
    ['attributes stay', 'One\n{: .two }\n{: #three}', ['One']],
    ['the end of a container stays', 'One\ntwo\n:::', ['One\ntwo']],
    ['exclamations are text', 'One\n!!!two is: three!\n=== four', ['One\n!!!two is: three!\n=== four']],
  ])('%s', (_, text, parts) => {
    expect(partsOf(text)).toEqual(parts);
    expect(partsOf(text.replaceAll('\n', '\r\n'))).toEqual(
      parts.map((part) => part.replaceAll('\n', '\r\n')),
    );
  });
});

describe('blocks of Markdown', () => {
  it('keep attributes within a line', () => {
    const [block] = markdownBlocks('[One](two.html){: .three } {#four} { .five }', 'markdown');
    expect(block?.keep).toEqual(['[', '](two.html)', '{: .three }', '{#four}', '{ .five }']);
  });

  it('keep what is theirs alone', () => {
    const blocks = markdownBlocks('Term *one*\n: Two `three`  \n  four\n', 'markdown');
    expect(blocks.map(({ keep, breaks }) => [keep, breaks.length])).toEqual([
      [['*'], 0],
      [['`three`'], 1],
    ]);
  });

  it('are none where something begins in one text and ends in another', () => {
    expect(markdownBlocks('One **two\n: three** four\n\nFive\n', 'markdown')).toHaveLength(1);
  });
});
