/**
 * Regularisation: a network with far more parameters than there are points follows their noise. Penalties, dropout, noise on the inputs, bounds and
 * stopping early each hold it back.
 *
 *     node examples/lectures/regularisation.js [FOLDER]
 */
import {
  adam,
  adamW,
  dense,
  dropout,
  elastic,
  gaussianNoise,
  l1,
  l2,
  maxNorm,
  mlp,
  nonNegative,
} from 'wasmlp';
import { compile, normal, uniform } from 'wasmlp/graph';
import { BLUE, draw, ORANGE, Plot, panels } from './chart.js';

const curve = (x) => Math.sin(3 * x);
const POINTS = 24;
const HELD = 100;
const draws = await compile({
  place: uniform([POINTS + HELD, 1], { seed: 1, stream: 0 }),
  noise: normal([POINTS + HELD, 1], { seed: 1, stream: 1 }),
});
const { place, noise } = draws();
const points = Array.from(place, (p, i) => ({ x: 2 * p - 1, y: curve(2 * p - 1) + 0.3 * noise[i] }));
const seen = points.slice(0, POINTS);
const held = points.slice(POINTS);
const rows = (list) => [list.map(({ x }) => [x]), list.map(({ y }) => [y])];
const grid = Array.from({ length: 201 }, (_, i) => -1 + i / 100);

const hidden = (options) => dense(100, 'tanh', { weightInitializer: { normal: 1 }, ...options });
const wide = (options) => [
  hidden(options),
  hidden({ ...options, weightInitializer: 'glorotNormal' }),
  dense(1),
];
const [first, second, last] = wide();
const validation = { inputs: rows(held)[0], labels: rows(held)[1] };
const WAYS = {
  nothing: { layers: wide() },
  'L2 penalty': { layers: wide(), regularizer: l2(0.001) },
  'L1 penalty': { layers: wide(), regularizer: l1(0.0005) },
  'elastic net': { layers: wide(), regularizer: elastic(0.0003, 0.0005) },
  'L2 of biases too': { layers: wide(), regularizer: l2(0.001, { biases: true }) },
  'decoupled decay': { layers: wide(), optimizer: adamW({ learningRate: 0.005, weightDecay: 1 }) },
  'max-norm': { layers: wide({ weightConstraint: maxNorm(0.7) }) },
  'non-negative': {
    layers: [first, dense(100, 'tanh', { weightConstraint: nonNegative() }), last],
  },
  dropout: { layers: [first, dropout(0.3), second, dropout(0.3), last] },
  'Gaussian noise': { layers: [gaussianNoise(0.1), first, second, last] },
  'early stopping': { layers: wide(), fit: { validation, earlyStopping: { patience: 200 } } },
};

const offCurve = (of) => Math.sqrt(of.reduce((sum, y, i) => sum + (y - curve(grid[i])) ** 2, 0) / of.length);
const table = [];
for (const [panel, { layers, regularizer, optimizer = adam({ learningRate: 0.005 }), fit }] of Object.entries(
  WAYS,
)) {
  const model = await mlp({
    inputs: 1,
    layers,
    loss: 'meanSquaredError',
    seed: 1,
    ...(regularizer && { regularizer }),
  });
  const { epochs } = await model.fit(...rows(seen), { epochs: 1500, batchSize: 'all', optimizer, ...fit });
  const outputs = [...model.predict(grid.map((x) => [x]))];
  const { rootMeanSquaredError } = model.evaluate(...rows(seen));
  console.log(
    `${panel.padEnd(16)} off the points it saw by ${rootMeanSquaredError.toFixed(2)}, off the curve by ${offCurve(outputs).toFixed(2)}, ${epochs} epochs`,
  );
  table.push(...grid.map((x, i) => ({ panel, x, y: outputs[i] })));
  model.dispose();
}

const { at, options, marks } = panels(Object.keys(WAYS), 4);
const all = Object.keys(WAYS).flatMap((panel) => seen.map((point) => ({ panel, ...point })));
const truth = Object.keys(WAYS).flatMap((panel) => grid.map((x) => ({ panel, x, y: curve(x) })));
draw('regularisation', 'What is learned (blue) of a curve (grey) from 24 noisy points', {
  ...options,
  height: 640,
  x: { label: null, ticks: [-0.5, 0, 0.5] },
  y: { label: null, domain: [-2, 2] },
  marks: [
    Plot.line(truth, { ...at, x: 'x', y: 'y', stroke: '#999999', strokeWidth: 2 }),
    Plot.line(table, { ...at, x: 'x', y: 'y', stroke: BLUE, strokeWidth: 2, clip: true }),
    Plot.dot(all, { ...at, x: 'x', y: 'y', fill: ORANGE, r: 3 }),
    ...marks,
  ],
});
