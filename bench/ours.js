/**
 * wasmlp as its README says: networks by public names of the built package only. Products and passes over arrays are measured below its door
 * (machine.ts).
 */
import { createEngine, dense, mlp, sgd } from '../build/index.js';
import { bundled } from './bundled.js';
import { OURS } from './peers.js';

export const name = 'wasmlp';
export const { version } = OURS;

/** A network with the given weights; its loss says whether predictions are probabilities. */
async function networkOf({ sizes, layers, threads = 1, wideVectors = false }, loss) {
  const units = sizes.slice(1);
  const model = await mlp({
    inputs: sizes[0],
    layers: units.map((count, i) => dense(count, i < units.length - 1 ? 'relu' : 'identity')),
    loss,
    engine: await createEngine({ threads, wideVectors }),
  });
  const entries = layers.flatMap(({ weight, bias }, i) => [
    [`layers.${i}.weight`, weight],
    [`layers.${i}.bias`, bias],
  ]);
  model.setParameters(Object.fromEntries(entries));
  return model;
}

/** @type {import('./contender.js').Train} */
export async function train(problem) {
  const { sizes, batch, rows, inputs, labels, learningRate, held } = problem;
  const model = await networkOf(problem, 'softmaxCrossEntropy');
  const options = { batchSize: batch, shuffle: false, accuracy: false, optimizer: sgd({ learningRate }) };
  const stepsOfEpoch = rows / batch;
  return {
    objective: 'softmaxCrossEntropy',
    async run(times) {
      const epochs = Math.floor(times / stepsOfEpoch);
      if (epochs > 0) await model.fit(inputs, labels, { ...options, epochs });
      const rest = (times % stepsOfEpoch) * batch;
      if (rest > 0)
        await model.fit(inputs.subarray(0, rest * sizes[0]), labels.subarray(0, rest), {
          ...options,
          epochs: 1,
        });
    },
    // softmax does not see a constant that is added to all logits of a row, so the logarithm stands for them
    outputs: () => model.predict(held.inputs).map(Math.log),
  };
}

/**
 * The quickest way that the package has: `wasmlp/infer`, or the model itself where there is no such entry.
 *
 * @type {import('./contender.js').Infer}
 */
export async function infer(problem) {
  const { inputs, threads, wideVectors } = problem;
  const model = await networkOf(problem, 'meanSquaredError'); // predictions are the last layer's sums, as the peers'
  const { loadPredictor } = await import('../build/infer.js').catch(() => ({}));
  const predictor = loadPredictor ? await loadPredictor(await model.save(), { threads, wideVectors }) : model;
  let outputs;
  return {
    run(times) {
      for (let i = 0; i < times; i++) outputs = predictor.predict(inputs);
    },
    outputs: () => outputs,
  };
}

/** @type {import('./contender.js').Gemm} */
export const gemm = async (problem) => (await belowTheDoor()).gemm(problem);

/** @type {import('./contender.js').Map} */
export const map = async (problem) => (await belowTheDoor()).map(problem);

const belowTheDoor = () => bundled(new URL('machine.ts', import.meta.url));
