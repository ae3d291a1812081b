/** Question: how many samples a second does a classifier train on? One mini-batch a step, plain SGD. */
import { judgeTraining } from './judge.js';
import { classification, trainingFlop } from './shapes.js';

const DIGITS = [784, 256, 128, 10];
const WIDE = [784, 1024, 1024, 1024, 10];
const shapeOf = (sizes, batch, learningRate, lossAfter) => ({
  name: `${sizes.join('-')}, batch ${batch}`,
  shape: { sizes, batch, rows: 4096, learningRate, seed: 1, lossAfter },
});

/** A judge that looks at the held rows before and after at least so many steps and samples. */
export const trainedOn = (minSteps, minSamples) => async (problem, work) => {
  const steps = Math.max(minSteps, Math.ceil(minSamples / problem.batch));
  const before = Float32Array.from(await work.outputs());
  await work.run(steps);
  return judgeTraining(problem, work.objective, before, await work.outputs(), steps);
};

/** The multiply-adds of a step. */
export const trainingBound = ({ sizes, batch }) => ({
  kind: 'multiplyAdd',
  flop: batch * trainingFlop(sizes),
});

/** A call of our `fit` compiles a step and copies the data: what a run of any length pays once. */
export const FIT_SECONDS = 0.5;

/** @type {import('./contender.js').Question} */
export const question = {
  factory: 'train',
  unit: 'samples/s',
  chunkSeconds: FIT_SECONDS,
  cases: [
    shapeOf(DIGITS, 128, 0.1, 1.9692),
    shapeOf(DIGITS, 1, 0.01, 1.0275),
    shapeOf(DIGITS, 32, 0.1, 1.5037),
    { ...shapeOf(DIGITS, 1024, 0.1, 1.9675), heavy: true },
    { ...shapeOf(WIDE, 128, 0.05, 1.9768), heavy: true },
  ],
  problem: classification,
  unitsPerRun: ({ batch }) => batch,
  bound: trainingBound,
  judge: trainedOn(20, 1280),
};
