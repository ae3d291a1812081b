/**
 * Training on data in memory: epochs of batches in shuffled order. Works in slices of many steps, each one call into the machine, as
 * long as a slice takes about SLICE_MILLISECONDS; between two slices the host gets its turn. Streams are in stream.ts.
 */
import type { Moment } from '../nn/schedules.js';
import { timestamp } from '../node.js';
import { divergence } from './blame.js';
import { EpochEnd } from './epoch-end.js';
import type { Matrix } from './matrix.js';
import { pause, SLICE_MILLISECONDS } from './pause.js';
import { type History, Progress } from './progress.js';
import type { DescentSettings } from './settings.js';
import type { Trainee, TrainingData } from './trainee.js';
import { Trainer } from './trainer.js';
import { type Part, partOf } from './update.js';

const MAX_STEPS = 16_384;
/** The order of several epochs is laid out at once where an epoch has fewer rows. */
const ORDER_ENTRIES = 65_536;

export async function fitInMemory(
  trainee: Trainee,
  data: TrainingData,
  settings: DescentSettings,
): Promise<History> {
  const { inputs, targets } = data;
  const batchSize = settings.batchSize === 'all' ? inputs.rows : Math.min(settings.batchSize, inputs.rows);
  const epochsInOrder = Math.min(settings.epochs, Math.max(1, Math.floor(ORDER_ENTRIES / inputs.rows)));
  const stepsOfEpoch = Math.ceil(inputs.rows / batchSize);
  const epochEnd = await EpochEnd.of(trainee, data.validation, settings);
  const trainer = new Trainer(trainee.store, {
    update: settings,
    batchSize,
    dataRows: inputs.rows,
    bytes: inputs.values instanceof Uint8Array,
    targetKind: targets.kind,
    weighted: targets.weights !== null,
    orderLength: 2 * inputs.rows * epochsInOrder,
    maxSteps: Math.min(MAX_STEPS, stepsOfEpoch * settings.epochs),
    countCorrect: settings.accuracy,
  });
  let history: History;
  try {
    trainer.setData(inputs, targets);
    history = await new Fit(trainee, data, settings, trainer, epochEnd, batchSize, epochsInOrder).run();
  } finally {
    trainer.dispose();
  }
  epochEnd.restoreBest();
  return history;
}

/** The state of one run. */
class Fit {
  private readonly progress: Progress;
  private readonly totalUpdates: number;
  /** Of the step that is being prepared. */
  private readonly moment: { -readonly [K in keyof Moment]: Moment[K] };
  private readonly epochOrder: Uint32Array;
  /** Next row of the epoch, and which of the epochs laid out in the order it belongs to; it takes turns with the other half. */
  private position = 0;
  private epochInOrder = 0;
  private endOfHalf = 0;
  /** Epochs and updates whose steps have been prepared, and batches of the update that is next. */
  private epochsPrepared = 0;
  private updates = 0;
  private batchesOfUpdate = 0;
  private stepsWanted = 1;
  /** Rows of each step of the slice; negative in the last step of an epoch. */
  private readonly sliceRows: Int32Array;
  private sliceSteps = 0;

  constructor(
    private readonly trainee: Trainee,
    private readonly data: TrainingData,
    private readonly settings: DescentSettings,
    private readonly trainer: Trainer,
    private readonly epochEnd: EpochEnd,
    private readonly batchSize: number,
    private readonly epochsInOrder: number,
  ) {
    this.totalUpdates = Math.ceil(data.inputs.rows / (batchSize * settings.accumulate)) * settings.epochs;
    this.progress = new Progress(settings.epochs, trainer.counts);
    this.moment = { step: 0, epoch: 0, progress: 0, losses: [] };
    this.epochOrder = Uint32Array.from({ length: data.inputs.rows }, (_, i) => i);
    this.sliceRows = new Int32Array(trainer.maxSteps);
  }

  async run(): Promise<History> {
    const { settings, progress, trainee, trainer, epochEnd } = this;
    const { signal } = settings;
    const reports = epochEnd.wanted || trainer.followsLoss;
    let over = false;
    let began = timestamp();
    let lastPause = began;
    while (!over && progress.completedEpochs < settings.epochs) {
      signal?.throwIfAborted();
      const before = progress.completedEpochs;
      this.fillSlice(reports);
      await this.runSlice();
      const now = timestamp();
      progress.trained(now - began);
      const reported = reports && progress.completedEpochs > before;
      // the loss of a step says nothing of its own update: nobody is handed parameters that are not finite
      if ((reported || progress.completedEpochs === settings.epochs) && trainee.store.firstNonFinite())
        this.diverge(0);
      if (reported) over = await trainer.withAverages(() => epochEnd.report(progress));
      if (now - lastPause > SLICE_MILLISECONDS / 2) {
        await pause();
        lastPause = timestamp();
      }
      began = timestamp();
    }
    return progress.history();
  }

  /** Writes the step records of the next slice. */
  private fillSlice(endsWithEpoch: boolean): void {
    const { trainer, trainee, sliceRows, progress, batchSize } = this;
    const { rows } = this.data.inputs;
    const { accumulate, epochs } = this.settings;
    let epochsLeft = epochs - progress.completedEpochs;
    const { steps: modelSteps } = trainee;
    if (trainer.followsLoss) this.moment.losses = progress.followed;
    let step = 0;
    for (; step < this.stepsWanted && epochsLeft > 0; step++) {
      if (this.epochInOrder === this.endOfHalf) {
        // steps of this slice and of the one before still need what they were given
        if (step > 0) break;
        this.layOutOrder();
      }
      const taken = Math.min(batchSize, rows - this.position);
      this.setMoment();
      if (++this.batchesOfUpdate === accumulate || this.position + taken === rows) this.endUpdate();
      trainer.setStep(
        step,
        taken,
        this.epochInOrder * rows + this.position,
        modelSteps + step,
        this.moment,
        accumulate > 1 ? this.partAt(this.position) : undefined,
      );
      this.position += taken;
      sliceRows[step] = taken;
      if (this.position < rows) continue;
      sliceRows[step] = -taken;
      this.position = 0;
      this.epochInOrder++;
      this.epochsPrepared++;
      epochsLeft--;
      if (endsWithEpoch) epochsLeft = 0;
    }
    this.sliceSteps = step;
  }

  /** What the batch that begins at a row of the epoch is to the update that several make. */
  private partAt(first: number): Part {
    const { accumulate } = this.settings;
    const { inputs, targets } = this.data;
    const { weights } = targets;
    const begin = this.epochInOrder * inputs.rows;
    const { order } = this.trainer;
    const weigh = (from: number, to: number): number =>
      weights
        ? order.subarray(begin + from, begin + to).reduce((sum, row) => sum + weights[row]!, 0)
        : to - from;
    return partOf(first, this.batchSize, inputs.rows, accumulate, weigh);
  }

  /** Of the next update. What it is made of is counted along: every division here is a hundredth of a tiny network's step. */
  private setMoment(): void {
    const { moment, updates } = this;
    moment.epoch = this.epochsPrepared;
    moment.step = updates + 1;
    moment.progress = updates / this.totalUpdates;
  }

  private endUpdate(): void {
    this.updates++;
    this.batchesOfUpdate = 0;
  }

  private layOutOrder(): void {
    const { order } = this.trainer;
    const first = this.endOfHalf === this.epochsInOrder ? this.epochsInOrder : 0;
    this.epochInOrder = first;
    this.endOfHalf = first + this.epochsInOrder;
    for (let epoch = first; epoch < this.endOfHalf; epoch++) {
      if (this.settings.shuffle) this.trainee.random.shuffle(this.epochOrder);
      copyOrder(this.epochOrder, order, epoch * this.epochOrder.length);
    }
  }

  private async runSlice(): Promise<void> {
    const { trainer, trainee, progress, sliceRows, sliceSteps } = this;
    const began = timestamp();
    const results = await trainer.run(sliceSteps);
    const milliseconds = timestamp() - began;
    const { width, counts, weighted } = trainer;
    const done = results.length / width;
    trainee.steps += done;
    for (let step = 0; step < done; step++) {
      const rows = sliceRows[step]!;
      const samples = Math.abs(rows);
      const at = step * width;
      const weight = weighted ? results[at + width - 1]! : samples;
      progress.step(samples, results[at]!, counts ? results[at + 1]! : 0, weight);
      if (rows < 0) progress.endEpoch();
    }
    if (done < sliceSteps) this.diverge(done);
    const fitting = (sliceSteps * SLICE_MILLISECONDS) / Math.max(milliseconds, 0.01);
    // growing slowly: the first steps run code that the engine has not yet optimized
    this.stepsWanted = Math.max(1, Math.min(Math.floor(fitting), this.stepsWanted * 4, trainer.maxSteps));
  }

  /** After a step of the slice whose loss was not finite, or an update that overflowed. */
  private diverge(step: number): never {
    const { trainee, trainer, progress } = this;
    const error = divergence(trainee.store, progress.steps, () => this.batchOf(step));
    trainer.recover();
    throw error;
  }

  /** The rows that a step of the slice was given. */
  private batchOf(step: number): Matrix {
    const { values, columns } = this.data.inputs;
    const { first, rows } = this.trainer.rowsOf(step);
    const order = this.trainer.order.slice(first, first + rows);
    const batch =
      values instanceof Uint8Array ? new Uint8Array(rows * columns) : new Float32Array(rows * columns);
    order.forEach((row, i) => {
      batch.set(values.subarray(row * columns, (row + 1) * columns), i * columns);
    });
    return { values: batch, rows, columns };
  }
}

/** A loop, because `set` takes 40 ns however little there is to copy: a tenth of a tiny network's step. */
function copyOrder(from: Uint32Array, to: Uint32Array, at: number): void {
  for (let i = 0; i < from.length; i++) to[at + i] = from[i]!;
}
