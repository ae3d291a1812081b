/**
 * Normalisation: eight layers whose initial weights are far too small pass nothing on, and learn nothing. Brought to mean 0 and variance 1 after each layer, over
 * the batch or over the units, the same network learns.
 *
 *     node examples/lectures/normalisation.js
 */
import { adam, batchNormalization, dense, layerNormalization, mlp } from 'wasmlp';
import { compile, uniform } from 'wasmlp/graph';

const DEPTH = 8;
const UNITS = 24;

// six pieces of a cake, in turns
const { p } = (await compile({ p: uniform([600, 2], { seed: 1, stream: 0 }) }))();
const inputs = Array.from({ length: 600 }, (_, i) => [2 * p[2 * i] - 1, 2 * p[2 * i + 1] - 1]);
const labels = inputs.map(([x, y]) => (Math.sin(3 * Math.atan2(y, x)) > 0 ? 1 : 0));
const mostly =
  Math.max(...[0, 1].map((label) => labels.filter((one) => one === label).length)) / labels.length;
console.log(`always the commoner answer: accuracy ${mostly.toFixed(3)}`);

const WAYS = {
  nothing: [],
  'over the batch': [batchNormalization()],
  'over the units': [layerNormalization()],
};
for (const [name, normalization] of Object.entries(WAYS)) {
  const hidden = () => [dense(UNITS, 'relu', { weightInitializer: { normal: 0.02 } }), ...normalization];
  const layers = [...Array.from({ length: DEPTH }, hidden).flat(), dense(2)];
  const model = await mlp({ inputs: 2, layers, loss: 'softmaxCrossEntropy', seed: 2 });
  await model.fit(inputs, labels, { epochs: 80, optimizer: adam({ learningRate: 0.003 }) });
  console.log(`${name.padEnd(16)} accuracy ${model.evaluate(inputs, labels).accuracy.toFixed(3)}`);
  model.dispose();
}
