/**
 * jax-js on its `wasm` device, with a whole step under one `jit`, as its README recommends. In Node it has one thread: its
 * pool needs Web Workers.
 *
 * Reference counts: a function consumes its arguments, `.ref` keeps one for later.
 */
import { blockUntilReady, defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import { versionOf } from './installed.js';

await init('wasm');
defaultDevice('wasm');

export const name = 'jax-js';
export const version = versionOf('@jax-js/jax');

const matrix = (values, rows, columns) => np.array(values).reshape([rows, columns]);

const parametersOf = (layers) =>
  layers.map(({ inputs, units, weight, bias }) => ({ w: matrix(weight, inputs, units), b: np.array(bias) }));

/** Logits. Consumes both arguments. */
function forward(parameters, x) {
  for (const [index, { w, b }] of parameters.entries()) {
    x = np.dot(x, w).add(b);
    if (index < parameters.length - 1) x = nn.relu(x);
  }
  return x;
}

/** @type {import('../contender.js').Train} */
export async function train({ sizes, batch, rows, inputs, labels, learningRate, layers, held }) {
  const [width] = sizes;
  const loss = (parameters, x, y) =>
    nn
      .logSoftmax(forward(parameters, x))
      .mul(y)
      .sum()
      .mul(-1 / batch);
  const update = jit((parameters, x, y) => {
    const [value, gradients] = valueAndGrad(loss)(tree.ref(parameters), x, y);
    value.dispose();
    return tree.map((p, g) => p.sub(g.mul(learningRate)), parameters, gradients);
  });
  const logits = jit(forward);
  const batches = Array.from({ length: rows / batch }, (_, i) => ({
    x: matrix(inputs.subarray(i * batch * width, (i + 1) * batch * width), batch, width),
    y: nn.oneHot(np.array(labels.subarray(i * batch, (i + 1) * batch), { dtype: np.int32 }), sizes.at(-1)),
  }));
  await blockUntilReady(batches);
  const heldInputs = matrix(held.inputs, held.rows, width);
  let parameters = parametersOf(layers);
  let step = 0;
  return {
    objective: 'softmaxCrossEntropy',
    async run(times) {
      for (let i = 0; i < times; i++) {
        const { x, y } = batches[step++ % batches.length];
        parameters = update(parameters, x.ref, y.ref);
        await blockUntilReady(parameters); // 8 steps pending are no faster, 1280 did not end in three minutes
      }
    },
    outputs: () => logits(tree.ref(parameters), heldInputs.ref).data(),
  };
}

/** @type {import('../contender.js').Gemm} */
export async function gemm({ m, n, k, a, b }) {
  const left = matrix(a, m, k);
  const right = matrix(b, k, n);
  const multiply = jit((x, y) => np.dot(x, y));
  return {
    async run(times) {
      for (let i = 0; i < times; i++) {
        const c = multiply(left.ref, right.ref);
        await c.blockUntilReady();
        c.dispose();
      }
    },
    outputs: () => multiply(left.ref, right.ref).data(),
  };
}

/** @type {import('../contender.js').Infer} */
export async function infer({ sizes, batch, inputs, layers }) {
  const parameters = parametersOf(layers);
  const logits = jit(forward);
  let outputs;
  return {
    async run(times) {
      for (let i = 0; i < times; i++)
        outputs = await logits(tree.ref(parameters), matrix(inputs, batch, sizes[0])).data();
    },
    outputs: () => outputs,
  };
}

const reductions = {
  sum: (x) => np.sum(x),
  sumRows: (x) => np.sum(x, 0),
  sumColumns: (x) => np.sum(x, 1),
};
const functions = { exp: np.exp, tanh: np.tanh, log: np.log, add: np.add };

/** @type {import('../contender.js').Map} */
export async function map({ operation, rows, columns, x, y }) {
  const apply = reductions[operation] ?? functions[operation] ?? nn[operation];
  const binary = operation === 'add';
  const compiled = jit(binary ? apply : (x) => apply(x));
  const operands = [x, y].slice(0, binary ? 2 : 1).map((values) => matrix(values, rows, columns));
  const result = () => compiled(...operands.map(({ ref }) => ref));
  return {
    async run(times) {
      for (let i = 0; i < times; i++) {
        const values = result();
        await values.blockUntilReady();
        values.dispose();
      }
    },
    outputs: () => result().data(),
  };
}
