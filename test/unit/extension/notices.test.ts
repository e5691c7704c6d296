import { beforeEach, describe, expect, it, vi } from 'vitest';
import { confirm, warn } from '../../../extension/notices';
import type { FakeVscode } from './fakeVscode';

vi.mock('vscode', async () => (await import('./fakeVscode')).fakeVscode());
const { editor } = (await import('vscode')) as unknown as FakeVscode;

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
});
