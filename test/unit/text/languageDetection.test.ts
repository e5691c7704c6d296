/**
 * How well languages are told apart. The sentences here were written for the test; the figures come from the valid sets
 * of the corpora, where those are there. `npx vitest run test/unit/text/languageDetection.test.ts` prints them.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  loadLanguageDetector,
  primaryLanguage,
  type LanguageDetector,
} from '../../../models/text/languageDetection';

let detect: LanguageDetector;
beforeAll(async () => {
  detect = await loadLanguageDetector();
});

const latin = ['en', 'de', 'fr'];
const all = [...latin, 'zh'];

/** The language that is relied on, else `?`. */
const relied = (text: string, candidates: readonly string[]): string => {
  const detection = detect(text, candidates);
  return detection?.reliable === true ? detection.language : '?';
};

describe('a language', () => {
  it.each([
    ['en', 'The file could not be saved because the disk is full.'],
    ['de', 'Die Datei konnte nicht gespeichert werden, weil der Datenträger voll ist.'],
    ['fr', 'Le fichier n’a pas pu être enregistré, car le disque est plein.'],
    ['zh', '磁盘已满，无法保存该文件。'],
    ['en', 'Close the window'],
    ['de', 'Fenster schließen'],
    ['fr', 'Fermer la fenêtre'],
    ['zh', '关闭'],
  ])('is told: %s, “%s”', (language, text) => {
    expect(relied(text, all)).toBe(language);
    expect(relied(text, ['en', language])).toBe(language);
  });

  it.each(['Name', 'Version 2.0', 'Status', 'Online', 'Tag', 'Info', 'OK', 'Text', 'Server', 'Import'])(
    'is not taken for another by an English word that it has too: %s',
    (word) => {
      expect(['?', 'en']).toContain(relied(word, latin));
    },
  );

  it('is told by the script alone where one candidate is written in it', () => {
    expect(relied('Name', ['en', 'zh'])).toBe('en');
    expect(relied('使用 Debian GNU/Linux 系统', ['en', 'zh'])).toBe('zh');
    expect(relied('ファイルを保存できませんでした。', ['en', 'zh', 'ja'])).toBe('ja');
    expect(relied('Он открыл файл и закрыл окно.', ['en', 'ru'])).toBe('ru');
  });

  it('is none where the text has no letters, or others than any candidate’s', () => {
    for (const text of ['', ' \n', '42 % — 3,5', '🙂', '\ud800', 'Он открыл файл и закрыл окно.'])
      expect(detect(text, latin)).toBeUndefined();
    expect(detect('text', [])).toBeUndefined();
    expect(detect('text', ['no language', '√'])).toBeUndefined();
  });

  it('is not told where the text seems to be in another than the candidates', () => {
    expect(relied('Le fichier n’a pas pu être enregistré, car le disque est plein.', ['en', 'de'])).toBe('?');
    expect(relied('Die Datei konnte nicht gespeichert werden.', ['en', 'zh'])).toBe('?');
    expect(relied('ファイルを保存できませんでした。', ['en', 'zh'])).toBe('?');
    // Serbian letters, but Russian words.
    expect(relied('Он открыл файл и закрыл окно, потому что стало холодно.', ['sr'])).toBe('?');
  });

  it('is told by the prose and not by code and addresses', () => {
    const code =
      '`std::vector<int> values` https://example.org/the/best/of/all/pages.html --the-whole-thing ';
    expect(relied(`${code.repeat(5)} bitte schließen`, latin)).toBe('de');
  });

  it('is told by all of a long text', () => {
    const english = 'This licence was written in English, as they all are. '.repeat(10);
    const german = 'Der Rest der Datei ist auf Deutsch geschrieben und sehr viel länger. '.repeat(200);
    expect(relied(english + german, latin)).toBe('de');
  });

  it('is given back as the candidate was written', () => {
    expect(relied('Filen kunne ikke lagres fordi disken er full, og det er ikke plass.', ['nb', 'en'])).toBe(
      'nb',
    );
  });

  it('takes its time for no text', () => {
    const start = process.cpuUsage();
    for (const text of ['a'.repeat(2e6), 'the '.repeat(5e5), '中'.repeat(2e6), "'’".repeat(1e6)])
      detect(text, all);
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(1000);
  });
});

describe('primaryLanguage', () => {
  it('is a tag’s first part', () => {
    expect(['en', 'en-GB', 'zh-hans', 'DE', ''].map(primaryLanguage)).toEqual(['en', 'en', 'zh', 'de', '']);
  });
});

const corpora = path.resolve(import.meta.dirname, '../../../../shared/data');

describe('on the valid sets', () => {
  it.skipIf(!existsSync(corpora))('English is hardly ever taken for another language', () => {
    const cells = new Map<string, { lines: number; relied: number; wrong: number }>();
    for (const { text, language } of validLines()) {
      for (const candidates of [...all.slice(1).map((other) => ['en', other]), all]) {
        if (!candidates.includes(language)) continue;
        const key = `${candidates.join()} ${language} ${wordsOf(text)}`;
        const cell = cells.get(key) ?? { lines: 0, relied: 0, wrong: 0 };
        cells.set(key, cell);
        const told = relied(text, candidates);
        cell.lines++;
        if (told !== '?') cell.relied++;
        if (told !== '?' && told !== language) cell.wrong++;
      }
    }
    const percent = (part: number, whole: number): number => Number(((100 * part) / whole).toFixed(2));
    const table = [...cells].sort().map(([key, { lines, relied: told, wrong }]) => {
      const [candidates, language, words] = key.split(' ');
      return { candidates, language, words, lines, told: percent(told, lines), wrong: percent(wrong, lines) };
    });
    console.table(table);
    for (const { language, words, lines, told, wrong } of table) {
      if (language === 'en') expect(wrong).toBeLessThanOrEqual(0.5);
      if (lines >= 200) expect(wrong).toBeLessThanOrEqual(1);
      if (words === '8+') expect(told).toBeGreaterThan(99);
    }
  });
});

function validLines(): { text: string; language: string }[] {
  return ['software', 'docs'].flatMap((set) =>
    ['de', 'fr', 'zh'].flatMap((other) => {
      const file = path.join(corpora, set, `en-${other}.valid.tsv.gz`);
      const rows = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
      // A third of them takes some seconds.
      const some = rows.filter((_, index) => index % 3 === 0);
      return some.flatMap((row) => {
        const [english, translated] = row.split('\t') as [string, string];
        return [
          { text: english, language: 'en' },
          { text: translated, language: other },
        ];
      });
    }),
  );
}

/** A Chinese word has two characters, more or less. */
function wordsOf(text: string): string {
  const chinese = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const others = text.match(/[^\P{L}\p{Script=Han}]+/gu)?.length ?? 0;
  const words = others + Math.round(chinese / 1.7);
  return words <= 1 ? '1' : words <= 3 ? '2–3' : words <= 7 ? '4–7' : '8+';
}
