/**
 * Training on batches that arrive one at a time, from a file or a network: each is one step, none is kept. Loaded when the first stream comes.
 */
import { wrongRange, wrongType } from '../errors.js';
import { timestamp } from '../node.js';
import { type Batch, type BatchSource, isIterable } from './batch-source.js';
import { divergence } from './blame.js';
import { EpochEnd } from './epoch-end.js';
import { type Matrix, type Targets, toInputs, toTargets } from './matrix.js';
import { pause, SLICE_MILLISECONDS } from './pause.js';
import { type History, Progress } from './progress.js';
import type { DescentSettings } from './settings.js';
import type { Trainee } from './trainee.js';
import { Trainer } from './trainer.js';
import { untilAborted } from './until-aborted.js';
import { rowsOf, targetRowsOf } from './validation.js';
import { weigh } from './weights.js';

/** The batches of an epoch. */
function begin(source: BatchSource, signal?: AbortSignal): Iterable<Batch> | AsyncIterable<Batch> {
  signal?.throwIfAborted();
  const batches = typeof source === 'function' ? source() : source;
  if (!isIterable(batches)) throw wrongType('inputs', 'a function that gives batches', batches);
  return signal ? untilAborted(batches, signal) : batches;
}

export async function fitStream(
  trainee: Trainee,
  source: BatchSource,
  validation: { inputs: Matrix; targets: Targets } | null,
  settings: DescentSettings,
): Promise<History> {
  const batchSize = checkStreamed(settings);
  const epochEnd = await EpochEnd.of(trainee, validation, settings);
  let trainer: Trainer | undefined;
  let progress: Progress | undefined;
  let over = false;
  let lastPause = timestamp();
  try {
    for (let epoch = 1; !over && epoch <= settings.epochs; epoch++) {
      let batches = 0;
      for await (const batch of begin(source, settings.signal)) {
        const [inputs, targets] = checkBatch(trainee, batch, settings);
        trainer ??= createTrainer(trainee, inputs, targets, batchSize, settings);
        progress ??= new Progress(settings.epochs, trainer.counts);
        for (const [part, partTargets] of split(inputs, targets, batchSize)) {
          settings.signal?.throwIfAborted();
          const began = timestamp();
          await step(trainee, trainer, part, partTargets, progress);
          const now = timestamp();
          progress.trained(now - began);
          if (now - lastPause > SLICE_MILLISECONDS) {
            await pause();
            lastPause = timestamp();
          }
        }
        batches++;
      }
      if (batches === 0)
        throw wrongRange(
          'inputs',
          `batches in epoch ${epoch} (pass a function that begins them anew)`,
          'none',
        );
      if (trainee.store.firstNonFinite()) diverge(trainee, trainer!, progress!);
      progress!.endEpoch();
      over = await trainer!.withAverages(() => epochEnd.report(progress!));
    }
    settings.signal?.throwIfAborted();
  } finally {
    trainer?.dispose();
  }
  epochEnd.restoreBest();
  return progress!.history();
}

/** Refuses what asks for data that a stream does not show beforehand; returns the rows of a step. */
function checkStreamed(settings: DescentSettings): number {
  const { validationSplit, batchSize, accumulate, sampleWeights } = settings;
  if (validationSplit !== undefined)
    throw wrongRange(
      'options.validationSplit',
      'nothing for a stream, which has no last rows',
      validationSplit,
    );
  if (sampleWeights !== undefined)
    throw wrongRange(
      'options.sampleWeights',
      'nothing for a stream, whose batches bring theirs',
      sampleWeights,
    );
  if (accumulate > 1)
    throw wrongRange('options.accumulate', 'nothing for a stream, whose end comes unforeseen', accumulate);
  if (batchSize === 'all')
    throw wrongRange('options.batchSize', 'a number for a stream, which never has all rows', batchSize);
  return batchSize;
}

function checkBatch({ store }: Trainee, batch: Batch, { classWeights }: DescentSettings): [Matrix, Targets] {
  if (batch === null || typeof batch !== 'object') throw wrongType('batch', '{ inputs, labels }', batch);
  const { network } = store;
  const inputs = toInputs('batch.inputs', batch.inputs, network.architecture.inputs);
  const targets = toTargets('batch.labels', batch.labels, inputs.rows, network);
  return [inputs, weigh(targets, network, { classWeights, sampleWeights: batch.sampleWeights }, 'batch')];
}

function createTrainer(
  { store }: Trainee,
  inputs: Matrix,
  targets: Targets,
  batchSize: number,
  settings: DescentSettings,
): Trainer {
  const trainer = new Trainer(store, {
    update: settings,
    batchSize,
    dataRows: batchSize,
    bytes: inputs.values instanceof Uint8Array,
    targetKind: targets.kind,
    weighted: targets.weights !== null,
    orderLength: batchSize,
    maxSteps: 1,
    countCorrect: settings.accuracy,
  });
  trainer.order.forEach((_, i, order) => {
    order[i] = i;
  });
  return trainer;
}

/** Parts of at most `size` rows. */
function* split(inputs: Matrix, targets: Targets, size: number): Generator<[Matrix, Targets]> {
  for (let first = 0; first < inputs.rows; first += size) {
    const last = Math.min(first + size, inputs.rows);
    yield [rowsOf(inputs, first, last), targetRowsOf(targets, first, last)];
  }
}

async function step(
  trainee: Trainee,
  trainer: Trainer,
  inputs: Matrix,
  targets: Targets,
  progress: Progress,
): Promise<void> {
  trainer.checkBatch(inputs, targets);
  trainer.setData(inputs, targets);
  // how long an epoch is, a stream does not say: the rate changes from epoch to epoch
  const { completedEpochs: epoch } = progress;
  const losses = trainer.followsLoss ? progress.followed : [];
  const moment = { step: progress.steps + 1, epoch, progress: epoch / progress.epochs, losses };
  trainer.setStep(0, inputs.rows, 0, trainee.steps, moment);
  const results = await trainer.run(1);
  if (results.length === 0) diverge(trainee, trainer, progress, inputs);
  trainee.steps++;
  const weight = trainer.weighted ? results.at(-1)! : inputs.rows;
  progress.step(inputs.rows, results[0]!, trainer.counts ? results[1]! : 0, weight);
}

/** After a batch whose loss was not finite, or an update that overflowed. */
function diverge({ store }: Trainee, trainer: Trainer, progress: Progress, batch?: Matrix): never {
  const error = divergence(store, progress.steps, () => batch!);
  trainer.recover();
  throw error;
}
