/** Threads: the same bits on any number of them, while others ask for work at the same time, and after the end. Their failures: pool.test.ts. */
import { afterAll, describe, expect, it } from 'vitest';
import {
  adam,
  createEngine,
  dense,
  dropout,
  type Engine,
  type FitOptions,
  type Model,
  mlp,
  sgd,
} from 'wasmlp';
import {
  add,
  compile,
  input,
  matmul,
  maxColumns,
  mul,
  type Node,
  parameter,
  relu,
  softmax,
  softmaxCrossEntropy,
  sum,
  tanh,
  transpose,
  uniform,
} from 'wasmlp/graph';
import { drawn, normal } from '../support/numbers.js';
import { noise, type Problem } from '../support/problems.js';
import { run } from '../support/run.js';

const inBrowser = typeof window !== 'undefined';
const alone = await createEngine();
const teams = await Promise.all((inBrowser ? [2] : [2, 3, 4]).map((threads) => createEngine({ threads })));
afterAll(() => {
  for (const engine of teams) engine.dispose();
});

const onTeams = describe.each(teams.map((engine, i) => ({ threads: i + 2, engine })));

type Numbers = Readonly<Record<string, ArrayLike<number>>>;

function expectSameBits(actual: Numbers, expected: Numbers): void {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, values] of Object.entries(expected)) {
    const bits = (numbers: ArrayLike<number>) => new Uint32Array(Float32Array.from(numbers).buffer);
    const [got, wanted] = [bits(actual[name]!), bits(values)];
    const different = got.findIndex((word, i) => word !== wanted[i]);
    expect([got.length, different], `${name}: length, first entry with other bits`).toEqual([
      wanted.length,
      -1,
    ]);
  }
}

it('are as many as were asked for', () => {
  expect(teams.map(({ info }) => info.threads)).toEqual(teams.map((_, i) => i + 2));
});

const SHAPES = [
  [1, 300, 520],
  [2, 257, 513],
  [3, 513, 1600],
  [7, 129, 640],
  [10, 64, 513],
  [33, 257, 520],
  [97, 520, 72],
  [130, 300, 1600],
  [301, 40, 9],
  [513, 1, 200],
] as const;

const TRANSPOSITIONS = {
  'A B': (a: Node, b: Node) => matmul(a, b),
  'Aᵀ B': (a: Node, b: Node) => matmul(transpose(a), b),
  'A Bᵀ': (a: Node, b: Node) => matmul(a, transpose(b)),
  'Aᵀ Bᵀ': (a: Node, b: Node) => matmul(transpose(a), transpose(b)),
};

function product(kind: keyof typeof TRANSPOSITIONS, m: number, k: number, n: number) {
  const a = parameter('a', kind.startsWith('Aᵀ') ? [k, m] : [m, k]);
  const b = parameter('b', kind.endsWith('Bᵀ') ? [n, k] : [k, n]);
  const bias = parameter('bias', [1, n]);
  const c = TRANSPOSITIONS[kind](a, b);
  return {
    outputs: { plain: c, fused: relu(add(c, bias)), both: mul(tanh(c), parameter('other', [m, n])) },
    feeds: {
      a: drawn('a', m * k, normal),
      b: drawn('b', k * n, normal),
      bias: drawn('bias', n, normal),
      other: drawn('other', m * n, normal),
    },
  };
}

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

const [ROWS, COLUMNS] = [203, 301];
const x = parameter('x', [ROWS, COLUMNS]);
const row = parameter('row', [1, COLUMNS]);
const column = parameter('column', [ROWS, 1]);
const narrow = parameter('narrow', [1001, 10]);
const list = parameter('list', [ROWS * COLUMNS, 1]);
const classes = input('classes', [1001, 1]);

const INSTRUCTIONS: Readonly<Record<string, Record<string, Node>>> = {
  'MAP of a matrix': { y: tanh(mul(x, 0.5)) },
  'MAP with a row and a column': { y: add(mul(tanh(x), row), column) },
  'MAP of narrow rows': { y: mul(tanh(narrow), parameter('narrowRow', [1, 10])) },
  'MAP of a list': { y: tanh(list) },
  'REDUCE over rows': { y: sum(x, 'rows') },
  'REDUCE over columns': { y: sum(x, 'columns') },
  'REDUCE over all': { y: sum(tanh(x)) },
  'REDUCE to the largest': { y: maxColumns(x) },
  'SOFTMAX of few columns': { y: softmax(narrow) },
  'SOFTMAX of many columns': { y: softmax(x) },
  'SOFTMAX with classes': { y: softmaxCrossEntropy(narrow, classes) },
  'SOFTMAX with distributions': { y: softmaxCrossEntropy(x, softmax(tanh(x)), 'distribution') },
  RANDOM: { y: uniform([ROWS, COLUMNS], { seed: 3, stream: 4 }) },
  TRANSPOSE: { y: transpose(x) },
};

const FEEDS = {
  x: drawn('x', ROWS * COLUMNS, normal),
  row: drawn('row', COLUMNS, normal),
  column: drawn('column', ROWS, normal),
  narrow: drawn('narrow', 10_010, normal),
  narrowRow: drawn('narrowRow', 10, normal),
  list: drawn('list', ROWS * COLUMNS, normal),
  classes: Float32Array.from({ length: 1001 }, (_, i) => i % 10),
};

onTeams('instructions on $threads threads have the bits of one', ({ engine }) => {
  it.each(Object.entries(INSTRUCTIONS))('%s', async (_name, outputs) => {
    expectSameBits(await run(engine, outputs, FEEDS), await run(alone, outputs, FEEDS));
  });
});

const problem = noise(700, 64, 10);

function network(engine: Engine): Promise<Model> {
  const layers = [dense(130, 'relu'), dropout(0.3), dense(65, 'tanh'), dense(10)];
  return mlp({ inputs: problem.columns, layers, loss: 'softmaxCrossEntropy', seed: 3, engine });
}

const RUNS: Readonly<Record<string, (model: Model) => Promise<{ readonly loss: readonly number[] }>>> = {
  'SGD with momentum': (model) =>
    model.fit(problem.inputs, problem.labels, {
      epochs: 4,
      batchSize: 96,
      optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }),
      validation: { inputs: problem.inputs.subarray(0, 640), labels: problem.labels.slice(0, 10) },
    }),
  'Adam on pixels': (model) =>
    model.fit(
      Uint8Array.from(problem.inputs, (value) => Math.abs(value * 50)),
      problem.labels,
      {
        epochs: 3,
        batchSize: 128,
        optimizer: adam({ learningRate: 0.01 }),
      },
    ),
  'a stream': (model) =>
    model.fit(() => batches(problem, 100), {
      epochs: 3,
      batchSize: 100,
      optimizer: sgd({ learningRate: 0.1 }),
    }),
};

function* batches({ inputs, labels, columns }: Problem, size: number) {
  for (let i = 0; i < labels.length; i += size)
    yield { inputs: inputs.subarray(i * columns, (i + size) * columns), labels: labels.slice(i, i + size) };
}

/** All that a model gives. */
function everythingOf(model: Model): Numbers {
  const { loss, gradients, inputs } = model.gradients(problem.inputs, problem.labels);
  return {
    ...model.getParameters(),
    predictions: model.predict(problem.inputs),
    few: model.predict(problem.inputs.subarray(0, 192)),
    evaluation: [model.evaluate(problem.inputs, problem.labels).loss],
    loss: [loss],
    inputs,
    ...Object.fromEntries(Object.entries(gradients).map(([name, values]) => [`gradient of ${name}`, values])),
  };
}

onTeams('training on $threads threads has the bits of one', ({ engine }) => {
  it.each(Object.entries(RUNS))('%s', async (_name, train) => {
    using here = await network(alone);
    using there = await network(engine);
    const expected = await train(here);
    const actual = await train(there);
    expectSameBits({ loss: actual.loss }, { loss: expected.loss });
    expectSameBits(everythingOf(there), everythingOf(here));
  });

  it.each([1e19, 1e28, 1e36])('up to a divergence, and back (learning rate %d)', async (learningRate) => {
    const diverged = async (model: Model) => {
      const options = { epochs: 20, batchSize: 96, optimizer: sgd({ learningRate, momentum: 0.99 }) };
      const error = await model.fit(problem.inputs, problem.labels, options).catch((reason) => reason);
      return { error, parameters: model.getParameters() };
    };
    using here = await network(alone);
    using there = await network(engine);
    const expected = await diverged(here);
    const actual = await diverged(there);
    expect(expected.error).toMatchObject({ name: 'DivergenceError' });
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
    const tiny = await compile({ y: tanh(row) }, { engine });
    const answers = {
      y: small({ x: FEEDS.x }).y as Float32Array,
      z: tiny({ row: FEEDS.row }).y as Float32Array,
    };
    let asked = 0;
    const timer = setInterval(() => {
      // graphs know nothing of models that are being trained
      expectSameBits({ z: tiny({ row: FEEDS.row }).y as Float32Array }, { z: answers.z });
      expectSameBits({ y: small({ x: FEEDS.x }).y as Float32Array }, { y: answers.y });
      expectSameBits(everythingOf(other), undisturbed);
      expect(there.predict(problem.inputs).every(Number.isFinite)).toBe(true);
      asked++;
    }, 3);
    try {
      expectSameBits(await fitted(there), expected);
    } finally {
      clearInterval(timer);
    }
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
    expect(() => model.predict(problem.inputs)).toThrow(/disposed/);
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

describe.runIf(!inBrowser || crossOriginIsolated)('the caller’s thread', () => {
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
