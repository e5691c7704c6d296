/** What the machine has to train with: cores, memory, disk, and whether it runs on its battery. */
import { readdir, readFile, statfs } from 'node:fs/promises';
import { availableParallelism, freemem, totalmem } from 'node:os';
import path from 'node:path';

/** Where Linux tells of batteries and mains. */
const powerSupplies = '/sys/class/power_supply';

export interface Machine {
  readonly cores: number;
  /** Bytes. */
  readonly memory: { readonly free: number; readonly total: number };
  readonly disk: { readonly free: number };
  /** Undefined where the system does not tell. */
  readonly onBattery: boolean | undefined;
}

/** @param folder on the disk that is asked about; it need not be there yet */
export async function measureMachine(folder: string): Promise<Machine> {
  return {
    cores: availableParallelism(),
    memory: { free: await freeMemory(), total: totalMemory() },
    disk: { free: await freeDisk(folder) },
    onBattery: await isOnBattery(),
  };
}

/** Bytes that this process may still use on the disk of a folder, or of its nearest parent that is there. */
export async function freeDisk(folder: string): Promise<number> {
  for (let place = path.resolve(folder); ; place = path.dirname(place)) {
    try {
      const { bavail, bsize } = await statfs(place);
      return bavail * bsize;
    } catch (error) {
      if (place === path.dirname(place)) throw error;
    }
  }
}

/** A container may have less than the machine. */
function totalMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/** On Linux what programs can get, caches that can be dropped included; elsewhere what lies idle. */
async function freeMemory(): Promise<number> {
  const available = await readFile('/proc/meminfo', 'utf8').then(
    (text) => Number(/^MemAvailable:\s+(\d+) kB$/m.exec(text)?.[1] ?? NaN) * 1024,
    () => NaN,
  );
  return Math.min(Number.isFinite(available) ? available : freemem(), totalMemory());
}

/**
 * Whether the machine runs on its battery: one discharges, and no mains are connected. Undefined where the system says
 * nothing of either; batteries of mice and telephones (scope Device) do not count.
 *
 * @param root as Linux lays it out: a folder a supply, with files `type`, `status`, `online`, `scope`
 */
export async function isOnBattery(root = powerSupplies): Promise<boolean | undefined> {
  const names = await readdir(root).catch(() => []);
  let told = false;
  let discharging = false;
  for (const name of names) {
    const read = (file: string): Promise<string> =>
      readFile(path.join(root, name, file), 'utf8').then(
        (text) => text.trim(),
        () => '',
      );
    if ((await read('scope')) === 'Device') continue;
    const type = await read('type');
    if (type === 'Battery') {
      const status = await read('status');
      told ||= status !== '' && status !== 'Unknown';
      discharging ||= status === 'Discharging';
    } else if (['Mains', 'USB', 'UPS', 'Wireless'].includes(type)) {
      const online = await read('online');
      if (online !== '' && online !== '0') return false;
      // A socket of USB that nothing is plugged into says nothing of the machine.
      told ||= type === 'Mains' && online === '0';
    }
  }
  return told ? discharging : undefined;
}
