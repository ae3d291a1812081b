/** wasmlp as its README says: public names of the built package only. */
import { readFileSync } from 'node:fs';
import { compile, input, matmul } from '../build/graph.js';
import { createEngine, dense, mlp, sgd } from '../build/index.js';

export const name = 'wasmlp';
export const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** A network with the given weights. */
async function networkOf({ sizes, layers, threads = 1 }) {
  const units = sizes.slice(1);
  const model = await mlp({
    inputs: sizes[0],
    layers: units.map((count, i) => dense(count, i < units.length - 1 ? 'relu' : 'identity')),
    loss: 'softmaxCrossEntropy',
    engine: await createEngine({ threads }),
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
  const model = await networkOf(problem);
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

/** @type {import('./contender.js').Gemm} */
export async function gemm({ m, n, k, a, b, threads = 1 }) {
  const engine = await createEngine({ threads });
  const multiply = await compile({ c: matmul(input('a', [m, k]), input('b', [k, n])) }, { engine });
  let c;
  return {
    run(times) {
      for (let i = 0; i < times; i++) ({ c } = multiply({ a, b }));
    },
    outputs: () => c,
  };
}

/** @type {import('./contender.js').Infer} */
export async function infer(problem) {
  const model = await networkOf(problem);
  let probabilities;
  return {
    run(times) {
      for (let i = 0; i < times; i++) probabilities = model.predict(problem.inputs);
    },
    outputs: () => probabilities.map(Math.log),
  };
}
