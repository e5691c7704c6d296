import { describe, expect, it, vi } from 'vitest';
import { nameInLanguage } from '../../../extension/documents/markdownAs';

vi.mock('vscode', async () => (await import('../extension/fakeVscode')).fakeVscode());

describe('the name of a translated file', () => {
  it.each([
    ['/docs/guide.md', '/docs/guide.de.md'],
    ['/docs/guide.en.md', '/docs/guide.de.md'],
    ['/docs/guide.pt-BR.mdx', '/docs/guide.de.mdx'],
    ['/docs/v1.2.md', '/docs/v1.2.de.md'],
    ['/docs/.md', '/docs/.md.de.md'],
    ['/docs.en/README', '/docs.en/README.de.md'],
    ['guide.md', 'guide.de.md'],
  ])('%s', (path, translated) => {
    expect(nameInLanguage(path, 'de')).toBe(translated);
  });
});
