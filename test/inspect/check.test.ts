/** `checkGradients`: right gradients pass, wrong ones are found, entry by entry; and all doors of `wasmlp/inspect`. */
import { describe, expect, it } from 'vitest';
import { dense, mlp } from 'wasmlp';
import {
  add,
  gather,
  grad,
  input,
  matmul,
  mean,
  mul,
  parameter,
  ROWS,
  relu,
  softmaxCrossEntropy,
  sum,
  tanh,
} from 'wasmlp/graph';
import { checkGradients, graphOf, mermaid, svg, trace } from 'wasmlp/inspect';
import { centralDifferences } from '../reference/evaluate.js';
import { drawn } from '../support/numbers.js';
import { type Argument, expectRefusals } from '../support/wrong.js';

const x = input('x', [ROWS, 3]);
const classes = input('classes', [ROWS, 1]);
const w = parameter('w', [3, 4]);
const b = parameter('b', [1, 4]);
const loss = mean(softmaxCrossEntropy(tanh(add(matmul(x, w), b)), classes));
const values = { x: drawn('x', 15), classes: [0, 1, 2, 3, 1], w: drawn('w', 12), b: drawn('b', 4) };
const targets = [x, w, b];

describe('checkGradients', () => {
  it('passes what is right, and says what the worst entry was', () => {
    const report = checkGradients(loss, values, { targets });
    expect(report).toMatchObject({ passed: true, entries: 15 + 12 + 4 });
    expect(report.worst.error).toBeLessThan(1e-8);
    expect(report.worst.error).toBeGreaterThan(0);
  });

  it('finds the entry of a derivative that is wrong', () => {
    const [dx, dw, db] = grad(loss, targets);
    const flaw = [0, 0, 0, 0, 0, 0, 0.001, 0, 0, 0, 0, 0];
    const wrong = add(dw!, [flaw.slice(0, 4), flaw.slice(4, 8), flaw.slice(8)]);
    const { passed, worst } = checkGradients(loss, values, { targets, gradients: [dx!, wrong, db!] });
    expect(passed).toBe(false);
    expect(worst).toMatchObject({ target: 'w', row: 1, column: 2 });
    expect(worst.gradient - worst.difference).toBeCloseTo(0.001, 8);
    const difference = centralDifferences(loss, w, values).values[6];
    expect(worst.difference).toBeCloseTo(difference!, 9);
  });

  it('passes by the tolerance that is given', () => {
    const own = [mul(grad(loss, [w])[0]!, 1.01)];
    expect(checkGradients(loss, values, { targets: [w], gradients: own }).passed).toBe(false);
    expect(checkGradients(loss, values, { targets: [w], gradients: own, tolerance: 0.011 }).passed).toBe(
      true,
    );
  });

  it('a derivative that is no number does not pass', () => {
    const own = [mul(w, Number.NaN)];
    const { passed, worst } = checkGradients(loss, values, { targets: [w], gradients: own });
    expect(passed).toBe(false);
    expect(worst.error).toBeNaN();
  });

  it('leaves out what acts without a derivative: class numbers, in a model too, and numbers of rows', async () => {
    expect(checkGradients(loss, values)).toMatchObject({ passed: true, entries: 15 + 12 + 4 });
    const rows = input('rows', [3, 1]);
    expect(
      checkGradients(sum(tanh(gather(w, rows, 'rows'))), { w: values.w, rows: [2, 0, 2] }),
    ).toMatchObject({ passed: true, entries: 12 });
    using model = await mlp({ inputs: 3, layers: [dense(2)], loss: 'softmaxCrossEntropy' });
    const graph = graphOf(model);
    const all = { ...graph.values, inputs: drawn('i', 12), targets: [0, 1, 1, 0] };
    expect(checkGradients(graph.loss, all)).toMatchObject({ passed: true, entries: 12 + 8 });
  });

  it('refuses class numbers as a target, and feeds that nothing takes', () => {
    expect(() => checkGradients(loss, values, { targets: [w, classes] })).toThrow(
      /^options\.targets\[1\]: expected one by which f has a derivative, .*, got "classes"$/,
    );
    expect(() => checkGradients(loss, { ...values, bias: 1 })).toThrow(
      /^values\.bias: expected one of x, classes, w, b, got "bias"$/,
    );
  });

  it('differentiates by everything unless told what', () => {
    const z = input('z', [1, 2]);
    expect(checkGradients(sum(mul(z, z)), { z: [1, 2] })).toMatchObject({ passed: true, entries: 2 });
    expect(checkGradients(sum(relu(z)), { z: [0, 2] }).worst).toMatchObject({
      column: 0,
      gradient: 0,
      difference: 0.5,
    });
  });

  it('checks the gradients of a model', async () => {
    using model = await mlp({ inputs: 3, layers: [dense(4, 'sigmoid'), dense(2)], loss: 'meanSquaredError' });
    const graph = graphOf(model);
    const all = { ...graph.values, inputs: drawn('i', 12), targets: drawn('t', 8) };
    expect(checkGradients(graph.loss, all)).toMatchObject({ passed: true, entries: 12 + 8 + 16 + 10 });
  });
});

const model = await mlp({ inputs: 3, layers: [dense(2)], loss: 'softmaxCrossEntropy' });

const doors: readonly (Argument & { readonly of: string })[] = [
  { of: 'trace', name: 'y', use: (y) => trace(y, values) },
  { of: 'trace', name: 'values', use: (numbers) => trace(loss, numbers), lacks: 'values.x' },
  { of: 'trace', name: 'values.b', use: (numbers) => trace(loss, { ...values, b: numbers }) },
  { of: 'checkGradients', name: 'y', use: (f) => checkGradients(f, values) },
  {
    of: 'checkGradients',
    name: 'values',
    use: (numbers) => checkGradients(loss, numbers),
    lacks: 'values.x',
  },
  {
    of: 'checkGradients',
    name: 'options',
    use: (options) => checkGradients(loss, values, options),
    fine: ['undefined', 'an object'],
  },
  {
    of: 'checkGradients',
    name: 'options.targets',
    use: (list) => checkGradients(loss, values, { targets: list }),
    fine: ['undefined'],
  },
  {
    of: 'checkGradients',
    name: 'options.targets[0]',
    use: (one) => checkGradients(loss, values, { targets: [one] }),
  },
  {
    of: 'checkGradients',
    name: 'options.gradients',
    use: (gradients) => checkGradients(loss, values, { targets, gradients }),
    fine: ['undefined'],
  },
  {
    of: 'checkGradients',
    name: 'options.gradients[0]',
    use: (one) => checkGradients(loss, values, { targets: [w], gradients: [one] }),
  },
  {
    of: 'checkGradients',
    name: 'options.tolerance',
    use: (tolerance) => checkGradients(loss, values, { targets, tolerance }),
    fine: ['undefined', '0.5', 'a huge number'],
  },
  { of: 'mermaid', name: 'graph', use: (graph) => mermaid(graph) },
  { of: 'mermaid', name: 'graph.f', use: (f) => mermaid({ f }) },
  {
    of: 'mermaid',
    name: 'options',
    use: (options) => mermaid(loss, options),
    fine: ['undefined', 'an object'],
  },
  {
    of: 'mermaid',
    name: 'options.trace',
    use: (seen) => mermaid(loss, { trace: seen }),
    fine: ['undefined'],
  },
  { of: 'svg', name: 'graph', use: (graph) => svg(graph) },
  { of: 'svg', name: 'options', use: (options) => svg(loss, options), fine: ['undefined', 'an object'] },
  { of: 'graphOf', name: 'model', use: (value) => graphOf(value) },
  {
    of: 'graphOf',
    name: 'options',
    use: (options) => graphOf(model, options),
    fine: ['undefined', 'an object'],
  },
  {
    of: 'graphOf',
    name: 'options.targets',
    use: (kind) => graphOf(model, { targets: kind }),
    fine: ['undefined'],
  },
];

describe('wrong arguments are refused by name', () => {
  it.each(doors.map((door, i) => ({ ...door, title: `${door.of}: ${door.name} (${i + 1})` })))(
    '$title',
    expectRefusals,
  );
});
