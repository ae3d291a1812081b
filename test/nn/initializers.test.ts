/** Initial weights: mean, variance, bounds and range of every initializer, and what a layer takes when none is named. */
import { describe, expect, it } from 'vitest';
import { type ActivationName, type DenseOptions, dense, type Initializer, mlp } from 'wasmlp';

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

// published formulas: variance of the weights; a uniform distribution of variance v ends at sqrt(3 v)
const formulas: readonly { weights: Initializer; variance: number; uniform: boolean }[] = [
  { weights: 'heNormal', variance: 2 / FAN_IN, uniform: false },
  { weights: 'heUniform', variance: 2 / FAN_IN, uniform: true },
  { weights: 'glorotNormal', variance: 2 / (FAN_IN + FAN_OUT), uniform: false },
  { weights: 'glorotUniform', variance: 2 / (FAN_IN + FAN_OUT), uniform: true },
  { weights: 'lecunNormal', variance: 1 / FAN_IN, uniform: false },
  { weights: 'lecunUniform', variance: 1 / FAN_IN, uniform: true },
  { weights: { uniform: 0.05 }, variance: 0.05 ** 2 / 3, uniform: true },
  { weights: { normal: 0.3 }, variance: 0.3 ** 2, uniform: false },
];

describe('weights', () => {
  it.each(formulas)('$weights have variance $variance', async ({ weights, variance, uniform }) => {
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
