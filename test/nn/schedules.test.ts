/** Schedules: the factor at every step of a run against PyTorch's schedulers and against closed formulas; and that `fit` tells the moment right. */
import { describe, expect, it } from 'vitest';
import { type FitOptions, type Moment, type Optimizer, rprop, type Schedule, sgd } from 'wasmlp';
import { sub } from 'wasmlp/graph';
import { noise, smallNetwork } from '../support/problems.js';
import { engines } from '../support/public-engines.js';
import { scheduleVectors } from '../vectors/vectors.js';
import { optimizerCases, optimizerOf, scheduleCases } from './optimizer-cases.js';

const { steps, losses, rates } = scheduleVectors;

/** Factors at the steps of a run with ten steps an epoch. */
function factors(schedule: Schedule, moments = allMoments()): number[] {
  const optimizer = sgd({ learningRate: 1, schedule });
  const scalars = new Float64Array(1);
  return moments.map((moment) => {
    optimizer.writeScalars(scalars, moment);
    return scalars[0]!;
  });
}

function allMoments(): Moment[] {
  return Array.from({ length: steps }, (_, i) => ({
    step: i + 1,
    epoch: Math.floor(i / 10),
    progress: i / steps,
    losses: [],
  }));
}

function expectClose(actual: readonly number[], expected: readonly number[], bound = 1e-12): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    expect(Math.abs(value - expected[i]!), `step ${i + 1}`).toBeLessThanOrEqual(bound);
  });
}

describe('as PyTorch has it', () => {
  it.each(['linear', 'cosine', 'polynomial', 'step', 'exponential', 'ramp', 'warmup'])('%s', (name) => {
    expectClose(factors(scheduleCases[name]!), rates[name]!);
  });

  it('oneCycle, whose peak PyTorch rounds to a step: never further away than two steps change', () => {
    expectClose(factors(scheduleCases.oneCycle!), rates.oneCycle!, (2 * Math.PI) / 2 / (0.3 * steps));
  });

  it('plateau', () => {
    const moments = losses.map((_, epoch) => ({
      step: epoch + 1,
      epoch,
      progress: epoch / steps,
      losses: losses.slice(0, epoch),
    }));
    expectClose(factors(scheduleCases.plateau!, moments), rates.plateau!);
    expect(rates.plateau!.at(-1)).toBeLessThan(0.1);
  });
});

const formulas: readonly (readonly [Schedule, (t: number) => number])[] = [
  ['constant', () => 1],
  ['linear', (t) => 1 - t / 100],
  ['cosine', (t) => 0.5 + 0.5 * Math.cos((Math.PI * t) / 100)],
  ['polynomial', (t) => 1 - t / 100],
  [scheduleCases.polynomial!, (t) => (1 - t / 100) * (1 - t / 100)],
  [scheduleCases.step!, (t) => (t < 30 ? 1 : t < 60 ? 0.3 : t < 90 ? 0.09 : 0.027)],
  [{ name: 'step', every: 2, per: 'epoch' }, (t) => 10 ** -Math.floor(t / 20)],
  [scheduleCases.exponential!, (t) => Math.exp(t * Math.log(0.97))],
  [{ name: 'exponential', factor: 0.5, per: 'epoch' }, (t) => 2 ** -Math.floor(t / 10)],
  ['inverse', (t) => 1 / Math.sqrt(1 + t)],
  [scheduleCases.inverse!, (t) => 1 / Math.sqrt(1 + 0.1 * t)],
  [{ name: 'inverse', scale: 150, per: 'epoch' }, (t) => 1 / Math.sqrt(1 + 150 * Math.floor(t / 10))],
  [scheduleCases.ramp!, (t) => (t < 40 ? 0.2 + 0.015 * t : 0.8)],
  [{ name: 'warmup', over: 20 }, (t) => Math.min(1, t / 20)],
  [
    { name: 'warmup', over: 2, per: 'epoch', next: 'linear' },
    (t) => Math.min(1, Math.floor(t / 10) / 2) * (1 - t / 100),
  ],
  [
    'oneCycle',
    (t) =>
      t < 30
        ? 0.04 + 0.96 * Math.sin((Math.PI * t) / 60) ** 2
        : 4e-6 + (1 - 4e-6) * Math.cos((Math.PI * (t - 30)) / 140) ** 2,
  ],
  // a momentum goes the other way
  [
    { name: 'oneCycle', peak: 0.5, start: 1.5, end: 1.2 },
    (t) =>
      t < 50
        ? 1.5 - 0.5 * Math.sin((Math.PI * t) / 100) ** 2
        : 1 + 0.2 * Math.sin((Math.PI * (t - 50)) / 100) ** 2,
  ],
  ['plateau', () => 1],
];

describe('closed formulas', () => {
  it.each(formulas.map(([schedule, formula]) => ({ schedule, formula, title: JSON.stringify(schedule) })))(
    '$title',
    ({ schedule, formula }) => {
      expectClose(
        factors(schedule),
        Array.from({ length: steps }, (_, t) => formula(t)),
      );
    },
  );

  it.each(Object.values(scheduleCases))('$name stays finite at the ends of a run', (schedule) => {
    const ends = [
      { step: 1, epoch: 0, progress: 0, losses: [] },
      { step: 1e15, epoch: 1e12, progress: 1 - 2 ** -53, losses: [1e38, -1e38, 0, 0, 0, 0] },
    ];
    for (const factor of factors(schedule, ends)) {
      expect(Number.isFinite(factor)).toBe(true);
      expect(factor).toBeGreaterThanOrEqual(0);
    }
  });
});

describe('every optimizer', () => {
  const names = Object.keys(optimizerCases).filter((name) => optimizerCases[name]!.schedules.length > 0);

  it.each(names)('%s takes a schedule for its rate', (name) => {
    const at = (schedule: Schedule, learningRate: number) => {
      const optimizer = optimizerOf(name, { learningRate, schedule });
      const scalars = new Float64Array(optimizer.scalars.length);
      optimizer.writeScalars(scalars, { step: 3, epoch: 0, progress: 0.5, losses: [] });
      return scalars;
    };
    expect(at('linear', 0.02)).toEqual(at('constant', 0.01));
    expect(at('linear', 0.02)).not.toEqual(at('constant', 0.02));
  });

  it('rprop has no rate to change', () => {
    expect(() => rprop({ schedule: 'linear' } as never)).toThrow(/options\.schedule: expected one of/);
  });

  it('sgd takes one for its momentum', () => {
    const momentumSchedule = { name: 'ramp', from: 0.5, over: 10 } as const;
    const optimizer = sgd({ learningRate: 1, momentum: 0.8, momentumSchedule });
    const scalars = new Float64Array(2);
    optimizer.writeScalars(scalars, { step: 6, epoch: 0, progress: 0, losses: [] });
    expect([...scalars]).toEqual([1, 0.8 * 0.75]);
  });
});

describe.each(engines)('what fit tells an optimizer on the $build build', ({ engine }) => {
  const problem = noise(10);

  /** The moments of a run, seen by an optimizer that learns nothing. */
  async function moments(options: FitOptions, followsLoss: boolean, streamed = false): Promise<Moment[]> {
    const seen: Moment[] = [];
    const optimizer: Optimizer = {
      name: 'witness',
      state: [],
      scalars: ['zero'],
      followsLoss,
      writeScalars(scalars, moment) {
        scalars[0] = 0;
        seen.push({ ...moment, losses: [...moment.losses] });
      },
      update: (parameter, _gradient, _state, [zero]) => ({ parameter: sub(parameter, zero!), state: [] }),
    };
    using model = await smallNetwork(problem, engine);
    const all = { ...options, optimizer, batchSize: 4, epochs: 3 };
    if (streamed) await model.fit(() => [{ inputs: problem.inputs, labels: problem.labels }], all);
    else await model.fit(problem.inputs, problem.labels, all);
    // the door tries the optimizer once
    return seen.slice(1);
  }

  it('is step, epoch and share of the run', async () => {
    const seen = await moments({}, false);
    expect(seen.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(seen.map(({ epoch }) => epoch)).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
    expect(seen.map(({ progress }) => progress)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8].map((i) => i / 9));
  });

  it('counts updates where several batches make one', async () => {
    const seen = await moments({ accumulate: 2 }, false);
    expect(seen.map(({ step }) => step)).toEqual([1, 1, 2, 3, 3, 4, 5, 5, 6]);
  });

  it('is the epoch of a stream', async () => {
    const seen = await moments({}, false, true);
    expect(seen.map(({ epoch, progress }) => [epoch, progress])).toEqual(
      [0, 0, 0, 1, 1, 1, 2, 2, 2].map((epoch) => [epoch, epoch / 3]),
    );
  });

  it.each([false, true])(
    'is the loss of every completed epoch for who follows it (streamed: %s)',
    async (streamed) => {
      const seen = await moments({}, true, streamed);
      expect(seen.map(({ losses }) => losses.length)).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
      const validation = { inputs: problem.inputs.slice(0, 3), labels: problem.labels.slice(0, 1) };
      using model = await smallNetwork(problem, engine);
      const { loss } = model.evaluate(validation.inputs, validation.labels);
      const validated = await moments({ validation }, true, streamed);
      expect(validated.at(-1)!.losses).toEqual([loss, loss]);
      expect(seen.at(-1)!.losses).not.toEqual([loss, loss]);
    },
  );

  it('lowers the rate of a run that stands still', async () => {
    using model = await smallNetwork(problem, engine);
    // no loss is ever low enough, and two epochs without a better one are one too many
    const schedule = { name: 'plateau', factor: 0, patience: 1, threshold: 1 } as const;
    const weights: Float32Array[] = [];
    await model.fit(problem.inputs, problem.labels, {
      epochs: 6,
      batchSize: 'all',
      optimizer: sgd({ learningRate: 0.1, schedule }),
      onEpoch: () => weights.push(model.getParameters()['layers.0.weight']!),
    });
    const changed = weights.map((weight, i) => i > 0 && weight.some((w, j) => w !== weights[i - 1]![j]));
    expect(changed).toEqual([false, true, true, false, false, false]);
  });
});
