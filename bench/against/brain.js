/**
 * brain.js, its CPU `NeuralNetwork`: sigmoids throughout, squared error, one sample at a time, its own learning rate. It has no
 * softmax, and its ReLU would also be the output's. `NeuralNetworkGPU` needs a native build and is not measured.
 */
import brain from 'brain.js';
import { versionOf } from './installed.js';
import { oneHotRows } from './rows.js';

export const name = 'brain.js';
export const version = versionOf('brain.js');

/** Training stops below this error; so small that it never does. */
const NEVER = 1e-30;

/** @type {import('../contender.js').Train} */
export function train({ sizes, batch, rows, inputs, labels, layers, held }) {
  const data = oneHotRows(inputs, labels, sizes);
  const batches = Array.from({ length: rows / batch }, (_, i) => data.slice(i * batch, (i + 1) * batch));
  const net = new brain.NeuralNetwork({ hiddenLayers: sizes.slice(1, -1), errorThresh: NEVER });
  net.train(data.slice(0, 1), { iterations: 1 }); // sets the sizes, draws weights
  net.fromJSON({ ...net.toJSON(), layers: weightsAsJson(sizes, layers) });
  const heldRows = oneHotRows(held.inputs, held.labels, sizes);
  let step = 0;
  return {
    objective: 'squaredError',
    run(times) {
      const iterations = batches.length === 1 ? times : 1; // a single batch is brain.js's own loop
      for (let i = 0; i < times; i += iterations) net.train(batches[step++ % batches.length], { iterations });
    },
    outputs: () => Float32Array.from(heldRows.flatMap(({ input }) => Array.from(net.run(input)))),
  };
}

/** brain.js keeps one row of weights a unit, and an empty entry for the inputs. */
function weightsAsJson([width], layers) {
  const dense = layers.map(({ inputs, units, weight, bias }) => ({
    weights: Array.from({ length: units }, (_, unit) =>
      Array.from({ length: inputs }, (_, i) => weight[i * units + unit]),
    ),
    biases: Array.from(bias),
  }));
  return [{ weights: [], biases: new Array(width).fill(0) }, ...dense];
}
