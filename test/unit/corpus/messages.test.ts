import { describe, expect, it } from 'vitest';
import { plainMessage } from '../../../scripts/corpus/messages.mjs';

describe('plainMessage', () => {
  it.each([
    ['_File', '_Datei', 'File', 'Datei'],
    ['Save _As…', '_Speichern unter …', 'Save As…', 'Speichern unter …'],
    ['E&xit', '&Beenden', 'Exit', 'Beenden'],
    ['~Edit', '~Bearbeiten', 'Edit', 'Bearbeiten'],
    ['_File', '文件(_F)', 'File', '文件'],
    ['&Open…', '打开(&O)…', 'Open…', '打开…'],
    ['New _Terminal', 'Neues _Terminal', 'New Terminal', 'Neues Terminal'],
    ['Best _Fit', 'Optimal', 'Best Fit', 'Optimal'],
    ['Optimal', '&Beste Breite', 'Optimal', 'Beste Breite'],
    // No mnemonics: names, entities, escapes.
    ['Set PRE_PATH first', 'Zuerst PRE_PATH setzen', 'Set PRE_PATH first', 'Zuerst PRE_PATH setzen'],
    ['Copy &amp; paste', 'Kopieren &amp; einfügen', 'Copy &amp; paste', 'Kopieren &amp; einfügen'],
    ['Search & Replace', 'Suchen & Ersetzen', 'Search & Replace', 'Suchen & Ersetzen'],
    ['Move ~a onto it', 'Legen Sie ~a darauf', 'Move ~a onto it', 'Legen Sie ~a darauf'],
    ['in ~5 minutes', 'in ~5 Minuten', 'in ~5 minutes', 'in ~5 Minuten'],
    // White space.
    ['two\n  lines\t', ' zwei\nZeilen', 'two lines', 'zwei Zeilen'],
    ['5\u00a0km', '5\u00a0km weit', '5\u00a0km', '5\u00a0km weit'],
    ['word', 'W\u200bort', 'word', 'Wort'],
  ])('of “%s” and “%s”', (source, target, plainSource, plainTarget) => {
    expect(plainMessage(source, target)).toEqual([plainSource, plainTarget]);
  });

  it.each([
    ['translator-credits', 'Erika Mustermann'],
    ['Your names', 'Erika Mustermann'],
    ['text;editor;plain;', 'Text;Editor;einfach;'],
    ['keyboard label|Alt', 'Alt'],
    ['_: a verb\nOpen', 'Öffnen'],
    ['a'.repeat(5001), 'b'],
  ])('is nothing of what is no text: %s', (source, target) => {
    expect(plainMessage(source, target)).toBeUndefined();
  });

  it('takes lists in sentences for sentences', () => {
    expect(plainMessage('Stop; wait; go on.', 'Halten; warten; weitergehen.')).toBeDefined();
    expect(plainMessage('on | off', 'an | aus')).toBeDefined();
  });
});
