/** Which shortcuts of a text a translation has lost. */
import { describe, expect, it } from 'vitest';
import { lostShortcuts } from '../../../models/text/shortcuts';

describe('shortcuts that a translation has lost', () => {
  it.each([
    ['Press Ctrl+K Ctrl+S to open it.', 'Drücken Sie Strg+K, um es zu öffnen.', ['Ctrl+K Ctrl+S']],
    ['Drücken Sie Strg+Umschalt+K.', 'Press Ctrl+Shift+C.', ['Strg+Umschalt+K']],
    ['Press Alt+Up or Alt+Down.', 'Drücken Sie Alt+Oben.', ['Alt+Up', 'Alt+Down']],
    ['按Ctrl+F5或Ctrl+F6。', 'Press Ctrl+F5 or Ctrl+F5.', ['Ctrl+F6']],
    ['Ctrl+A, then Ctrl+A', 'Strg+A, dann A', ['Ctrl+A']],
  ])('%s → %s', (source, translation, lost) => {
    expect(lostShortcuts(source, translation)).toEqual(lost);
  });

  it.each([
    ['Press Ctrl+K Ctrl+S to open it.', 'Mit Strg+K Strg+S wird es geöffnet.'],
    ['Press Shift+Tab or Ctrl+,.', 'Drücken Sie Umschalt+Tabulator oder Strg+,.'],
    ['Press ctrl+s', 'Drücken Sie Strg+S'],
    ['Press Ctrl+K.', '按下 Ctrl+K。'],
    ['Salt+Pepper, C++ and shift + alt', 'Salz und Pfeffer, C++'],
  ])('none: %s → %s', (source, translation) => {
    expect(lostShortcuts(source, translation)).toEqual([]);
  });
});
