import { describe, expect, it } from 'vitest';
import { later } from '../../../extension/later';

describe('what is made later', () => {
  it('is made once, at its first use, for all who ask', async () => {
    let made = 0;
    const room = later(() => Promise.resolve({ number: ++made }));
    expect(made).toBe(0);
    const [first, second] = await Promise.all([room(), room()]);
    expect(first).toBe(second);
    expect(await room()).toBe(first);
    expect(made).toBe(1);
  });

  it('is tried again when its making failed', async () => {
    let tries = 0;
    const room = later(() => (++tries === 1 ? Promise.reject(new Error('no disk')) : Promise.resolve(tries)));
    await expect(room()).rejects.toThrow('no disk');
    expect(await room()).toBe(2);
  });
});
