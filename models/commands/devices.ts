/** `polyhead devices`: what this machine can compute with, tried out. */
import path from 'node:path';
import type { Command } from 'commander';
import { describeMachine, reportOf } from '../devices/report';
import { stopOnInterrupt } from './train';
import { withTriedDevices } from './triedDevices';

export function addDevices(program: Command): void {
  program
    .command('devices')
    .description(
      'Tries out what this machine can compute with besides its processor, each in a process of its own, and prints ' +
        'a report in Markdown: whether the numbers are the processor’s, and how quick it is.',
    )
    .option('--json', 'prints the same as JSON')
    .action(devices);
}

async function devices({ json = false }: { json?: boolean }): Promise<void> {
  const signal = stopOnInterrupt(() => 'Stopping.');
  const description = await withTriedDevices(async (tried) => {
    await tried.tryOutAll(({ device, purpose, done, total }) => {
      process.stderr.write(`${done + 1} of ${total}: ${device}, ${purpose}\n`);
    }, signal);
    return describeMachine(tried, { translation: 'auto', training: 'auto' }, manifest);
  });
  process.stdout.write(json ? `${JSON.stringify(description, undefined, 2)}\n` : reportOf(description));
}

/** The bundle lies in dist/, below Polyhead's package.json. */
const manifest = path.resolve(__dirname, '..', 'package.json');
