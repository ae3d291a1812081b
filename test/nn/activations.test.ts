/**
 * Every activation by itself, on every build: values, gradients and second derivatives against float64, over edge shapes, at kinks and at
 * extremes; the reference against central differences; and what is refused. On the sources, whose table it walks through.
 */
import { describe, expect, it } from 'vitest';
import { type Activation, dense, load, mlp, sgd } from 'wasmlp';
import { grad, input, mul, type Node, ROWS, type Shape, sum } from 'wasmlp/graph';
import { type ActivationName, activate, activations } from '../../src/nn/activations.js';
import { numbersOf, type Settings } from '../../src/nn/choice.js';
import { type ActivationReference, activationReferences, type Numbers } from '../reference/activations.js';
import { awayFromZero, between, drawn, relativeError } from '../support/numbers.js';
import { engines } from '../support/public-engines.js';
import { run } from '../support/run.js';
import { expectRefusals, outcome } from '../support/wrong.js';

const settingsOf = (name: string): Settings =>
  (activations as Readonly<Record<string, { settings?: Settings }>>)[name]!.settings ?? {};

/** Each row as it is, and once more with other numbers where it has some. */
const variants = Object.entries(activations).flatMap(([name]) => {
  const settings = settingsOf(name);
  const other = Object.keys(settings).map((key, i) => [key, 0.375 + i / 8] as const);
  const described = { name, ...Object.fromEntries(other) } as Activation;
  const choices = other.length > 0 ? [name as ActivationName, described] : [name as ActivationName];
  return choices.map((activation) => {
    const reference = activationReferences[name]!;
    return {
      title: JSON.stringify(activation),
      activation,
      reference,
      numbers: numbersOf(activation, settings),
    };
  });
});
type Variant = (typeof variants)[number];

/** The activation in prediction; what it would learn is what learning begins with. */
function build(activation: Activation, z: Node): Node {
  return activate(activation, z, {
    units: z.shape[1] as number,
    training: false,
    key: { seed: 1, stream: 2 },
    learned: (_name, [, columns], initializer) => {
      const { constant } = initializer as { constant: number };
      return mul(input('ones', [1, columns]), constant);
    },
  });
}

/** Row-major numbers, row by row. */
function byRow(values: ArrayLike<number>, columns: number, f: (row: number[], i: number) => number[]) {
  const all = Array.from(values);
  return Array.from({ length: all.length / columns }, (_, i) =>
    f(all.slice(i * columns, (i + 1) * columns), i),
  ).flat();
}

function backward(
  { reference, numbers }: Variant,
  z: ArrayLike<number>,
  dy: ArrayLike<number>,
  columns: number,
) {
  const upstream = Array.from(dy);
  return byRow(z, columns, (row, i) =>
    reference.backward(row, upstream.slice(i * columns, (i + 1) * columns), numbers),
  );
}

/**
 * Sums that keep clear of kinks: float32 and float64 must not stand on different sides of one. The first is where nothing saturates,
 * so that the largest slope is one.
 */
function sums(
  purpose: string,
  length: number,
  reference: ActivationReference,
  numbers: Numbers,
): Float32Array {
  const kinks = reference.kinks(numbers);
  const z = drawn(purpose, length, (random) => {
    const sum = between(-2, 2)(random);
    return kinks.some((kink) => Math.abs(sum - kink) < 0.01) ? sum + 0.05 : sum;
  });
  return z.fill(0.5, 0, 1);
}

const SHAPES: readonly (readonly [number, number])[] = [
  [1, 1],
  [2, 3],
  [1, 4],
  [7, 1],
  [3, 17],
  [2, 257],
  [1, 513],
  [129, 5],
];
const EXTREMES = [0, 1e-30, 1e-4, 1, 3, 6, 20, 88, 104, 1e3, 1e4];

it('the table of references has a row for every activation', () => {
  expect(Object.keys(activationReferences)).toEqual(Object.keys(activations));
});

describe('the reference', () => {
  it.each(variants)('$title: central differences agree with the backward pass', (variant) => {
    const { reference, numbers } = variant;
    const z = Array.from(sums('reference', 6, reference, numbers));
    const dy = Array.from(drawn('upstream', 6, between(0.5, 1.5)));
    const weighted = (at: number, shift: number): number => {
      const moved = z.map((entry, i) => (i === at ? entry + shift : entry));
      return reference.value(moved, numbers).reduce((total, y, i) => total + y * dy[i]!, 0);
    };
    const h = 2 ** -17;
    const differences = z.map((_, i) => (weighted(i, h) - weighted(i, -h)) / (2 * h));
    expect(relativeError(backward(variant, z, dy, 6), differences)).toBeLessThanOrEqual(1e-7);
  });
});

describe.each(engines)('on the $build build', ({ engine }) => {
  /** Value and gradient of the sum that `weights` make of it. */
  const machine = async (
    activation: Activation,
    shape: Shape,
    z: ArrayLike<number>,
    w: ArrayLike<number>,
  ) => {
    const [x, weights] = [input('z', shape), input('weights', shape)];
    const y = build(activation, x);
    const [gradient] = grad(sum(mul(y, weights)), [x]);
    const ones = new Float32Array(shape[1] as number).fill(1);
    const feeds = { z, weights: w, ones: shared(activation) ? [1] : ones };
    return run(engine, { y, gradient: gradient! }, feeds);
  };

  it.each(variants)('$title: values and gradients over edge shapes', async (variant) => {
    const { activation, reference, numbers } = variant;
    for (const [rows, columns] of SHAPES) {
      const z = sums(`${rows} x ${columns}`, rows * columns, reference, numbers);
      const w = drawn('weights', rows * columns, awayFromZero(0.5, 1.5));
      const { y, gradient } = await machine(activation, [ROWS, columns], z, w);
      const values = byRow(z, columns, (row) => reference.value(row, numbers));
      expect(relativeError(y!, values), `${rows} x ${columns}`).toBeLessThanOrEqual(2e-6);
      const expected = backward(variant, z, w, columns);
      expect(relativeError(gradient!, expected), `gradient, ${rows} x ${columns}`).toBeLessThanOrEqual(2e-6);
    }
  });

  it.each(variants)('$title: second derivatives', async (variant) => {
    const { activation, reference, numbers } = variant;
    const columns = 5;
    const z = sums('second', 3 * columns, reference, numbers);
    const [w, v] = ['w', 'v'].map((name) => drawn(name, z.length, awayFromZero(0.5, 1.5)));
    const [x, weights, along] = ['z', 'w', 'v'].map((name) => input(name, [3, columns]));
    const [first] = grad(sum(mul(build(activation, x!), weights!)), [x!]);
    const [second] = grad(sum(mul(first!, along!)), [x!]);
    const ones = new Float32Array(shared(activation) ? 1 : columns).fill(1);
    const actual = await run(engine, { second: second! }, { z, w: w!, v: v!, ones });
    const directional = (at: number, shift: number): number => {
      const moved = Float64Array.from(z, (entry, i) => (i === at ? entry + shift : entry));
      return backward(variant, moved, w!, columns).reduce((total, slope, i) => total + slope * v![i]!, 0);
    };
    const h = 2 ** -17;
    const expected = Array.from(z, (_, i) => (directional(i, h) - directional(i, -h)) / (2 * h));
    const flat = expected.every((entry) => Math.abs(entry) < 1e-9);
    if (flat) expect(Array.from(actual.second!, Math.abs)).toEqual(new Array(z.length).fill(0));
    else expect(relativeError(actual.second!, expected)).toBeLessThanOrEqual(1e-5);
  });

  it.each(variants)('$title: exact and finite at kinks and extremes', async (variant) => {
    const { activation, reference, numbers } = variant;
    const ends = [...EXTREMES, ...EXTREMES.map((z) => -z), ...reference.kinks(numbers)];
    // rows of one extreme beside another: what goes by rows sees large differences
    const z = Float32Array.from(ends.flatMap((a, i) => [a, ends[(i * 7 + 3) % ends.length]!, a]));
    const w = new Float32Array(z.length).fill(1).map((_, i) => 1 + (i % 3));
    const { y, gradient } = await machine(activation, [ROWS, 3], z, w);
    const values = byRow(z, 3, (row) => reference.value(row, numbers));
    const sizes = byRow(values, 3, (row) =>
      byRows(reference) ? row.fill(Math.max(...row.map(Math.abs))) : row,
    );
    values.forEach((value, i) => {
      expect(Math.abs(y![i]! - value), `${z[i]}: ${y![i]}, not ${value}`).toBeLessThanOrEqual(
        2e-6 * Math.abs(sizes[i]!) + 1e-37,
      );
    });
    backward(variant, z, w, 3).forEach((slope, i) => {
      expect(Math.abs(gradient![i]! - slope), `${z[i]}: ${gradient![i]}, not ${slope}`).toBeLessThanOrEqual(
        4e-6 * Math.max(1, Math.abs(slope)),
      );
    });
  });
});

describe('what is random or learned', () => {
  it.each(engines)(
    'randomizedLeakyRelu draws a slope for every sum on the $build build',
    async ({ engine }) => {
      const x = input('z', [40, 50]);
      const activation = { name: 'randomizedLeakyRelu', lower: 0.2, upper: 0.6 } as const;
      const y = activate(activation, x, {
        units: 50,
        training: true,
        key: { seed: 1, stream: 2 },
        learned: () => x,
      });
      const z = drawn('rrelu', 2000, awayFromZero(0.5, 1.5));
      const [gradient] = grad(sum(y), [x]);
      const actual = await run(engine, { y, gradient: gradient! }, { z });
      const slopes: number[] = [];
      z.forEach((entry, i) => {
        expect(Math.abs(actual.y![i]! - actual.gradient![i]! * entry)).toBeLessThanOrEqual(1e-6);
        if (entry < 0) slopes.push(actual.gradient![i]!);
        else expect(actual.gradient![i]).toBe(1);
      });
      expect(Math.min(...slopes)).toBeGreaterThanOrEqual(0.2 - 1e-7);
      expect(Math.max(...slopes)).toBeLessThanOrEqual(0.6);
      const mean = slopes.reduce((total, slope) => total + slope) / slopes.length;
      // 1,000 draws: five standard errors of a uniform distribution's mean
      expect(Math.abs(mean - 0.4)).toBeLessThan((5 * 0.4) / Math.sqrt(12 * slopes.length));
      expect(new Set(slopes).size).toBeGreaterThan(0.99 * slopes.length);
    },
  );

  it.each([
    ['prelu', 6],
    ['sharedPrelu', 1],
  ] as const)('%s has %d slopes, which begin as told and are learned', async (name, count) => {
    const layers = [dense(6, { name, slope: 0.5 }), dense(1)];
    using model = await mlp({ inputs: 3, layers, loss: 'meanSquaredError', seed: 1 });
    expect(model.getParameters()['layers.0.slope']).toEqual(new Float32Array(count).fill(0.5));
    const inputs = drawn('prelu', 60);
    const labels = inputs.filter((_, i) => i % 3 === 0);
    const { gradients } = model.gradients(inputs, labels);
    await model.fit(inputs, labels, { epochs: 1, batchSize: 20, optimizer: sgd({ learningRate: 0.1 }) });
    const after = model.getParameters()['layers.0.slope']!;
    const expected = gradients['layers.0.slope']!.map((slope) => 0.5 - 0.1 * slope);
    expect(relativeError(after, expected)).toBeLessThanOrEqual(1e-6);
    using again = await load(await model.save());
    expect(again.architecture.layers[0]).toMatchObject({ activation: { name, slope: 0.5 } });
    expect(again.predict(inputs)).toEqual(model.predict(inputs));
  });
});

describe('wrong numbers are refused by name', () => {
  it.each(Object.keys(activations))('%s', async (name) => {
    for (const key of Object.keys(settingsOf(name)))
      await expectRefusals({
        name: `activation.${key}`,
        use: (value) => dense(2, { name, [key]: value } as Activation),
        fine: ['undefined', '-1', '0.5'],
      });
    const misspelt = await outcome(() => dense(2, { name, slop: 1 } as unknown as Activation));
    expect(misspelt).toBeInstanceOf(RangeError);
    expect((misspelt as Error).message).toMatch(/^activation\.slop: expected one of name/);
  });

  it('a name that is none', async () => {
    await expectRefusals({ name: 'activation', use: (value) => dense(2, value), fine: ['undefined'] });
    await expectRefusals({ name: 'activation.name', use: (name) => dense(2, { name }) });
  });
});

/** Whether an entry depends on its neighbours. */
function byRows({ value }: ActivationReference): boolean {
  return value([0, 1], {})[0] !== value([0, 2], {})[0];
}

function shared(activation: Activation): boolean {
  return (typeof activation === 'string' ? activation : activation.name) === 'sharedPrelu';
}
