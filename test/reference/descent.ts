/** Mini-batch gradient descent in float64, step by step in naive loops over the reference: what `fit` is held against. */
import type { Node } from '../../src/graph/node.js';
import { evaluate, referenceGradients } from './evaluate.js';

export interface Descent {
  /** 1 x 1; depends on inputs 'x' and 'classes' and on the parameters. */
  readonly loss: Node;
  readonly parameters: readonly Node[];
  readonly initial: Readonly<Record<string, ArrayLike<number>>>;
  /** One array for each row. */
  readonly rows: readonly (readonly number[])[];
  readonly classes: readonly number[];
  readonly batchSize: number;
  readonly epochs: number;
  readonly learningRate: number;
}

/** Parameters at the end, and the mean loss of every epoch's samples, each taken before the step that learned from it. */
export function descend(run: Descent): { parameters: Record<string, Float64Array>; loss: number[] } {
  const { loss, rows, classes, batchSize, learningRate } = run;
  const values = Object.fromEntries(
    run.parameters.map(({ name }) => [name, Float64Array.from(run.initial[name]!)] as const),
  );
  const losses: number[] = [];
  for (let epoch = 0; epoch < run.epochs; epoch++) {
    let sum = 0;
    for (let first = 0; first < rows.length; first += batchSize) {
      const batch = rows.slice(first, first + batchSize);
      const feeds = { ...values, x: batch.flat(), classes: classes.slice(first, first + batchSize) };
      sum += evaluate([loss], feeds)[0]!.values[0]! * batch.length;
      const gradients = referenceGradients(loss, run.parameters, feeds);
      run.parameters.forEach(({ name }, i) => {
        gradients[i]!.values.forEach((slope, at) => {
          values[name]![at]! -= learningRate * slope;
        });
      });
    }
    losses.push(sum / rows.length);
  }
  return { parameters: values, loss: losses };
}
