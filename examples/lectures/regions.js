/**
 * How many linear pieces a ReLU network has: each combination of units that are on is one. On a line, pieces double with every layer of a network that folds, and
 * grow by one with every unit of a single layer. That is what weights can do: random ones in the plane leave deep networks no more regions than wide
 * ones (Hanin and Rolnick 2019).
 *
 *     node examples/lectures/regions.js [FOLDER]
 */
import { dense, mlp } from 'wasmlp';
import { compile } from 'wasmlp/graph';
import { graphOf } from 'wasmlp/inspect';
import { draw, gridOf, Plot, panels } from './chart.js';

/** For each input the units that are on, as text. */
async function patternsOf(model, inputs) {
  const { layers, values } = graphOf(model);
  const run = await compile({ ...layers });
  const outputs = Object.values(run({ ...values, inputs })).slice(0, -1);
  run.dispose();
  return inputs.map((_, row) => {
    const on = (layer) =>
      layer.subarray((row * layer.length) / inputs.length, ((row + 1) * layer.length) / inputs.length);
    return outputs.map((layer) => Array.from(on(layer), (value) => (value > 0 ? 1 : 0)).join('')).join(' ');
  });
}
const pieces = (patterns) => patterns.filter((pattern, i) => i === 0 || pattern !== patterns[i - 1]).length;
const network = (inputs, widths) => {
  const hidden = widths.map((units) => dense(units, 'relu', { biasInitializer: { uniform: 0.6 } }));
  return mlp({ inputs, layers: [...hidden, dense(1)], loss: 'meanSquaredError', seed: 5 });
};

// on a line: every layer folds 0 to 1 in the middle, 1 - |2 h - 1| = 2 h - 4 max(0, h - 1/2), in two units
const line = Array.from({ length: 4000 }, (_, i) => [(i + 0.5) / 4000]);
for (const depth of [1, 2, 3, 4, 5]) {
  const deep = await network(1, Array(depth).fill(2));
  for (let layer = 0; layer < depth; layer++) {
    // the units say h and max(0, h - 1/2); the layers after the first read 2 h - 4 max(0, h - 1/2)
    deep.setParameters({
      [`layers.${layer}.weight`]: layer === 0 ? [1, 1] : [2, 2, -4, -4],
      [`layers.${layer}.bias`]: [0, -0.5],
    });
  }
  const wide = await network(1, [2 * depth]);
  wide.setParameters({
    'layers.0.weight': Array(2 * depth).fill(1),
    'layers.0.bias': Array.from({ length: 2 * depth }, (_, i) => -(i + 1) / (2 * depth + 1)),
  });
  const [folded, side] = [pieces(await patternsOf(deep, line)), pieces(await patternsOf(wide, line))];
  console.log(
    `${2 * depth} units: ${folded} pieces in ${depth} ${depth === 1 ? 'layer' : 'layers'}, ${side} in one`,
  );
}

const STEPS = 120;
const grid = gridOf(-1, 1, STEPS);
const NETWORKS = { '24 units in one layer': [24], '8-8-8 units': [8, 8, 8] };
const runs = [];
const names = [];
for (const [name, widths] of Object.entries(NETWORKS)) {
  const model = await network(2, widths);
  const patterns = await patternsOf(model, grid);
  const regions = [...new Set(patterns)];
  const panel = `${name}: ${regions.length} regions`;
  console.log(panel);
  names.push(panel);
  patterns.forEach((pattern, i) => {
    const [x, y] = [i % STEPS, Math.floor(i / STEPS)];
    const last = runs.at(-1);
    // neighbours in a row are one rectangle
    if (x > 0 && last.pattern === pattern) last.to = x + 1;
    else runs.push({ panel, pattern, y, from: x, to: x + 1, region: regions.indexOf(pattern) });
  });
}
const { at, options, marks } = panels(names, 2);
draw('regions', 'Linear regions of two networks with random weights', {
  ...options,
  height: 420,
  x: { axis: null },
  y: { axis: null },
  marks: [
    Plot.rect(runs, {
      ...at,
      x1: 'from',
      x2: 'to',
      y1: 'y',
      y2: ({ y }) => y + 1,
      // neighbours by number are far apart on the circle of colours
      fill: ({ region }) => `hsl(${Math.round(137.5 * region) % 360} 60% 65%)`,
      shapeRendering: 'crispEdges',
    }),
    ...marks,
  ],
});
