/**
 * What onnxruntime-web and onnxruntime-node have in common: the same API over one C++ engine. It infers; it does not train.
 */
import { networkModel, productModel } from './onnx-model.js';

/**
 * @param {object} runtime the package
 * @param {(threads: number) => object} optionsFor session options for a number of threads
 */
export function contender(runtime, optionsFor) {
  /** @type {import('../contender.js').Gemm} */
  async function gemm(problem) {
    const { m, n, k, a, b, threads } = problem;
    const session = await runtime.InferenceSession.create(productModel(problem), optionsFor(threads));
    const feeds = {
      a: new runtime.Tensor('float32', a, [m, k]),
      b: new runtime.Tensor('float32', b, [k, n]),
    };
    return repeated(async () => (await session.run(feeds)).c.data);
  }

  /** @type {import('../contender.js').Infer} */
  async function infer(problem) {
    const { sizes, batch, inputs, threads } = problem;
    const session = await runtime.InferenceSession.create(networkModel(problem), optionsFor(threads));
    return repeated(async () => {
      const x = new runtime.Tensor('float32', inputs, [batch, sizes[0]]);
      return (await session.run({ x })).y.data;
    });
  }

  return { gemm, infer };
}

function repeated(once) {
  let outputs;
  return {
    async run(times) {
      for (let i = 0; i < times; i++) outputs = await once();
    },
    outputs: () => outputs,
  };
}
