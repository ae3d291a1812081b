/** Half a million predictions into the caller's room: neither memory grows. Node only: it looks at the process. */
import { expect, it } from 'vitest';
import { dense, mlp } from 'wasmlp';
import { loadPredictor } from 'wasmlp/infer';

const CALLS = 10_000;
const ROUNDS = 50;
/** The smallest object in every sixteenth call; a round without any shows 0.0, one with an object in each call 16 or more. */
const BYTES_A_CALL = 1;

it('predictions allocate nothing', async () => {
  using model = await mlp({ inputs: 3, layers: [dense(8, 'tanh'), dense(2)], loss: 'softmaxCrossEntropy' });
  using predictor = await loadPredictor(await model.save());
  const inputs = Float32Array.of(1, -2, 3);
  const into = new Float32Array(2);
  const growth = (): number => {
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < CALLS; i++) predictor.predict(inputs, into);
    return (process.memoryUsage().heapUsed - before) / CALLS;
  };
  const pages = predictor.engine.memory.buffer.byteLength;
  // until the calls are compiled their numbers are objects, and a collection hides what a round allocated: so the later half, of
  // which a few rounds may be out of line but not most
  const rounds = Array.from({ length: ROUNDS }, growth).slice(ROUNDS / 2);
  expect(rounds.sort((a, b) => a - b)[rounds.length >> 1]).toBeLessThan(BYTES_A_CALL);
  expect(predictor.engine.memory.buffer.byteLength).toBe(pages);
});
