/**
 * ConvNetJS: layers of plain JavaScript on float64, one sample at a time, gradients summed over a batch. Its trainer takes a step when it has seen
 * `batch_size` samples.
 */
import convnet from 'convnetjs';
import { versionOf } from './installed.js';

export const name = 'ConvNetJS';
export const version = versionOf('convnetjs');

/** @type {import('../contender.js').Train} */
export function train({ sizes, batch, rows, inputs, labels, learningRate, layers, held }) {
  const [width] = sizes;
  const net = new convnet.Net();
  net.makeLayers([
    { type: 'input', out_sx: 1, out_sy: 1, out_depth: width },
    ...sizes.slice(1, -1).map((units) => ({ type: 'fc', num_neurons: units, activation: 'relu' })),
    { type: 'softmax', num_classes: sizes.at(-1) },
  ]);
  const dense = net.layers.filter(({ layer_type: type }) => type === 'fc');
  for (const [index, { filters, biases }] of dense.entries()) setWeights(filters, biases, layers[index]);
  const trainer = new convnet.Trainer(net, {
    method: 'sgd',
    learning_rate: learningRate,
    momentum: 0,
    l2_decay: 0,
    batch_size: batch,
  });
  const volumesOf = (values, count) =>
    Array.from({ length: count }, (_, row) => volume(values.subarray(row * width, (row + 1) * width)));
  const samples = volumesOf(inputs, rows);
  const heldSamples = volumesOf(held.inputs, held.rows);
  let next = 0;
  return {
    objective: 'softmaxCrossEntropy',
    run(times) {
      for (let i = 0; i < times * batch; i++, next++)
        trainer.train(samples[next % rows], labels[next % rows]);
    },
    // probabilities' logarithms stand for logits
    outputs: () => Float32Array.from(heldSamples.flatMap((x) => Array.from(net.forward(x).w, Math.log))),
  };
}

function volume(values) {
  const x = new convnet.Vol(1, 1, values.length, 0);
  x.w.set(values);
  return x;
}

/** A filter is one unit's weights. */
function setWeights(filters, biases, { units, weight, bias }) {
  for (const [unit, { w }] of filters.entries())
    for (let i = 0; i < w.length; i++) w[i] = weight[i * units + unit];
  biases.w.set(bias);
}
