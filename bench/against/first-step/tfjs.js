/** TensorFlow.js, `compile` and `fit` of its guide, on the backend that the first argument names. */
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { firstStep } from './problem.js';

const { sizes, batch, inputs, labels, done } = firstStep();
const [, , , backend] = process.argv;
if (backend === 'wasm') {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(
    fileURLToPath(new URL('../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url)),
  );
}
await tf.setBackend(backend);
const model = tf.sequential();
for (const [i, units] of sizes.slice(1).entries())
  model.add(
    tf.layers.dense({
      units,
      activation: i === sizes.length - 2 ? 'softmax' : 'relu',
      inputShape: [sizes[i]],
    }),
  );
model.compile({ optimizer: tf.train.sgd(0.1), loss: 'categoricalCrossentropy' });
await model.fit(tf.tensor2d(inputs, [batch, sizes[0]]), tf.oneHot(labels, sizes.at(-1)), {
  epochs: 1,
  batchSize: batch,
  verbose: 0,
});
done();
