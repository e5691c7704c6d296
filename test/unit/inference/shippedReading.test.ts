/** The shipped models read what editors and the web write: other signs and spaces than corpora have, the same words. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Translated } from '../../../models/inference/joinSegments';
import { Translator } from '../../../models/inference/translator';

async function translate(name: string, texts: readonly string[]): Promise<Translated[]> {
  const translator = await Translator.load(path.resolve('models/pretrained', name), 1);
  const translated = await translator.translate(texts);
  await translator.dispose();
  return translated;
}

const textsOf = async (name: string, texts: readonly string[]): Promise<string[]> =>
  (await translate(name, texts)).map(({ text }) => text);

describe('the shipped models', () => {
  it('en-de says the same of curly apostrophes and no-break spaces as of plain ones', async () => {
    const odd = [
      'It’s not possible to open the file.',
      'Don’t open the ‘File’ menu.',
      'Click\u00a0here to\u202fcontinue.',
      'The file—if any—is  deleted.',
    ];
    const plain = [
      "It's not possible to open the file.",
      "Don't open the “File” menu.",
      'Click here to continue.',
      'The file – if any – is deleted.',
    ];
    expect(await translate('en-de', odd)).toEqual(await translate('en-de', plain));
  });

  it('en-de translates column by column', async () => {
    expect(await textsOf('en-de', ['The name of the file\tThe size of the file'])).toEqual([
      'Der Name der Datei\tDie Größe der Datei',
    ]);
  });

  it('de-en translates a word that begins with Ö', async () => {
    expect(await textsOf('de-en', ['Öffnen Sie die Datei.'])).toEqual(['Open the file.']);
  });

  it('zh-en translates a clause with a rare sign, and parts words of Latin letters', async () => {
    const texts = ['正在下载文件，请耐心等待。', '返回true或false。'];
    const [rare, words] = await textsOf('zh-en', texts);
    expect(rare).not.toMatch(/\p{Script=Han}/u);
    expect(words).toBe('Returns true or false.');
  });

  it('reads labels without the mark of their key, and marks their translations', async () => {
    expect(await textsOf('en-de', ['Save &As', 'E&xit', 'R&D'])).toEqual([
      '&Speichern unter',
      '&Beenden',
      'R&D',
    ]);
    expect(await textsOf('de-en', ['Speichern &unter'])).toEqual(['&Save As']);
    expect(await textsOf('zh-en', ['文件(&F)', '打开(&O)…'])).toEqual(['&File', '&Open…']);
    expect(await textsOf('en-zh', ['&File'])).toEqual(['文件(&F)']);
  });

  it('writes spaces and signs as the source and the language have them', async () => {
    const fromChinese = ['默认端口：8080', '点击<a href="#">此处</a>。', '参见[文档](https://example.com)。'];
    expect(await textsOf('zh-en', fromChinese)).toEqual([
      'Default port: 8080',
      'Click <a href="#">here</a>.',
      'See [Document](https://example.com).',
    ]);
    expect(await textsOf('en-de', ['%d files deleted', 'Downloading package 3 of 10...'])).toEqual([
      '%d Dateien gelöscht',
      'Paket 3 von 10 wird heruntergeladen ...',
    ]);
  });

  it('de-en says a placeholder where it belongs, and not behind the end', async () => {
    const [text] = await textsOf('de-en', ['Du hast {count} neue Nachrichten.']);
    expect(text).toMatch(/\{count\}.*messages\.$/);
  });

  it('en-zh leaves names in a sentence in capitals as they are', async () => {
    const [text] = await textsOf('en-zh', ['CONVERT PDF TO HTML']);
    expect(text).toMatch(/PDF.*HTML/);
  });
});
