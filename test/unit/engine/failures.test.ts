import { describe, expect, it } from 'vitest';
import { memoryFailure, nativeLibraryFailure } from '../../../models/engine/failures';

const withCode = (code: string, message: string): Error => Object.assign(new Error(message), { code });

describe('a native library that does not load', () => {
  const platform = `${process.platform}-${process.arch}`;

  it.each([
    [
      'MODULE_NOT_FOUND',
      "Cannot find module '../bin/binding.node'\nRequire stack:\n- /a.js",
      '/binding.node',
    ],
    ['ERR_DLOPEN_FAILED', "/lib/libc.so.6: version `GLIBC_2.28' not found (required by x)", 'GLIBC_2.28'],
    ['ERR_DLOPEN_FAILED', 'Error loading shared library ld-linux-x86-64.so.2', 'ld-linux'],
  ])('is named in a sentence (%s)', (code, message, reason) => {
    const sentence = nativeLibraryFailure(withCode(code, message))?.message;
    expect(sentence).toContain(`Polyhead’s native library for ${platform} is missing or cannot be loaded (`);
    expect(sentence).toContain(reason);
    expect(sentence).not.toContain('Require stack');
    expect(sentence).toContain('Install the Polyhead package made for this platform.');
  });

  it('is not what every error means', () => {
    expect(nativeLibraryFailure(new TypeError('x is undefined'))).toBeUndefined();
    expect(nativeLibraryFailure(undefined)).toBeUndefined();
  });
});

describe('memory that runs out', () => {
  const allocation = (): Error => {
    try {
      new ArrayBuffer(Number.MAX_SAFE_INTEGER);
    } catch (error) {
      return error as Error;
    }
    throw new Error('There is memory without end.');
  };

  it.each([
    ['V8', allocation()],
    ['C++', new Error('std::bad_alloc')],
    ['onnxruntime', new Error('Exception during initialization: bad allocation')],
    ['its arena', new Error('Failed to allocate memory for requested buffer of size 16777216')],
    ['Node', withCode('ENOMEM', 'ENOMEM: not enough memory, read')],
    ['a worker', withCode('ERR_WORKER_OUT_OF_MEMORY', 'Worker terminated: JS heap out of memory')],
    ['a load', new Error('The model in /m could not be loaded: std::bad_alloc')],
  ])('is known from what %s says', (_who, error) => {
    expect(memoryFailure(error, 'translate')?.message).toMatch(
      /^The translation engine ran out of memory\. /,
    );
  });

  it.each(['train', 'planTraining'] as const)('is told to %s with what a training can do', (method) => {
    const { message } = memoryFailure(new Error('std::bad_alloc'), method)!;
    expect(message).toMatch(
      /choose a smaller model, or batches of fewer tokens with more of them to an update/,
    );
    expect(message).not.toMatch(/translat/);
  });

  it('is not what every error means', () => {
    expect(memoryFailure(new RangeError('Invalid array length'), 'translate')).toBeUndefined();
  });
});
