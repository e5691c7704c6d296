// Python with PyTorch, where there is one: Debian's python3-torch, or what a person has installed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Failure } from '../../scripts/setup/failure.mjs';

/** Debian's OpenBLAS for OpenMP: with the one for pthreads, or none, PyTorch takes two to three times as long. */
const openBlas = '/usr/lib/x86_64-linux-gnu/openblas-openmp';

/** What a person is told where there is none. */
export const howToInstall =
  'PyTorch is not there: install it (on Debian `apt-get install python3-torch libopenblas0-openmp`), or name a Python that has it in PYTHON.';

/** The processor whose products OpenBLAS has chosen; it says so when it is loaded. */
const coreLine = /^Core: (\w+)/m;
const ask =
  'import json, torch; print(json.dumps({"version": torch.__version__, "mkl": torch.backends.mkl.is_available()}))';

/**
 * The first Python that has PyTorch: what PYTHON names, `python3`, or the system's. `products` is what it multiplies by:
 * MKL, or OpenBLAS for a processor that it knows, which may be an older one than there is.
 *
 * @returns {{ python: string, version: string, products: string | undefined } | undefined}
 */
export function findPyTorch() {
  const { PYTHON } = process.env;
  for (const python of PYTHON ? [PYTHON] : ['python3', '/usr/bin/python3', 'python']) {
    const { status, stdout, stderr } = spawnSync(python, ['-c', ask], {
      encoding: 'utf8',
      timeout: 60_000,
      env: { ...pyTorchEnvironment(), OPENBLAS_VERBOSE: '2' },
    });
    if (status !== 0) continue;
    const { version, mkl } = JSON.parse(stdout);
    const core = coreLine.exec(stderr)?.[1];
    return { python, version, products: mkl ? 'MKL' : core && `OpenBLAS for ${core}` };
  }
  return undefined;
}

/**
 * As `findPyTorch`, for those who take its time.
 *
 * @throws {Failure} where it has no library for products: it then takes twenty times as long
 */
export function findQuickPyTorch() {
  const torch = findPyTorch();
  if (torch && torch.products === undefined) {
    throw new Failure(
      `PyTorch (${torch.python}) has neither MKL nor OpenBLAS, and would take twenty times as long as it can: on Debian, \`apt-get install libopenblas0-openmp\`.`,
    );
  }
  return torch;
}

/**
 * An environment in which PyTorch is as fast as it can be, so that comparisons are fair. OpenBLAS finds out by itself for
 * which processor it multiplies.
 *
 * @param {number} [threads]
 * @returns {NodeJS.ProcessEnv}
 */
export function pyTorchEnvironment(threads) {
  const environment = Object.entries(process.env).filter(([name]) => !name.startsWith('OPENBLAS_'));
  return {
    ...Object.fromEntries(environment),
    PYTHONDONTWRITEBYTECODE: '1',
    ...(existsSync(openBlas) && { LD_LIBRARY_PATH: openBlas }),
    ...(threads !== undefined && { OMP_NUM_THREADS: String(threads) }),
  };
}
