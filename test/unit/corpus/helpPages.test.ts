import { describe, expect, it } from 'vitest';
import { pairBlocks, pairSentences } from '../../../scripts/corpus/alignment.mjs';
import { readHelpPage } from '../../../scripts/corpus/helpPages.mjs';
import { splitSentences } from '../../../models/text/sentences';

const texts = (xml: string): (string | undefined)[] | undefined =>
  readHelpPage(xml)
    ?.map(({ text }) => text)
    .filter((text) => text !== '');

describe('readHelpPage', () => {
  it('reads Mallard: paragraphs with what is in their lines, and no code', () => {
    const page = `<?xml version="1.0"?>
<page xmlns="http://projectmallard.org/1.0/" id="x">
  <info><desc>What it is for.</desc><credit type="author"><name>Name</name></credit></info>
  <title>Opening <gui>Files</gui></title>
  <p>Press <keyseq><key>Ctrl</key> <key>S</key></keyseq>, or
     choose <guiseq><gui>File</gui><gui>Save</gui></guiseq>.</p>
  <steps><item><p>First <em>this</em>.</p></item></steps>
  <section id="s"><code>ls -l</code><p>Use <code>ls</code>.</p><p>See <link xref="y"/>.</p><p>Press <media type="image"><p>Undo</p></media> now.</p></section>
</page>`;
    expect(texts(page)).toEqual([
      'What it is for.',
      'Opening Files',
      'Press Ctrl+S, or choose File > Save.',
      'First this.',
      'Use ls.',
      'See \ufffc.',
      'Press \ufffc now.',
    ]);
  });

  it('reads DocBook: entities of its own, lists in paragraphs', () => {
    const page = `<!DOCTYPE article [ <!ENTITY app "The &#8220;App&#8221;"> <!ENTITY name 'Pluma'> ]>
<article><title>&name; manual</title>
<sect1 id="a"><title>Start</title>
<para>To start:<itemizedlist><listitem><para>Click <guimenu>Open</guimenu>.</para></listitem></itemizedlist>Then wait.</para>
<screen>code</screen><para>An &unknown; one.</para></sect1></article>`;
    expect(texts(page)).toEqual([
      'Pluma manual',
      'Start',
      'To start:Then wait.',
      'Click Open.',
      'An \ufffc one.',
    ]);
  });

  it('gives the same kinds for a page and its translation with credits added', () => {
    const source = readHelpPage('<page><info><desc>A</desc></info><p>One.</p></page>') ?? [];
    const target =
      readHelpPage(
        '<page xmlns:mal="m"><info><desc>B</desc><mal:credit><mal:name>N</mal:name></mal:credit></info><p>Eins.</p></page>',
      ) ?? [];
    expect(pairBlocks(source, target).filter(([text]) => text !== '')).toEqual([
      ['A', 'B'],
      ['One.', 'Eins.'],
    ]);
  });

  it('does not expand entities in entities, nor nest without end', () => {
    const bomb = `<!DOCTYPE p [ <!ENTITY a "ha"> ${Array.from({ length: 30 }, (_, index) => `<!ENTITY a${index} "&a${index - 1};&a${index - 1};">`).join('')} ]><page><p>&a29;</p></page>`;
    expect(texts(bomb)).toEqual(['\ufffc']);
    expect(readHelpPage('<p>'.repeat(100_000))).toBeUndefined();
    expect(readHelpPage(`<${'p'.repeat(100_000)}>`)).toBeUndefined();
    expect(readHelpPage('<page><p>open</page>')).toBeUndefined();
    expect(readHelpPage('no XML')).toBeUndefined();
  });
});

describe('alignment', () => {
  it('pairs no blocks of documents that differ', () => {
    const a = { kind: 'p', text: 'a' };
    const b = { kind: 'q', text: 'b' };
    expect(pairBlocks([a, a], [a, b])).toEqual([]);
    expect(pairBlocks([a], [a, a])).toEqual([]);
  });

  it('pairs sentences where there are as many, else the whole', () => {
    expect(pairSentences(['One. Two.', 'Eins. Zwei.'], splitSentences, 'de')).toEqual([
      ['One.', 'Eins.'],
      ['Two.', 'Zwei.'],
    ]);
    expect(pairSentences(['One. Two.', 'Eins und zwei.'], splitSentences, 'de')).toEqual([
      ['One. Two.', 'Eins und zwei.'],
    ]);
  });
});
