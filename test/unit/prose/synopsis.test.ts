/** Command lines as manuals write them, told from sentences. */
import { describe, expect, it } from 'vitest';
import { markdownBlocks } from '../../../extension/prose/reading/markdown';
import { isSynopsis, isUsageLabel } from '../../../extension/prose/reading/synopsis';

describe('a command line', () => {
  it.each([
    'Usage: deploy.sh [-v] <target>',
    'usage: %prog [options] FILE...',
    'Usage: $0 --help',
    'Usage: git commit',
    'USAGE: `npm run build`',
    'SYNOPSIS: ls [-la] PATH',
    'Aufruf: sichern.sh --ziel ORDNER',
    'or: tar -xf ARCHIVE',
    '$ npm install polyhead',
    'grep [-v] [--color] PATTERN',
  ])('is “%s”', (line) => {
    expect(isSynopsis(line)).toBe(true);
  });

  it.each([
    'Usage: see the manual',
    'Usage: deprecated',
    'Usage: this is how it is called.',
    'Usage of the library',
    'Usage:',
    'or: nothing at all',
    'see [1] for more',
    'returns [x, y] and <b>',
    'removes the -v option',
    'Supports JSON and XML',
    'called [--all] when it is needed.',
    '',
  ])('is not “%s”', (line) => {
    expect(isSynopsis(line)).toBe(false);
  });

  it('may stand below a label', () => {
    expect(['Usage:', 'SYNOPSIS:', '用法：', 'Usage'].map(isUsageLabel)).toEqual([true, true, true, false]);
  });
});

it('stays in Markdown, as a paragraph of its own', () => {
  const text = '# Tool\n\nUsage: tool [-v] FILE\n\nUsage: tool [-v] FILE\nwhich is all there is.\n';
  const blocks = markdownBlocks(text, 'markdown').map(({ start, end }) => text.slice(start, end));
  expect(blocks).toEqual(['Tool', 'Usage: tool [-v] FILE\nwhich is all there is.']);
});
