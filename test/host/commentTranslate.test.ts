/** Polyhead as a source of Comment Translate, by a stand-in that finds and asks sources as that extension does. */
import * as assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { TranslationSource } from '../../extension/integrations/commentTranslate';
import { sentence } from './texts';

interface Exports {
  extendTranslate?: (registry: (name: string, source: new () => TranslationSource) => void) => unknown;
}

/** Every source of every installed extension, as `extension-source`. */
async function sources(): Promise<Map<string, TranslationSource>> {
  const found = new Map<string, TranslationSource>();
  for (const extension of vscode.extensions.all as readonly vscode.Extension<Exports | undefined>[]) {
    const { contributes = {} } = extension.packageJSON as {
      contributes?: { translates?: { title?: string }[] };
    };
    if (!contributes.translates?.some(({ title }) => title !== undefined)) continue;
    const { extendTranslate } = (await extension.activate()) ?? {};
    await extendTranslate?.((name, Source) => found.set(`${extension.id}-${name}`, new Source()));
  }
  return found;
}

describe('Comment Translate', () => {
  it('finds Polyhead, and translates with it', async () => {
    const source = (await sources()).get('polyhead.polyhead-polyhead');
    assert.ok(source);
    const translated = await source.translate(sentence, { from: 'auto', to: 'de' });
    assert.ok(translated !== sentence && translated.length > 5, translated);
    assert.equal(await source.translate('', { to: 'de' }), '');
    assert.match(source.link(sentence), /^\[Polyhead\]\(vscode:extension\/polyhead\.polyhead\)$/);
    assert.ok(source.isSupported('de') && source.maxLen >= 3000);
  });

  it('is told in a sentence where there is no model', async () => {
    const source = (await sources()).get('polyhead.polyhead-polyhead')!;
    await assert.rejects(source.translate(sentence, { from: 'en', to: 'ja' }), /There is no model .*en → ja/);
  });
});
