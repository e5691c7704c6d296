import { beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineError } from '../../../extension/engine/engineError';
import { confirm, tellFailure, warn } from '../../../extension/notices';
import { collectLog } from './collectLog';
import type { FakeVscode } from './fakeVscode';

vi.mock('vscode', async () => (await import('./fakeVscode')).fakeVscode());
const { editor, window } = (await import('vscode')) as unknown as FakeVscode;
Object.assign(window, {
  showErrorMessage: (sentence: string) => Promise.resolve(void editor.said.push(sentence)),
});

const name = '[open](command:workbench.action.quit)';

describe('what is said to the person', () => {
  beforeEach(() => void editor.said.splice(0));

  it('makes no links of what a model or a file is called', async () => {
    warn(`The model ${name} cannot be used.`);
    expect(await confirm(`There is ${name} already.`, name, 'Replace')).toBe(false);
    expect(editor.said).toHaveLength(2);
    for (const sentence of editor.said) {
      expect(sentence).toContain('[open]');
      expect(sentence).not.toContain('](');
    }
  });

  it('is nothing of what was cancelled, be it in the engine or before', () => {
    const { log } = collectLog();
    tellFailure(new EngineError('cancelled', 'Cancelled.'), log);
    tellFailure(AbortSignal.abort().reason, log);
    expect(editor.said).toEqual([]);
    tellFailure(new Error('It failed.'), log);
    expect(editor.said).toEqual(['It failed.']);
  });
});
