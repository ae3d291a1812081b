/**
 * Rosenblatt's perceptron, with a unit that says 0 or 1 (step) and one that says -1 or 1 (sign). Its criterion is |z| where z is on the wrong side; the
 * gradient of that is his rule, and on data that a line can part it comes to an end.
 *
 *     node examples/lectures/perceptron.js [FOLDER]
 */
import { dense, mlp, sgd } from 'wasmlp';
import { compile, grad, input, mul, sign, step, sub, sum, uniform } from 'wasmlp/graph';
import { BLUE, draw, ORANGE, Plot } from './chart.js';

// the criterion's gradient by z, for yes and no on either side
const z = input('z', [1, 4]);
const t = input('t', [1, 4]);
const rules = await compile({
  step: grad(sum(mul(sub(step(z), t), z)), [z])[0],
  sign: grad(sum(mul(mul(sub(sign(z), t), 0.5), z)), [z])[0],
});
const said = [-2, -2, 2, 2];
const truth = [0, 1, 0, 1];
const [byStep] = Object.values(rules({ z: said, t: truth }));
const bySign = rules({ z: said, t: truth.map((yes) => 2 * yes - 1) }).sign;
console.log(`says no, no, yes, yes; right is no, yes, no, yes: δ = ${byStep.join(' ')}`);
console.log(`the sign unit has the same: ${bySign.join(' ')}`);

// points on both sides of 2 x - y = 0.3, none closer than 0.1
const side = ([a, b]) => (2 * a - b - 0.3) / Math.hypot(2, 1);
const numbers = (await compile({ p: uniform([80, 2], { seed: 4, stream: 0 }) }))().p;
const points = Array.from({ length: 80 }, (_, i) => [2 * numbers[2 * i] - 1, 2 * numbers[2 * i + 1] - 1]);
const inputs = points.filter((point) => Math.abs(side(point)) > 0.1);
const labels = inputs.map((point) => (side(point) > 0 ? 1 : 0));

const model = await mlp({
  inputs: 2,
  layers: [dense(1, 'identity', { weightInitializer: 'zeros' })],
  loss: 'perceptron',
});
const lines = [];
const enough = new AbortController();
await model
  .fit(inputs, labels, {
    epochs: 100,
    batchSize: 1,
    shuffle: false,
    optimizer: sgd({ learningRate: 1 }),
    signal: enough.signal,
    onEpoch({ epoch, loss, accuracy }) {
      const { 'layers.0.weight': w, 'layers.0.bias': b } = model.getParameters();
      lines.push({ epoch, x1: -1, y1: (w[0] - b[0]) / w[1], x2: 1, y2: -(w[0] + b[0]) / w[1] });
      console.log(`epoch ${epoch}, mistakes: ${Math.round((1 - accuracy) * inputs.length)}`);
      if (loss === 0) enough.abort();
    },
  })
  .catch(() => console.log('an epoch without a mistake changes nothing: it has converged'));
console.log(`accuracy ${model.evaluate(inputs, labels).accuracy}`);

draw('perceptron', 'The line after each epoch, the last one dark', {
  height: 560,
  width: 560,
  x: { domain: [-1, 1], label: null },
  y: { domain: [-1, 1], label: null },
  marks: [
    Plot.link(lines, {
      x1: 'x1',
      y1: 'y1',
      x2: 'x2',
      y2: 'y2',
      strokeOpacity: ({ epoch }) => (epoch === lines.length ? 1 : 0.2),
      strokeWidth: 2,
      clip: true,
    }),
    Plot.dot(inputs, { x: '0', y: '1', fill: (_, i) => (labels[i] ? BLUE : ORANGE), r: 4 }),
    Plot.frame({ stroke: '#cccccc' }),
  ],
});
