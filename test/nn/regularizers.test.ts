/** Penalties and constraints: what they add to loss and gradients, what updates end with, what a file keeps, what is refused. */
import { describe, expect, it } from 'vitest';
import {
  type Constraint,
  dense,
  elastic,
  type Layer,
  l1,
  l2,
  load,
  maxNorm,
  mlp,
  nonNegative,
  type Regularizer,
  sgd,
} from 'wasmlp';
import { constraintReferences } from '../reference/constraints.js';
import { drawn, normal, relativeError } from '../support/numbers.js';
import { engines } from '../support/public-engines.js';
import { type Argument, expectRefusals, outcome } from '../support/wrong.js';

type Values = ArrayLike<number>;
const total = (values: Values, f: (w: number) => number) =>
  Array.from(values).reduce((sum, w) => sum + f(w), 0);

/** Omega and its gradient, from the formulas. */
const penalties: Readonly<
  Record<string, { made: Regularizer; value: (w: number) => number; slope: (w: number) => number }>
> = {
  l1: { made: l1(0.03), value: (w) => 0.03 * Math.abs(w), slope: (w) => 0.03 * Math.sign(w) },
  l2: { made: l2(0.02), value: (w) => 0.02 * w * w, slope: (w) => 0.04 * w },
  elastic: {
    made: elastic(0.03, 0.02),
    value: (w) => 0.03 * Math.abs(w) + 0.02 * w * w,
    slope: (w) => 0.03 * Math.sign(w) + 0.04 * w,
  },
};

const ROWS = 12;
const inputs = drawn('regularizers', ROWS * 5, normal);
const labels = drawn('labels', ROWS * 2, normal);
const weights = drawn('w', 5 * 7, normal).fill(0, 0, 1);
const initial = { 'layers.0.weight': weights, 'layers.0.bias': drawn('b', 7, normal) };

describe.each(engines)('on the $build build', ({ engine }) => {
  const made = async (layer: Layer, regularizer?: Regularizer) => {
    const all = { inputs: 5, layers: [layer, dense(2)], loss: 'meanSquaredError', seed: 2, engine } as const;
    const model = await mlp(regularizer ? { ...all, regularizer } : all);
    model.setParameters(initial);
    return model;
  };

  describe.each(Object.entries(penalties))('%s', (_name, { made: penalty, value, slope }) => {
    /** The parameters that are penalised, by either way of saying so. */
    const ways: readonly [string, Layer, Regularizer | undefined, readonly string[]][] = [
      ['one layer', dense(7, 'tanh', { weightRegularizer: penalty }), undefined, ['layers.0.weight']],
      [
        'one layer with its biases',
        dense(7, 'tanh', { weightRegularizer: { ...penalty, biases: true } }),
        undefined,
        ['layers.0.weight', 'layers.0.bias'],
      ],
      ['a network', dense(7, 'prelu'), penalty, ['layers.0.weight', 'layers.1.weight']],
      [
        'a network with its biases',
        dense(7, 'prelu'),
        { ...penalty, biases: true },
        ['layers.0.weight', 'layers.0.bias', 'layers.1.weight', 'layers.1.bias'],
      ],
    ];
    it.each(ways)('of %s: loss, gradients, and a step', async (_what, layer, regularizer, names) => {
      using model = await made(layer, regularizer);
      const { activation } = layer as { activation: 'tanh' };
      using plain = await made(dense(7, activation));
      const [actual, bare] = [model, plain].map((each) => each.gradients(inputs, labels));
      const before = model.getParameters();
      const omega = names.reduce((sum, name) => sum + total(before[name]!, value), 0);
      expect(omega).toBeGreaterThan(0.1);
      expect(relativeError([actual!.loss], [bare!.loss + omega])).toBeLessThanOrEqual(2e-6);
      expect(model.evaluate(inputs, labels).loss).toBeCloseTo(actual!.loss, 5);
      for (const [name, gradient] of Object.entries(bare!.gradients)) {
        const expected = Array.from(
          gradient,
          (g, i) => g + (names.includes(name) ? slope(before[name]![i]!) : 0),
        );
        expect(relativeError(actual!.gradients[name]!, expected), name).toBeLessThanOrEqual(2e-6);
      }
      const optimizer = sgd({ learningRate: 0.1 });
      const { loss } = await model.fit(inputs, labels, { epochs: 1, batchSize: ROWS, optimizer });
      expect(loss[0]).toBeCloseTo(actual!.loss, 5);
      for (const [name, after] of Object.entries(model.getParameters())) {
        const expected = Array.from(before[name]!, (w, i) => w - 0.1 * actual!.gradients[name]![i]!);
        expect(relativeError(after, expected), name).toBeLessThanOrEqual(2e-6);
      }
    });
  });

  it.each(Object.entries(penalties))('%s of huge and of tiny weights', async (_name, penalty) => {
    const { made: weightRegularizer, value, slope } = penalty;
    using model = await made(dense(7, 'tanh', { weightRegularizer }));
    // the sum of the squares of the first is one that float32 has
    for (const sizes of [[1e17, -1e17, 1, 0], [1e-18, -1e-18], [1e-30, 0], [1e-38]]) {
      const extreme = Float32Array.from({ length: 5 * 7 }, (_, i) => sizes[i % sizes.length]!);
      model.setParameters({ 'layers.0.weight': extreme });
      // inputs and outputs of 0: the loss is the penalty
      const { gradients, loss } = model.gradients(new Float32Array(5), model.predict(new Float32Array(5)));
      const omega = total(extreme, value);
      expect(Math.abs(loss - omega)).toBeLessThanOrEqual(2e-6 * omega + 1e-37);
      const expected = Array.from(extreme, slope);
      expect(relativeError(gradients['layers.0.weight']!, expected)).toBeLessThanOrEqual(2e-6);
    }
  });

  it('without strength nothing is added', async () => {
    using model = await made(dense(7, 'tanh', { weightRegularizer: l2(0) }), elastic(0, 0));
    using plain = await made(dense(7, 'tanh'));
    expect(model.gradients(inputs, labels)).toEqual(plain.gradients(inputs, labels));
    expect(await model.describe({})).toBe(await plain.describe({}));
  });

  const projections = Object.entries(constraintReferences).map(
    ([name, { numbers, project }]) => [name, { name, ...numbers } as Constraint, project] as const,
  );
  const sizes = [
    [5, 7],
    [1, 40],
    [40, 1],
    // updated by the product that gives its gradient
    [300, 120],
  ] as const;
  it.each(
    projections.flatMap(([name, ...row]) =>
      sizes.map((size) => [`${name} of ${size.join(' x ')} weights`, ...row, ...size] as const),
    ),
  )('%s ends an update', async (_name, weightConstraint, project, columns, units) => {
    const x = drawn('x', 20 * columns, normal);
    const y = drawn('y', 40, normal);
    const start = drawn('start', columns * units, (random) => (random.normal() * 1.8) / Math.sqrt(columns));
    const trained = async (options: { weightConstraint?: Constraint }) => {
      const layers = [dense(units, 'tanh', options), dense(2)];
      using model = await mlp({ inputs: columns, layers, loss: 'meanSquaredError', seed: 2, engine });
      model.setParameters({ 'layers.0.weight': start });
      const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 });
      await model.fit(x, y, { epochs: 1, batchSize: 20, optimizer });
      return model.getParameters();
    };
    const free = await trained({});
    const bound = await trained({ weightConstraint });
    const columnOf = (values: Values, j: number) =>
      Array.from({ length: columns }, (_, i) => values[i * units + j]!);
    const expected = new Float64Array(columns * units);
    let moved = 0;
    for (let j = 0; j < units; j++) {
      const column = columnOf(free['layers.0.weight']!, j);
      const projected = project(column);
      if (projected.some((w, i) => w !== column[i])) moved++;
      projected.forEach((w, i) => {
        expected[i * units + j] = w;
      });
    }
    expect(moved).toBeGreaterThan(units / 4);
    expect(relativeError(bound['layers.0.weight']!, expected)).toBeLessThanOrEqual(2e-6);
    expect(bound['layers.1.weight']).toEqual(free['layers.1.weight']);
  });

  it.each(projections)('%s of huge and of tiny weights', async (_name, weightConstraint, project) => {
    // float32 has the squares of these, or has them as 0
    const sizes = [1e18, -1e18, 1, -1, 1e-30, -1e-30, 0];
    const start = Float32Array.from({ length: 5 * 7 }, (_, i) => sizes[(i * i + Math.floor(i / 7)) % 7]!);
    start.forEach((_, i) => {
      // a unit of tiny weights alone
      if (i % 7 === 3) start[i] = i % 2 === 0 ? 1e-30 : -1e-30;
    });
    const layers = [dense(7, 'tanh', { weightConstraint }), dense(2)];
    using model = await mlp({ inputs: 5, layers, loss: 'meanSquaredError', seed: 2, engine });
    model.setParameters({ 'layers.0.weight': start });
    // no slope: what is projected are the weights as they were
    await model.fit(new Float32Array(5), [[0, 0]], { epochs: 1, optimizer: sgd({ learningRate: 0.1 }) });
    const after = model.getParameters()['layers.0.weight']!;
    for (let j = 0; j < 7; j++) {
      const columnOf = (values: Values) => Array.from({ length: 5 }, (_, i) => values[i * 7 + j]!);
      expect(relativeError(columnOf(after), project(columnOf(start))), `unit ${j}`).toBeLessThanOrEqual(2e-6);
    }
  });

  it('maxNorm makes units zero whose length float32 cannot square', async () => {
    using model = await made(dense(7, 'tanh', { weightConstraint: maxNorm(2) }));
    model.setParameters({
      'layers.0.weight': Float32Array.from({ length: 35 }, (_, i) => (i % 7 ? 1 : -2e19)),
    });
    await model.fit(new Float32Array(5), [[0, 0]], { epochs: 1, optimizer: sgd({ learningRate: 0.1 }) });
    const after = model.getParameters()['layers.0.weight']!;
    expect(after[0]).toBeCloseTo(0, 12);
    expect(after[1]).toBeCloseTo(2 / Math.sqrt(5), 6);
  });

  it('travel in the file', async () => {
    const layer = dense(7, 'tanh', { weightRegularizer: l1(0.5), weightConstraint: maxNorm(2) });
    using model = await made(layer, l2(0.1, { biases: true }));
    using again = await load(await model.save(), { engine });
    expect(again.architecture).toEqual(model.architecture);
    expect(again.gradients(inputs, labels)).toEqual(model.gradients(inputs, labels));
  });
});

it('constraints are chosen by functions too', () => {
  expect(dense(2, 'relu', { weightConstraint: nonNegative() }).weightConstraint).toBe('nonNegative');
  const { weightConstraint } = dense(2, 'relu', { weightConstraint: maxNorm(3) });
  expect(weightConstraint).toEqual({ name: 'maxNorm', limit: 3 });
});

describe('wrong values are refused by name', () => {
  const network = async (regularizer: never) =>
    (await mlp({ inputs: 2, layers: [dense(2)], loss: 'meanSquaredError', regularizer })).dispose();
  const layer = (options: object) => dense(2, 'relu', options);
  const number = { fine: ['0.5'] } as const;
  const doors: readonly Argument[] = [
    { name: 'strength', use: (value) => l1(value), ...number },
    { name: 'strength', use: (value) => l2(value), ...number },
    { name: 'l1', use: (value) => elastic(value, 0), ...number },
    { name: 'l2', use: (value) => elastic(0, value), ...number },
    { name: 'options', use: (value) => l2(1, value), fine: ['undefined', 'an object'] },
    { name: 'options.biases', use: (biases) => l2(1, { biases }), fine: ['undefined', 'a truth value'] },
    { name: 'limit', use: (value) => maxNorm(value), ...number },
    { name: 'regularizer', use: network, fine: ['undefined'], lacks: 'regularizer.l1' },
    {
      name: 'options.weightRegularizer',
      use: (weightRegularizer) => layer({ weightRegularizer }),
      fine: ['undefined'],
      lacks: 'options.weightRegularizer.l1',
    },
    {
      name: 'options.weightConstraint',
      use: (weightConstraint) => layer({ weightConstraint }),
      fine: ['undefined'],
    },
    {
      name: 'options.weightConstraint.limit',
      use: (limit) => layer({ weightConstraint: { name: 'maxNorm', limit } }),
      fine: ['undefined', '0.5'],
    },
  ];
  it.each(doors.map((door, i) => ({ ...door, title: `${door.name} (${i + 1})` })))('$title', expectRefusals);

  it('an option misspelt', async () => {
    const error = (await outcome(() => l2(1, { bias: true } as never))) as Error;
    expect(error.message).toMatch(/^options\.bias: expected one of biases/);
  });
});
