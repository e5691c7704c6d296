/** Polyhead at the terminal: the same engine without an editor. Each command lives in models/commands. */
import { Command, CommanderError } from 'commander';
import { addCalibrate } from './commands/calibrate';
import { addDevices } from './commands/devices';
import { addEvaluate } from './commands/evaluate';
import { addExport } from './commands/export';
import { addMetrics } from './commands/metrics';
import { addSweep } from './commands/sweep';
import { addTrain } from './commands/train';
import { addTranslate } from './commands/translate';
import { UserError } from './userError';

const program = new Command('polyhead')
  .description('Trains a Transformer on your own corpus and translates with it, on this machine alone.')
  .exitOverride()
  // What is wrong with a command line is said below, as all else is.
  .configureOutput({ outputError: () => undefined });

addTranslate(program);
addTrain(program);
addSweep(program);
addEvaluate(program);
addExport(program);
addMetrics(program);
addCalibrate(program);
addDevices(program);

const inputAtFault = 2;
const programAtFault = 1;
/** As a shell has it: 128 and the number of SIGINT. */
const interrupted = 130;

async function main(): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    fail(error);
  }
}

/** Says why the command ends, and chooses the exit code. */
function fail(error: unknown): void {
  if (error instanceof CommanderError) {
    // Help that was asked for ends with 0; without a command it has just been shown on standard error.
    if (error.exitCode !== 0 && error.code !== 'commander.help') write(commandLineSentence(error));
    process.exitCode = error.exitCode === 0 ? 0 : inputAtFault;
  } else if (error instanceof UserError) {
    // What it quotes, a damaged file for one, may hold line breaks.
    write(error.message.replace(/\s*\n\s*/g, ' '));
    process.exitCode = inputAtFault;
  } else if (error instanceof DOMException && error.name === 'AbortError') {
    write('Stopped.');
    process.exitCode = interrupted;
  } else if (isSystemError(error)) {
    write(`The system refuses: ${error.message}.`);
    process.exitCode = inputAtFault;
  } else {
    write(`Polyhead has a fault: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    process.exitCode = programAtFault;
  }
}

function write(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

/** Commander's `error: unknown option '--form'\n(Did you mean --from?)` as a sentence like our own. */
function commandLineSentence({ message }: CommanderError): string {
  const fault = message
    .replace(/^error: ./, (start) => start.slice(-1).toUpperCase())
    .replace(/\s+/g, ' ')
    .replace(/\. ./g, (border) => `: ${border.slice(-1).toLowerCase()}`)
    .replace(/\.$/, '');
  const command = program.commands.find((candidate) => candidate.name() === process.argv[2]);
  return `${fault}; ${[program, ...(command ? [command] : [])].map((one) => one.name()).join(' ')} --help says more.`;
}

/** A file or folder that cannot be made, a disk that is full. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that stops early (`| head`) is no fault.
  if (error.code !== 'EPIPE') fail(error);
  process.exit();
});

void main();
