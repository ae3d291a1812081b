/** wasmlp from import to the end of one training step: what startup.js starts in a fresh process. */
import { createEngine, dense, mlp, sgd } from '../build/index.js';
import { firstStep } from './against/first-step/problem.js';

const { sizes, batch, threads, inputs, labels, done } = firstStep();
const model = await mlp({
  inputs: sizes[0],
  layers: sizes.slice(1).map((units, i) => dense(units, i < sizes.length - 2 ? 'relu' : 'identity')),
  loss: 'softmaxCrossEntropy',
  ...(threads > 1 && { engine: await createEngine({ threads }) }),
});
await model.fit(inputs, labels, { epochs: 1, batchSize: batch, optimizer: sgd({ learningRate: 0.1 }) });
done();
