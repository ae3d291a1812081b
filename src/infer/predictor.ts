/**
 * A saved model that predicts: its numbers in the memory of an engine, and short programs that run over them. Once a predictor has seen a
 * number of rows, more calls with as many allocate nothing but what they return.
 */
import { NR } from '../../assembly/isa.js';
import { DISPOSE } from '../dispose.js';
import type { Engine } from '../engine/engine.js';
import { wrongRange, wrongType } from '../errors.js';
import { checkFinite, countRows, type Rows, toInputValues } from '../train/matrix.js';
import { Batch, packWeights } from './batch.js';
import type { InferenceModel } from './model.js';
import type { PlacedLayer } from './program.js';

/** Most rows of a step: enough to fill the tiles, few enough for the layers' outputs to stay in the cache. */
const BATCH = 256;

export class Predictor {
  /** Strings that travelled in the model's file. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Columns of the inputs, and of what is predicted. */
  readonly inputs: number;
  readonly outputs: number;
  private readonly layers: readonly PlacedLayer[];
  private readonly weights: number;
  private batch: Batch | null = null;
  private disposed = false;

  /** Use `loadPredictor`. `ownsEngine`: the engine ends with this. */
  constructor(
    readonly engine: Engine,
    model: InferenceModel,
    private readonly ownsEngine: boolean,
  ) {
    const { layers, prediction, metadata } = model;
    this.metadata = metadata;
    this.inputs = layers[0]!.inputs;
    this.outputs = layers.at(-1)!.units;
    const sizes = layers.flatMap(({ inputs, units, weight, bias }) => [
      weight.length,
      bias?.length ?? 0,
      packedLength(inputs, units),
    ]);
    const bytes = sizes.reduce((sum, length) => sum + paddedBytes(length), 0);
    this.weights = engine.allocate(bytes);
    let free = this.weights;
    const place = (length: number): number => {
      free += paddedBytes(length);
      return free - paddedBytes(length);
    };
    this.layers = layers.map(({ inputs, units, activation, weight, bias }, i) => {
      const [atWeight, atBias] = [place(weight.length), place(bias?.length ?? 0)];
      engine.floats(atWeight, weight.length).set(weight);
      if (bias) engine.floats(atBias, bias.length).set(bias);
      const finish = i === layers.length - 1 ? prediction : activation;
      const panels = place(packedLength(inputs, units));
      return { inputs, units, weight: atWeight, bias: bias ? atBias : 0, panels, finish };
    });
    packWeights(engine, this.layers);
  }

  /**
   * Predictions, rows x outputs: probabilities where the loss implies them; the same bits as `Model.predict`. Written into `into`, which
   * must hold exactly as many numbers, or into a new array. A Uint8Array of inputs is taken as pixels, byte b meaning b / 255. Inputs that are
   * not finite are refused; of more than 256 rows, `into` may then have some predictions.
   */
  predict(inputs: Rows, into?: Float32Array): Float32Array {
    return this.run(inputs, into, false);
  }

  /** The same before softmax or sigmoid: the outputs of the last layer. */
  logits(inputs: Rows, into?: Float32Array): Float32Array {
    return this.run(inputs, into, true);
  }

  /** Gives the memory back, and ends the engine unless the caller brought it. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.batch?.dispose();
    this.engine.free(this.weights);
    if (this.ownsEngine) this.engine.dispose();
  }

  [DISPOSE](): void {
    this.dispose();
  }

  private run(inputs: Rows, into: Float32Array | undefined, logits: boolean): Float32Array {
    if (this.disposed) throw new Error('predictor: expected a living predictor, got one that was disposed');
    const values = toInputValues('inputs', inputs, this.inputs);
    const rows = countRows('inputs', values, this.inputs);
    const length = rows * this.outputs;
    if (into !== undefined && !(into instanceof Float32Array))
      throw wrongType('into', 'a Float32Array', into);
    if (into !== undefined && into.length !== length)
      throw wrongRange('into', `room for ${rows} x ${this.outputs} numbers`, into);
    const results = into ?? new Float32Array(length);
    this.engine.settle();
    const batch = this.batchOf(rows);
    const finite =
      rows <= batch.capacity
        ? batch.run(values, rows, results, logits)
        : this.runInParts(batch, values, results, logits);
    if (!finite) checkFinite('inputs', values, this.inputs);
    return results;
  }

  private runInParts(
    batch: Batch,
    values: Float32Array | Uint8Array,
    results: Float32Array,
    logits: boolean,
  ) {
    const { inputs, outputs } = this;
    const rows = values.length / inputs;
    for (let first = 0; first < rows; first += batch.capacity) {
      const last = Math.min(rows, first + batch.capacity);
      const part = values.subarray(first * inputs, last * inputs);
      if (!batch.run(part, last - first, results.subarray(first * outputs, last * outputs), logits))
        return false;
    }
    return true;
  }

  /** Room for so many rows, as far as they are taken at once. */
  private batchOf(rows: number): Batch {
    const least = Math.min(rows, BATCH);
    if (this.batch && this.batch.capacity >= least) return this.batch;
    const capacity = Math.min(BATCH, Math.max(least, 2 * (this.batch?.capacity ?? 0)));
    this.batch?.dispose();
    this.batch = null;
    this.batch = new Batch(this.engine, this.layers, capacity);
    return this.batch;
  }
}

/** Numbers of k x n weights in panels. */
function packedLength(k: number, n: number): number {
  return k * Math.ceil(n / NR) * NR;
}

/** Numbers begin on a cache line. */
function paddedBytes(length: number): number {
  return Math.ceil(length / 16) * 64;
}
