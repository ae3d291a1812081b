/** Networks worked out by others on paper: scikit-learn's training step and the XOR network of Deep Learning, to the digits printed. */
import { describe, expect, it } from 'vitest';
import { dense, mlp } from 'wasmlp';
import {
  add,
  compile,
  grad,
  input,
  log,
  matmul,
  mean,
  mul,
  neg,
  parameter,
  ROWS,
  sigmoid,
  square,
  sub,
  sum,
} from 'wasmlp/graph';
import { engines } from '../support/public-engines.js';

describe.each(engines)('on the $build build', ({ engine }) => {
  it('one step of scikit-learn (tests of its MLPClassifier, test_fit)', async () => {
    const rate = 0.1;
    const alpha = 0.1;
    const x = input('x', [ROWS, 3]);
    const y = input('y', [ROWS, 1]);
    const [w1, b1] = [parameter('w1', [3, 2]), parameter('b1', [1, 2])];
    const [w2, b2] = [parameter('w2', [2, 1]), parameter('b2', [1, 1])];
    const output = sigmoid(add(matmul(sigmoid(add(matmul(x, w1), b1)), w2), b2));
    const crossEntropy = neg(add(mul(y, log(output)), mul(sub(1, y), log(sub(1, output)))));
    const decay = mul(add(sum(square(w1)), sum(square(w2))), alpha / 2);
    const loss = add(mean(crossEntropy), decay);
    const [dw1, db1, dw2, db2] = grad(loss, [w1, b1, w2, b2]);
    const stepped = (value: typeof w1, gradient: typeof w1) => sub(value, mul(gradient, rate));
    const run = await compile(
      { w1: stepped(w1, dw1!), b1: stepped(b1, db1!), w2: stepped(w2, dw2!), b2: stepped(b2, db2!) },
      { engine },
    );
    const before = { w1: [0.1, 0.2, 0.3, 0.1, 0.5, 0], b1: [0.1, 0.1], w2: [0.1, 0.2], b2: 1 };
    const after = run({ ...before, x: [0.6, 0.8, 0.7], y: 0 });
    run.dispose();

    // the paper rounds on its way, and takes the first input for the third in w1's last row: its own test asks for 3 decimals
    const printed = [0.098, 0.195756, 0.2956664, 0.096008, 0.4939998, -0.002244];
    expectDecimals(after.w1, printed, 3);
    expectDecimals(after.b1, [0.098333, 0.09626], 3);
    expectDecimals(after.w2, [0.04706, 0.154089], 3);
    expectDecimals(after.b2, [0.9235], 3);
    // the same step without rounding on the way
    const exact = [0.0979993, 0.1957545, 0.2956657, 0.0960061, 0.4938325, -0.0026197];
    expectDecimals(after.w1, exact, 7);
    expectDecimals(after.b1, [0.0983321, 0.0962576], 7);
    expectDecimals(after.w2, [0.0470121, 0.1540292], 7);
    expectDecimals(after.b2, [0.9234548], 7);

    const predict = await compile({ output }, { engine });
    expectDecimals(predict({ ...after, x: [0.6, 0.8, 0.7] }).output, [0.739], 3);
    predict.dispose();
  });

  it('the XOR network of Goodfellow, Bengio and Courville, chapter 6.1', async () => {
    using model = await mlp({
      inputs: 2,
      layers: [dense(2, 'relu'), dense(1)],
      loss: 'meanSquaredError',
      engine,
    });
    model.setParameters({
      'layers.0.weight': [1, 1, 1, 1],
      'layers.0.bias': [0, -1],
      'layers.1.weight': [1, -2],
      'layers.1.bias': [0],
    });
    const corners = [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ];
    expect([...model.predict(corners)]).toEqual([0, 1, 1, 0]);
    expect(model.evaluate(corners, [0, 1, 1, 0])).toMatchObject({ loss: 0, r2: 1 });
  });

  it('the sigmoid gate of Stanford CS231n', async () => {
    const w = parameter('w', [3, 1]);
    const x = input('x', [1, 3]);
    const z = matmul(x, w);
    const gate = sigmoid(z);
    const [slope] = grad(gate, [z]);
    const run = await compile({ gate, slope: slope! }, { engine });
    const { gate: value, slope: local } = run({ x: [-1, -2, 1], w: [2, -3, -3] });
    run.dispose();
    expectDecimals(value, [0.73], 2);
    expectDecimals(local, [0.2], 2);
  });
});

/** Within one unit of the last digit. */
function expectDecimals(actual: number | Float32Array, printed: number[], decimals: number): void {
  const values = typeof actual === 'number' ? [actual] : [...actual];
  expect(values.length).toBe(printed.length);
  values.forEach((value, i) => {
    expect(Math.abs(value - printed[i]!)).toBeLessThanOrEqual(10 ** -decimals);
  });
}
