/** Half a million predictions into the caller's room: neither memory grows. Node only: it looks at the process. */
import { expect, it } from 'vitest';
import { dense, mlp } from 'wasmlp';
import { loadPredictor } from 'wasmlp/infer';

const CALLS = 1_000;
const ROUNDS = 500;
/** The smallest object in every sixteenth call; a round without any shows 0.0 to 0.2, one with an object in each call 16 or more. */
const BYTES_A_CALL = 1;

it('predictions allocate nothing', async () => {
  using model = await mlp({ inputs: 3, layers: [dense(8, 'tanh'), dense(2)], loss: 'softmaxCrossEntropy' });
  using predictor = await loadPredictor(await model.save());
  const inputs = Float32Array.of(1, -2, 3);
  const into = new Float32Array(2);
  const used = (): number => process.memoryUsage().heapUsed;
  const growth = (): number => {
    const before = used();
    for (let i = 0; i < CALLS; i++) predictor.predict(inputs, into);
    return (used() - before) / CALLS;
  };
  const rounds = (): number[] => Array.from({ length: ROUNDS / 2 }, growth);
  const pages = predictor.engine.memory.buffer.byteLength;
  // numbers are boxed until V8 has optimized the code: so the later half counts
  rounds();
  const halfTime = used();
  const later = rounds();
  // what is thrown away shows in most rounds, though a collection hides it in some; what is kept grows from time to time, but it grows
  expect(later.sort((a, b) => a - b)[later.length >> 1]).toBeLessThan(BYTES_A_CALL);
  expect((used() - halfTime) / (CALLS * later.length)).toBeLessThan(BYTES_A_CALL);
  expect(predictor.engine.memory.buffer.byteLength).toBe(pages);
});
