import { Tokenizer } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { randomWords } from '../../../models/data/random';
import { learnVocabulary } from '../../../models/text/learnVocabulary';
import { fusePieces } from '../../../models/text/pieces';
import { endId, firstByteId, firstLearnedId, isByte, languageTag } from '../../../models/text/reservedTokens';
import { Vocabulary } from '../../../models/text/vocabulary';
import type { Piece } from '../../../models/text/vocabulary';
import { corpusLines } from './subwordNmt';

const oddLines = readFileSync(join(__dirname, '../../fixtures/text/lines.txt'), 'utf8').split('\n');
// The odd lines often enough that their scripts get merges too.
const vocabulary = learnVocabulary([...corpusLines, ...Array.from({ length: 20 }, () => oddLines).flat()], {
  size: 3000,
  characterCoverage: 0.9999,
});
const ofBytes = (text: string): number[] => [...Buffer.from(text)].map((byte) => byte + firstByteId);
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({
    unit: fc.constantFrom(' ', '▁', 'a', 'the', '中', '\n', '<x0>', '</s>', '1', '😀', '%s', 'ü'),
    maxLength: 40,
  }),
);

describe('encode and decode', () => {
  it('bring any Unicode text back', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(vocabulary.decode(vocabulary.encodeIds(text))).toBe(text);
      }),
      { seed: 33, numRuns: 3000 },
    );
    for (const text of ['', ' ', '\ufeffa', '\0', 'a\r\nb', '\u202eabc', ...oddLines]) {
      expect(vocabulary.decode(vocabulary.encodeIds(text))).toBe(text);
    }
  });

  it('turn lone surrogates into U+FFFD', () => {
    expect(vocabulary.decode(vocabulary.encodeIds('a\ud83d b\ude00'))).toBe('a\ufffd b\ufffd');
  });

  it('keep reserved words in a text as text, and never give a special token for one', () => {
    for (const word of ['<pad>', '<s>', '</s>', '<unk>', '<x0>', '<x15>', '<2de>', '<0x41>']) {
      const ids = vocabulary.encodeIds(`a ${word} b`);
      expect(ids.every((id) => id >= firstByteId)).toBe(true);
      expect(vocabulary.decode(ids)).toBe(`a ${word} b`);
    }
  });

  it('encode a literal ▁ as its bytes', () => {
    expect(vocabulary.encodeIds('▁')).toEqual(ofBytes('▁'));
    expect(vocabulary.encodeIds('a▁b').slice(1, 4)).toEqual(ofBytes('▁'));
    expect(vocabulary.encodeIds('a b')).not.toContain(firstByteId + 0xe2);
  });

  it('fall back to bytes for what the alphabet lacks', () => {
    expect(vocabulary.encodeIds('𓀀')).toEqual(ofBytes('𓀀'));
  });

  it('decode broken bytes as U+FFFD and skip special tokens', () => {
    expect(
      vocabulary.decode([0, 1, firstByteId + 0xe4, firstByteId + 0x41, endId, languageTag('de'), 3]),
    ).toBe('\ufffdA');
  });

  it('have offsets within the text, however broken the bytes', () => {
    const byte = (value: number): number => firstByteId + value;
    const whole = vocabulary.encodeIds('a')[0]!;
    const ids = [byte(0xe4), byte(0x41), endId, byte(0xc3), 4, byte(0xa4), whole, byte(0xf0), byte(0x9f)];
    const { pieces, offsets } = vocabulary.decodeWithOffsets(ids);
    expect(pieces).toEqual(['\ufffdA\ufffd', { placeholder: 0 }, '\ufffda\ufffd']);
    expect(offsets).toEqual([
      [0, 2],
      [0, 2],
      [2, 2],
      [2, 3],
      [3, 3],
      [3, 4],
      [4, 5],
      [5, 6],
      [5, 6],
    ]);
  });

  it('refuse an id outside the vocabulary', () => {
    for (const id of [-1, vocabulary.size, 0.5])
      expect(() => vocabulary.decode([id])).toThrow(/There is no token/);
  });
});

describe('pieces', () => {
  const anyPieces = fc.array(fc.oneof(anyText, fc.record({ placeholder: fc.nat({ max: 15 }) })), {
    maxLength: 8,
  });

  it('come back with their placeholders', () => {
    fc.assert(
      fc.property(anyPieces, (pieces) => {
        expect(vocabulary.decodePieces(vocabulary.encodeIds(pieces))).toEqual(fusePieces(pieces));
      }),
      { seed: 34, numRuns: 1000 },
    );
  });

  it('are encoded alike however the text is cut', () => {
    expect(vocabulary.encodeIds(['Da', 'tei \ud83d', '\ude00'])).toEqual(vocabulary.encodeIds('Datei 😀'));
    expect(vocabulary.encodeIds(['Open ', { placeholder: 2 }])).toEqual([
      ...vocabulary.encodeIds('Open '),
      6,
    ]);
    expect(() => vocabulary.encodeIds([{ placeholder: 16 }])).toThrow(/no placeholder 16/);
  });

  it('are the same text in whatever pieces their words are', () => {
    const random = randomWords(7);
    let others = 0;
    fc.assert(
      fc.property(anyPieces, (pieces) => {
        const ids = vocabulary.encodeIds(pieces);
        expect(vocabulary.resplit(ids, () => false)).toEqual(ids);
        const other = vocabulary.resplit(ids, () => random() / 2 ** 32 < 0.5);
        expect(vocabulary.decodePieces(other)).toEqual(fusePieces(pieces));
        others += Number(other.length > ids.length);
      }),
      { seed: 36, numRuns: 500 },
    );
    expect(others).toBeGreaterThan(100);
  });

  it('leave placeholders out of the text', () => {
    expect(vocabulary.decode(vocabulary.encodeIds(['a ', { placeholder: 0 }, ' b']))).toBe('a  b');
  });

  it('have offsets that say what each token stands for', () => {
    fc.assert(
      fc.property(anyPieces, (pieces) => {
        const text = pieces.filter((piece) => typeof piece === 'string').join('');
        const { ids, offsets } = vocabulary.encode(pieces);
        expect(ids).toEqual(vocabulary.encodeIds(pieces));
        let end = 0;
        ids.forEach((id, index) => {
          const [from, to] = offsets[index]!;
          // Tokens follow each other without a gap, but the bytes of one character share its place.
          if (from !== end) expect(isByte(id) && offsets[index - 1]).toEqual([from, to]);
          end = to;
          if (id >= firstLearnedId)
            expect(text.slice(from, to)).toBe(vocabulary.tokenText(id).replaceAll('▁', ' '));
          else if (isByte(id)) expect(Buffer.from(text.slice(from, to))).toContain(id - firstByteId);
          else expect(to).toBe(from);
        });
        expect(end).toBe(text.length);
        expect(vocabulary.decodeWithOffsets(ids)).toEqual({ pieces: fusePieces(pieces), offsets });
      }),
      { seed: 35, numRuns: 1000 },
    );
  });
});

describe('tokenizer.json', () => {
  const json = vocabulary.toJson();
  const huggingFace = new Tokenizer(JSON.parse(json) as object, {});

  it('is read back as the same vocabulary', () => {
    const read = Vocabulary.fromJson(json);
    expect(read.toJson()).toBe(json);
    expect(read.size).toBe(vocabulary.size);
    for (const line of oddLines) expect(read.encodeIds(line)).toEqual(vocabulary.encodeIds(line));
  });

  it('gives the same ids and the same text in Hugging Face’s tokenizers', () => {
    for (const line of [...oddLines, ...corpusLines].filter((text) => text !== '')) {
      const ids = vocabulary.encodeIds(line);
      expect(huggingFace.encode(line).ids).toEqual(ids);
      expect(huggingFace.decode(ids, { clean_up_tokenization_spaces: false })).toBe(line);
    }
  });

  it('gives the same ids there for any text without ▁ and reserved words', () => {
    const unit = fc.oneof(
      fc.constantFrom(...Array.from(oddLines.join(' '))),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    );
    fc.assert(
      fc.property(fc.string({ unit, minLength: 1, maxLength: 60 }), (drawn) => {
        const text = drawn.replaceAll('▁', '_');
        expect(huggingFace.encode(text).ids).toEqual(vocabulary.encodeIds(text));
      }),
      { seed: 36, numRuns: 2000 },
    );
  });

  it('gives placeholders there for the pieces here', () => {
    const pieces: Piece[] = ['Open ', { placeholder: 0 }, ' and ', { placeholder: 11 }, '.'];
    expect(huggingFace.encode('Open <x0> and <x11>.').ids).toEqual(vocabulary.encodeIds(pieces));
  });
});

it('shows tokens as people read them', () => {
  expect([2, 4, 21, firstByteId + 10].map((id) => vocabulary.tokenText(id))).toEqual([
    '</s>',
    '<x0>',
    '<2de>',
    '<0x0A>',
  ]);
  expect(vocabulary.encodeIds(' die').map((id) => vocabulary.tokenText(id))).toEqual(['▁die']);
});
