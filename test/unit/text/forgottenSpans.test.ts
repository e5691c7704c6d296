/** Spans behind the end of a translation. */
import { describe, expect, it } from 'vitest';
import { hasForgottenSpans } from '../../../models/text/forgottenSpans';
import { protect } from '../../../models/text/protectedSpans';
import { veil } from '../../../models/text/veiledSpans';
import { asSaid } from './asSaid';

describe('a span that a model forgot', () => {
  const isForgotten = (source: string, translation: string): boolean => {
    const { pieces, spans } = protect(source)[0]!;
    return hasForgottenSpans(veil(asSaid(translation, spans), spans), veil(pieces, spans));
  };

  it.each([
    ['Du hast {count} Nachrichten.', 'You have messages. {count}'],
    ['选项“{option}”的值“{value}”无效。', 'The value "{option}" is invalid.{value}.'],
    ['文件“%s”由`foo`打开。', 'The file was “opened.” %s `foo`'],
  ])('stands behind the end: %s', (source, translation) => {
    expect(isForgotten(source, translation)).toBe(true);
  });

  it.each([
    ['Du hast {count} Nachrichten.', 'You have {count} messages.'],
    ['Nachrichten lesen. {count}', 'Read messages. {count}'],
    ['Datei %s', 'File: %s'],
    ['Datei %s in 3 Schritten.', 'In 3. %s'],
    ['Datei lesen. %s ist da.', 'Read the file. %s is there.'],
  ])('is none: %s', (source, translation) => {
    expect(isForgotten(source, translation)).toBe(false);
  });
});
