// How others spell a language, and where its sentences end.
import { Failure } from '../setup/failure.mjs';

/**
 * @typedef {object} Language
 * @property {string} tag as Polyhead spells it: `de`, `pt-BR`
 * @property {string[]} locales as catalogues, help and manual pages name their folders, the best first
 * @property {string[]} debian in names of Debian packages, all spellings: `pt-br`
 * @property {string} list in names of apt's lists of descriptions: `pt_BR`
 * @property {string} fullStop
 */

/** Tags that stand for one of several spellings. */
const main = new Map([['zh', { locale: 'zh_CN', others: ['zh_Hans', 'zh'], debian: ['zh-cn', 'zh'] }]]);

/**
 * @param {string} tag a language (`es`), also with a region (`pt-BR`)
 * @returns {Language}
 * @throws {Failure}
 */
export function languageOf(tag) {
  const parts = /^([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2}))?$/.exec(tag);
  if (parts === null) {
    throw new Failure(`“${tag}” is no language: give its code, as “es” or “pt-BR”.`, 2);
  }
  const code = (parts[1] ?? '').toLowerCase();
  if (code === 'en') throw new Failure('The texts are translations from English: give another language.', 2);
  const region = parts[2]?.toUpperCase();
  const known = region === undefined ? main.get(code) : undefined;
  const locale = known?.locale ?? (region === undefined ? code : `${code}_${region}`);
  const others = known?.others ?? (region === undefined ? [`${code}_${code.toUpperCase()}`] : []);
  return {
    tag: region === undefined ? code : `${code}-${region}`,
    locales: [locale, ...others],
    debian: known?.debian ?? [region === undefined ? code : `${code}-${region.toLowerCase()}`],
    list: locale,
    fullStop: ['zh', 'ja'].includes(code) ? '。' : code === 'hi' || code === 'bn' ? '।' : '.',
  };
}
