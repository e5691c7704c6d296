// Python with PyTorch, where there is one: Debian's python3-torch, or what a person has installed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Debian's OpenBLAS for OpenMP: with the one for pthreads, or none, PyTorch takes two to three times as long. */
const openBlas = '/usr/lib/x86_64-linux-gnu/openblas-openmp';

/** What a person is told where there is none. */
export const howToInstall =
  'PyTorch is not there: install it (on Debian `apt-get install python3-torch libopenblas0-openmp`), or name a Python that has it in PYTHON.';

/**
 * The first Python that has PyTorch: what PYTHON names, `python3`, or the system's.
 *
 * @returns {{ python: string, version: string } | undefined}
 */
export function findPyTorch() {
  const { PYTHON } = process.env;
  for (const python of PYTHON ? [PYTHON] : ['python3', '/usr/bin/python3', 'python']) {
    const { status, stdout } = spawnSync(python, ['-c', 'import torch; print(torch.__version__)'], {
      encoding: 'utf8',
      timeout: 60_000,
      env: pyTorchEnvironment(),
    });
    if (status === 0) return { python, version: stdout.trim() };
  }
  return undefined;
}

/**
 * An environment in which PyTorch is as fast as it can be, so that comparisons are fair.
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
