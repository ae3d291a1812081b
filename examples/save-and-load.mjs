/**
 * A model as a file: written in Node by its name, as bytes everywhere, such as from `fetch` or into IndexedDB. It says the same afterwards, and goes on learning.
 *
 *     node examples/save-and-load.mjs
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adam, dense, load, mlp } from 'wasmlp';

// points inside and outside of a circle
const inputs = Array.from({ length: 500 }, () => [2 * Math.random() - 1, 2 * Math.random() - 1]);
const labels = inputs.map(([x, y]) => (Math.hypot(x, y) < 0.7 ? 1 : 0));

const model = await mlp({
  inputs: 2,
  layers: [dense(32, 'relu'), dense(2)],
  loss: 'softmaxCrossEntropy',
});
// strings of your own travel along
model.metadata.about = 'tells points in a circle from those outside';
await model.fit(inputs, labels, { epochs: 20, optimizer: adam({ learningRate: 0.01 }) });

const folder = await mkdtemp(join(tmpdir(), 'wasmlp-'));
const file = join(folder, 'circle.safetensors');
await model.save(file); // whole or not at all: never half a file under this name
const bytes = await model.save(); // the same, kept in memory

const fromFile = await load(file);
const fromBytes = await load(bytes);
console.log(fromFile.architecture, fromFile.metadata.about);
console.log('the file is what save gave:', (await readFile(file)).equals(bytes));

const question = [
  [0, 0],
  [0.9, 0.9],
];
const answers = [model, fromFile, fromBytes].map((one) => one.predict(question).join(' '));
console.log('all three say the same:', new Set(answers).size === 1);

const before = fromFile.evaluate(inputs, labels);
await fromFile.fit(inputs, labels, { epochs: 40, optimizer: adam({ learningRate: 0.01 }) });
const after = fromFile.evaluate(inputs, labels);
console.log(
  `accuracy ${before.accuracy.toFixed(3)} as saved, ${after.accuracy.toFixed(3)} after more training`,
);
await rm(folder, { recursive: true });
