/** Devices at the terminal: tried out each time, since nothing is remembered from one command to the next. */
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Devices } from '../devices/devices';
import { withTemporaryFolder } from '../storage/atomic';

export function withTriedDevices<Result>(work: (devices: Devices) => Promise<Result>): Promise<Result> {
  return withTemporaryFolder(tmpdir(), 'devices', async (folder) =>
    work(
      new Devices({
        file: path.join(folder, 'devices.json'),
        module: path.join(__dirname, 'deviceProbe.js'),
      }),
    ),
  );
}
