/**
 * Initial weights decide whether a signal gets through many layers: forward as the spread of what the units say, backward as the spread of δ.
 *
 *     node examples/lectures/initialisation.js [FOLDER]
 */
import { dense, mlp } from 'wasmlp';
import { compile, grad, normal, sum } from 'wasmlp/graph';
import { graphOf } from 'wasmlp/inspect';
import { COLORS, draw, legend, Plot, panels } from './chart.js';

const DEPTH = 20;
const UNITS = 100;
const ROWS = 64;
const WEIGHTS = {
  'small, 0.01': { weightInitializer: { normal: 0.01 } },
  'normal, 0.3': { weightInitializer: { normal: 0.3 } },
  'uniform, 0.1': { weightInitializer: { uniform: 0.1 } },
  'truncated, 0.3': { weightInitializer: { truncatedNormal: 0.3 } },
  Glorot: { weightInitializer: 'glorotNormal' },
  He: { weightInitializer: 'heNormal' },
  'He, biases of 1': { weightInitializer: 'heNormal', biasInitializer: { constant: 1 } },
  LeCun: { weightInitializer: 'lecunNormal' },
  orthogonal: { weightInitializer: 'orthogonal' },
};

const sample = await compile({ x: normal([ROWS, UNITS], { seed: 1, stream: 0 }) });
const { x } = sample();
const spread = (values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

/** The spread of values and of δ in every layer; δ is that of the sum of the predictions. */
async function spreads(activation, options) {
  const hidden = Array.from({ length: DEPTH }, () => dense(UNITS, activation, options));
  const layers = [...hidden, dense(1)];
  const model = await mlp({ inputs: UNITS, layers, loss: 'meanSquaredError', seed: 1 });
  const { layers: all, prediction, values } = graphOf(model);
  const outputs = all.slice(0, DEPTH);
  const deltas = grad(sum(prediction), outputs);
  const run = await compile({ ...[...outputs, ...deltas], prediction });
  const numbers = Object.values(run({ ...values, inputs: x })).map(spread);
  run.dispose();
  model.dispose();
  return { value: numbers.slice(0, DEPTH), delta: numbers.slice(DEPTH, 2 * DEPTH) };
}

const table = [];
for (const activation of ['tanh', 'relu'])
  for (const [name, options] of Object.entries(WEIGHTS)) {
    const seen = await spreads(activation, options);
    for (const [what, line] of Object.entries(seen))
      line.forEach((size, i) => {
        const panel = `${activation}, ${what === 'delta' ? 'δ' : 'values'}`;
        // far below what the picture shows, but a number with a logarithm
        table.push({ panel, name, layer: i + 1, size: Math.max(size, 1e-30) });
      });
    console.log(
      `${activation}  ${name.padEnd(16)} values ${seen.value[0].toExponential(0)} to ${seen.value.at(-1).toExponential(0)}, δ ${seen.delta.at(-1).toExponential(0)} back to ${seen.delta[0].toExponential(0)}`,
    );
  }

const names = Object.keys(WEIGHTS);
const { at, options, marks } = panels([...new Set(table.map(({ panel }) => panel))], 2);
draw('initialisation', 'The spread of a signal through twenty layers, by initial weights', {
  ...options,
  height: 620,
  marginRight: 110,
  x: { label: 'layer' },
  y: { label: null, type: 'log', domain: [1e-8, 1e8], ticks: 7, grid: true, tickFormat: '.0e' },
  marks: [
    Plot.line(table, {
      ...at,
      x: 'layer',
      y: 'size',
      z: 'name',
      stroke: ({ name }) => COLORS[names.indexOf(name)],
      strokeWidth: 2,
      clip: true,
    }),
    ...marks,
    ...legend(names),
  ],
});
