/**
 * Schedules: how a rate, or a momentum, changes during a run. The numbers are those that an optimizer is handed before each step.
 *
 *     node examples/lectures/schedules.js [FOLDER]
 */
import { dense, mlp, sgd } from 'wasmlp';
import { BLUE, draw, Plot, panels } from './chart.js';

const STEPS = 100;
const SCHEDULES = {
  constant: 'constant',
  linear: 'linear',
  cosine: 'cosine',
  polynomial: { name: 'polynomial', power: 2 },
  step: { name: 'step', every: 25, factor: 0.5 },
  exponential: { name: 'exponential', factor: 0.96 },
  'inverse scaling': { name: 'inverse', scale: 0.1, power: 1 },
  'linear ramp': { name: 'ramp', from: 0.2, to: 1, over: 60 },
  'warm-up, then cosine': { name: 'warmup', over: 20, next: 'cosine' },
  'one cycle': { name: 'oneCycle', peak: 0.3 },
  'on plateau': { name: 'plateau', factor: 0.5, patience: 10 },
};

/** Trains for STEPS epochs of one row, and listens to what the optimizer gets: the rate of every step. */
async function ratesOf(optimizer, scalar) {
  const rates = [];
  const heard = {
    ...optimizer,
    writeScalars(scalars, moment) {
      optimizer.writeScalars(scalars, moment);
      rates[moment.step - 1] = scalars[scalar];
    },
  };
  const model = await mlp({ inputs: 1, layers: [dense(1)], loss: 'meanAbsoluteError', seed: 1 });
  await model.fit([[1]], [0], { epochs: STEPS, batchSize: 1, optimizer: heard });
  model.dispose();
  return rates;
}

const table = [];
for (const [panel, schedule] of Object.entries(SCHEDULES)) {
  const rates = await ratesOf(sgd({ learningRate: 1, schedule }), 0);
  table.push(...rates.map((rate, step) => ({ panel, step, rate })));
  const some = [0, 25, 50, 99].map((step) => rates[step].toFixed(3)).join('  ');
  console.log(`${panel.padEnd(22)} ${some}`);
}
const ramp = { name: 'ramp', from: 0.5, to: 0.95, over: 80 };
const momentum = await ratesOf(sgd({ learningRate: 0.1, momentum: 1, momentumSchedule: ramp }), 1);
const name = 'a ramp of the momentum';
table.push(...momentum.map((rate, step) => ({ panel: name, step, rate })));
console.log(`${name.padEnd(22)} ${[0, 25, 50, 99].map((step) => momentum[step].toFixed(3)).join('  ')}`);

const { at, options, marks } = panels([...Object.keys(SCHEDULES), name], 4);
draw('schedules', 'Factors of the rate during a hundred steps', {
  ...options,
  height: 520,
  x: { label: null, ticks: [25, 50, 75] },
  y: { label: null, domain: [0, 1.05], ticks: [0, 0.5, 1], grid: true },
  marks: [...marks, Plot.line(table, { ...at, x: 'step', y: 'rate', stroke: BLUE, strokeWidth: 2 })],
});
