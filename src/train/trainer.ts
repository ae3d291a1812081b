/**
 * One training run's program and memory: data, order of the rows, gradients, optimizer state, and the snapshots that a
 * divergence falls back on. Runs slices of steps; when to stop and what to report is fit.ts.
 *
 * Of two slices, the one that runs and the one before, records and beginnings are kept: a step is a function of what it finds, so running a slice
 * again leads to the same numbers.
 */
import { Executable } from '../engine/executable.js';
import { wrongRange, wrongType } from '../errors.js';
import type { Moment } from '../nn/schedules.js';
import type { Matrix, Targets } from './matrix.js';
import { PARAMETERS, type ParameterStore } from './store.js';
import { compileTrainingStep, type StepOptions } from './training-job.js';
import { keptArrays, type Part, scalarNames } from './update.js';

export interface TrainerOptions extends StepOptions {
  /** Rows of the data set that is kept in memory. */
  readonly dataRows: number;
  /** Entries of the order of rows. What a slice was given must stay until the slice after the next is filled. */
  readonly orderLength: number;
  /** Most steps of a slice. */
  readonly maxSteps: number;
}

/** Steps that have run, or are about to. */
interface Slice {
  /** Its first record. */
  readonly first: number;
  /** Address of the parameters and the state that it began with. */
  readonly snapshot: number;
  completed: number;
}

export class Trainer {
  private readonly executable: Executable;
  private slice: Slice;
  private sliceBefore: Slice;
  private readonly stateBytes: number;
  /** Those of a step, on their way into its record. */
  private readonly scalars: Float64Array;
  /** Whether a step's results have, after its loss, a number of correct predictions. */
  readonly counts: boolean;

  constructor(
    private readonly store: ParameterStore,
    private readonly options: TrainerOptions,
  ) {
    const { engine, network } = store;
    const { update, bytes, dataRows } = options;
    const arrays = keptArrays(update);
    const { program, fedBytes, targetColumns, counts } = compileTrainingStep(store, options);
    this.counts = counts;
    this.scalars = new Float64Array(scalarNames(update).length);
    this.stateBytes = store.bytes * arrays.length;
    const snapshot = store.bytes + this.stateBytes;
    this.executable = new Executable(engine, program, {
      given: { [PARAMETERS]: store.address },
      own: {
        fed: fedBytes,
        gradients: store.bytes,
        state: this.stateBytes,
        snapshotA: snapshot,
        snapshotB: snapshot,
        inputs: dataRows * network.architecture.inputs * (bytes ? 1 : 4),
        targets: dataRows * targetColumns * 4,
        weights: options.weighted ? dataRows * 4 : 0,
        order: options.orderLength * 4,
      },
      filled: ['snapshotA', 'snapshotB', 'inputs', 'targets', 'weights', 'order'],
      maxSteps: 2 * options.maxSteps,
    });
    this.slice = { first: 0, snapshot: this.executable.address('snapshotA'), completed: 0 };
    this.sliceBefore = {
      first: options.maxSteps,
      snapshot: this.executable.address('snapshotB'),
      completed: 0,
    };
    arrays.forEach(({ start }, i) => {
      const array = this.array(i);
      if (start === 'parameters') array.set(engine.bytes(store.address, store.bytes));
      else if (start !== 0) new Float32Array(array.buffer, array.byteOffset, array.length / 4).fill(start);
    });
  }

  /** Puts the data set into memory. */
  setData({ values: inputs }: Matrix, { values: targets, weights }: Targets): void {
    const { engine } = this.store;
    const at = (block: string) => this.executable.address(block);
    if (this.options.bytes) engine.bytes(at('inputs'), inputs.length).set(inputs);
    else engine.floats(at('inputs'), inputs.length).set(inputs);
    engine.floats(at('targets'), targets.length).set(targets);
    if (weights) engine.floats(at('weights'), weights.length).set(weights);
  }

  /** Numbers of a step's result. */
  get width(): number {
    return 1 + Number(this.counts) + Number(this.weighted);
  }

  /** Whether the last of them is what the step's samples weigh. */
  get weighted(): boolean {
    return this.options.weighted;
  }

  /** Whether a step's numbers depend on the losses of the epochs before it. */
  get followsLoss(): boolean {
    return this.options.update.optimizer.followsLoss ?? false;
  }

  /** Refuses a batch that is not of the kind the trainer was made for. */
  checkBatch(inputs: Matrix, targets: Targets): void {
    const { bytes, targetKind, weighted } = this.options;
    if (inputs.values instanceof Uint8Array !== bytes)
      throw wrongType(
        'batch.inputs',
        bytes ? 'bytes, as in the first batch' : 'floats, as in the first batch',
        inputs.values,
      );
    if (targets.kind !== targetKind)
      throw wrongRange('batch.labels', 'targets of the same kind as in the first batch', targets.values);
    if ((targets.weights !== null) !== weighted)
      throw wrongRange(
        'batch.sampleWeights',
        weighted ? 'weights, as in the first batch' : 'none, as in the first batch',
        targets.weights ?? 'none',
      );
  }

  /** Place in the order, and number of rows, of a step of the slice that ran last. */
  rowsOf(step: number): { first: number; rows: number } {
    return this.executable.rowsOf(this.slice.first + step);
  }

  get maxSteps(): number {
    return this.options.maxSteps;
  }

  /** The order in which steps take rows: a view to be filled, valid until the next allocation. */
  get order(): Uint32Array {
    return this.store.engine.words(this.executable.address('order'), this.options.orderLength);
  }

  /**
   * Prepares step `index` of the next slice: `rows` rows from place `first` of the order. `counter` counts the model's steps,
   * for random numbers; `part` is that of the batch in an update to which several contribute.
   */
  setStep(index: number, rows: number, first: number, counter: number, moment: Moment, part?: Part): void {
    const { optimizer } = this.options.update;
    optimizer.writeScalars(this.scalars, moment);
    if (part) this.scalars.set([part.kept, part.share, part.last], optimizer.scalars.length);
    this.executable.setStep(this.sliceBefore.first + index, rows, first, counter, this.scalars);
  }

  /**
   * Runs a slice. Returns its results, a row of numbers for each step completed. Fewer rows than steps mean that the loss of
   * the step after them was not finite: `recover` then goes back to the last parameters whose loss was.
   */
  async run(steps: number): Promise<Float32Array> {
    [this.slice, this.sliceBefore] = [this.sliceBefore, this.slice];
    const { slice } = this;
    this.save(slice.snapshot);
    slice.completed = 0;
    slice.completed = await this.executable.start(steps, slice.first);
    return this.executable.results(slice.completed, slice.first).slice();
  }

  /** After a divergence: parameters and state become those with which the last completed step began. */
  recover(): void {
    const { first, snapshot, completed } = this.slice.completed > 0 ? this.slice : this.sliceBefore;
    if (completed === 0) return;
    this.restore(snapshot);
    this.executable.run(completed - 1, first);
  }

  /** While something is done, the averages of the parameters, if any are kept, stand in the parameters' place. */
  async withAverages<T>(work: () => Promise<T>): Promise<T> {
    this.swapAverages();
    try {
      return await work();
    } finally {
      this.swapAverages();
    }
  }

  /** At the end of the run, whatever ended it. What is kept as an average becomes the parameters. */
  dispose(): void {
    this.swapAverages();
    this.executable.dispose();
  }

  private swapAverages(): void {
    const { engine, address, parameterBytes } = this.store;
    const index = keptArrays(this.options.update).findIndex(({ start }) => start === 'parameters');
    if (index < 0) return;
    // statistics are averages already, and stay
    const parameters = engine.bytes(address, parameterBytes);
    const averages = this.array(index).subarray(0, parameterBytes);
    const before = parameters.slice();
    parameters.set(averages);
    averages.set(before);
  }

  /** One of the arrays kept for all parameters. */
  private array(index: number): Uint8Array {
    const { engine, bytes } = this.store;
    return engine.bytes(this.executable.address('state') + index * bytes, bytes);
  }

  private save(to: number): void {
    const { engine, address, bytes } = this.store;
    const state = this.executable.address('state');
    const memory = new Uint8Array(engine.memory.buffer);
    memory.copyWithin(to, address, address + bytes);
    memory.copyWithin(to + bytes, state, state + this.stateBytes);
  }

  private restore(from: number): void {
    const { engine, address, bytes } = this.store;
    const memory = new Uint8Array(engine.memory.buffer);
    memory.copyWithin(address, from, from + bytes);
    memory.copyWithin(this.executable.address('state'), from + bytes, from + bytes + this.stateBytes);
  }
}
