/** A question whose right answer is 42, for contenders that are none. */

/** @type {import('../../contender.js').Question} */
export const question = {
  factory: 'gemm',
  unit: 'runs/s',
  cases: [],
  problem: (shape) => shape,
  unitsPerRun: () => 1,
  judge: async (_, work) => {
    const [answer] = await work.outputs();
    return { ok: answer === 42, text: `answered ${answer}` };
  },
};
