/** A document that is read in translation, with an engine that says what the test wants. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DocumentTranslation } from '../../../extension/documents/documentTranslation';
import { EngineError } from '../../../extension/engine/engineError';
import { asDocument, FakeDocument, type FakeVscode } from '../extension/fakeVscode';
import { FakeEngine, noModel, translateAll } from './fakeServices';

vi.mock('vscode', async () => (await import('../extension/fakeVscode')).fakeVscode());
const vscode = (await import('vscode')) as unknown as FakeVscode;

/** Texts that are a request each. */
const english = 'a house '.repeat(125).trim();
const chinese = '房子'.repeat(500);
const german = 'das Haus '.repeat(111).trim();

let engine: FakeEngine;
let translation: DocumentTranslation | undefined;
let failures: string[];

beforeEach(() => {
  vi.useFakeTimers();
  engine = new FakeEngine();
  failures = [];
});

afterEach(() => {
  translation?.dispose();
  translation = undefined;
  vi.useRealTimers();
});

/** Begins, and waits for the end of the work. */
async function translate(
  text: string,
): Promise<{ document: FakeDocument; translation: DocumentTranslation }> {
  const document = new FakeDocument(vscode, text);
  translation = new DocumentTranslation({
    document: asDocument(document),
    direction: 'reading',
    services: engine.services,
    focus: () => 0,
    onChange: () => undefined,
    onFailure: (error) => failures.push((error as Error).message),
  });
  await settle();
  return { document, translation };
}

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(1000);

const textsOf = ({ replacements }: DocumentTranslation): string[] => replacements.map(({ text }) => text);

describe('a text that no model translates', () => {
  it('stays, and what comes after it is translated', async () => {
    const { translation } = await translate(`${chinese}\n${english}`);
    expect(textsOf(translation)).toEqual([english.toUpperCase()]);
    expect(failures).toEqual([]);
    expect(translation.working).toBe(false);
  });

  it('is not asked for again by a change elsewhere, and is told of at no pause in typing', async () => {
    const { document } = await translate(`${english}\n${chinese}`);
    engine.asked.length = 0;
    document.type(0, 0, 'b');
    await settle();
    expect(engine.asked).toEqual([[`b${english}`]]);
    document.type(document.text.length, 0, '很');
    await settle();
    expect(failures).toEqual([]);
  });

  it('is asked for again with other models', async () => {
    const { translation } = await translate(`${english}\n${chinese}`);
    engine.answer = (texts) => translateAll(texts.map(() => 'now'));
    engine.modelListeners.forEach((listener) => listener());
    await settle();
    expect(textsOf(translation)).toEqual(['NOW', 'NOW']);
  });

  it('is told of where there is nothing else, once, however often the document changes', async () => {
    const { document, translation } = await translate(chinese);
    expect(failures).toEqual([noModel]);
    document.type(0, 0, '很');
    await settle();
    document.type(0, 0, `${german}\n`);
    await settle();
    expect(failures).toEqual([noModel]);
    expect(translation.working).toBe(false);
    document.type(0, 0, `${english}\n`);
    await settle();
    document.type(0, english.length, '很');
    await settle();
    expect(failures).toEqual([noModel, noModel]);
  });

  it('is tried again by the next change where there is nothing else', async () => {
    const { document, translation } = await translate(`${chinese}\n${chinese}很`);
    engine.answer = (texts) => translateAll(texts.map(() => 'now'));
    document.type(document.text.length, 0, '\n');
    await settle();
    expect(textsOf(translation)).toEqual(['NOW', 'NOW']);
  });

  it('is told of again after another setting', async () => {
    await translate(chinese);
    engine.modelListeners.forEach((listener) => listener());
    await settle();
    expect(failures).toEqual([noModel, noModel]);
  });

  it('is not in the target language, even where all the rest is', async () => {
    const { translation } = await translate(`${german}\n${chinese}`);
    expect(translation.isInTarget).toBe(false);
    expect(failures).toEqual([noModel]);
    const { translation: whole } = await translate(german);
    expect(whole.isInTarget).toBe(true);
  });
});

describe('an engine that fails', () => {
  it('ends the work, and is told of once until something is translated', async () => {
    engine.answer = () => Promise.reject(new EngineError('engine', 'It died.'));
    const { document } = await translate(`${english}\n${english} again`);
    expect(engine.asked).toHaveLength(1);
    document.type(0, 0, 'b');
    await settle();
    expect(engine.asked).toHaveLength(2);
    expect(failures).toEqual(['It died.']);
  });

  it('leaves a document of which nothing is known yet in no language', async () => {
    engine.answer = (texts) =>
      texts.includes(german) ? translateAll(texts) : Promise.reject(new EngineError('engine', 'It died.'));
    const { translation } = await translate(`${german}\n${english}`);
    expect(translation.isInTarget).toBe(false);
  });
});

describe('translations', () => {
  it('are fitted into their places once each, and anew when their places change', async () => {
    const { document, translation } = await translate(`${english}\n${english} again`);
    const read = (): string[] => textsOf(translation);
    read();
    expect(read()).toHaveLength(2);
    expect(engine.fitted).toBe(2);
    document.type(0, 0, 'b ');
    await settle();
    expect(read()).toEqual([`B ${english.toUpperCase()}`, `${english} again`.toUpperCase()]);
    expect(translation.replacements.map(({ span }) => span.start)).toEqual([0, english.length + 3]);
    expect(engine.fitted).toBe(4);
  });

  it('of other models take the place of those before', async () => {
    const { translation } = await translate(english);
    expect(textsOf(translation)).toEqual([english.toUpperCase()]);
    engine.answer = (texts) => translateAll(texts.map(() => 'now'));
    engine.modelListeners.forEach((listener) => listener());
    expect(textsOf(translation)).toEqual([]);
    await settle();
    expect(textsOf(translation)).toEqual(['NOW']);
  });
});
