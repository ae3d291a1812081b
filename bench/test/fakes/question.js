/** A question whose right answer is 42, for contenders that are none; with the query `cost` it asks for seconds instead of a rate. */

/** @type {import('../../contender.js').Question} */
export const question = {
  factory: 'gemm',
  unit: 'runs/s',
  isCost: new URL(import.meta.url).searchParams.has('cost'),
  chunkSeconds: 0,
  cases: [],
  problem: (shape) => shape,
  unitsPerRun: () => 1,
  judge: async (_, work) => {
    const [answer] = await work.outputs();
    return { ok: answer === 42, text: `answered ${answer}` };
  },
};
