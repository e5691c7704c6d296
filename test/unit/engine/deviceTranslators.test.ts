/** Which device a model is loaded for, what happens when it fails, and when devices are tried out by themselves. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Choice } from '../../../models/devices/devices';
import type { Verdict } from '../../../models/devices/verdict';
import { DeviceTranslators, type DeviceTranslatorsOptions } from '../../../models/engine/deviceTranslators';
import type { Translator } from '../../../models/engine/loadedModels';
import type { DeviceSetting } from '../../../models/engine/protocol';
import { trainingDevice } from '../../../models/engine/training/device';
import { UserError } from '../../../models/userError';

const processor: Choice = { device: 'cpu', keepsBytes: true };
const card: Choice = { device: 'webgpu', keepsBytes: false };
const idleMs = 1000;

/** A translator that says which device it is for; `fail` fails on all but the processor. */
function translatorOn(device: string, disposed: string[]): Translator {
  const translate: Translator['translate'] = (texts) => {
    if (device !== 'cpu' && texts[0] === 'fail')
      return Promise.reject(new Error('x.cc:1 was false. Device lost\nmore'));
    if (texts[0] === 'wrong') return Promise.reject(new UserError('This is no text.'));
    return Promise.resolve([{ text: device, segments: [], score: 0, masked: false }]);
  };
  return {
    id: device,
    shape: { encoderLayers: 1, decoderLayers: 1, heads: 1 },
    translate,
    observe: () => Promise.reject(new Error('Nobody looks.')),
    attention: () => Promise.reject(new Error('Nobody looks.')),
    walk: () => Promise.reject(new Error('Nobody walks.')),
    dispose: () => {
      disposed.push(device);
      return Promise.resolve();
    },
  };
}

interface Setup {
  readonly choice?: Choice | Error;
  /** What is chosen once devices have been tried out; the same unless given. */
  readonly laterChoice?: Choice;
  /** What is chosen after that, when the model is to be loaded anew. */
  readonly lastChoice?: Choice;
  readonly setting?: DeviceSetting;
  readonly tryOut?: boolean;
  /** Devices for which no model can be loaded. */
  readonly unloadable?: readonly string[];
  readonly verdicts?: readonly (Verdict | undefined)[];
}

function setUp({
  choice = processor,
  laterChoice,
  lastChoice = laterChoice,
  setting = 'auto',
  tryOut = true,
  unloadable = [],
  verdicts = [],
}: Setup) {
  const said: string[] = [];
  const disposed: string[] = [];
  const loaded: unknown[] = [];
  const signals: AbortSignal[] = [];
  const left = [...verdicts];
  let asked = 0;
  const load: DeviceTranslatorsOptions['load'] = (_folder, threads, on) => {
    loaded.push({ threads, ...on });
    if (unloadable.includes(on.device)) return Promise.reject(new Error('No memory there'));
    return Promise.resolve(translatorOn(on.device, disposed));
  };
  const translators = new DeviceTranslators({
    load,
    openDevices: () =>
      Promise.resolve({
        choose: () => Promise.reject(new Error('Nobody asks.')),
        chooseTried: () => {
          if (signals.length > 0 && laterChoice && lastChoice) {
            return Promise.resolve(asked++ === 0 ? laterChoice : lastChoice);
          }
          return choice instanceof Error ? Promise.reject(choice) : Promise.resolve(choice);
        },
        tryOutOnce: (_purpose, signal) => {
          signals.push(signal!);
          return Promise.resolve(left.shift());
        },
      }),
    log: () => undefined,
    idleMs,
  });
  const devices = { translation: setting, file: '/devices.json', tryOut };
  const open = (): Promise<Translator> =>
    translators.load('/model', 3, { devices, notify: (sentence) => said.push(sentence) });
  return { open, said, disposed, loaded, signals };
}

const options = { signal: new AbortController().signal, minimumConfidence: 0, onProgress: () => undefined };
const translate = async (translator: Translator, text: string): Promise<string | undefined> =>
  (await translator.translate([text], options))[0]?.text;

describe('a model', () => {
  it('is the processor’s where it is so chosen, or nothing is chosen', async () => {
    const { open, loaded } = setUp({ setting: 'cpu', choice: card });
    expect(await translate(await open(), 'a')).toBe('cpu');
    expect(loaded).toEqual([{ threads: 3, device: 'cpu', weights: 'asStored' }]);
  });

  it('is the device’s that is chosen, with the weights that suit it', async () => {
    const { open, loaded, said } = setUp({ choice: card });
    expect(await translate(await open(), 'a')).toBe('webgpu');
    const bytes = setUp({ choice: { ...card, keepsBytes: true } });
    await bytes.open();
    expect([...loaded, ...bytes.loaded]).toEqual([
      { threads: 3, device: 'webgpu', weights: 'float32' },
      { threads: 3, device: 'webgpu', weights: 'asStored' },
    ]);
    expect(said).toEqual([]);
  });

  it('is the processor’s where the device cannot be had, with one sentence however often it is asked for', async () => {
    const { open, said } = setUp({ choice: { ...processor, sentence: 'There is none.' }, setting: 'webgpu' });
    for (let time = 0; time < 3; time++) expect(await translate(await open(), 'a')).toBe('cpu');
    expect(said).toEqual(['There is none.']);
  });

  it('is the processor’s where devices cannot be tried out, or the device cannot load it', async () => {
    const refused = setUp({ choice: new Error('The disk is full'), setting: 'webgpu' });
    expect(await translate(await refused.open(), 'a')).toBe('cpu');
    expect(refused.said).toEqual(['Devices cannot be tried out: The disk is full. The processor computes.']);
    const small = setUp({ choice: card, unloadable: ['webgpu'] });
    expect(await translate(await small.open(), 'a')).toBe('cpu');
    expect(small.said).toEqual([
      'The device for webgpu failed (No memory there), so that the processor translates.',
    ]);
  });

  it('goes to the processor when the device fails at a text, which is translated all the same', async () => {
    const { open, said, disposed } = setUp({ choice: card });
    const translator = await open();
    await expect(translate(translator, 'wrong')).rejects.toThrow('This is no text.');
    expect(await translate(translator, 'a')).toBe('webgpu');
    expect(await translate(translator, 'fail')).toBe('cpu');
    expect(await translate(translator, 'a')).toBe('cpu');
    expect(said).toEqual(['The device for webgpu failed (Device lost), so that the processor translates.']);
    expect(disposed).toEqual(['webgpu']);
  });
});

describe('with “auto”', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const idle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(idleMs);

  it('devices are tried out when nobody has asked for anything for a while, and not before', async () => {
    const { open, signals, said } = setUp({});
    const translator = await open();
    await idle();
    expect(signals).toEqual([]);
    await translate(translator, 'a');
    await vi.advanceTimersByTimeAsync(idleMs - 1);
    await translate(translator, 'a');
    await vi.advanceTimersByTimeAsync(idleMs - 1);
    expect(signals).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(signals.length).toBe(2);
    expect(said).toEqual([]);
  });

  it('a trial gives way to a translation', async () => {
    const { open, signals } = setUp({});
    const translator = await open();
    await translate(translator, 'a');
    await idle();
    expect(signals[0]!.aborted).toBe(false);
    await translate(translator, 'a');
    expect(signals[0]!.aborted).toBe(true);
  });

  it('a card that is wrong is told of, and that there is none is not', async () => {
    const verdicts: Verdict[] = [
      { outcome: 'wrong', sentence: 'Other numbers.', when: 1 },
      { outcome: 'absent', sentence: 'There is none.', when: 1 },
    ];
    const { open, said } = setUp({ verdicts });
    await translate(await open(), 'a');
    await idle();
    expect(said).toEqual(['Other numbers. The processor computes.']);
  });

  it('a card that turns out to be quicker computes the next translation, and takes the model over', async () => {
    const { open, loaded, disposed } = setUp({ laterChoice: card });
    const translator = await open();
    expect(await translate(translator, 'a')).toBe('cpu');
    await idle();
    expect(disposed).toEqual([]);
    expect(await translate(translator, 'a')).toBe('webgpu');
    expect(await translate(translator, 'a')).toBe('webgpu');
    expect(disposed).toEqual(['cpu']);
    expect(loaded).toHaveLength(2);
    // It still goes back when the card fails.
    expect(await translate(translator, 'fail')).toBe('cpu');
    expect(disposed).toEqual(['cpu', 'webgpu']);
  });

  it('a card that is gone again, or cannot load the model, leaves the translation to the processor', async () => {
    const gone = setUp({ laterChoice: card, lastChoice: processor });
    const translator = await gone.open();
    await translate(translator, 'a');
    await idle();
    expect(await translate(translator, 'a')).toBe('cpu');
    expect(gone.loaded).toHaveLength(1);
    const small = setUp({ laterChoice: card, unloadable: ['webgpu'] });
    const other = await small.open();
    await translate(other, 'a');
    await idle();
    expect(await translate(other, 'a')).toBe('cpu');
    expect(await translate(other, 'a')).toBe('cpu');
    expect(small.loaded).toHaveLength(3);
  });

  it('only one of an owner’s engines tries them out', async () => {
    const { open, signals } = setUp({ tryOut: false });
    await translate(await open(), 'a');
    await idle();
    expect(signals).toEqual([]);
  });
});

describe('a training', () => {
  const found = (choice: Choice): Pick<Parameters<typeof trainingDevice>[1] & object, 'choose'> => ({
    choose: () => Promise.resolve(choice),
  });

  it('is computed by what is chosen, and by itself by the processor unless the card is known to be quicker', async () => {
    expect(await trainingDevice('webgpu', undefined)).toEqual({ device: 'webgpu' });
    expect(await trainingDevice('cpu', found(card))).toEqual({ device: 'cpu' });
    expect(await trainingDevice('auto', undefined)).toEqual({ device: 'cpu' });
    expect(await trainingDevice('auto', found(processor))).toEqual({ device: 'cpu' });
    const verify = vi.fn(() => Promise.resolve());
    expect(await trainingDevice('auto', found(card), verify)).toEqual({ device: 'webgpu' });
    expect(verify).toHaveBeenCalledOnce();
  });

  it('is the processor’s, with a sentence, where the card is no longer right', async () => {
    const verify = (): Promise<never> => Promise.reject(new UserError('It computes other numbers.'));
    expect(await trainingDevice('auto', found(card), verify)).toEqual({
      device: 'cpu',
      sentence: 'It computes other numbers. The processor trains instead.',
    });
    const lost = (): Promise<never> => Promise.reject(new Error('x.cc:1 was false. Device lost\nmore'));
    expect(await trainingDevice('auto', found(card), lost)).toEqual({
      device: 'cpu',
      sentence: 'The graphics card failed (Device lost). The processor trains instead.',
    });
  });
});
