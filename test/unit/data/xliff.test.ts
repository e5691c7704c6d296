/** XLIFF 1.2 and 2.x: texts, codes, states, suggestions, broken units. */
import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Candidate, Languages } from '../../../models/data/readers/candidates';
import { formatOf } from '../../../models/data/readers/formats';
import { temporaryFolder } from '../temporaryFolder';

const inFolder = temporaryFolder('xliff');
let written = 0;

async function read(content: string, languages: Languages = { from: 'en', to: 'de' }) {
  const file = inFolder(`${++written}.xlf`);
  await writeFile(file, content);
  const candidates: Candidate[] = [];
  for await (const block of formatOf(file).read(languages)) candidates.push(...block);
  return { file, candidates };
}

const version1 = (units: string, attributes = 'source-language="en" target-language="de"'): string =>
  `<?xml version="1.0"?>\n<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file ${attributes} datatype="plaintext" original="a"><body>\n${units}</body></file></xliff>\n`;
const version2 = (segments: string): string =>
  `<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="en-US" trgLang="de"><file id="f"><unit id="u">${segments}</unit></file></xliff>`;
const unit = (source: string, target: string, more = ''): string =>
  `<trans-unit id="u"${more}><source>${source}</source>${target}</trans-unit>\n`;

describe('XLIFF 1.2', () => {
  it('gives pairs, with what stands for code where it says what that is', async () => {
    const { candidates } = await read(
      version1(
        unit('Open &amp; close', '<target>Öffnen &amp; schließen</target>') +
          unit(
            'Hello <x id="I" equiv-text="{{name}}"/>, <g id="1">you</g><ph id="2">&lt;br/></ph>',
            '<target>Hallo <x id="I" equiv-text="{{name}}"/>, <g id="1">du</g><ph id="2">&lt;br/></ph></target>',
          ) +
          unit('Two\n   lines', '<target><![CDATA[Zwei <Zeilen>]]></target>'),
      ),
    );
    expect(candidates).toEqual([
      { source: 'Open & close', target: 'Öffnen & schließen' },
      { source: 'Hello {{name}}, you', target: 'Hallo {{name}}, du' },
      { source: 'Two lines', target: 'Zwei <Zeilen>' },
    ]);
  });

  it('leaves out what nobody has translated, and suggestions', async () => {
    const { candidates } = await read(
      version1(
        unit('One', '') +
          unit('Two', '<target state="needs-translation">Two</target>') +
          unit('Three', '<target>Drei</target>', ' approved="no"') +
          unit(
            'Four',
            '<target state="translated">Vier</target><alt-trans><source>For</source><target>Für</target></alt-trans>',
          ),
      ),
    );
    expect(candidates).toEqual([
      { omitted: 'fuzzy' },
      { omitted: 'fuzzy' },
      { source: 'Four', target: 'Vier' },
    ]);
  });

  it('is read the other way round, or passed over, by the languages that it names', async () => {
    const body = unit('One', '<target>Eins</target>');
    expect((await read(version1(body), { from: 'de', to: 'en' })).candidates).toEqual([
      { source: 'Eins', target: 'One' },
    ]);
    expect((await read(version1(body), { from: 'en', to: 'fr' })).candidates).toEqual([
      { omitted: 'otherLanguage' },
    ]);
    expect((await read(version1(body, 'source-language="en-GB"'))).candidates).toHaveLength(1);
  });

  it('names a broken unit, and reads the others on', async () => {
    const { file, candidates } = await read(
      version1(
        unit('One', '<target>Eins</target>') +
          unit('R & D', '<target>F & E</target>') +
          unit('Three', '<target>Drei</traget>') +
          unit('Four', '<target>Vier</target>') +
          unit('Five</p>', '<target>Fünf</target>') +
          unit('Six', '<target>Sechs</target>') +
          unit('Seven', '<target>Sieben</target>'),
      ),
    );
    expect(candidates[0]).toEqual({ source: 'One', target: 'Eins' });
    expect(candidates[1]).toEqual({ file, line: 4, fault: 'has an ampersand that is not written as &amp;' });
    expect(candidates[2]).toEqual({
      file,
      line: 5,
      fault: expect.stringMatching(/^is no XLIFF: /) as string,
    });
    expect(candidates.slice(3)).toEqual([
      { source: 'Four', target: 'Vier' },
      { file, line: 7, fault: 'is no XLIFF: unexpected close tag' },
      { source: 'Six', target: 'Sechs' },
      { source: 'Seven', target: 'Sieben' },
    ]);
  });

  it('takes no entities of its own making', async () => {
    const { candidates } = await read(
      `<!DOCTYPE xliff [<!ENTITY a "aaaaaaaaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>${version1(
        unit('&a;', '<target>&b;</target>') + unit('Two', '<target>Zwei</target>'),
      ).slice(22)}`,
    );
    expect(candidates).toEqual([
      expect.objectContaining({ fault: expect.stringContaining('XLIFF') as string }),
      { source: 'Two', target: 'Zwei' },
    ]);
  });
});

describe('XLIFF 2', () => {
  it('gives its segments', async () => {
    const { candidates } = await read(
      version2(
        '<segment><source>Save <ph id="0" equiv="I" disp="{{file}}"/></source><target><ph id="0" equiv="I" disp="{{file}}"/> sichern</target></segment>' +
          '<segment state="initial"><source>Two</source><target>Two</target></segment>' +
          '<segment state="final"><source><pc id="1">Three</pc></source><target><pc id="1">Drei</pc></target></segment>',
      ),
    );
    expect(candidates).toEqual([
      { source: 'Save {{file}}', target: '{{file}} sichern' },
      { omitted: 'fuzzy' },
      { source: 'Three', target: 'Drei' },
    ]);
  });
});
