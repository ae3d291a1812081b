/** Initial weights: mean, variance, bounds and range of every initializer, and what a layer takes when none is named. */
import { describe, expect, it } from 'vitest';
import {
  type ActivationName,
  type DenseOptions,
  dense,
  type Initializer,
  type InitializerName,
  mlp,
} from 'wasmlp';
import { distributionReferences, initializerReferences } from '../reference/initializers.js';

const FAN_IN = 300;
const FAN_OUT = 200;

/** Parameters of a first layer of FAN_IN x FAN_OUT. */
async function initial(options: DenseOptions, activation?: ActivationName, seed = 1) {
  const layers = [dense(FAN_OUT, activation, options), dense(1)];
  using model = await mlp({ inputs: FAN_IN, layers, loss: 'meanSquaredError', seed });
  const { 'layers.0.weight': weight, 'layers.0.bias': bias } = model.getParameters();
  return { weight: weight!, bias: bias! };
}

function moments(values: Float32Array): { mean: number; variance: number; largest: number } {
  let sum = 0;
  let squares = 0;
  let largest = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
    largest = Math.max(largest, Math.abs(value));
  }
  const mean = sum / values.length;
  return { mean, variance: squares / values.length - mean * mean, largest };
}

const named = Object.entries(initializerReferences).filter(
  ([, { shape }]) => shape === 'uniform' || shape === 'normal',
);
const drawnWeights: readonly { weights: Initializer; variance: number; uniform: boolean }[] = [
  ...named.map(([name, { shape, variance }]) => ({
    weights: name as InitializerName,
    variance: variance(FAN_IN, FAN_OUT),
    uniform: shape === 'uniform',
  })),
  { weights: { uniform: 0.05 }, variance: 0.05 ** 2 / 3, uniform: true },
  { weights: { normal: 0.3 }, variance: 0.3 ** 2, uniform: false },
];

describe('weights', () => {
  it.each(drawnWeights)('$weights have variance $variance', async ({ weights, variance, uniform }) => {
    const { weight } = await initial({ weightInitializer: weights });
    const measured = moments(weight);
    // 60,000 draws: five standard errors
    expect(Math.abs(measured.mean)).toBeLessThan(5 * Math.sqrt(variance / weight.length));
    expect(Math.abs(measured.variance / variance - 1)).toBeLessThan(5 * Math.sqrt(2 / weight.length));
    const end = Math.sqrt(3 * variance);
    if (uniform) {
      expect(measured.largest).toBeLessThanOrEqual(Math.fround(end));
      expect(measured.largest).toBeGreaterThan(0.999 * end);
    } else {
      expect(measured.largest).toBeGreaterThan(3.5 * Math.sqrt(variance));
      expect(shareBeyondTwoDeviations(weight, variance)).toBeCloseTo(0.0455, 2);
    }
  });

  it.each([
    ['identity', 'glorotUniform'],
    ['sigmoid', 'glorotUniform'],
    ['tanh', 'glorotUniform'],
    ['softplus', 'heNormal'],
    ['relu', 'heNormal'],
    ['leakyRelu', 'heNormal'],
  ] as const)('%s takes %s when none is named', async (activation, initializer) => {
    const unnamed = await initial({}, activation);
    const named = await initial({ weightInitializer: initializer }, activation);
    expect(unnamed.weight).toEqual(named.weight);
  });

  it('all equal, or zero, when so named', async () => {
    const constant = await initial({ weightInitializer: { constant: -0.25 } });
    expect(constant.weight.every((value) => value === -0.25)).toBe(true);
    const zeros = await initial({ weightInitializer: 'zeros' });
    expect(zeros.weight.every((value) => value === 0)).toBe(true);
  });

  it('follow the seed', async () => {
    const first = await initial({});
    expect(await initial({})).toEqual(first);
    const other = await initial({}, 'identity', 2);
    const same = other.weight.filter((value, i) => value === first.weight[i]).length;
    expect(same).toBeLessThan(5);
  });

  it('differ from layer to layer', async () => {
    const layers = [dense(50, 'relu'), dense(50, 'relu'), dense(50)];
    using model = await mlp({ inputs: 50, layers, loss: 'meanSquaredError' });
    const weights = [0, 1].map((i) => model.getParameters()[`layers.${i}.weight`]!);
    expect(weights[0]!.filter((value, i) => value === weights[1]![i]).length).toBeLessThan(5);
  });
});

describe('matrices of one row or column, and numbers that are huge or tiny', () => {
  const shapes = [
    [1, 1],
    [1, 400],
    [400, 1],
  ] as const;
  const drawnAs = async (weightInitializer: Initializer, [rows, columns]: (typeof shapes)[number]) => {
    const layers = [dense(columns, 'identity', { weightInitializer })];
    using model = await mlp({ inputs: rows, layers, loss: 'meanSquaredError', seed: 6 });
    return model.getParameters()['layers.0.weight']!;
  };

  it.each(Object.entries(initializerReferences))('%s', async (name, { variance }) => {
    for (const shape of shapes) {
      const weights = await drawnAs(name as InitializerName, shape);
      const [rows, columns] = shape;
      const deviation = Math.sqrt(variance(rows, columns));
      const { largest } = moments(weights);
      expect(largest).toBeLessThanOrEqual(distributionReferences.normal! * deviation * (1 + 1e-7));
      // of 400 draws one is beyond a deviation, and no orthonormal vector is shorter in all its entries
      if (weights.length > 1) expect(largest).toBeGreaterThanOrEqual(deviation);
    }
  });

  it.each(
    Object.entries(distributionReferences).flatMap(([name, most]) =>
      [1e30, 1, 1e-30, 0].map((number) => [name, number, most] as const),
    ),
  )('%s of %d', async (name, number, most) => {
    for (const shape of shapes) {
      const weights = await drawnAs({ [name]: number } as unknown as Initializer, shape);
      const { largest } = moments(weights);
      expect(largest).toBeLessThanOrEqual(number * most * (1 + 1e-7));
      expect(largest > 0).toBe(number > 0);
      expect(weights.every(Number.isFinite)).toBe(true);
    }
  });
});

describe('truncated normal weights', () => {
  it('end at two deviations, and are as a normal distribution is between them', async () => {
    const { weight } = await initial({ weightInitializer: { truncatedNormal: 0.1 } });
    const { mean, variance, largest } = moments(weight);
    // of a standard normal distribution cut at 2: 1 - 4 density(2) / (distribution(2) - distribution(-2))
    const cut = 1 - (4 * Math.exp(-2)) / Math.sqrt(2 * Math.PI) / 0.9544997361036416;
    expect(largest).toBeLessThanOrEqual(Math.fround(0.2));
    expect(largest).toBeGreaterThan(0.199);
    expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt((0.01 * cut) / weight.length));
    expect(Math.abs(variance / (0.01 * cut) - 1)).toBeLessThan(5 * Math.sqrt(2 / weight.length));
  });
});

describe('orthogonal weights', () => {
  it.each([
    [6, 6, 'orthogonal', 1],
    [70, 40, { orthogonal: 2 }, 2],
    [9, 33, { orthogonal: 0.5 }, 0.5],
    [1, 5, 'orthogonal', 1],
    [5, 1, 'orthogonal', 1],
    [300, 311, 'orthogonal', 1],
  ] as const)('%d x %d, %j', async (rows, columns, weightInitializer, length) => {
    const layers = [dense(columns, 'identity', { weightInitializer })];
    using model = await mlp({ inputs: rows, layers, loss: 'meanSquaredError', seed: 4 });
    const weight = model.getParameters()['layers.0.weight']!;
    // the vectors of the smaller side, which alone can be orthogonal
    const [count, size, stepOf] = rows < columns ? [rows, columns, 1] : [columns, rows, columns];
    const entry = (vector: number, i: number) =>
      weight[rows < columns ? vector * columns + i : i * stepOf + vector]!;
    for (let a = 0; a < count; a++)
      for (let b = 0; b <= a; b++) {
        let product = 0;
        for (let i = 0; i < size; i++) product += entry(a, i) * entry(b, i);
        expect(Math.abs(product - (a === b ? length ** 2 : 0))).toBeLessThan(4e-7 * length ** 2);
      }
    expect(new Set(Array.from(weight, Math.abs)).size).toBeGreaterThan(weight.length * 0.9 - 1);
  });

  it('are as often negative as positive: nothing prefers a direction', async () => {
    const { weight } = await initial({ weightInitializer: 'orthogonal' });
    const { mean, variance } = moments(weight);
    expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(1 / FAN_IN / weight.length));
    expect(variance).toBeCloseTo(1 / FAN_IN, 5);
    // reflections alone, without a sign drawn for each, would make it negative: -0.8 / sqrt(FAN_IN)
    const diagonal = weight.filter((_, at) => at % (FAN_OUT + 1) === 0 && at < FAN_OUT ** 2);
    expect(Math.abs(moments(diagonal).mean)).toBeLessThan(5 * Math.sqrt(1 / FAN_IN / diagonal.length));
  });
});

describe('biases', () => {
  it('are zero unless said', async () => {
    expect((await initial({})).bias).toEqual(new Float32Array(FAN_OUT));
  });

  it('are what was said', async () => {
    const { bias } = await initial({ biasInitializer: { constant: 0.1 } });
    expect(bias).toEqual(new Float32Array(FAN_OUT).fill(0.1));
  });

  it('are not there with bias: false', async () => {
    using model = await mlp({
      inputs: 2,
      layers: [dense(3, 'tanh', { bias: false }), dense(1)],
      loss: 'meanSquaredError',
    });
    expect(Object.keys(model.getParameters())).toEqual([
      'layers.0.weight',
      'layers.1.weight',
      'layers.1.bias',
    ]);
  });
});

function shareBeyondTwoDeviations(values: Float32Array, variance: number): number {
  return values.filter((value) => Math.abs(value) > 2 * Math.sqrt(variance)).length / values.length;
}
