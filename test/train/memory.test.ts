/** A million steps: neither the machine's memory nor the JavaScript heap grows. Node only: it looks at the process. */
import { expect, it } from 'vitest';
import { createEngine, sgd } from 'wasmlp';
import { smallNetwork, xor } from '../support/problems.js';

const STEPS = 1_000_000;
/** A leak of 50 bytes a step would be 50 MB; history and warm code need about one tenth of this. */
const BOUND = 20 * 2 ** 20;

it('a million steps of a tiny network leave both memories as they were', async () => {
  using engine = await createEngine();
  using model = await smallNetwork(xor, engine);
  // 1,000 epochs of 1,000 steps, so that what is kept for each epoch does not count
  const inputs = new Float32Array(4_000 * 2).map((_, i) => xor.inputs[i % 8]!);
  const labels = Array.from({ length: 4_000 }, (_, i) => xor.labels[i % 4]!);
  const heaps: number[] = [];
  const machines: number[] = [];
  const history = await model.fit(inputs, labels, {
    epochs: STEPS / 1_000,
    batchSize: 4,
    optimizer: sgd({ learningRate: 0.01 }),
    onEpoch() {
      heaps.push(process.memoryUsage().heapUsed);
      machines.push(engine.memory.buffer.byteLength);
    },
  });
  expect(history.steps).toBe(STEPS);
  expect(new Set(machines).size).toBe(1);
  // the garbage collector's teeth: the lowest point of the first tenth against that of the last
  const tenth = heaps.length / 10;
  expect(Math.min(...heaps.slice(-tenth)) - Math.min(...heaps.slice(0, tenth))).toBeLessThan(BOUND);
});
