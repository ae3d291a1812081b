/**
 * Universal approximation: the wider a hidden layer, the closer it comes to a curve. And depth against width: a saw with many teeth, by networks
 * with as many parameters in one hidden layer as in several.
 *
 *     node examples/lectures/approximation.js [FOLDER]
 */
import { adam, dense, lbfgs, mlp } from 'wasmlp';
import { BLUE, draw, ORANGE, Plot, panels } from './chart.js';

const xs = Array.from({ length: 200 }, (_, i) => -1 + i / 99.5);
const inputs = xs.map((x) => [x]);

/** The network of these widths that comes closest to the curve, from so many beginnings. */
async function learn(curve, widths, { activation, beginnings, ...options }) {
  const layers = [
    ...widths.map((units) => dense(units, activation, { biasInitializer: { uniform: 1 } })),
    dense(1),
  ];
  const targets = inputs.map(([x]) => [curve(x)]);
  let best = { error: Infinity };
  for (let seed = 1; seed <= beginnings; seed++) {
    const model = await mlp({ inputs: 1, layers, loss: 'meanSquaredError', seed });
    await model.fit(inputs, targets, options);
    const { rootMeanSquaredError: error } = model.evaluate(inputs, targets);
    const parameters = Object.values(model.getParameters()).reduce((sum, { length }) => sum + length, 0);
    if (error < best.error) best = { error, outputs: model.predict(inputs), parameters };
    model.dispose();
  }
  return best;
}

/** A picture of what each of the networks has made of a curve. */
async function compare(name, title, curve, networks, options) {
  const lines = [];
  for (const widths of networks) {
    const { outputs, error, parameters } = await learn(curve, widths, options);
    const panel = `${widths.join('-')} units, ${parameters} parameters: off by ${error.toFixed(3)}`;
    console.log(panel);
    lines.push(...xs.map((x, i) => ({ panel, x, y: outputs[i], truth: curve(x) })));
  }
  const { at, options: layout, marks } = panels([...new Set(lines.map(({ panel }) => panel))], 2);
  draw(name, title, {
    ...layout,
    height: 60 + 180 * Math.ceil(networks.length / 2),
    x: { label: null, ticks: [-0.5, 0, 0.5] },
    y: { label: null, ticks: [-1, 0, 1], domain: [-1.4, 1.4] },
    marks: [
      Plot.line(lines, { ...at, x: 'x', y: 'truth', stroke: ORANGE, strokeWidth: 3 }),
      Plot.line(lines, { ...at, x: 'x', y: 'y', stroke: BLUE, clip: true }),
      ...marks,
    ],
  });
}

const wave = (x) => 0.4 * Math.sin(5 * x) * Math.exp(-x) + 0.3 * Math.sin(14 * x);
const widths = [[1], [2], [4], [6], [10], [16]];
await compare('approximation', 'One hidden layer of more and more units', wave, widths, {
  activation: 'tanh',
  beginnings: 4,
  epochs: 1000,
  optimizer: lbfgs(),
});

// eight teeth; an absolute value folds the line in two, so that three layers make all of them of one
const saw = (x) => 4 * Math.abs(((4 * (x + 1)) % 1) - 0.5) - 1;
const depths = [[96], [16, 15], [11, 10, 9], [9, 8, 8, 7]];
await compare(
  'depth',
  'A saw: about as many parameters, wide or deep; the best of eight beginnings',
  saw,
  depths,
  {
    activation: 'abs',
    beginnings: 8,
    epochs: 800,
    batchSize: 20,
    optimizer: adam({ learningRate: 0.01, schedule: 'cosine' }),
  },
);
