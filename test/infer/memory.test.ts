/** A hundred thousand predictions into the caller's room: neither memory grows. Node only: it looks at the process. */
import { expect, it } from 'vitest';
import { dense, mlp } from 'wasmlp';
import { loadPredictor } from 'wasmlp/infer';

const CALLS = 100_000;
/** An object of the smallest kind for each call would be 16 bytes. */
const BYTES_A_CALL = 8;

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
  // a collection in between would hide an allocation: several rounds, of which none may show one
  const rounds = [growth(), growth(), growth(), growth()].slice(1);
  expect(Math.max(...rounds)).toBeLessThan(BYTES_A_CALL);
  expect(predictor.engine.memory.buffer.byteLength).toBe(pages);
});
