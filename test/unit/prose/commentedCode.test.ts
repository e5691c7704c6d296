/** How well code that was commented out is told from comments, on the sources of packages that the project uses. */
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { isCommentedCode } from '../../../extension/prose/commentedCode';
import { filesUnder, samplesOf, spread } from './codeAndComments';

vi.mock('vscode', async () => (await import('../extension/fakeVscode')).fakeVscode());

const modules = path.resolve(import.meta.dirname, '../../../node_modules');

describe('commented-out code', () => {
  it('is told from comments', async () => {
    const folders = ['webpack/lib', 'eslint/lib', 'mocha/lib'];
    const files = folders.flatMap((folder) => filesUnder(path.join(modules, folder), /\.js$/));
    const { code, comments } = await samplesOf('javascript', spread(files, 60));
    const [positives, negatives] = [spread(code, 500), spread(comments, 500)];
    expect([positives.length, negatives.length]).toEqual([500, 500]);
    const found = positives.filter(({ contents }) => isCommentedCode(contents)).length;
    const taken = negatives.filter(({ contents }) => isCommentedCode(contents)).length;
    const precision = found / (found + taken);
    const recall = found / positives.length;
    console.log(`commented-out code: precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}`);
    expect(precision).toBeGreaterThan(0.97);
    expect(recall).toBeGreaterThan(0.96);
  });

  it.each<[string, boolean]>([
    ['return value;', true],
    ['if (x) {', true],
    ['total = 0', true],
    ['for value in values:', true],
    ['rsync -a "$HOME" "$target"', true],
    ['.old { color: red; }', true],
    ['import os', true],
    ['def main():', true],
    ['1.day.to_s # => "86400"', true],
    ['returns the value', false],
    ['Return (first, second).', false],
    ['hashed by pool->attrs', false],
    ['If the value is missing, nothing happens.', false],
    ['may be missing', false],
    ['TODO: call foo() here', false],
    ['Rückgabe: die Summe', false],
    ['the width (in characters)', false],
    ['没有更多的记录', false],
    ['see https://example.org', false],
  ])('%s: %s', (content, isCode) => {
    expect(isCommentedCode([content])).toBe(isCode);
  });
});
