/** Training on data in memory: what is learned, in which order, and that neither slices nor reports change one bit of it. */
import { describe, expect, it } from 'vitest';
import { adam, dense, type FitOptions, mlp, sgd } from 'wasmlp';
import { add, input, matmul, mean, parameter, ROWS, softmaxCrossEntropy, tanh } from 'wasmlp/graph';
import { descend } from '../reference/descent.js';
import { relativeError } from '../support/numbers.js';
import { noise, smallNetwork, spirals, trained, xor } from '../support/problems.js';
import { engines } from '../support/public-engines.js';

describe.each(engines)('on the $build build', ({ engine }) => {
  it('learns XOR', async () => {
    using model = await smallNetwork(xor, engine);
    const optimizer = adam({ learningRate: 0.05 });
    const history = await model.fit(xor.inputs, xor.labels, { epochs: 300, batchSize: 4, optimizer });
    expect(history.loss.at(-1)).toBeLessThan(0.01);
    expect(history.accuracy!.at(-1)).toBe(1);
    const chosen = [...model.predict(xor.inputs)].filter((_, i) => i % 2 === 1).map((p) => (p > 0.5 ? 1 : 0));
    expect(chosen).toEqual(xor.labels);
  });

  it('learns two spirals', async () => {
    const problem = spirals(150);
    const layers = [dense(32, 'relu'), dense(32, 'relu'), dense(2)];
    using model = await mlp({ inputs: 2, layers, loss: 'softmaxCrossEntropy', seed: 3, engine });
    const optimizer = adam({ learningRate: 0.01 });
    const { loss } = await model.fit(problem.inputs, problem.labels, { epochs: 300, optimizer });
    expect(loss.at(-1)).toBeLessThan(loss[0]! / 10);
    expect(model.evaluate(problem.inputs, problem.labels).accuracy).toBeGreaterThan(0.98);
  });

  it.each([
    ['a shorter last batch', 11, 4],
    ['a last batch of one row', 9, 4],
    ['batches that fit', 8, 4],
    ['a batch larger than the data', 5, 64],
    ['batches of one row', 3, 1],
  ])('follows float64 with %s', async (_what, rows, batchSize) => {
    const problem = noise(rows);
    const run = { batchSize, epochs: 6, learningRate: 0.3 };
    using model = await smallNetwork(problem, engine, 7, 5);
    const expected = descend({
      ...referenceNetwork(),
      ...run,
      ...asRows(problem),
      initial: model.getParameters(),
    });
    const optimizer = sgd({ learningRate: run.learningRate });
    const { loss } = await model.fit(problem.inputs, problem.labels, {
      epochs: run.epochs,
      batchSize,
      shuffle: false,
      optimizer,
    });
    expect(relativeError(loss, expected.loss)).toBeLessThanOrEqual(5e-6);
    for (const [name, values] of Object.entries(model.getParameters()))
      expect(relativeError(values, expected.parameters[name]!), name).toBeLessThanOrEqual(1e-5);
  });

  it('takes every row once an epoch, in another order than they come in', async () => {
    const problem = noise(50);
    using model = await smallNetwork(problem, engine);
    const mean = model.evaluate(problem.inputs, problem.labels).loss;
    // a rate too small to change a weight: what differs between epochs is the order alone
    const options = { epochs: 5, batchSize: 7, optimizer: sgd({ learningRate: 1e-30 }) };
    const { loss } = await model.fit(problem.inputs, problem.labels, options);
    for (const value of loss) expect(Math.abs(value - mean)).toBeLessThan(1e-6);
    const { parameters: shuffled } = await trained(problem, engine, { epochs: 1, batchSize: 7 });
    const { parameters: inOrder } = await trained(problem, engine, {
      epochs: 1,
      batchSize: 7,
      shuffle: false,
    });
    expect(shuffled).not.toEqual(inOrder);
  });

  it('lets every row be the last of some epoch', async () => {
    // a step of half the curvature lands on its row's label, so the weight tells which row was last
    const labels = [1, 2, 3, 4, 5, 6, 7, 8];
    using model = await mlp({
      inputs: 1,
      layers: [dense(1, 'identity', { bias: false })],
      loss: 'meanSquaredError',
      engine,
    });
    const last = new Set<number>();
    const options = { epochs: 80, batchSize: 1, optimizer: sgd({ learningRate: 0.5 }) };
    const onEpoch = () => last.add(model.getParameters()['layers.0.weight']![0]!);
    await model.fit(new Float32Array(8).fill(1), labels, { ...options, onEpoch });
    expect([...last].sort()).toEqual(labels);
  });

  it('shuffle: false takes the rows as they come, epoch after epoch', async () => {
    const problem = noise(10);
    const options = { epochs: 3, batchSize: 4, shuffle: false };
    const { parameters } = await trained(problem, engine, options);
    using model = await smallNetwork(problem, engine);
    await model.fit(() => batchesOf(problem, 4), { epochs: 3, batchSize: 4 });
    expect(model.getParameters()).toEqual(parameters);
  });

  it('repeats a run bit by bit from its seed, and another seed gives another run', async () => {
    const problem = noise(40);
    const options: FitOptions = { epochs: 20, batchSize: 8 };
    const first = await trained(problem, engine, options, 11);
    expect(await trained(problem, engine, options, 11)).toEqual(first);
    expect((await trained(problem, engine, options, 12)).loss).not.toEqual(first.loss);
  });

  it.each([
    ['many epochs in a slice', 10, 3, 400],
    ['an order longer than is laid out at once', 30_000, 5_000, 5],
    ['data longer than the order laid out', 70_000, 10_000, 3],
  ])('reports and slices change no bit: %s', async (_what, rows, batchSize, epochs) => {
    const problem = noise(rows, 2, 2);
    const options = { epochs, batchSize };
    const plain = await trained(problem, engine, options);
    const calls: number[] = [];
    const reported = await trained(problem, engine, {
      ...options,
      onEpoch: (report) => calls.push(report.epoch),
    });
    expect(reported).toEqual(plain);
    expect(calls).toEqual(Array.from({ length: epochs }, (_, i) => i + 1));
  });

  it('a second fit goes on where the first ended', async () => {
    const problem = noise(12);
    using model = await smallNetwork(problem, engine);
    const options = { epochs: 20, batchSize: 12, shuffle: false, optimizer: sgd({ learningRate: 0.1 }) };
    const first = await model.fit(problem.inputs, problem.labels, options);
    const second = await model.fit(problem.inputs, problem.labels, options);
    const whole = await trained(problem, engine, { ...options, epochs: 40 });
    expect([...first.loss, ...second.loss]).toEqual(whole.loss);
    expect(model.getParameters()).toEqual(whole.parameters);
  });
});

/** The network of `smallNetwork` with 5 units and noise's 3 columns and classes, as symbols. */
function referenceNetwork() {
  const x = input('x', [ROWS, 3]);
  const classes = input('classes', [ROWS, 1]);
  const [w0, b0] = [parameter('layers.0.weight', [3, 5]), parameter('layers.0.bias', [1, 5])];
  const [w1, b1] = [parameter('layers.1.weight', [5, 3]), parameter('layers.1.bias', [1, 3])];
  const logits = add(matmul(tanh(add(matmul(x, w0), b0)), w1), b1);
  return { loss: mean(softmaxCrossEntropy(logits, classes)), parameters: [w0, b0, w1, b1] };
}

function asRows({ inputs, labels, columns }: ReturnType<typeof noise>) {
  const rows = labels.map((_, i) => [...inputs.subarray(i * columns, (i + 1) * columns)]);
  return { rows, classes: labels };
}

function* batchesOf({ inputs, labels, columns }: ReturnType<typeof noise>, size: number) {
  for (let first = 0; first < labels.length; first += size)
    yield {
      inputs: inputs.slice(first * columns, (first + size) * columns),
      labels: labels.slice(first, first + size),
    };
}
