/**
 * TensorFlow.js on one of its backends; tfjs-cpu.js and tfjs-wasm.js choose it. Networks are built from its layers, as its
 * guide does. Not here: a choice between backends within a process, which tfjs makes global.
 */
import * as tf from '@tensorflow/tfjs';
import { versionOf } from './installed.js';

export const version = versionOf('@tensorflow/tfjs');

/** Chooses the backend for this process. */
export async function useBackend(backend) {
  if (!(await tf.setBackend(backend))) throw new Error(`tfjs did not start its ${backend} backend`);
  await tf.ready();
}

/** The last layer is linear: its outputs are logits. */
function network(layers) {
  const model = tf.sequential();
  for (const [index, { inputs, units }] of layers.entries()) {
    const activation = index === layers.length - 1 ? 'linear' : 'relu';
    model.add(tf.layers.dense({ units, activation, inputShape: [inputs] }));
  }
  model.setWeights(
    layers.flatMap(({ inputs, units, weight, bias }) => [
      tf.tensor2d(weight, [inputs, units]),
      tf.tensor1d(bias),
    ]),
  );
  return model;
}

/**
 * `optimizer.minimize` over the model's weights: of the three ways its guides show the quickest. `trainOnBatch` is level with it
 * on 784-256-128-10 and a fifth slower on 2-16-2, `fit` slower on both. Batches are tensors beforehand.
 *
 * @type {import('../contender.js').Train}
 */
export function train({ sizes, batch, rows, inputs, labels, learningRate, layers, held }) {
  const [width] = sizes;
  const model = network(layers);
  const optimizer = tf.train.sgd(learningRate);
  const batches = Array.from({ length: rows / batch }, (_, i) => ({
    x: tf.tensor2d(inputs.subarray(i * batch * width, (i + 1) * batch * width), [batch, width]),
    y: tf.tidy(() => tf.oneHot(labels.subarray(i * batch, (i + 1) * batch), sizes.at(-1)).toFloat()),
  }));
  const x = tf.tensor2d(held.inputs, [held.rows, width]);
  let step = 0;
  return {
    objective: 'softmaxCrossEntropy',
    async run(times) {
      for (let i = 0; i < times; i++) {
        const { x, y } = batches[step++ % batches.length];
        optimizer.minimize(() => tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true })));
      }
      await model.getWeights()[0].data();
    },
    outputs: () => tf.tidy(() => model.predict(x).dataSync()),
  };
}

/** @type {import('../contender.js').Gemm} */
export function gemm({ m, n, k, a, b }) {
  const left = tf.tensor2d(a, [m, k]);
  const right = tf.tensor2d(b, [k, n]);
  return {
    run(times) {
      for (let i = 0; i < times; i++) tf.matMul(left, right).dispose();
    },
    outputs: () => tf.tidy(() => tf.matMul(left, right).dataSync()),
  };
}

/** @type {import('../contender.js').Infer} */
export function infer({ sizes, batch, inputs, layers }) {
  const model = network(layers);
  const predict = () => tf.tidy(() => model.predict(tf.tensor2d(inputs, [batch, sizes[0]])).dataSync());
  let outputs;
  return {
    run(times) {
      for (let i = 0; i < times; i++) outputs = predict();
    },
    outputs: () => outputs,
  };
}

const { exp, tanh, sigmoid, log, softplus, relu, add } = tf;
const functions = {
  ...{ exp, tanh, sigmoid, log, softplus, relu, add },
  softmax: (x) => tf.softmax(x),
  sum: (x) => x.sum(),
  sumRows: (x) => x.sum(0),
  sumColumns: (x) => x.sum(1),
};

/** @type {import('../contender.js').Map} */
export function map({ operation, rows, columns, x, y }) {
  const apply = functions[operation];
  const operands = [x, y].map((values) => tf.tensor2d(values, [rows, columns]));
  return {
    run(times) {
      for (let i = 0; i < times; i++) apply(...operands).dispose();
    },
    outputs: () => tf.tidy(() => apply(...operands).dataSync()),
  };
}
