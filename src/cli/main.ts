/**
 * cli/: the program `wasmlp`. This file says which commands and options there are; each command is a file of its own.
 *
 * Promises: results on standard output, everything else on standard error; exit status 0, or 2 with one line for whatever the
 * user can put right, and then no output file was touched; 130 after Ctrl-C. Imports everything, is imported by nothing.
 *
 * Touch it to add a command or an option. Leave out: anything a user of the library could want too.
 */
import { Command } from 'commander';
import packageJson from '../../package.json';
import { DIGITS } from '../data/files.js';
import { activations } from '../nn/activations.js';
import { optimizers } from '../nn/optimizers/index.js';
import { PLAIN_SCHEDULES } from '../nn/schedules.js';
import { type EvaluateFlags, evaluate } from './evaluate.js';
import { report } from './failure.js';
import { inspect } from './inspect.js';
import { lossNames } from './loss.js';
import { integerOption, integersOption, nameOption, namesOption, numberOption } from './options.js';
import { predict } from './predict.js';
import { type TrainFlags, train } from './train.js';

const DATA = `a CSV file, a folder of IDX files named as MNIST's, a pair IMAGES,LABELS of IDX files, or ${DIGITS}`;
const MODEL = 'what wasmlp train --out wrote';

const MISSING_TARGET = [
  '--missing-target <how>',
  'refuse rows without a target, or drop them (default: refuse)',
  nameOption('--missing-target', ['refuse', 'drop']),
] as const;

const keysOf = <T extends object>(table: T) => Object.keys(table) as (keyof T & string)[];

function buildProgram(): Command {
  const program = new Command('wasmlp')
    .description('Trains multi-layer perceptrons on tables and images, and uses them.')
    .version(packageJson.version)
    // failure.ts tells what went wrong
    .exitOverride()
    .configureOutput({ outputError: () => {} });
  addTrain(program);
  program
    .command('predict')
    .description('print DATA with the prediction appended, as CSV')
    .argument('<model>', MODEL)
    .argument(
      '<data>',
      `${DATA}, or a single IDX file of images; of a folder and of ${DIGITS}, the test images`,
    )
    .option('--out <file>', 'write there instead')
    .action(run((model: string, data: string, flags: { out?: string }) => predict(model, data, flags)));
  program
    .command('evaluate')
    .description('print how good a model is on DATA with known labels')
    .argument('<model>', MODEL)
    .argument('<data>', `${DATA}; of a folder and of ${DIGITS}, the test images`)
    .option('--target <column>', 'the column that holds the truth, if it has another name now')
    .option(...MISSING_TARGET)
    .option('--json', 'one JSON object: loss, rows, and accuracy or r2 and errors')
    .action(run((model: string, data: string, flags: EvaluateFlags) => evaluate(model, data, flags)));
  program
    .command('inspect')
    .description('print what is in a model file')
    .argument('<model>', MODEL)
    .action(run((model: string) => inspect(model)));
  return program;
}

function addTrain(program: Command): void {
  const shares = 'a number from 0 to below 1';
  const isShare = (value: number): boolean => value >= 0 && value < 1;
  const isBetween = (value: number): boolean => value > 0 && value < 1;
  const isPositive = (value: number): boolean => value > 0;
  const isNotNegative = (value: number): boolean => value >= 0;
  program
    .command('train')
    .description('train a network on DATA and print how good it is on rows it has not seen')
    .argument('[data]', DATA, DIGITS)
    .optionsGroup('Data:')
    .option('--test <data>', 'test on this')
    .option(
      '--test-fraction <share>',
      "or on this share of DATA's rows (default: 0.2, unless DATA has test images)",
      numberOption('--test-fraction', 'a number between 0 and 1', isBetween),
    )
    .option('--target <column>', 'column to tell (default: the last one)')
    .option('--drop <columns>', 'columns to leave out: A,B', namesOption('--drop'))
    .option(
      '--task <kind>',
      'classification or regression (default: by looking)',
      nameOption('--task', ['classification', 'regression']),
    )
    .option(
      '--missing <how>',
      'fill empty cells, or refuse them (default: fill)',
      nameOption('--missing', ['fill', 'refuse']),
    )
    .option(...MISSING_TARGET)
    .optionsGroup('Network (defaults by kind and size of DATA):')
    .option('--hidden <units>', 'units of the hidden layers: 256,128', integersOption('--hidden', 1, 2 ** 16))
    .option('--activation <name>', 'of the hidden layers', nameOption('--activation', keysOf(activations)))
    .option('--dropout <share>', 'of hidden outputs', numberOption('--dropout', shares, isShare))
    .optionsGroup('Training (defaults by kind and size of DATA):')
    .option(
      '--loss <name>',
      'softmaxCrossEntropy or multiclassHinge; meanSquaredError, huber, ...',
      nameOption('--loss', [...lossNames('classes'), ...lossNames('number')]),
    )
    .option('--epochs <n>', 'passes over the data', integerOption('--epochs', 1, 1_000_000))
    .option('--batch <n>', 'rows a step', integerOption('--batch', 1, 2 ** 20))
    .option(
      '--optimizer <name>',
      keysOf(optimizers).join(', '),
      nameOption('--optimizer', keysOf(optimizers)),
    )
    .option('--lr <rate>', 'learning rate', numberOption('--lr', 'a number above 0', isPositive))
    .option('--momentum <m>', 'of sgd', numberOption('--momentum', shares, isShare))
    .option('--nesterov', "Nesterov's momentum")
    .option(
      '--weight-decay <rate>',
      'L2 penalty; with adamW, decoupled decay',
      numberOption('--weight-decay', 'a number of at least 0', isNotNegative),
    )
    .option(
      '--schedule <name>',
      `of the rate: ${PLAIN_SCHEDULES.join(', ')}`,
      nameOption('--schedule', PLAIN_SCHEDULES),
    )
    .option(
      '--patience <n>',
      'keep a tenth of the rows out of training, and end when these are not told better for n epochs, with the best weights',
      integerOption('--patience', 1, 1_000_000),
    )
    .optionsGroup('Run:')
    .option(
      '--seed <n>',
      'of weights, order, dropout, split, digits',
      integerOption('--seed', 0, 2 ** 32 - 1),
      1,
    )
    .option('--threads <n>', 'threads that share the work, one a core', integerOption('--threads', 1, 64))
    .option('--reproducible', 'the same bits on every machine')
    .option('--wide-vectors', '256-bit vectors, if Node has them')
    .option('--out <file>', 'save the model; after Ctrl-C, as of the last epoch')
    .option('--json', 'end with one JSON object instead of the summary')
    .action(run((data: string, flags: TrainFlags) => train(data, flags)));
}

/** What a command returns is the exit status. The process ends by itself, once all is written. */
function run<A extends unknown[]>(command: (...args: A) => Promise<number>) {
  return async (...args: A): Promise<void> => {
    process.exitCode = await command(...args);
  };
}

/** A reader such as `head` that has enough is no failure. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

try {
  await buildProgram().parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
