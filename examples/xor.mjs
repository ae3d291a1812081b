/**
 * The smallest network that needs a hidden layer: it learns the exclusive or of two bits, and shows what it thinks and what it would change.
 *
 *     node examples/xor.mjs
 */
import { dense, mlp, sgd } from 'wasmlp';

const inputs = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const labels = [0, 1, 1, 0];

const model = await mlp({
  inputs: 2,
  layers: [dense(8, 'tanh'), dense(2)],
  loss: 'softmaxCrossEntropy',
  seed: 1,
});
const history = await model.fit(inputs, labels, {
  epochs: 500,
  batchSize: 4,
  optimizer: sgd({ learningRate: 0.5 }),
});
console.log(
  `loss ${history.loss[0].toFixed(3)} in the first epoch, ${history.loss.at(-1).toFixed(3)} in the last`,
);

// rows x outputs: the probability of 0, then that of 1
const probabilities = model.predict(inputs);
inputs.forEach(([a, b], row) => {
  console.log(`${a} xor ${b} is 1 with probability ${probabilities[2 * row + 1].toFixed(3)}`);
});

// back-propagation laid open: what one more step would follow
const { loss, gradients } = model.gradients(inputs, labels);
console.log(`at loss ${loss.toFixed(4)} the biases of the hidden layer would move against`);
console.log(Array.from(gradients['layers.0.bias'], (slope) => slope.toFixed(4)).join(' '));
model.dispose();
