/**
 * synaptic's `Architect.Perceptron`: sigmoids throughout, squared error, one sample at a time, weights that it draws itself. Its
 * networks compile themselves to straight-line JavaScript on first use, its default and the quickest for small ones.
 */
import synaptic from 'synaptic';
import { versionOf } from './installed.js';
import { oneHotRows } from './rows.js';

export const name = 'synaptic';
export const version = versionOf('synaptic');

const LEARNING_RATE = 0.3; // of its XOR examples

/** @type {import('../contender.js').Train} */
export function train({ sizes, batch, rows, inputs, labels, held }) {
  const net = new synaptic.Architect.Perceptron(...sizes);
  const data = oneHotRows(inputs, labels, sizes);
  const heldRows = oneHotRows(held.inputs, held.labels, sizes);
  let next = 0;
  return {
    objective: 'squaredError',
    run(times) {
      for (let i = 0; i < times * batch; i++) {
        const { input, output } = data[next++ % rows];
        net.activate(input);
        net.propagate(LEARNING_RATE, output);
      }
    },
    outputs: () => Float32Array.from(heldRows.flatMap(({ input }) => net.activate(input))),
  };
}
