/**
 * Ten digits: softmax, cross-entropy, early stopping; which are taken for which, and what the network looked at.
 *
 *     node examples/lectures/digits-ten.js [FOLDER]
 */
import { adam, dense, mlp } from 'wasmlp';
import { generateDigits } from 'wasmlp/data';
import { compile, maxColumns, saliency } from 'wasmlp/graph';
import { graphOf } from 'wasmlp/inspect';
import { accuracy, confusionMatrix, predictedClasses, topKAccuracy } from 'wasmlp/metrics';
import { draw, image, imageAxes, images, panels } from './chart.js';

const seen = generateDigits(4000, 1);
const fresh = generateDigits(1000, 2);
const model = await mlp({
  inputs: 784,
  layers: [dense(64, 'relu'), dense(10)],
  loss: 'softmaxCrossEntropy',
  seed: 1,
});
await model.fit(seen.images, seen.labels, {
  epochs: 12,
  optimizer: adam({ learningRate: 0.003 }),
  validationSplit: 0.1,
  earlyStopping: { patience: 2 },
});

const probabilities = model.predict(fresh.images);
const said = predictedClasses(probabilities, 10);
console.log(
  `accuracy ${accuracy(said, fresh.labels).toFixed(3)}, among the first two ${topKAccuracy(probabilities, fresh.labels, 2).toFixed(3)}`,
);
const counts = confusionMatrix(said, fresh.labels, 10);
console.log(`is \\ said ${Array.from({ length: 10 }, (_, i) => String(i).padStart(4)).join('')}`);
for (let i = 0; i < 10; i++)
  console.log(
    `${String(i).padEnd(9)} ${Array.from(counts.slice(10 * i, 10 * i + 10), (n) => String(n).padStart(4)).join('')}`,
  );

// how much each pixel changes the largest logit
const { inputs, layers, values } = graphOf(model);
const run = await compile({ matters: saliency(maxColumns(layers.at(-1)), inputs) });
const examples = Array.from({ length: 6 }, (_, digit) => fresh.labels.indexOf(digit));
const pictures = examples.flatMap((row, digit) => {
  const pixels = Float32Array.from(fresh.images.subarray(784 * row, 784 * (row + 1)), (byte) => byte / 255);
  const { matters } = run({ ...values, inputs: pixels });
  const most = Math.max(...matters);
  return [
    ...image(`a ${digit}`, pixels),
    ...image(
      `why ${digit}`,
      matters.map((entry) => entry / most),
    ),
  ];
});
const names = ['a', 'why'].flatMap((what) => examples.map((_, digit) => `${what} ${digit}`));
const { at, options, marks } = panels(names, 6);
draw('digits-ten', 'Six digits, and how much each pixel matters for the answer', {
  ...options,
  ...imageAxes(),
  height: 330,
  marks: [images(pictures, at), ...marks],
});
