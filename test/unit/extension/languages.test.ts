import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Languages, type Direction } from '../../../extension/languages/languages';
import type { FakeVscode } from './fakeVscode';

vi.mock('vscode', async () => (await import('./fakeVscode')).fakeVscode());
const { editor, env } = (await import('vscode')) as unknown as FakeVscode;

function request(direction: Direction, settings: Record<string, string> = {}): string {
  for (const [id, value] of Object.entries(settings)) editor.configuration.set(`polyhead.${id}`, value);
  const { from, to, preferredTarget } = new Languages().request(direction);
  return `${from} → ${to}, rather ${preferredTarget}`;
}

describe('the languages of a request', () => {
  beforeEach(() => {
    editor.configuration.clear();
    env.language = 'de';
  });

  it('are left to the text where either way would do', () => {
    expect(request('either')).toBe('auto → auto, rather de');
    expect(request('either', { myLanguage: 'zh', sourceLanguage: 'en' })).toBe('en → auto, rather zh');
  });

  it('lead into the person’s language when reading, unless another target is set', () => {
    expect(request('reading')).toBe('auto → de, rather de');
    expect(request('reading', { myLanguage: 'zh' })).toBe('auto → zh, rather zh');
    expect(request('reading', { targetLanguage: 'en' })).toBe('auto → en, rather zh');
    expect(request('reading', { sourceLanguage: 'en' })).toBe('auto → en, rather zh');
    expect(request('reading', { targetLanguage: 'auto' })).toBe('en → zh, rather zh');
  });

  it('lead from the person’s language into the project’s when writing', () => {
    expect(request('writing', { sourceLanguage: 'fr', targetLanguage: 'fr' })).toBe('de → en, rather en');
    expect(request('writing', { myLanguage: 'en', projectLanguage: 'de' })).toBe('en → de, rather de');
  });

  it('are detected where the person writes in the project’s language anyway', () => {
    expect(request('writing', { myLanguage: 'en-GB' })).toBe('auto → en, rather en');
  });

  it('are never what a setting may not be', () => {
    expect(request('writing', { myLanguage: 'Deutsch!', projectLanguage: 'auto' })).toBe(
      'de → en, rather en',
    );
  });
});
