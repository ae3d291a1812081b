/** brain.js: one iteration over the batch. */
import brain from 'brain.js';
import { oneHotRows } from '../rows.js';
import { firstStep } from './problem.js';

const { sizes, inputs, labels, done } = firstStep();
new brain.NeuralNetwork({ hiddenLayers: sizes.slice(1, -1) }).train(oneHotRows(inputs, labels, sizes), {
  iterations: 1,
});
done();
