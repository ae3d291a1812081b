/**
 * Every activation with its derivative. Both are taken from the library: a unit with weight 1 is the function, and the graph of the unit is differentiated.
 *
 *     node examples/lectures/activations.js [FOLDER]
 */
import { dense, mlp } from 'wasmlp';
import { compile, grad, sum } from 'wasmlp/graph';
import { graphOf } from 'wasmlp/inspect';
import { BLUE, draw, ORANGE, Plot, panels } from './chart.js';

/** Those that take a number are shown with what it is by default; of PReLU that is what learning begins with. */
const ACTIVATIONS = `identity step sign clippedLinear sigmoid hardSigmoid tanh hardTanh softsign softplus
  relu relu6 abs leakyRelu prelu sharedPrelu randomizedLeakyRelu elu selu gelu
  geluTanh swish mish sine gaussian`.split(/\s+/);
const xs = Array.from({ length: 161 }, (_, i) => -4 + i / 20);

/** Values and derivatives at xs. */
async function curveOf(activation) {
  const unit = dense(1, activation, { bias: false, weightInitializer: { constant: 1 } });
  const model = await mlp({ inputs: 1, layers: [unit, dense(1)], loss: 'meanSquaredError' });
  const { inputs, layers, prediction, values } = graphOf(model);
  // the prediction is asked for as well, because it is what the last weights are for
  const run = await compile({ f: layers[0], df: grad(sum(layers[0]), [inputs])[0], prediction });
  const { f, df } = run({ ...values, inputs: Float32Array.from(xs) });
  run.dispose();
  model.dispose();
  return { f, df };
}

const digits = (number) => number.toFixed(3).padStart(7);
const table = [];
console.log(`${''.padEnd(20)} f(-1)    f(0)    f(1)  f'(-1)   f'(0)   f'(1)`);
for (const name of ACTIVATIONS) {
  const { f, df } = await curveOf(name);
  const at = [-1, 0, 1].map((x) => xs.indexOf(x));
  console.log(name.padEnd(19) + [...at.map((i) => f[i]), ...at.map((i) => df[i])].map(digits).join(' '));
  xs.forEach((x, i) => {
    table.push({ panel: name, x, f: f[i], df: df[i] });
  });
}

const { at, options, marks } = panels(ACTIVATIONS, 5);
draw('activations', 'Activations (blue) and their derivatives (orange)', {
  ...options,
  height: 800,
  x: { label: null, ticks: [-3, 0, 3] },
  y: { label: null, domain: [-1.5, 2.5], ticks: [-1, 0, 1, 2], grid: true },
  marks: [
    ...marks,
    Plot.line(table, { ...at, x: 'x', y: 'df', z: 'panel', stroke: ORANGE, clip: true }),
    Plot.line(table, { ...at, x: 'x', y: 'f', z: 'panel', stroke: BLUE, strokeWidth: 2, clip: true }),
  ],
});
