// The platforms that a package is made for, and which of onnxruntime's native files each of them gets. One table:
// packing, checking and the tests read it.
import { existsSync } from 'node:fs';

/**
 * @typedef {object} Target
 * @property {string} folder below node_modules/onnxruntime-node/bin/napi-v6: what the binding's script loads from
 * @property {readonly string[]} native exactly these files of the folder are packed
 * @property {readonly string[]} [onDemand] those of them that a session loads by name, without being linked to them
 * @property {readonly { name: RegExp, why: string }[]} leftOut what else may lie in the folder
 * @property {readonly RegExp[]} system libraries that the files above may need from the machine
 */

const cudaProviders = {
  name: /^libonnxruntime_providers_\w+\.so$/,
  why: 'Providers for CUDA and TensorRT, which npm may have downloaded on a machine with an NVIDIA card: hundreds of megabytes for the cards of one maker.',
};

const gnuLibraries = [
  /^ld-linux-(x86-64|aarch64)\.so\.\d$/,
  /^lib(c|m|dl|rt|pthread|gcc_s|stdc\+\+)\.so\.\d$/,
];

/** onnxruntime.dll links the first one with /DELAYLOAD: nothing asks for it before a session chooses DirectML. */
const graphicsLibraries = [
  {
    name: /^DirectML\.dll$/,
    why: 'Loaded by a session that chooses the DirectML provider, and by nothing else.',
  },
];

/** Shader compilers: a session loads them that computes with a graphics card, by way of D3D12. */
const shaderCompilers = ['dxcompiler.dll', 'dxil.dll'];

/** Parts of Windows, and the Visual C++ 2015–2022 runtime, which is not: docs/packaging.md says who needs it. */
const windowsLibraries = [
  /^api-ms-win-[a-z0-9-]+\.dll$/i,
  /^(kernel32|setupapi|dbghelp|shell32|user32|advapi32|ole32|oleaut32)\.dll$/i,
  /^(msvcp140(_1|_atomic_wait)?|vcruntime140(_1)?)\.dll$/i,
];

/** @type {Readonly<Record<string, Target>>} */
export const targets = {
  'linux-x64': {
    folder: 'linux/x64',
    native: ['libonnxruntime.so.1', 'onnxruntime_binding.node'],
    leftOut: [cudaProviders],
    system: gnuLibraries,
  },
  'linux-arm64': {
    folder: 'linux/arm64',
    native: ['libonnxruntime.so.1', 'onnxruntime_binding.node'],
    leftOut: [cudaProviders],
    system: gnuLibraries,
  },
  'win32-x64': {
    folder: 'win32/x64',
    native: ['onnxruntime.dll', 'onnxruntime_binding.node', ...shaderCompilers],
    onDemand: shaderCompilers,
    leftOut: graphicsLibraries,
    system: windowsLibraries,
  },
  'win32-arm64': {
    folder: 'win32/arm64',
    native: ['onnxruntime.dll', 'onnxruntime_binding.node', ...shaderCompilers],
    onDemand: shaderCompilers,
    leftOut: graphicsLibraries,
    system: windowsLibraries,
  },
  'darwin-arm64': {
    folder: 'darwin/arm64',
    native: ['libonnxruntime.1.dylib', 'onnxruntime_binding.node'],
    leftOut: [
      {
        name: /^libonnxruntime\.1\.\d+\.\d+\.dylib$/,
        why: 'The same 44.6 MB once more; the binding asks for @rpath/libonnxruntime.1.dylib.',
      },
    ],
    system: [/^\/usr\/lib\//, /^\/System\/Library\//],
  },
};

/** The target that runs on this machine, if there is one. Alpine has none: the binaries are for GNU's libc. */
export function thisTarget() {
  const name = `${process.platform}-${process.arch}`;
  return name in targets && !existsSync('/etc/alpine-release') ? name : undefined;
}
