/**
 * Several labels at once: three overlapping discs, and for each point which of them it is in. One sigmoid for each label, each a question of its own.
 *
 *     node examples/lectures/multi-label.js [FOLDER]
 */
import { adam, dense, mlp } from 'wasmlp';
import { compile, uniform } from 'wasmlp/graph';
import { f1, rocAuc } from 'wasmlp/metrics';
import { COLORS, draw, gridOf, Plot } from './chart.js';

const DISCS = [
  { name: 'left', x: -0.35, y: -0.2 },
  { name: 'right', x: 0.35, y: -0.2 },
  { name: 'top', x: 0, y: 0.4 },
];
const RADIUS = 0.5;
const labelsOf = ([x, y]) => DISCS.map((disc) => (Math.hypot(x - disc.x, y - disc.y) < RADIUS ? 1 : 0));

const { p } = (await compile({ p: uniform([1000, 2], { seed: 1, stream: 0 }) }))();
const points = Array.from({ length: 1000 }, (_, i) => [2 * p[2 * i] - 1, 2 * p[2 * i + 1] - 1]);
const [seen, fresh] = [points.slice(0, 700), points.slice(700)];

const model = await mlp({
  inputs: 2,
  layers: [dense(32, 'relu'), dense(32, 'relu'), dense(3)],
  loss: 'sigmoidCrossEntropy',
  seed: 1,
});
await model.fit(seen, seen.map(labelsOf), {
  epochs: 80,
  optimizer: adam({ learningRate: 0.01, schedule: 'cosine' }),
});

const probabilities = model.predict(fresh);
DISCS.forEach(({ name }, j) => {
  const scores = probabilities.filter((_, i) => i % 3 === j);
  const truth = fresh.map((point) => labelsOf(point)[j]);
  const said = Array.from(scores, (score) => (score > 0.5 ? 1 : 0));
  console.log(
    `${name.padEnd(6)} F1 ${f1(said, truth).toFixed(3)}, area under the curve ${rocAuc(scores, truth).toFixed(3)}`,
  );
});
const all = fresh.filter((point, row) =>
  labelsOf(point).every((label, j) => label === +(probabilities[3 * row + j] > 0.5)),
);
console.log(`all three right: ${((100 * all.length) / fresh.length).toFixed(1)} % of the points`);

const grid = gridOf(-1, 1, 61);
const field = model.predict(grid);
draw('multi-label', 'Where the network says yes (lines), and the discs (dashed)', {
  width: 560,
  height: 580,
  x: { label: null, domain: [-1, 1] },
  y: { label: null, domain: [-1, 1] },
  marks: DISCS.flatMap((disc, j) => [
    Plot.contour(grid, {
      x: '0',
      y: '1',
      fill: (_, i) => field[3 * i + j],
      thresholds: [0.5],
      interpolate: 'barycentric',
      stroke: COLORS[j],
      strokeWidth: 2,
      fillOpacity: 0,
    }),
    Plot.line(
      Array.from({ length: 73 }, (_, i) => [
        disc.x + RADIUS * Math.cos((i * Math.PI) / 36),
        disc.y + RADIUS * Math.sin((i * Math.PI) / 36),
      ]),
      { x: '0', y: '1', stroke: COLORS[j], strokeDasharray: '4,4' },
    ),
    Plot.text([disc], { x: 'x', y: 'y', text: 'name', fill: COLORS[j], fontSize: 14 }),
  ]),
});
