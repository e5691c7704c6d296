/**
 * What can be told of this machine without asking its devices: what verdicts hold for, whether there may be a graphics
 * card at all, and what the system says of those that there are.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, readdir, readFile, stat } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A system's tool that takes longer has lost its way. */
const patienceMs = 10_000;

/** Where Vulkan's loader looks instead of where drivers are installed. */
const driverVariables = ['VK_DRIVER_FILES', 'VK_ICD_FILENAMES', 'VK_ADD_DRIVER_FILES'];
const driverFolders = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d'];
const cards = '/sys/class/drm';

/**
 * What verdicts hold for: another version of onnxruntime, another system, another card or driver, and they count no more.
 * As a sum that tells none of it.
 */
export async function machineKey(runtimeVersion: string): Promise<string> {
  const { platform, arch } = process;
  const known = [runtimeVersion, platform, arch, release(), cpus()[0]?.model, await drivers()];
  return createHash('sha256').update(JSON.stringify(known)).digest('hex');
}

/** Of macOS drivers are a part of the system. */
async function drivers(): Promise<unknown> {
  const { platform, env } = process;
  if (platform === 'win32') return windowsDrivers();
  if (platform !== 'linux') return [];
  const chosen = driverVariables.map((name) => env[name] ?? '');
  const installed = await Promise.all(
    driverFolders.map(async (folder) =>
      Promise.all(
        (await readdir(folder).catch(() => [])).map(async (name) => [
          name,
          // A newer driver has a newer file.
          await stat(path.join(folder, name)).then(
            ({ mtimeMs }) => mtimeMs,
            () => 0,
          ),
        ]),
      ),
    ),
  );
  const nvidia = await readFile('/sys/module/nvidia/version', 'utf8').catch(() => '');
  return [chosen, installed, nvidia, await cardsOfLinux()];
}

/** Versions of the drivers of graphics cards, as Windows keeps them. */
async function windowsDrivers(): Promise<string[]> {
  const displays = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}';
  // It may not be allowed to look everywhere, says so with its exit code, and has printed the rest.
  const printed = await run('reg', ['query', displays, '/s', '/v', 'DriverVersion'], {
    timeout: patienceMs,
  }).then(
    ({ stdout }) => stdout,
    (error: unknown) => (error as { stdout?: string }).stdout ?? '',
  );
  return [...printed.matchAll(/DriverVersion\s+REG_SZ\s+(\S+)/g)].map(([, version]) => version!);
}

/** Of each card its numbers, as `10de:2684`, and its memory in bytes where its driver tells. */
async function cardsOfLinux(): Promise<{ id: string; memory: number }[]> {
  const names = (await readdir(cards).catch(() => [])).filter((name) => /^card\d+$/.test(name));
  return Promise.all(
    names.sort().map(async (name) => {
      const read = async (file: string): Promise<string> =>
        (await readFile(path.join(cards, name, 'device', file), 'utf8').catch(() => '')).trim();
      const [vendor, device] = [await read('vendor'), await read('device')];
      return {
        id: `${vendor}:${device}`.replaceAll('0x', ''),
        memory: Number(await read('mem_info_vram_total')),
      };
    }),
  );
}

/** Whether it is worth a process to find out: on Linux, a card that Vulkan's loader could reach. */
export async function mayHaveCard(): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  if (driverVariables.some((name) => (process.env[name] ?? '') !== '')) return true;
  const nodes = await readdir('/dev/dri').catch(() => []);
  if (nodes.some((name) => name.startsWith('renderD'))) return true;
  const exists = (file: string): Promise<boolean> =>
    access(file).then(
      () => true,
      () => false,
    );
  return (await exists('/dev/nvidia0')) || exists('/dev/dxg');
}

/** A graphics card by what a tool of the system says of it. */
export interface Card {
  readonly name: string;
  readonly driver?: string;
  /** Bytes. */
  readonly memory?: number;
}

/** The graphics cards that the system names; none where it has no tool that tells. */
export async function systemCards(): Promise<Card[]> {
  const { platform } = process;
  try {
    if (platform === 'win32') return windowsCards(await output('powershell', windowsQuestion));
    if (platform === 'darwin')
      return macCards(await output('system_profiler', ['SPDisplaysDataType', '-json']));
  } catch {
    return [];
  }
  const nvidia = await output('nvidia-smi', nvidiaQuestion).then(nvidiaCards, () => []);
  return [...nvidia, ...(await linuxCards(nvidia.length > 0))];
}

async function output(tool: string, parameters: readonly string[]): Promise<string> {
  return (await run(tool, parameters, { timeout: patienceMs, windowsHide: true })).stdout;
}

const nvidiaQuestion = ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader,nounits'];

/** `NVIDIA H200, 550.90.07, 143771` a line, the memory in MiB. */
export function nvidiaCards(printed: string): Card[] {
  return printed.split('\n').flatMap((line) => {
    const [name, driver, memory] = line.split(',').map((part) => part.trim());
    return name ? [cardOf(name, driver, Number(memory) * 2 ** 20)] : [];
  });
}

const windowsQuestion = [
  ...['-NoProfile', '-NonInteractive', '-Command'],
  'ConvertTo-Json @(Get-CimInstance Win32_VideoController | Select-Object Name, DriverVersion, AdapterRAM)',
];

/** Windows counts a card's memory in 32 bits: what is near the end of them may be more, and is left out. */
export function windowsCards(printed: string): Card[] {
  const most = 4095 * 2 ** 20;
  return entries(JSON.parse(printed)).map(({ Name, DriverVersion, AdapterRAM }) =>
    cardOf(Name, DriverVersion, typeof AdapterRAM === 'number' && AdapterRAM < most ? AdapterRAM : undefined),
  );
}

/** Macs share the memory of the processor. */
export function macCards(printed: string): Card[] {
  const { SPDisplaysDataType: displays } = JSON.parse(printed) as Record<string, unknown>;
  return entries(displays).map(({ sppci_model: model }) => cardOf(model, undefined, totalmem()));
}

function entries(list: unknown): Record<string, unknown>[] {
  return (Array.isArray(list) ? list : []).filter(
    (entry): entry is Record<string, unknown> => typeof entry === 'object' && entry !== null,
  );
}

/** What no tool names. @param hasNvidia those of NVIDIA are named already */
async function linuxCards(hasNvidia: boolean): Promise<Card[]> {
  const makers: Readonly<Record<string, string>> = { '10de': 'NVIDIA', '1002': 'AMD', '8086': 'Intel' };
  return (await cardsOfLinux()).flatMap(({ id, memory }) => {
    const [maker = ''] = id.split(':');
    return hasNvidia && maker === '10de'
      ? []
      : [cardOf(`${makers[maker] ?? 'PCI'} ${id}`, undefined, memory)];
  });
}

function cardOf(name: unknown, driver: unknown, memory: number | undefined): Card {
  return {
    name: typeof name === 'string' ? name.slice(0, 200) : 'unknown',
    ...(typeof driver === 'string' && driver !== '' && { driver: driver.slice(0, 100) }),
    ...(memory !== undefined && memory > 0 && { memory }),
  };
}
