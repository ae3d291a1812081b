/** What becomes one instruction: asserted on what the compiler reports of a training step, a step that is also run. */
import { describe, expect, it } from 'vitest';
import { compile, type Program } from '../../src/compile/compile.js';
import { report, describe as show } from '../../src/compile/describe.js';
import { layout } from '../../src/compile/job.js';
import { Executable } from '../../src/engine/executable.js';
import * as graph from '../../src/graph.js';
import { add, grad, input, matmul, mean, mul, type Node, parameter, ROWS, sub } from '../../src/graph.js';
import { evaluate } from '../reference/evaluate.js';
import { engines } from '../support/engines.js';
import { drawn, normal, relativeError } from '../support/numbers.js';

const CAPACITY = 64;
const BATCH = 50;
const x = input('x', [ROWS, 20]);
const classes = input('classes', [ROWS, 1]);
const rate = input('rate', [1, 1]);
const weights = [
  parameter('w1', [20, 12]),
  parameter('b1', [1, 12]),
  parameter('w2', [12, 5]),
  parameter('b2', [1, 5]),
];
const momenta = weights.map((leaf) =>
  parameter(`momentum ${leaf.name}`, [Number(leaf.shape[0]), Number(leaf.shape[1])]),
);

function network(activation: (z: Node) => Node) {
  const [w1, b1, w2, b2] = weights;
  const hidden = activation(add(matmul(x, w1!), b1!));
  const loss = mean(graph.softmaxCrossEntropy(add(matmul(hidden, w2!), b2!), classes));
  const gradients = grad(loss, weights);
  const moved = momenta.map((momentum, i) => add(mul(momentum, 0.9), gradients[i]!));
  const updated = weights.map((weight, i) => sub(weight, mul(rate, moved[i]!)));
  return { loss, gradients, moved, updated };
}

const data = layout('data', [x, classes], CAPACITY);
const block = layout('any', weights, CAPACITY);
const placesIn = (name: string) => block.places.map(({ offset }) => ({ block: name, offset }));
const store = (values: readonly Node[], name: string) =>
  values.map((value, i) => ({ value, place: placesIn(name)[i]! }));

/** A step of gradient descent with momentum: weights, momenta and gradients each in a block of the same layout. */
function step(activation: (z: Node) => Node): Program {
  const { loss, gradients, moved, updated } = network(activation);
  return compile({
    capacity: CAPACITY,
    leaves: new Map([
      ...data.places.map((place, i) => [[x, classes][i]!, place] as const),
      ...placesIn('weights').map((place, i) => [weights[i]!, place] as const),
      ...placesIn('momenta').map((place, i) => [momenta[i]!, place] as const),
    ]),
    stores: [...store(updated, 'weights'), ...store(moved, 'momenta'), ...store(gradients, 'gradients')],
    scalars: [rate],
    results: [loss],
    check: loss,
  });
}

const work = (program: Program) => report(program).map(({ name, work }) => `${name} ${work}`);

describe('a training step', () => {
  it('is these instructions', () => {
    expect(work(step(graph.relu))).toEqual([
      'GEMM [ROWS x 12] = x[ROWS x 20] · w1[20 x 12] + b1[1 x 12] then relu',
      'GEMM [ROWS x 5] = [ROWS x 12] · w2[12 x 5] + b2[1 x 5]',
      'SOFTMAX softmax, classCrossEntropy of [ROWS x 5]',
      'REDUCE [1 x 1] = sumRows [ROWS x 1]',
      'MAP [1] = div',
      'CHECK [1 x 1] is finite',
      'MAP [ROWS x 5] = equal, sub, div',
      'REDUCE [1 x 5] = sumRows [ROWS x 5]',
      'GEMM [12 x 5] = [ROWS x 12]ᵀ · [ROWS x 5]',
      'GEMM [ROWS x 12] = [ROWS x 5] · w2[12 x 5]ᵀ then step, mul',
      'REDUCE [1 x 12] = sumRows [ROWS x 12]',
      'GEMM [20 x 12] = x[ROWS x 20]ᵀ · [ROWS x 12]',
      // all four parameters and their momenta
      'MAP [317], [317] = mul_add, neg_mul_add',
    ]);
  });

  it.each([
    ['tanh', graph.tanh, 'tanh', 'neg_mul_add, mul'],
    ['sigmoid', graph.sigmoid, 'sigmoid', 'sub, mul, mul'],
    ['leakyRelu', graph.leakyRelu, 'leaky_relu', 'step, mul, select'],
  ])(
    'has %s in the product before and its derivative in the product after',
    (_name, f, forward, backward) => {
      const gemms = work(step(f)).filter((line) => line.startsWith('GEMM'));
      expect(gemms).toHaveLength(5);
      expect(gemms[0]).toContain(`+ b1[1 x 12] then ${forward}`);
      expect(gemms[3]).toMatch(new RegExp(`w2\\[12 x 5\\]ᵀ then ${backward}$`));
    },
  );

  it('counts floating-point operations and bytes', () => {
    const [first] = report(step(graph.relu));
    expect(first!.flop).toBe(CAPACITY * 12 * (2 * 20 + 1 + 1));
    expect(first!.bytes).toBe(CAPACITY * 12 * 4);
    const text = show(step(graph.relu));
    expect(text.split('\n').at(-1)).toMatch(
      /^13 instructions, \d+ FLOP and \d+ bytes of working memory for 64 rows$/,
    );
  });

  it('needs less memory for temporaries than its values laid side by side', () => {
    const rows = [12, 5, 5, 5, 12].map((columns) => CAPACITY * columns * 4);
    const panels = CAPACITY * 16 * 4;
    const { temporaries } = step(graph.relu).blocks;
    expect(temporaries).toBeLessThanOrEqual(rows[0]! * 2 + rows[1]! * 2 + panels);
  });

  it.each(engines)('run on the $build build, gives the weights of the reference', ({ engine }) => {
    const executable = new Executable(engine, step(graph.relu), { given: blocksOn(engine), maxSteps: 1 });
    const feeds: Record<string, ArrayLike<number>> = {
      x: drawn('step x', BATCH * 20, normal),
      classes: drawn('step classes', BATCH, (random) => random.integer(5)),
      rate: [0.25],
      ...Object.fromEntries(
        [...weights, ...momenta].map((leaf) => [
          leaf.name,
          drawn(`step ${leaf.name}`, elements(leaf), normal),
        ]),
      ),
    };
    for (const leaf of [x, classes, ...weights, ...momenta]) executable.view(leaf).set(feeds[leaf.name]!);
    const { loss, moved, updated } = network(graph.relu);
    for (let i = 0; i < 2; i++) {
      executable.setStep(0, BATCH, 0, i, [0.25]);
      expect(executable.run(1)).toBe(1);
      const [expectedLoss, ...rest] = evaluate([loss, ...updated, ...moved], feeds);
      expect(relativeError(executable.results(1), expectedLoss!.values)).toBeLessThan(5e-6);
      [...weights, ...momenta].forEach((leaf, j) => {
        expect(relativeError(executable.view(leaf), rest[j]!.values), leaf.name).toBeLessThan(5e-6);
        feeds[leaf.name] = executable.view(leaf).slice();
      });
    }
    executable.dispose();
  });
});

function elements(leaf: Node): number {
  return Number(leaf.shape[0]) * Number(leaf.shape[1]);
}

function blocksOn(engine: graph.Engine) {
  const { bytes } = block;
  return {
    data: engine.allocate(data.bytes),
    weights: engine.allocate(bytes),
    momenta: engine.allocate(bytes),
    gradients: engine.allocate(bytes),
  };
}

/** Reports of a program that stores the given values. */
function lines(...values: Node[]): string[] {
  const leaves = [...new Set(values.flatMap((value) => leavesOf(value)))];
  const inputs = layout('inputs', leaves, 8);
  const outputs = layout('outputs', values, 8);
  return work(
    compile({
      capacity: 8,
      leaves: new Map(leaves.map((leaf, i) => [leaf, inputs.places[i]!] as const)),
      stores: values.map((value, i) => ({ value, place: outputs.places[i]! })),
    }),
  );
}

function leavesOf(node: Node): Node[] {
  return node.name !== '' ? [node] : node.inputs.flatMap(leavesOf);
}

describe('fusion', () => {
  const a = input('a', [ROWS, 6]);
  const b = input('b', [ROWS, 6]);
  const w = input('w', [6, 4]);
  const bias = input('bias', [1, 4]);

  it('makes one pass of a chain with broadcasting, two results and multiply-adds', () => {
    const y = graph.exp(add(mul(a, b), mean(a, 'columns')));
    expect(lines(y, graph.tanh(y))).toEqual([
      'REDUCE [ROWS x 1] = sumColumns a[ROWS x 6]',
      'MAP [ROWS x 1] = div',
      'MAP [ROWS x 6], [ROWS x 6] = mul_add, exp, tanh',
    ]);
  });

  it('takes a square for the product that it is, unless it is read twice', () => {
    const square = graph.square(a);
    expect(lines(add(square, b))).toEqual(['MAP [ROWS x 6] = mul_add']);
    expect(lines(graph.sub(b, square))).toEqual(['MAP [ROWS x 6] = neg_mul_add']);
    expect(lines(add(square, graph.exp(square)))).toEqual(['MAP [ROWS x 6] = square, exp, add']);
  });

  it('stretches operands without a pass of their own', () => {
    expect(lines(mul(graph.broadcastTo(bias, [ROWS, 4]), matmul(a, w)))).toEqual([
      'GEMM [ROWS x 4] = a[ROWS x 6] · w[6 x 4] then mul',
    ]);
  });

  it('reads transposed operands in place, and transposes only what is asked for', () => {
    const products = [matmul(graph.transpose(a), b), matmul(a, graph.transpose(b))];
    expect(lines(...products)).toEqual([
      'GEMM [6 x 6] = a[ROWS x 6]ᵀ · b[ROWS x 6]',
      'GEMM [ROWS x ROWS] = a[ROWS x 6] · b[ROWS x 6]ᵀ',
    ]);
    expect(lines(graph.transpose(a))).toEqual(['TRANSPOSE [6 x ROWS]']);
  });

  it('keeps a product that is read twice, and fuses what reads it into its epilogue', () => {
    const product = matmul(a, w);
    expect(lines(product, graph.relu(add(product, bias)))).toEqual([
      'GEMM [ROWS x 4] = a[ROWS x 6] · w[6 x 4] then add, relu',
    ]);
  });

  it('does not fuse across what needs the one and is needed by the other', () => {
    const e = graph.exp(a);
    const normalized = graph.div(e, graph.sum(e, 'columns'));
    expect(lines(normalized)).toEqual([
      'MAP [ROWS x 6] = exp',
      'REDUCE [ROWS x 1] = sumColumns [ROWS x 6]',
      'MAP [ROWS x 6] = div',
    ]);
  });

  it('keeps softmax and a loss apart where the target comes from the softmax', () => {
    const p = graph.softmax(a);
    const names = lines(p, graph.softmaxCrossEntropy(a, graph.square(p), 'distribution'));
    expect(names.filter((name) => name.startsWith('SOFTMAX'))).toHaveLength(2);
  });

  it('computes no gradient of the inputs unless it is asked for', () => {
    const { gradients, loss } = network(graph.relu);
    const products = (values: Node[]) => lines(...values).filter((line) => line.startsWith('GEMM')).length;
    expect(products(gradients)).toBe(5);
    expect(products(grad(loss, [...weights, x]))).toBe(6);
  });

  it('splits an expression of more arrays than the machine takes', async () => {
    const xs = Array.from({ length: 150 }, (_, i) => input(`x${i}`, [3, 5]));
    const total = xs.reduce((sum: Node, node) => add(sum, graph.square(node)), graph.constant(1));
    expect(lines(total).length).toBeGreaterThan(150 / 64);
    for (const { engine } of engines) {
      const run = await graph.compile({ total }, { engine });
      const { total: sum } = run(
        Object.fromEntries(xs.map((node, i) => [node.name, new Float32Array(15).fill(i)])),
      );
      const expected = xs.reduce((n, _x, i) => n + i * i, 1);
      expect(sum).toEqual(new Float32Array(15).fill(expected));
      run.dispose();
    }
  });
});
