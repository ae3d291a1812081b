/**
 * Data that do not fit in memory, or arrive: batches from a stream. A CSV file is read line by line, in every epoch anew, and a network
 * learns numbers from it.
 *
 *     node examples/stream.mjs
 */
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { adam, dense, mlp } from 'wasmlp';

const BATCH = 64;

/** Batches of a file's lines; the last may be smaller. */
async function* batchesOf(path) {
  let rows = [];
  const batch = () => ({ inputs: rows.map(([x, y]) => [x, y]), labels: rows.map(([, , z]) => [z]) });
  for await (const line of createInterface({ input: createReadStream(path) })) {
    rows.push(line.split(',').map(Number));
    if (rows.length < BATCH) continue;
    yield batch();
    rows = [];
  }
  if (rows.length > 0) yield batch();
}

/** Lines of x, y and z = sin(2 x) + y², with a little noise. */
async function writeMeasurements(path) {
  const lines = Array.from({ length: 5000 }, () => {
    const [x, y, noise] = [0, 0, 0].map(() => 2 * Math.random() - 1);
    return [x, y, Math.sin(2 * x) + y * y + 0.02 * noise].join(',');
  });
  await writeFile(path, lines.join('\n'));
}

const folder = await mkdtemp(join(tmpdir(), 'wasmlp-'));
const path = join(folder, 'measurements.csv');
await writeMeasurements(path);

const model = await mlp({
  inputs: 2,
  layers: [dense(32, 'tanh'), dense(1)],
  loss: 'meanSquaredError',
  seed: 1,
});
// a function, because a stream can be read once and there are twenty epochs
const history = await model.fit(() => batchesOf(path), {
  epochs: 20,
  optimizer: adam({ learningRate: 0.01 }),
});
const [first, last] = [history.loss[0], history.loss.at(-1)];
console.log(`mean squared error ${first.toFixed(4)} in the first epoch, ${last.toFixed(4)} in the last`);
const [guess] = model.predict([[0.5, 0.5]]);
console.log(`at x = y = 0.5 expected ${(Math.sin(1) + 0.25).toFixed(3)}, got ${guess.toFixed(3)}`);
await rm(folder, { recursive: true });
