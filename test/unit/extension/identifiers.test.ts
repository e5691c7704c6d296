import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spell, spellings, spellingsFor, wordsOfName } from '../../../extension/naming/identifiers';

describe('the words of a name', () => {
  it.each([
    ['Number of open files', 'en', ['Number', 'of', 'open', 'files']],
    ['the user’s home folder.', 'en', ['users', 'home', 'folder']],
    ['Is the file already open?', 'en', ['Is', 'file', 'already', 'open']],
    ['the', 'en', ['the']],
    ['Größe der Änderung', 'de', ['Groesse', 'Aenderung']],
    ['café au lait', 'en', ['cafe', 'au', 'lait']],
    ['naïve Bayes', 'en', ['naive', 'Bayes']],
    ['parse userName from XMLParser2Go', 'en', ['parse', 'user', 'Name', 'from', 'XML', 'Parser2', 'Go']],
    ['UTF-8 decoder', 'en', ['UTF', '8', 'decoder']],
    ['打开文件', 'zh', ['打开文件']],
    ['Überschrift', 'en', ['Uberschrift']],
    ['%s …', 'en', ['s']],
    ['—', 'en', []],
  ])('%s (%s)', (text, language, words) => {
    expect(wordsOfName(text, language)).toEqual(words);
  });

  it('are eight at most', () => {
    expect(wordsOfName('one two three four five six seven eight nine ten', 'en')).toHaveLength(8);
  });
});

describe('a name', () => {
  const words = ['Count', 'open', 'XML', 'files'];

  it('comes in every spelling', () => {
    expect(spellings.map((spelling) => spell(words, spelling))).toEqual([
      'countOpenXmlFiles',
      'CountOpenXmlFiles',
      'count_open_xml_files',
      'count-open-xml-files',
      'COUNT_OPEN_XML_FILES',
    ]);
  });

  it('begins with no digit, and holds a letter', () => {
    expect(spell(['2', 'nd', 'try'], 'camelCase')).toBe('_2NdTry');
    expect(spell(['2'], 'camelCase')).toBeUndefined();
    expect(spell([], 'snake_case')).toBeUndefined();
  });

  it('is an identifier of JavaScript, whatever the text', () => {
    const identifier = /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u;
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom('en', 'de', 'fr', 'zh'),
        (text, language) => {
          const name = spell(wordsOfName(text, language), 'camelCase');
          if (name !== undefined) expect(name).toMatch(identifier);
        },
      ),
      { seed: 1, numRuns: 2000 },
    );
  });

  it('is offered first as is usual in the language', () => {
    expect(spellingsFor('python')[0]).toBe('snake_case');
    expect(spellingsFor('typescript')[0]).toBe('camelCase');
    for (const language of ['python', 'css', 'unheard-of'])
      expect([...spellingsFor(language)].sort()).toEqual([...spellings].sort());
  });
});
