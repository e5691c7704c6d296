/**
 * Failures of the machine rather than of Polyhead, as sentences for a person: a native library that does not load, and
 * memory that is not there.
 */
import { UserError } from '../userError';
import { messageOf } from './log';
import type { EngineMethod } from './protocol';

/**
 * The sentence for onnxruntime's native part, which is made for one platform and can be missing or foreign.
 *
 * @param error what loading it threw; `undefined` comes back where something else was wrong
 */
export function nativeLibraryFailure(error: unknown): UserError | undefined {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_MODULE_NOT_FOUND' && code !== 'ERR_DLOPEN_FAILED')
    return undefined;
  // What follows the first line lists the modules on the way.
  const [reason] = messageOf(error).split('\n', 1);
  return new UserError(
    `Polyhead’s native library for ${platformName()} is missing or cannot be loaded (${reason}). ` +
      'Install the Polyhead package made for this platform. There is none for Alpine Linux, 32-bit systems and ' +
      'Macs with Intel processors.',
  );
}

/** As packages are called, `linux-x64`, and whether Linux is one that they are not made for. */
function platformName(): string {
  const platform = `${process.platform}-${process.arch}`;
  return process.platform === 'linux' && isMusl() ? `${platform} (musl, such as Alpine Linux)` : platform;
}

function isMusl(): boolean {
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return header?.glibcVersionRuntime === undefined;
}

/** How V8, Node, the C++ library and onnxruntime say that there is no memory. */
const outOfMemory =
  /bad_alloc|bad allocation|allocation failed|out of memory|failed to allocate memory|not enough memory|cannot allocate memory/i;

/**
 * The sentence for memory that ran out; `undefined` where something else was wrong.
 *
 * @param method what was asked for, by which it is known what would take less
 */
export function memoryFailure(error: unknown, method: EngineMethod): UserError | undefined {
  if (!outOfMemory.test(messageOf(error))) return undefined;
  const isTraining = method === 'train' || method === 'planTraining';
  return new UserError(
    isTraining
      ? 'There is not enough memory for this training. Close other programs, choose a smaller model, or batches of fewer tokens with more of them to an update.'
      : 'The translation engine ran out of memory. Close other programs, or translate less at a time.',
  );
}
