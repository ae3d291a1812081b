/** Question: how many rows a second does a trained network answer, from an array of inputs to an array of logits? */
import { judgeInference } from './judge.js';
import { inference, multiplyAdds } from './shapes.js';

const DIGITS = [784, 256, 128, 10];
const shapeOf = (batch) => ({
  name: `${DIGITS.join('-')}, batch ${batch}`,
  shape: { sizes: DIGITS, batch, seed: 1 },
});

/** @type {import('./contender.js').Question} */
export const question = {
  factory: 'infer',
  unit: 'samples/s',
  cases: [shapeOf(1), shapeOf(128)],
  problem: inference,
  unitsPerRun: ({ batch }) => batch,
  bound: ({ sizes, batch }) => {
    const weights = multiplyAdds(sizes);
    return batch === 1
      ? { kind: 'read', bytes: 4 * weights, arrayBytes: 4 * weights }
      : { kind: 'multiplyAdd', flop: 2 * weights * batch };
  },
  judge: async (problem, work) => {
    await work.run(1);
    return judgeInference(problem, await work.outputs());
  },
};
