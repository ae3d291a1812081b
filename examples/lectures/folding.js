/**
 * Absolute values fold the plane (Montúfar et al. 2014): two layers lay sixteen quarters onto one, where a single unit then draws one line. Unfolded, it is
 * four diamonds.
 *
 *     node examples/lectures/folding.js [FOLDER]
 */
import { dense, mlp } from 'wasmlp';
import { compile } from 'wasmlp/graph';
import { graphOf } from 'wasmlp/inspect';
import { BLUE, draw, gridOf, ORANGE, Plot, panels } from './chart.js';

const model = await mlp({ inputs: 2, layers: [dense(2, 'abs'), dense(2, 'abs'), dense(1)], loss: 'hinge' });
const identity = [1, 0, 0, 1];
model.setParameters({
  // |x|, |y|: two folds, along the axes
  'layers.0.weight': identity,
  'layers.0.bias': [0, 0],
  // ||x| - 1|, ||y| - 1|: two more, which are four lines of the plane
  'layers.1.weight': identity,
  'layers.1.bias': [-1, -1],
  // u + v < 0.6
  'layers.2.weight': [-1, -1],
  'layers.2.bias': [0.6],
});

const grid = gridOf(-2, 2, 41);
const { layers, values } = graphOf(model);
const run = await compile({ once: layers[0], twice: layers[1], z: layers[2] });
const { once, twice, z } = run({ ...values, inputs: grid });
const inside = Array.from(z, (value) => value > 0);
const spots = new Set(
  Array.from({ length: grid.length }, (_, i) => `${twice[2 * i].toFixed(2)} ${twice[2 * i + 1].toFixed(2)}`),
);
console.log(`${grid.length} points of the plane lie on ${spots.size} after two folds in each direction`);
const row = (y) =>
  grid
    .map(([, v], i) => [v, i])
    .filter(([v]) => Math.abs(v - y) < 1e-6)
    .map(([, i]) => inside[i]);
const edges = row(1).filter((now, i, all) => i > 0 && now !== all[i - 1]).length;
console.log(`along y = 1 the answer changes ${edges} times; one line in the folded plane does it`);

const NAMES = ['the plane', 'after one layer', 'after two layers'];
const dots = grid.flatMap((point, i) => {
  const places = [point, [once[2 * i], once[2 * i + 1]], [twice[2 * i], twice[2 * i + 1]]];
  return places.map(([x, y], k) => ({ panel: NAMES[k], x, y, fill: inside[i] ? BLUE : ORANGE }));
});
const line = [{ panel: NAMES[2], x1: 0, y1: 0.6, x2: 0.6, y2: 0 }];
const { at, options, marks } = panels(NAMES, 3);
draw('folding', 'Folding the plane', {
  ...options,
  height: 310,
  x: { label: null, ticks: [-1, 0, 1] },
  y: { label: null, ticks: [-1, 0, 1] },
  marks: [
    Plot.dot(dots, { ...at, x: 'x', y: 'y', fill: 'fill', r: 2 }),
    Plot.link(line, { ...at, x1: 'x1', y1: 'y1', x2: 'x2', y2: 'y2', strokeWidth: 2 }),
    ...marks,
  ],
});
