/** jax-js on its `wasm` device: a step under one `jit`, weights drawn by the caller, as the package has no layers. */
import { blockUntilReady, defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import { firstStep } from './problem.js';

const { sizes, batch, inputs, labels, done } = firstStep();
await init('wasm');
defaultDevice('wasm');
const parameters = sizes.slice(1).map((units, i) => {
  const weight = Float32Array.from({ length: sizes[i] * units }, () => (Math.random() - 0.5) / 10);
  return { w: np.array(weight).reshape([sizes[i], units]), b: np.zeros([units]) };
});
const loss = (parameters, x, y) => {
  for (const [i, { w, b }] of parameters.entries()) {
    x = np.dot(x, w).add(b);
    if (i < parameters.length - 1) x = nn.relu(x);
  }
  return nn
    .logSoftmax(x)
    .mul(y)
    .sum()
    .mul(-1 / batch);
};
const update = jit((parameters, x, y) => {
  const [value, gradients] = valueAndGrad(loss)(tree.ref(parameters), x, y);
  value.dispose();
  return tree.map((p, g) => p.sub(g.mul(0.1)), parameters, gradients);
});
const x = np.array(inputs).reshape([batch, sizes[0]]);
const y = nn.oneHot(np.array(labels, { dtype: np.int32 }), sizes.at(-1));
await blockUntilReady(update(parameters, x, y));
done();
