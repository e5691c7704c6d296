import { describe, expect, it } from 'vitest';
import { lostNames } from '../../../models/text/namesInCapitals';

/** A vocabulary that writes these words in one piece, and all others in pieces of two letters. */
const words = new Set(['file', 'Datei', 'option', 'true', 'FILE']);
const piecesOf = (word: string): number => (words.has(word) ? 1 : Math.ceil(word.length / 2));
const lost = (source: string, translation: string): string[] => lostNames(source, translation, piecesOf);

describe('a name in capitals', () => {
  it.each([
    ['that is written otherwise', 'The SIGTTIN signal', 'Das Signal SIGTIN', ['SIGTTIN']],
    ['that is left out', 'A YAML parser for the DC240', 'Ein Parser', ['YAML', 'DC240']],
    ['that another contains', 'The MDA mode, with MDACS', 'Der Modus MDACS', ['MDA']],
    ['of digits and letters', 'An HP 39XX scanner', 'Ein Scanner HP 39X', ['39XX']],
    ['once, however often it is there', 'LLMNR: use LLMNR', 'Benutzen', ['LLMNR']],
    ['beside Chinese', '使用YAML文件', 'Use the file', ['YAML']],
  ])('is lost: one %s', (_, source, translation, names) => {
    expect(lost(source, translation)).toEqual(names);
  });

  it.each([
    ['with an ending', 'Many LLMNRS and XPUB', 'Viele LLMNRSs und XPUB-Dateien'],
    ['beside Chinese', 'The YAML file', '这个YAML文件'],
    ['in the middle of a sentence of its own language', '使用 YAML', 'Use YAML.'],
  ])('is held %s', (_, source, translation) => {
    expect(lost(source, translation)).toEqual([]);
  });

  it.each([
    ['a word, whatever became of it', 'No FILE is given', 'Es ist keine DATEI angegeben'],
    ['as a language writes nouns', 'Keine DATEI', 'No argument'],
    ['of two letters', 'The UI of the OS', 'Die Oberfläche'],
    ['of digits alone', 'The file 12345', 'Die Datei'],
    ['of a word that goes on', 'The XMLHttpRequest', 'Die Anfrage'],
  ])('is no name: %s', (_, source, translation) => {
    expect(lost(source, translation)).toEqual([]);
  });

  it('is translated where a word in capitals is new', () => {
    expect(lost('Die VERZ wird benutzt', 'The FILE is used')).toEqual([]);
    expect(lost('Die VERZ und XQRT', 'The FILE')).toEqual(['VERZ', 'XQRT']);
  });
});
