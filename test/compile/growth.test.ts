/** How long compiling takes as networks grow deep. A suite with a bound on times: it runs alone (vitest.config.ts). */
import { expect, it } from 'vitest';
import { adam, dense, mlp } from 'wasmlp';

/** Least time to compile a step of training, in ms. */
async function compiling(depth: number): Promise<number> {
  const layers = [...Array.from({ length: depth }, () => dense(4, 'tanh')), dense(1)];
  using model = await mlp({ inputs: 4, layers, loss: 'meanSquaredError' });
  const times: number[] = [];
  for (let i = 0; i < 4; i++) {
    const began = performance.now();
    await model.describe({ optimizer: adam(), batchSize: 8 });
    times.push(performance.now() - began);
  }
  return Math.min(...times);
}

it('grows with the number of layers, not with its square', async () => {
  await compiling(40);
  const shallow = await compiling(40);
  expect((await compiling(160)) / shallow).toBeLessThan(8);
});
