/**
 * Published test errors of multi-layer perceptrons on MNIST, and how we train for them. Where a source says how it trained, so do we; what it leaves
 * open was chosen with `--rehearse`, on training images alone (docs/accuracy.md tells where that was not so at first).
 *
 * Everywhere: pixels from 0 to 1, no distortions, no other data. Not here: training (trial.js).
 */
import { dense, dropout, l2, rmsprop, sgd } from '../../build/index.js';

/**
 * @typedef {object} Row
 * @property {string} name for `--row`
 * @property {string} source
 * @property {number} published test error, in percent
 * @property {import('wasmlp').Layer[]} layers
 * @property {import('wasmlp').LossName} loss targets are 1 for the digit's output and 0 for the others
 * @property {import('wasmlp').Regularizer} [regularizer]
 * @property {{ epochs: number, batchSize: number, optimizer: import('wasmlp').Optimizer }} fit
 * @property {boolean} [keepsValidation] whether the last sixth of the training images is not trained on
 * @property {'validation' | 'test'} [bestOn] images of which the epoch with fewest errors counts; default the last epoch
 * @property {string} settings all this in a line, for people
 */

const LECUN = 'LeCun, Bottou, Bengio, Haffner 1998';
const NIELSEN = 'Nielsen, Neural Networks and Deep Learning';

/** Tanh units and squared error, as in 1998; initial weights, momentum and schedule are of our day. */
const lecun = (published, learningRate, ...hidden) => ({
  name: hidden.join('-'),
  source: LECUN,
  published,
  layers: [...hidden.map((units) => dense(units, 'tanh')), dense(10)],
  loss: 'halfSquaredError',
  fit: {
    epochs: 20,
    batchSize: 32,
    optimizer: sgd({ learningRate, momentum: 0.9, schedule: 'linear' }),
  },
  settings: `tanh, squared error; SGD ${learningRate} falling to 0, momentum 0.9, batch 32, 20 epochs`,
});

/**
 * Initial weights of Nielsen's third chapter, normal and divided by the root of the number of inputs, which it recommends for the first as well:
 * those used there, not divided, make runs differ by a percentage point.
 */
const SCALED = { weightInitializer: 'lecunNormal', biasInitializer: { normal: 1 } };

/** @type {readonly Row[]} */
export const ROWS = [
  lecun(4.7, 0.01, 300),
  lecun(3.05, 0.03, 300, 100),
  lecun(2.95, 0.02, 500, 150),
  {
    name: '800-ce',
    source: 'Simard, Steinkraus, Platt 2003',
    published: 1.6,
    layers: [dense(800, 'relu'), dense(10)],
    loss: 'softmaxCrossEntropy',
    fit: {
      epochs: 15,
      batchSize: 128,
      optimizer: sgd({ learningRate: 0.1, momentum: 0.9, weightDecay: 1e-4, schedule: 'linear' }),
    },
    settings:
      'ReLU, softmax cross-entropy; SGD 0.1 falling to 0, momentum 0.9, weight decay 0.0001, batch 128, 15 epochs',
  },
  {
    name: 'nielsen-1',
    source: `${NIELSEN}, ch. 1`,
    published: 4.58,
    layers: [dense(30, 'sigmoid', SCALED), dense(10, 'identity', SCALED)],
    loss: 'sigmoidSquaredError',
    fit: { epochs: 30, batchSize: 10, optimizer: sgd({ learningRate: 3 }) },
    keepsValidation: true,
    bestOn: 'test',
    settings:
      '30 sigmoid, first weights of ch. 3, quadratic cost; SGD 3.0, batch 10, 30 epochs on 50,000 images',
  },
  {
    name: 'nielsen-3',
    source: `${NIELSEN}, ch. 3`,
    published: 1.96,
    layers: [dense(100, 'sigmoid', SCALED), dense(10, 'identity', SCALED)],
    loss: 'sigmoidCrossEntropy',
    regularizer: l2(5 / (2 * 50_000)),
    fit: { epochs: 60, batchSize: 10, optimizer: sgd({ learningRate: 0.1 }) },
    keepsValidation: true,
    bestOn: 'validation',
    settings:
      '100 sigmoid, first weights of ch. 3, cross-entropy, L2 with λ = 5; SGD 0.1, batch 10, 60 epochs on 50,000 images',
  },
  {
    name: 'keras-512-512',
    source: 'Keras, mnist_mlp example',
    published: 1.6,
    layers: [
      dense(512, 'relu', { weightInitializer: 'glorotUniform' }),
      dropout(0.2),
      dense(512, 'relu', { weightInitializer: 'glorotUniform' }),
      dropout(0.2),
      dense(10),
    ],
    loss: 'softmaxCrossEntropy',
    fit: {
      epochs: 20,
      batchSize: 128,
      optimizer: rmsprop({ learningRate: 0.001, alpha: 0.9, epsilon: 1e-7 }),
    },
    settings:
      'ReLU, first weights by Glorot, dropout 0.2, softmax cross-entropy; RMSprop 0.001, batch 128, 20 epochs',
  },
];
