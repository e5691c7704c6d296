/** Texts in a hover stay texts, whatever Markdown and VS Code would make of them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asMarkdown, commandLink, image } from '../../../extension/hover/markdown';

describe('a text as Markdown', () => {
  it('has every sign of Markdown and HTML made plain', () => {
    expect(asMarkdown('[a](command:x) <b> `c` *d* _e_ &lt; $(check) # | ~')).toBe(
      '\\[a\\]\\(command\\:x\\) \\<b\\> \\`c\\` \\*d\\* \\_e\\_ \\&lt\\; \\$\\(check\\) \\# \\| \\~',
    );
    expect(asMarkdown('1. a\n- b\n    code\n\nhttps://example.org')).toBe(
      '1\\. a  \n\\- b  \ncode\n\nhttps\\:\\/\\/example\\.org',
    );
  });

  it('is the text again once the backslashes are read', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        const line = text.replace(/[\r\n\u2028\u2029]/g, ' ').trim();
        const markdown = asMarkdown(line);
        expect(markdown.replace(/\\([!-/:-@[-`{-~])/g, '$1')).toBe(line);
        // No sign is left without its backslash.
        expect(markdown.replace(/\\[!-/:-@[-`{-~]/g, '')).not.toMatch(/[!-/:-@[-`{-~]/);
      }),
      { numRuns: 1000, seed: 3 },
    );
  });
});

describe('a link', () => {
  it('carries its parameters as an address that nothing in them ends', () => {
    const link = commandLink('Show (all)', 'polyhead.copyHover', 7, ") [x](command:evil) '");
    const [, address] = /^\[Show \\\(all\\\)\]\(command:polyhead\.copyHover\?([^()\s]+)\)$/.exec(link)!;
    expect(JSON.parse(decodeURIComponent(address!))).toEqual([7, ") [x](command:evil) '"]);
    expect(commandLink('Log', 'polyhead.showLog')).toBe('[Log](command:polyhead.showLog)');
  });
});

describe('a picture', () => {
  it('has words that end nothing', () => {
    const markdown = image('a ](x) "b" `c` \\ <d> & [e]\nf', 'data:image/svg+xml;base64,AA==', 10, 20);
    expect(markdown).toBe(
      '![a )(x) ”b” ’c’ ⧵ ‹d› ＆ (e) f](data:image/svg+xml;base64,AA==|width=10,height=20)',
    );
  });
});
