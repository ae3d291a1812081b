/** The gradients of one batch, for those who want to see them: what training uses and forgets. */
import { grad } from '../graph/grad.js';
import type { Matrix, Targets } from './matrix.js';
import { Pass } from './pass.js';
import type { ParameterStore } from './store.js';

export interface Gradients {
  readonly loss: number;
  /** By parameter name, row-major. */
  readonly gradients: Readonly<Record<string, Float32Array>>;
  /** rows x inputs. */
  readonly inputs: Float32Array;
}

export function gradientsOf(store: ParameterStore, inputs: Matrix, targets: Targets): Gradients {
  const { x, parameters, objective } = store.network;
  const { target, weights, loss } = objective(targets.kind, false, targets.weights !== null);
  const outputs = [loss, ...grad(loss, [x, ...parameters])];
  const bytes = inputs.values instanceof Uint8Array;
  const pass = new Pass(store, { capacity: inputs.rows, bytes, target, weights, outputs });
  let result: Gradients | undefined;
  pass.run(inputs, targets, (_first, _rows, values) => {
    const [lossValue, dx, ...rest] = values.map((value) => value.slice());
    const gradients = Object.fromEntries(parameters.map((node, i) => [node.name, rest[i]!] as const));
    result = { loss: lossValue![0]!, gradients, inputs: dx! };
  });
  pass.dispose();
  return result!;
}
