/**
 * Gradient descent: all rows at once until the loss stands still, row after row, in batches; then the ways that optimizers take through a narrow
 * valley.
 *
 *     node examples/lectures/descent.js [FOLDER]
 */
import {
  adadelta,
  adagrad,
  adam,
  adamax,
  adamW,
  dense,
  lbfgs,
  mlp,
  nadam,
  quickprop,
  rmsprop,
  rprop,
  sgd,
} from 'wasmlp';
import { BLUE, draw, ORANGE, Plot, panels } from './chart.js';

// The loss is (10 u² + v²) / 2, u across the valley and v along it, with its minimum at w = (1, 1).
const TILT = Math.PI / 6;
const [across, along] = [
  [-Math.sin(TILT), Math.cos(TILT)],
  [Math.cos(TILT), Math.sin(TILT)],
];
const inputs = [
  [Math.sqrt(20), 0],
  [0, Math.sqrt(2)],
  [Math.sqrt(10), 1],
  [Math.sqrt(10), -1],
].map(([u, v]) => [u * across[0] + v * along[0], u * across[1] + v * along[1]]);
const targets = inputs.map(([a, b]) => a + b);
const START = [-1.2, 1.4];

async function descend(options) {
  const layers = [dense(1, 'identity', { bias: false })];
  const model = await mlp({ inputs: 2, layers, loss: 'halfSquaredError', seed: 1 });
  model.setParameters({ 'layers.0.weight': START });
  const path = [START];
  const onEpoch = () => path.push([...model.getParameters()['layers.0.weight']]);
  const history = await model.fit(inputs, targets, { onEpoch, ...options });
  model.dispose();
  return { path, history };
}

const optimizer = sgd({ learningRate: 0.05 });
const WAYS = {
  'full batch, until |ΔLoss| <= 1e-6': { batchSize: 'all', tolerance: 1e-6, epochs: 10_000 },
  'incremental, in the order of the rows': { batchSize: 1, shuffle: false, epochs: 40 },
  'stochastic, in random order': { batchSize: 1, epochs: 40 },
  'mini-batches of two': { batchSize: 2, epochs: 40 },
  'two batches accumulated': { batchSize: 1, accumulate: 2, epochs: 40 },
  'entries of the gradient clipped': { batchSize: 'all', clipValue: 1, epochs: 40 },
  'length of the gradient clipped': { batchSize: 'all', clipNorm: 1, epochs: 40 },
  'averages of the weights': { batchSize: 1, averageWeights: 0.9, epochs: 40 },
};
for (const [name, options] of Object.entries(WAYS)) {
  const { path, history } = await descend({ optimizer, ...options });
  const end = path
    .at(-1)
    .map((w) => w.toFixed(3))
    .join(' ');
  const { epochs, stopped = 'the last epoch' } = history;
  console.log(`${name.padEnd(38)} ${String(epochs).padStart(3)} epochs, ended by ${stopped}, at ${end}`);
}

const OPTIMIZERS = {
  SGD: sgd({ learningRate: 0.17 }),
  momentum: sgd({ learningRate: 0.05, momentum: 0.8 }),
  Nesterov: sgd({ learningRate: 0.05, momentum: 0.8, nesterov: true }),
  Rprop: rprop({ learningRate: 0.1 }),
  Quickprop: quickprop({ learningRate: 0.05 }),
  Adagrad: adagrad({ learningRate: 0.5 }),
  Adadelta: adadelta({ learningRate: 10 }),
  RMSprop: rmsprop({ learningRate: 0.1 }),
  Adam: adam({ learningRate: 0.2 }),
  AdamW: adamW({ learningRate: 0.2, weightDecay: 0.1 }),
  Adamax: adamax({ learningRate: 0.2 }),
  NAdam: nadam({ learningRate: 0.2 }),
  'L-BFGS': lbfgs(),
};
const table = [];
for (const [panel, optimizer] of Object.entries(OPTIMIZERS)) {
  const { path, history } = await descend({ optimizer, batchSize: 'all', epochs: 40 });
  table.push(...path.map(([x, y]) => ({ panel, x, y })));
  console.log(
    `${panel.padEnd(10)} loss ${history.loss.at(-1).toExponential(1)} after ${history.epochs} epochs`,
  );
}

// where the loss is 0.1, 0.4, 1.6, ...
const names = Object.keys(OPTIMIZERS);
const levels = [0.1, 0.4, 1.6, 6.4, 25.6].flatMap((level) =>
  Array.from({ length: 73 }, (_, i) => {
    const angle = (i * Math.PI) / 36;
    const [u, v] = [Math.sqrt(level / 5) * Math.cos(angle), Math.sqrt(2 * level) * Math.sin(angle)];
    return { level, x: 1 + u * across[0] + v * along[0], y: 1 + u * across[1] + v * along[1] };
  }),
);
const valley = names.flatMap((panel) => levels.map((point) => ({ panel, ...point })));
const { at, options, marks } = panels(names, 5);
draw('descent', 'Forty steps of each optimizer through a valley', {
  ...options,
  height: 620,
  x: { label: null, domain: [-2, 2.4], ticks: [-1, 0, 1, 2] },
  y: { label: null, domain: [-0.8, 2.4], ticks: [0, 1, 2] },
  marks: [
    Plot.line(valley, { ...at, x: 'x', y: 'y', z: 'level', stroke: '#bbbbbb', clip: true }),
    Plot.line(table, { ...at, x: 'x', y: 'y', stroke: BLUE, clip: true }),
    Plot.dot(table, { ...at, x: 'x', y: 'y', fill: BLUE, r: 1.5, clip: true }),
    Plot.dot(
      names.map((panel) => ({ panel })),
      { ...at, x: 1, y: 1, fill: ORANGE, r: 3 },
    ),
    ...marks,
  ],
});
