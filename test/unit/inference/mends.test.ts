/** What is written otherwise than a model says it. */
import { describe, expect, it } from 'vitest';
import { mendsOf } from '../../../models/inference/mends';
import { splitIntoParts, type Segment } from '../../../models/inference/segments';
import { withChanges } from '../../../models/text/changes';
import { restore } from '../../../models/text/protectedSpans';
import { asSaid } from '../text/asSaid';

/** What stands there in the end, of a source that is one segment. */
function mended(source: string, translation: string, languages: string): string {
  const [from = '', to = ''] = languages.split('-');
  const rules = { isTooLong: () => false, keep: [], piecesOf: () => 1 };
  const segment = splitIntoParts(source, from, rules).find(
    (part): part is Segment => typeof part !== 'string',
  )!;
  const said = asSaid(translation, segment.spans);
  return withChanges(restore(said, segment.spans), mendsOf(said, segment, { from, to }));
}

describe('a space behind a sign', () => {
  it('comes in where only the translation writes spaces', () => {
    expect(mended('默认值：false', 'Default:false', 'zh-en')).toBe('Default: false');
    expect(mended('Default: false', 'Vorgabe:false', 'en-de')).toBe('Vorgabe:false');
    expect(mended('Default: false', '默认值:false', 'en-zh')).toBe('默认值:false');
  });
});

describe('a space inside of tags, marks and brackets', () => {
  it.each([
    ['Click <a href="#">here</a>.', '点击 <a href="#"> 此处 </a>。', 'en-zh', '点击 <a href="#">此处</a>。'],
    [
      '点击<a href="#">此处</a>继续',
      'Click <a href="#"> here</a> to go on',
      'zh-en',
      'Click <a href="#">here</a> to go on',
    ],
    ['选择<b>对象</b>。', 'Select <b>objects </b>.', 'zh-en', 'Select <b>objects</b>.'],
    ['选择<b>对象</b>时', 'With<b> objects </b>selected', 'zh-en', 'With <b>objects</b> selected'],
    ['用户“管理员”没有', 'The user “ administrator ” has no', 'zh-en', 'The user “administrator” has no'],
    ['用户“管理员”', 'The user " administrator"', 'zh-en', 'The user "administrator"'],
    ['旋转（角度）', 'Rotate ( angle)', 'zh-en', 'Rotate (angle)'],
    ['is replaced by “Rec2020”', 'durch » Rec2020« ersetzt', 'en-de', 'durch »Rec2020« ersetzt'],
    [
      '参见[文档](https://example.com)。',
      'See [ Document] (https://example.com).',
      'zh-en',
      'See [Document](https://example.com).',
    ],
  ])('goes where the source has none: %s', (source, translation, languages, expected) => {
    expect(mended(source, translation, languages)).toBe(expected);
  });

  it.each([
    ['读取<file>中的内容', 'Read <file> contents', 'zh-en'],
    ['Die <b> Datei</b> öffnen', 'Open the <b> file</b>', 'de-en'],
    ['第一行<br/>第二行', 'One line<br/> another line', 'zh-en'],
    ['- [ ] Tests hinzufügen', '- [ ] Add tests', 'de-en'],
    ['缺少 ( 或 [ 等', 'Missing ( or [ etc.', 'zh-en'],
    ['5英寸和6英寸', '5" and 6" disks', 'zh-en'],
    ['数组[文档]（网址）', 'array [document] (address)', 'zh-en'],
  ])('stays: %s', (source, translation, languages) => {
    expect(mended(source, translation, languages)).toBe(translation);
  });
});

describe('a hyphen between a quantity and what it counts', () => {
  it.each([
    ['%d files deleted', '%d-Dateien gelöscht', '%d Dateien gelöscht'],
    ['{0} errors and {1} warnings', '{0}-Fehler und {1}-Warnungen', '{0} Fehler und {1} Warnungen'],
    ['{count} users', '{count}-Benutzer', '{count} Benutzer'],
    [
      'Found {n} matches in ${fileCount} files',
      '{n} Treffer in ${fileCount}-Dateien',
      '{n} Treffer in ${fileCount} Dateien',
    ],
    ['over 10,000 files', 'über 10.000-Dateien', 'über 10.000 Dateien'],
    ['exceeds 65535 characters', 'über 65535-Zeichen', 'über 65535 Zeichen'],
  ])('is a space: %s', (source, translation, expected) => {
    expect(mended(source, translation, 'en-de')).toBe(expected);
    expect(mended(source, translation, 'en-sv')).toBe(translation);
  });

  it.each([
    ['the `foo` files', 'die `foo`-Dateien'],
    ['all %s files', 'alle %s-Dateien'],
    ['{name} files', '{name}-Dateien'],
    ['{color} items', '{color}-Einträge'],
    ['the %d byte limit', 'die %d-Byte-Grenze'],
    ['%d process', '%d-Prozess'],
    ['%d bits wide', '%d-Bits-breit'],
    ['Windows 7 users', 'Windows 7-Benutzer'],
  ])('stays: %s', (source, translation) => {
    expect(mended(source, translation, 'en-de')).toBe(translation);
  });
});

describe('an ellipsis', () => {
  it.each([
    ['Einstellungen …', 'Settings...', 'de-en', 'Settings…'],
    ['Add...', 'Hinzufügen …', 'en-de', 'Hinzufügen ...'],
    ['正在加载……', 'Loading...', 'zh-en', 'Loading…'],
    ['Loading…', '正在加载...', 'en-zh', '正在加载…'],
    ['Loading...', '正在加载…', 'en-zh', '正在加载...'],
  ])('is written as the source has it: %s', (source, translation, languages, expected) => {
    expect(mended(source, translation, languages)).toBe(expected);
  });

  it.each([
    ['Loading', 'Lade …', 'en-de'],
    ['Loading... wait…', 'Lade … warte...', 'en-de'],
    ['Loading…', '正在加载……', 'en-zh'],
    ['Loading...', '正在加载……', 'en-zh'],
    ['From….', 'Von ....', 'en-de'],
  ])('stays: %s', (source, translation, languages) => {
    expect(mended(source, translation, languages)).toBe(translation);
  });
});

describe('quotation marks of an English translation', () => {
  it.each([
    ['Die Option „Alle anzeigen“', "The 'Show all' option", 'de-en', 'The "Show all" option'],
    ['»Gib nicht auf«', "'Don't give up'", 'de-en', '"Don\'t give up"'],
    ['输入"%s"继续', "Enter '%s' to continue", 'zh-en', 'Enter "%s" to continue'],
    ['从“{0}”到“{1}”', 'from "{0}" to \'{1}\'', 'zh-en', 'from "{0}" to "{1}"'],
  ])('are double as those of the source: %s', (source, translation, languages, expected) => {
    expect(mended(source, translation, languages)).toBe(expected);
  });

  it.each([
    ['Die Datei „%s“', "The file '%s'", 'de-en'],
    ['„%s“ von „Datei“', "'%s' of 'file'", 'de-en'],
    ['Der Wert ‚null‘ von „a“', "The value 'null' of 'a'", 'de-en'],
    ['“Show all”', "'Alle anzeigen'", 'en-de'],
    ['„Dateien der Benutzer“', "the users' files' names", 'de-en'],
    ["Gib's auf", "'Give up'", 'de-en'],
  ])('stay: %s', (source, translation, languages) => {
    expect(mended(source, translation, languages)).toBe(translation);
  });
});

describe('the mark of a label', () => {
  it.each([
    ['Save &As...', 'Speichern unter...', 'en-de', '&Speichern unter...'],
    ['&Find', 'Suchen', 'en-de', '&Suchen'],
    ['Speichern &unter', 'Save under', 'de-en', 'Save &under'],
    ['Speichern &unter', 'Save As', 'de-en', '&Save As'],
    ['Select &All', 'Alles auswählen', 'en-de', '&Alles auswählen'],
    ['E&xtras', 'Extras', 'en-de', 'E&xtras'],
    ['Zoom &In', 'Vergrößerung', 'en-de', '&Vergrößerung'],
    ['Delete %s &later', '%s später löschen', 'en-de', '%s später &löschen'],
    ['文件(&F)', 'File', 'zh-en', '&File'],
    ['退出(&X)…', 'Exit…', 'zh-en', 'E&xit…'],
    ['&File', '文件', 'en-zh', '文件(&F)'],
    ['Save &as...', '另存为...', 'en-zh', '另存为(&A)...'],
    ['&Name:', '名称：', 'en-zh', '名称(&N)：'],
    ['&Datei', '& mehr', 'de-en', '& mehr'],
  ])('is put into the translation: %s', (source, translation, languages, expected) => {
    expect(mended(source, translation, languages)).toBe(expected);
  });
});
