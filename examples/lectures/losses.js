/**
 * Each kind of output with the loss that maximum likelihood gives it. With weights of 1 a layer hands its inputs on, so the inputs are z and
 * the gradient by the inputs is the gradient by z: output minus target for every natural pair.
 *
 *     node examples/lectures/losses.js
 */
import { dense, mlp } from 'wasmlp';

/** Loss, the gradient by z and the prediction for z and a target. */
async function judge(loss, z, target) {
  const identity = dense(z.length, 'identity', { bias: false, weightInitializer: 'zeros' });
  const model = await mlp({ inputs: z.length, layers: [identity], loss });
  model.setParameters({ 'layers.0.weight': z.flatMap((_, i) => z.map((_, j) => (i === j ? 1 : 0))) });
  const { loss: value, inputs } = model.gradients([z], [target]);
  const output = model.predict([z]);
  model.dispose();
  return { value, gradient: inputs, output };
}

const show = (numbers) => Array.from(numbers, (number) => Number(number.toPrecision(4))).join(' ');
async function line(what, loss, z, target) {
  const { value, gradient, output } = await judge(loss, z, target);
  console.log(
    `${what.padEnd(36)} z ${show(z)}: output ${show(output)}, loss ${show([value])}, gradient ${show(gradient)}`,
  );
}

console.log('Output units and their likelihoods');
await line('linear, Gaussian: half square', 'halfSquaredError', [2], 0.5);
await line('the same as a sum', 'sumSquaredError', [2, 1], [0.5, 0.5]);
await line('the same as a mean', 'meanSquaredError', [2, 1], [0.5, 0.5]);
await line('Gaussian, variance learned', 'gaussian', [2, Math.log(2)], 0.5);
await line('sigmoid, Bernoulli', 'sigmoidCrossEntropy', [0.5], 1);
await line('softmax, multinoulli', 'softmaxCrossEntropy', [1, 2, -1], 0);
await line('exponential, Poisson', 'poisson', [1], 4);

console.log('One label in three forms, and softened');
await line('the number of the class', 'softmaxCrossEntropy', [1, 2, -1], 0);
await line('one-hot', 'softmaxCrossEntropy', [1, 2, -1], [1, 0, 0]);
await line('a distribution', 'softmaxCrossEntropy', [1, 2, -1], [0.8, 0.1, 0.1]);
await line('label smoothing', { name: 'softmaxCrossEntropy', labelSmoothing: 0.3 }, [1, 2, -1], 0);
await line('divergence from that distribution', 'klDivergence', [1, 2, -1], [0.8, 0.1, 0.1]);
await line('divergence, yes or no', 'binaryKlDivergence', [0.5], 0.8);

console.log('Other distances and margins');
await line('absolute', 'meanAbsoluteError', [3], 0.5);
await line('Huber', { name: 'huber', delta: 1 }, [3], 0.5);
await line('log-cosh', 'logCosh', [3], 0.5);
await line('hinge', 'hinge', [0.4], 1);
await line('squared hinge', 'squaredHinge', [0.4], 1);
await line('multiclass support vectors', 'multiclassHinge', [1, 2, -1], 0);
await line('perceptron criterion', 'perceptron', [-0.5], 1);

console.log('Certain, and wrong: no probability is formed on the way, so nothing overflows');
await line('sigmoid', 'sigmoidCrossEntropy', [1e4], 0);
await line('sigmoid', 'sigmoidCrossEntropy', [-1e4], 1);
await line('softmax', 'softmaxCrossEntropy', [-1e4, 1e4, 0], 0);
await line('by squared error nothing is learned', 'sigmoidSquaredError', [1e4], 0);

console.log('Weights: of one sample they cancel out, of two they tell which one counts');
const pair = await mlp({
  inputs: 2,
  layers: [dense(2, 'identity', { weightInitializer: 'zeros' })],
  loss: 'softmaxCrossEntropy',
});
pair.setParameters({ 'layers.0.bias': [0, Math.log(3)] });
for (const classWeights of [
  [1, 1],
  [3, 1],
])
  console.log(
    `classes weigh ${classWeights.join(' : ')}  loss ${pair
      .evaluate(
        [
          [0, 0],
          [0, 0],
        ],
        [0, 1],
        { classWeights },
      )
      .loss.toFixed(4)}`,
  );
