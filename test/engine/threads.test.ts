/** Threads: the same bits on any number of them, while others ask for work at the same time, and after the end. Their failures: pool.test.ts. */
import { afterAll, describe, expect, it } from 'vitest';
import { createEngine, dense, type FitOptions, type Model, mlp, sgd } from 'wasmlp';
import { compile, mul, tanh } from 'wasmlp/graph';
import { MAX_MR, MIN_MR, TEAM_TILE, TEAM_WORDS } from '../../assembly/isa.js';
import {
  everythingOf,
  expectSameBits,
  FEEDS,
  INSTRUCTIONS,
  network,
  problem,
  product,
  RUNS,
  row,
  SHAPES,
  TRANSPOSITIONS,
  x,
} from '../support/bits.js';
import { run } from '../support/run.js';

const inBrowser = typeof window !== 'undefined';
const alone = await createEngine();
const teams = await Promise.all((inBrowser ? [2] : [2, 3, 4]).map((threads) => createEngine({ threads })));
afterAll(() => {
  for (const engine of teams) engine.dispose();
});

const onTeams = describe.each(teams.map((engine, i) => ({ threads: i + 2, engine })));

it('are as many as were asked for', () => {
  expect(teams.map(({ info }) => info.threads)).toEqual(teams.map((_, i) => i + 2));
});

onTeams('products on $threads threads have the bits of one', ({ engine }) => {
  it.each(Object.keys(TRANSPOSITIONS) as (keyof typeof TRANSPOSITIONS)[])('%s', async (kind) => {
    for (const [m, k, n] of SHAPES) {
      const { outputs, feeds } = product(kind, m, k, n);
      for (const [name, output] of Object.entries(outputs))
        expectSameBits(
          await run(engine, { [name]: output }, feeds),
          await run(alone, { [name]: output }, feeds),
        );
    }
  });

  it('every time: panels are not overwritten while a slow thread reads them', async () => {
    const { outputs, feeds } = product('A B', 1024, 256, 1600);
    const { plain } = outputs;
    const expected = await run(alone, { plain }, feeds);
    const compiled = await compile({ plain }, { engine });
    for (let i = 0; i < 10; i++)
      expectSameBits(compiled({ a: feeds.a, b: feeds.b }) as Record<string, Float32Array>, expected);
    compiled.dispose();
  });
});

it('threads that have different tiles, while others are being tried, agree on whose rows are whose', async () => {
  const engine = await createEngine({ threads: 2 });
  const { scratches, words } = engine as unknown as {
    scratches: readonly number[];
    words(address: number, count: number): Uint32Array;
  };
  scratches.forEach((scratch, thread) => {
    words.call(engine, scratch, TEAM_WORDS)[TEAM_TILE] = thread === 0 ? MIN_MR : MAX_MR;
  });
  for (const m of [100, 124, 148]) {
    const { outputs, feeds } = product('Aᵀ B', m, 300, 24);
    const { plain } = outputs;
    expectSameBits(await run(engine, { plain }, feeds), await run(alone, { plain }, feeds));
  }
  engine.dispose();
});

onTeams('instructions on $threads threads have the bits of one', ({ engine }) => {
  it.each(Object.entries(INSTRUCTIONS))('%s', async (_name, outputs) => {
    expectSameBits(await run(engine, outputs, FEEDS), await run(alone, outputs, FEEDS));
  });
});

onTeams('training on $threads threads has the bits of one', ({ engine }) => {
  it.each(Object.entries(RUNS))('%s', async (_name, train) => {
    using here = await network(alone);
    using there = await network(engine);
    const expected = await train(here);
    const actual = await train(there);
    expectSameBits({ loss: actual.loss }, { loss: expected.loss });
    expectSameBits(everythingOf(there), everythingOf(here));
  });

  // the first step of all, the first of a slice, the second, and one further on: each goes back in a way of its own
  it.each([0, 100, 200, 500])('up to a divergence at row %i, and back', async (row) => {
    const inputs = problem.inputs.slice().fill(3e38, row * problem.columns, (row + 1) * problem.columns);
    const diverged = async (model: Model) => {
      const options = {
        epochs: 2,
        batchSize: 96,
        shuffle: false,
        optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }),
      };
      const error = await model.fit(inputs, problem.labels, options).catch((reason) => reason);
      return { error, parameters: model.getParameters() };
    };
    using here = await network(alone);
    using there = await network(engine);
    const expected = await diverged(here);
    const actual = await diverged(there);
    expect(expected.error).toMatchObject({ name: 'DivergenceError', step: Math.floor(row / 96) });
    expect(actual.error).toMatchObject({ step: expected.error.step, layer: expected.error.layer });
    expectSameBits(actual.parameters, expected.parameters);
  });
});

const EPOCHS: FitOptions = { epochs: 30, batchSize: 96, optimizer: sgd({ learningRate: 0.05 }) };
const fitted = async (model: Model, options = EPOCHS) => {
  await model.fit(problem.inputs, problem.labels, options);
  return model.getParameters();
};

onTeams('while fit runs on $threads threads', ({ engine }) => {
  it('predictions, evaluations and gradients are answered, and disturb nothing', async () => {
    using here = await network(alone);
    const expected = await fitted(here);
    using there = await network(engine);
    using other = await network(engine);
    const undisturbed = everythingOf(other);
    const small = await compile({ y: mul(tanh(x), 2) }, { engine });
    // too little to divide: run by the first thread's hands alone, in its scratch memory
    const tiny = await compile({ z: tanh(mul(tanh(row), row)) }, { engine });
    const answers = {
      y: small({ x: FEEDS.x }).y as Float32Array,
      z: tiny({ row: FEEDS.row }).z as Float32Array,
    };
    let asked = 0;
    let wrong: unknown = null;
    const ask = () => {
      for (let i = 0; i < 200; i++)
        expectSameBits({ z: tiny({ row: FEEDS.row }).z as Float32Array }, { z: answers.z });
      // graphs know nothing of models that are being trained
      expectSameBits({ y: small({ x: FEEDS.x }).y as Float32Array }, { y: answers.y });
      expectSameBits(everythingOf(other), undisturbed);
      expect(there.predict(problem.inputs).every(Number.isFinite)).toBe(true);
      asked++;
    };
    const timer = setInterval(() => {
      try {
        ask();
      } catch (error) {
        wrong ??= error;
        clearInterval(timer);
      }
    }, 3);
    try {
      expectSameBits(await fitted(there), expected);
    } finally {
      clearInterval(timer);
    }
    expect(wrong).toBeNull();
    expect(asked).toBeGreaterThan(1);
    small.dispose();
    tiny.dispose();
  });

  it('onEpoch sees what it sees on one thread', async () => {
    const seen = async (model: Model) => {
      const predictions: Record<string, Float32Array> = {};
      await model.fit(problem.inputs, problem.labels, {
        ...EPOCHS,
        epochs: 5,
        onEpoch: ({ epoch }) => {
          predictions[epoch] = model.predict(problem.inputs);
        },
      });
      return predictions;
    };
    using here = await network(alone);
    using there = await network(engine);
    const expected = await seen(here);
    expect(Object.keys(expected).length).toBe(5);
    expectSameBits(await seen(there), expected);
  });

  it('a second model may train at the same time, with small validations in between', async () => {
    const few = { inputs: problem.inputs.subarray(0, 64 * 3), labels: problem.labels.slice(0, 3) };
    const options = { ...EPOCHS, validation: few };
    using here = await network(alone);
    const expected = await fitted(here, options);
    const models = await Promise.all([network(engine), network(engine), network(engine)]);
    for (const parameters of await Promise.all(models.map((model) => fitted(model, options))))
      expectSameBits(parameters, expected);
    for (const model of models) model.dispose();
  });
});

describe('the end of an engine with threads', () => {
  it('ends a fit, and everything after says so', async () => {
    const engine = await createEngine({ threads: 2 });
    const model = await network(engine);
    const training = fitted(model, { ...EPOCHS, epochs: 100_000 });
    setTimeout(() => engine.dispose(), 100);
    await expect(training).rejects.toThrow(/disposed/);
    expect(() => model.predict(problem.inputs)).toThrow(/engine: expected a living engine, .* disposed/);
    expect(() => model.evaluate(problem.inputs, problem.labels)).toThrow(/disposed/);
    expect(() => model.getParameters()).toThrow(/disposed/);
    await expect(fitted(model)).rejects.toThrow(/disposed/);
    await expect(mlp({ inputs: 2, layers: [dense(1)], loss: 'meanSquaredError', engine })).rejects.toThrow(
      /disposed/,
    );
    model.dispose();
    engine.dispose();
  });

  it('leaves other engines alone', async () => {
    const engines = await Promise.all([createEngine({ threads: 2 }), createEngine({ threads: 2 })]);
    using model = await network(engines[1]!);
    const training = fitted(model);
    engines[0]!.dispose();
    using here = await network(alone);
    expectSameBits(await training, await fitted(here));
    engines[1]!.dispose();
  });
});

describe('the caller’s thread', () => {
  it('is free while fit runs on two', async () => {
    const engine = await createEngine({ threads: 2 });
    using model = await network(engine);
    const largest: number[] = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      const stop = new AbortController();
      const began = performance.now();
      let [last, gap, ticks] = [began, 0, 0];
      const timer = setInterval(() => {
        const now = performance.now();
        gap = Math.max(gap, now - last);
        last = now;
        ticks++;
        if (now - began > 1000) stop.abort(new Error('long enough'));
      }, 5);
      await expect(fitted(model, { ...EPOCHS, epochs: 100_000, signal: stop.signal })).rejects.toThrow(
        'long enough',
      );
      clearInterval(timer);
      expect(ticks).toBeGreaterThan(20);
      largest.push(gap);
    }
    engine.dispose();
    expect(largest.sort((a, b) => a - b)[1]).toBeLessThan(60);
  });
});
