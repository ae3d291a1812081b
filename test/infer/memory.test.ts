/** Half a million predictions into the caller's room: neither memory grows. Node only: it looks at the process. */
import { expect, it } from 'vitest';
import { dense, mlp } from 'wasmlp';
import { loadPredictor } from 'wasmlp/infer';

const CALLS = 1_000;
const ROUNDS = 500;
/** The smallest object in every sixteenth call. */
const BYTES_A_CALL = 1;

it('predictions allocate nothing', async () => {
  using model = await mlp({ inputs: 3, layers: [dense(8, 'tanh'), dense(2)], loss: 'softmaxCrossEntropy' });
  using predictor = await loadPredictor(await model.save());
  const inputs = Float32Array.of(1, -2, 3);
  const into = new Float32Array(2);
  const growth = (): number => {
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < CALLS; i++) predictor.predict(inputs, into);
    return process.memoryUsage().heapUsed - before;
  };
  const pages = predictor.engine.memory.buffer.byteLength;
  // numbers are boxed until V8 has optimized the code, so the later half counts; a round with a collection in it may shrink, and takes nothing
  // off what others allocated
  const rounds = Array.from({ length: ROUNDS }, growth).slice(ROUNDS / 2);
  const allocated = rounds.reduce((sum, bytes) => sum + Math.max(bytes, 0), 0);
  expect(allocated / (CALLS * rounds.length)).toBeLessThan(BYTES_A_CALL);
  expect(predictor.engine.memory.buffer.byteLength).toBe(pages);
});
