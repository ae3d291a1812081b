/**
 * One training run's program and memory: data, order of the rows, gradients, optimizer state, and the snapshot that a
 * divergence falls back on. Runs slices of steps; when to stop and what to report is fit.ts.
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
  /** Entries of the order of rows. */
  readonly orderLength: number;
  /** Most steps of a slice. */
  readonly maxSteps: number;
}

export class Trainer {
  private readonly executable: Executable;
  /** Addresses of the snapshots of parameters and state: where the slice began, and where the last step of a slice did. */
  private sliceStart: number;
  private lastStep: number;
  private readonly stateBytes: number;
  /** Those of a step, on their way into its record. */
  private readonly scalars: Float64Array;
  /** Steps of the slice: asked for, and completed. */
  private asked = 0;
  private completed = 0;
  private hasLastStep = false;
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
      maxSteps: options.maxSteps,
    });
    this.sliceStart = this.executable.address('snapshotA');
    this.lastStep = this.executable.address('snapshotB');
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

  /** Place in the order, and number of rows, of a step of the slice. */
  rowsOf(step: number): { first: number; rows: number } {
    return this.executable.rowsOf(step);
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
    this.executable.setStep(index, rows, first, counter, this.scalars);
  }

  /**
   * Runs a slice. Returns its results, a row of numbers for each step completed. Fewer rows than steps mean that the loss of
   * the step after them was not finite: `recover` then goes back to the last parameters whose loss was.
   */
  async run(steps: number): Promise<Float32Array> {
    this.keepLastStep();
    this.save(this.sliceStart);
    this.asked = steps;
    this.completed = steps > 1 ? await this.executable.start(steps - 1) : 0;
    if (this.completed === steps - 1) {
      if (steps > 1) this.save(this.lastStep);
      this.completed += await this.executable.start(1, steps - 1);
    }
    return this.executable.results(this.completed).slice();
  }

  /** After a divergence: parameters and state become those with which the last completed step began. */
  recover(): void {
    if (this.completed === 0) {
      // the last good step was the last of the slice before
      if (this.hasLastStep) this.restore(this.lastStep);
      return;
    }
    this.restore(this.sliceStart);
    // a step is a function of what it finds, so running the slice again leads to the same numbers
    this.executable.run(this.completed - 1);
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

  /** Where the slice before had one step, its beginning is that step's. */
  private keepLastStep(): void {
    const { sliceStart, lastStep, asked } = this;
    if (asked === 1) [this.sliceStart, this.lastStep] = [lastStep, sliceStart];
    this.hasLastStep = asked > 0;
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
