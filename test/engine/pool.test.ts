/** Workers that do not do what they should: whoever waits is told why, and nothing hangs. On the sources, which let a test bring a script. */
import { describe, expect, it } from 'vitest';
import { Engine } from '../../src/engine/engine.js';
import { compile } from '../../src/engine/function.js';
import { instantiateMachine } from '../../src/engine/instance.js';
import type { PoolOptions } from '../../src/engine/pool.js';
import { ThreadError } from '../../src/engine/thread-error.js';
import { matmul, parameter, tanh } from '../../src/graph.js';
import { dense } from '../../src/nn/layers/dense.js';
import { mlp } from '../../src/train/model.js';
import { noise } from '../support/problems.js';

/** What comes before a script's own lines: `port` as worker.ts has it. */
const PORT = `const port = typeof require === 'function' ? require('node:worker_threads').parentPort : globalThis;
const end = () => (typeof process === 'undefined' ? nothing.at.all : process.exit(7));
`;
/** A worker that answers, and then does something else than its job. */
const readyThen = (body: string) =>
  `${PORT}port.onmessage = ({ data }) => { port.postMessage({ kind: 'ready' }); ${body} };`;

async function start(options: PoolOptions): Promise<Engine> {
  const instance = await instantiateMachine({
    threads: 2,
    reproducible: true,
    wideVectors: false,
    module: undefined,
  });
  const engine = new Engine(instance, 2, { height: 4, first: 4 });
  await engine.startThreads(options);
  return engine;
}

const problem = noise(512, 64, 4);
async function training(engine: Engine) {
  const layers = [dense(128, 'relu'), dense(4)];
  const model = await mlp({ inputs: 64, layers, loss: 'softmaxCrossEntropy', engine });
  return { model, train: () => model.fit(problem.inputs, problem.labels, { epochs: 2, batchSize: 128 }) };
}

describe('an engine does not start', () => {
  it.each<[string, PoolOptions, RegExp]>([
    [
      'with a script that is none',
      { script: 'this is no script' },
      /thread \d: .*(SyntaxError|unexpected|script failed)/i,
    ],
    ['with one that throws', { script: "throw new Error('no luck')" }, /thread \d: .*no luck/],
    [
      'with one that says it failed',
      {
        script: `${PORT}port.onmessage = () => port.postMessage({ kind: 'failed', reason: 'no memory' });`,
      },
      /thread \d: no memory/,
    ],
    [
      'with one that never answers',
      { script: 'setInterval(() => {}, 100)', startPatience: 100 },
      /no answer within 100 ms/,
    ],
  ])('%s', async (_what, options, reason) => {
    const failed = await start(options).catch((error) => error);
    expect(failed).toBeInstanceOf(ThreadError);
    expect(failed.message).toMatch(reason);
    expect(failed.message.match(/engine: expected all of its threads to work/g)?.length).toBe(1);
  });
});

describe('a worker that is gone', () => {
  it('while it has nothing to do, is told at the next call, and at every later one', async () => {
    const engine = await start({ script: readyThen('setTimeout(end, 400);') });
    const { model, train } = await training(engine);
    await new Promise((resolve) => setTimeout(resolve, 900));
    for (let i = 0; i < 2; i++) {
      expect(() => model.predict(problem.inputs)).toThrow(ThreadError);
      await expect(train()).rejects.toThrow(/thread \d: /);
    }
    engine.dispose();
  });

  it('during a fit, ends it', async () => {
    const engine = await start({ script: readyThen('setTimeout(end, 500);') });
    const { train, model } = await training(engine);
    const outcome = await train().catch((error) => error);
    expect(outcome).toBeInstanceOf(ThreadError);
    expect(outcome.message).toMatch(/thread \d: /);
    await expect(train()).rejects.toThrow(outcome.message);
    expect(() => model.evaluate(problem.inputs, problem.labels)).toThrow(outcome.message);
    model.dispose();
    engine.dispose();
  });

  it('leaves a call that waits for it in the lurch no longer than it should', async () => {
    const engine = await start({ script: readyThen(''), workPatience: 300 });
    const { train, model } = await training(engine);
    const fitting = train();
    fitting.catch(() => {});
    // until the job is on its way
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(() => model.predict(problem.inputs)).toThrow(/no end of a job within 300 ms/);
    await expect(fitting).rejects.toThrow(/no end of a job within 300 ms/);
    engine.dispose();
  });
});

it('a trap in a worker ends the job everywhere, with its reason', async () => {
  const engine = await start({});
  const { train, model } = await training(engine);
  const program = engine.allocate(64);
  // nothing the machine knows: it reads far outside the memory
  engine.words(program, 16).fill(0xfffffff0);
  await expect(engine.start({ program, first: 0, steps: 1, split: false })).rejects.toThrow(
    /RuntimeError|out of bounds/,
  );
  await expect(train()).rejects.toThrow(ThreadError);
  expect(() => model.predict(problem.inputs)).toThrow(ThreadError);
  engine.dispose();
});

it('a trap in the caller’s thread is thrown, and the engine is not used again', async () => {
  const engine = await start({});
  const program = engine.allocate(64);
  engine.words(program, 16).fill(0xfffffff0);
  expect(() => engine.run({ program, first: 0, steps: 1, split: false })).toThrow(
    /out of bounds|memory access/,
  );
  expect(() => engine.run({ program, first: 0, steps: 1, split: false })).toThrow(ThreadError);
  engine.dispose();
});

it('no steps are no job: nobody is woken for them', async () => {
  const engine = await start({});
  const a = parameter('a', [200, 200]);
  const run = await compile({ y: tanh(matmul(a, a)) }, { engine });
  const feed = { a: new Float32Array(40_000).fill(0.01) };
  const [expected] = run(feed).y as Float32Array;
  const nothing = {
    program: 2 ** 30,
    first: 0,
    steps: 0,
    split: true,
  };
  for (let i = 0; i < 100; i++) {
    expect(engine.run(nothing)).toBe(0);
    expect(await engine.start(nothing)).toBe(0);
    expect((run(feed).y as Float32Array).every((value) => value === expected)).toBe(true);
  }
  engine.dispose();
});
