/** Polyhead at the terminal: the same engine without an editor. Each command lives in models/commands. */
import { Command } from 'commander';
import { addEvaluate } from './commands/evaluate';
import { addExport } from './commands/export';
import { addTrain } from './commands/train';
import { addTranslate } from './commands/translate';
import { UserError } from './userError';

const program = new Command('polyhead')
  .description('Trains a Transformer on your own corpus and translates with it, on this machine alone.')
  .showHelpAfterError('(polyhead --help shows what there is.)')
  .exitOverride();

addTranslate(program);
addTrain(program);
addEvaluate(program);
addExport(program);

const inputAtFault = 2;

async function main(): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    if (isCommanderError(error)) {
      process.exitCode = error.exitCode === 0 ? 0 : inputAtFault;
    } else if (error instanceof UserError) {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = inputAtFault;
    } else {
      process.stderr.write(`Polyhead has a fault: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exitCode = 1;
    }
  }
}

function isCommanderError(error: unknown): error is { exitCode: number } {
  return error instanceof Error && 'exitCode' in error;
}

// A reader that stops early (`| head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

void main();
