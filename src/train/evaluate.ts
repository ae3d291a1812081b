/** Predictions, and loss and metrics on data: passes in batches that change nothing. */
import type { Matrix, Targets } from './matrix.js';
import { type Metrics, measure } from './metrics.js';
import { Pass } from './pass.js';
import type { ParameterStore } from './store.js';
import { weightOf } from './weights.js';

export interface EvaluationReport extends Metrics {
  /** Mean over the samples, and what regularizers add to it. */
  readonly loss: number;
}

/** Rows of a batch: enough to fill the tiles, few enough for the layers' outputs to stay in the cache. */
const BATCH = 256;

/** The passes of a model, compiled when first used. */
export class Evaluator {
  private readonly passes = new Map<string, Pass>();

  constructor(private readonly store: ParameterStore) {}

  /** rows x outputs. */
  predict(inputs: Matrix): Float32Array {
    const { outputs, prediction } = this.store.network;
    const predictions = new Float32Array(inputs.rows * outputs);
    const bytes = inputs.values instanceof Uint8Array;
    const pass = this.pass(
      `predict ${bytes}`,
      () => new Pass(this.store, { capacity: BATCH, bytes, outputs: [prediction] }),
    );
    pass.run(inputs, null, (first, _rows, [values]) => predictions.set(values!, first * outputs));
    return predictions;
  }

  evaluate(inputs: Matrix, targets: Targets): EvaluationReport {
    const { loss: row, outputs, prediction } = this.store.network;
    const predictions = new Float32Array(inputs.rows * outputs);
    const bytes = inputs.values instanceof Uint8Array;
    const pass = this.pass(`evaluate ${bytes} ${targets.kind} ${targets.weights !== null}`, () => {
      const weighted = targets.weights !== null;
      const { target, weights, loss } = this.store.network.objective(targets.kind, false, weighted);
      return new Pass(this.store, { capacity: BATCH, bytes, target, weights, outputs: [prediction, loss] });
    });
    let loss = 0;
    let total = 0;
    pass.run(inputs, targets, (first, rows, [values, batchLoss]) => {
      predictions.set(values!, first * outputs);
      const share = weightOf(targets, first, first + rows);
      loss += batchLoss![0]! * share;
      total += share;
    });
    return { loss: loss / (total || 1), ...measure(row, predictions, targets) };
  }

  describe(): Promise<string> {
    const { prediction } = this.store.network;
    return this.pass(
      'predict false',
      () => new Pass(this.store, { capacity: BATCH, bytes: false, outputs: [prediction] }),
    ).describe();
  }

  dispose(): void {
    for (const pass of this.passes.values()) pass.dispose();
    this.passes.clear();
  }

  private pass(key: string, make: () => Pass): Pass {
    const pass = this.passes.get(key) ?? make();
    this.passes.set(key, pass);
    return pass;
  }
}
