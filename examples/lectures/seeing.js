/**
 * Seeing it: the graph of a sigmoid unit before and after differentiation, as Mermaid and as pictures; one forward and one backward pass with every value and
 * every δ; and a gradient of one's own, checked.
 *
 *     node examples/lectures/seeing.js [FOLDER]
 */
import { dense, mlp } from 'wasmlp';
import { add, compile, grad, input, mul, sigmoid, square, sub } from 'wasmlp/graph';
import { checkGradients, graphOf, mermaid, svg, trace } from 'wasmlp/inspect';
import { save } from './chart.js';

const [x, w, b, t] = ['x', 'w', 'b', 't'].map((name) => input(name, [1, 1]));
const y = sigmoid(add(mul(w, x), b));
const loss = square(sub(y, t));
const [dw, db] = grad(loss, [w, b]);
const values = { x: 2, w: -1, b: 0.5, t: 1 };

console.log(mermaid(loss));
const count = (text) => text.split('\n').filter((line) => line.includes('[')).length;
console.log(
  `${count(mermaid(loss))} boxes before differentiation, ${count(mermaid({ loss, dw, db }))} after`,
);
const seen = trace(loss, values);
console.log(seen.text);
save('seeing-before', svg({ loss }, { trace: seen }));
save('seeing-after', svg({ loss, dw, db }));

// right: 2 (y - t) y (1 - y) x; and as it is often forgotten, without the inner derivative
const right = mul(mul(mul(sub(y, t), 2), mul(y, sub(1, y))), x);
const wrong = mul(mul(sub(y, t), 2), x);
for (const [name, gradient] of Object.entries({ right, wrong })) {
  const { passed, worst } = checkGradients(loss, values, { targets: [w], gradients: [gradient] });
  console.log(
    `${name}: ${passed ? 'passed' : 'failed'}, gradient ${worst.gradient.toFixed(6)}, difference ${worst.difference.toFixed(6)}`,
  );
}

// the same for a whole network
const model = await mlp({
  inputs: 2,
  layers: [dense(3, 'tanh'), dense(2)],
  loss: 'softmaxCrossEntropy',
  seed: 1,
});
const network = graphOf(model);
const { passed, entries } = checkGradients(
  network.loss,
  {
    ...network.values,
    inputs: [
      [0, 1],
      [1, 1],
    ].flat(),
    targets: [1, 0],
  },
  { targets: Object.values(network.parameters) },
);
console.log(`a network: ${passed ? 'passed' : 'failed'}, ${entries} entries`);

// what derivatives cost: every product is there once, and has two on the way back
const layers = [dense(128, 'relu'), dense(64, 'relu'), dense(10)];
const larger = graphOf(await mlp({ inputs: 64, layers, loss: 'softmaxCrossEntropy' }));
const flop = async (outputs) => Number(/(\d+) FLOP and/.exec(await (await compile(outputs)).describe())[1]);
const forward = await flop({ loss: larger.loss });
const both = await flop({ loss: larger.loss, ...grad(larger.loss, Object.values(larger.parameters)) });
console.log(`a loss with all its derivatives costs ${(both / forward).toFixed(2)} times the loss`);
