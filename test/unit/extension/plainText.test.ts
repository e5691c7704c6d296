import { describe, expect, it } from 'vitest';
import { withoutIcons, withoutLinks } from '../../../extension/plainText';

/** What VS Code looks for in a message: src/vs/base/common/linkedText.ts. */
const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
/** And in a label: src/vs/base/common/iconLabels.ts. */
const icon = /\$\(([a-z0-9-]+(?:~[a-z]+)?)\)/i;

describe('plain text', () => {
  it.each([
    'Imported the model “[open](command:workbench.action.quit)”.',
    '[a](https://example.org "b") and [c](file:///etc/passwd)',
    '[[a](command:x) [b](command:y)',
  ])('holds no link: %s', (text) => {
    expect(text).toMatch(link);
    const plain = withoutLinks(text);
    expect(plain).not.toMatch(link);
    expect(plain.replaceAll('\u2060', '')).toBe(text);
  });

  it('holds no icon', () => {
    expect('a $(check) b').toMatch(icon);
    expect(withoutIcons('a $(check) b')).not.toMatch(icon);
  });

  it('is left as it is where there is neither', () => {
    for (const text of ['a (b) [c]', '$1 (x)', '']) expect(withoutIcons(withoutLinks(text))).toBe(text);
  });
});
