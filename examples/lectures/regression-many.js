/**
 * Regression with several outputs: where the hand of an arm with two joints is, and which way it points, from the two angles.
 *
 *     node examples/lectures/regression-many.js
 */
import { adam, dense, mlp } from 'wasmlp';
import { compile, uniform } from 'wasmlp/graph';
import { meanAbsoluteError, r2, rootMeanSquaredError } from 'wasmlp/metrics';

const OUTPUTS = ['x', 'y', 'sine', 'cosine'];
/** An upper arm of length 1, a forearm of 0.7; angles in radians. */
const hand = ([shoulder, elbow]) => [
  Math.cos(shoulder) + 0.7 * Math.cos(shoulder + elbow),
  Math.sin(shoulder) + 0.7 * Math.sin(shoulder + elbow),
  Math.sin(shoulder + elbow),
  Math.cos(shoulder + elbow),
];

const { angles } = (await compile({ angles: uniform([1500, 2], { seed: 1, stream: 0 }) }))();
const poses = Array.from({ length: 1500 }, (_, i) => [3 * angles[2 * i], 2.5 * angles[2 * i + 1]]);
const places = poses.map(hand);
const [seen, fresh] = [poses.slice(0, 1200), poses.slice(1200)];

const model = await mlp({
  inputs: 2,
  layers: [dense(48, 'tanh'), dense(OUTPUTS.length)],
  loss: 'sumSquaredError',
  seed: 1,
});
await model.fit(seen, places.slice(0, 1200), {
  epochs: 80,
  optimizer: adam({ learningRate: 0.01, schedule: 'cosine' }),
});

const told = model.predict(fresh);
const truth = Float32Array.from(places.slice(1200).flat());
const column = (numbers, j) => numbers.filter((_, i) => i % OUTPUTS.length === j);
OUTPUTS.forEach((name, j) => {
  const [said, is] = [column(told, j), column(truth, j)];
  console.log(
    `${name.padEnd(7)} off by ${rootMeanSquaredError(said, is).toFixed(4)} (root mean square), ${meanAbsoluteError(said, is).toFixed(4)} (mean), R² ${r2(said, is).toFixed(4)}`,
  );
});
console.log(`together R² ${r2(told, truth, OUTPUTS.length).toFixed(4)}`);
