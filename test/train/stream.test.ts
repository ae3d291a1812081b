/** Training on batches that arrive one at a time: equal to memory where the order is, and clear about sources that end or stray. */
import { describe, expect, it, vi } from 'vitest';
import { type Batch, type BatchSource, sgd } from 'wasmlp';
import { noise, smallNetwork, trained } from '../support/problems.js';
import { engines } from '../support/public-engines.js';

const problem = noise(22);
const options = { epochs: 3, batchSize: 8, shuffle: false };

function batches(size: number): Batch[] {
  const { inputs, labels, columns } = problem;
  return Array.from({ length: Math.ceil(labels.length / size) }, (_, i) => ({
    inputs: inputs.slice(i * size * columns, (i + 1) * size * columns),
    labels: labels.slice(i * size, (i + 1) * size),
  }));
}

async function* arriving(size: number): AsyncGenerator<Batch> {
  for (const batch of batches(size)) {
    await new Promise((resolve) => setTimeout(resolve));
    yield batch;
  }
}

/** A batch, and then nothing: neither another one nor an end. */
function stallingAfter(batch: Batch) {
  let stalls = () => {};
  const waiting = new Promise<void>((resolve) => {
    stalls = resolve;
  });
  let asked = 0;
  const stalled = {
    /** Resolves when the second batch is asked for. */
    waiting,
    closings: 0,
    [Symbol.asyncIterator]: () => ({
      next: () => {
        if (asked++ === 0) return Promise.resolve({ done: false, value: batch });
        stalls();
        return new Promise<IteratorResult<Batch>>(() => {});
      },
      return: () => {
        stalled.closings++;
        return new Promise<IteratorResult<Batch>>(() => {});
      },
    }),
  };
  return stalled;
}

const sources: readonly (readonly [string, BatchSource])[] = [
  ['a function that gives async iterables', () => arriving(8)],
  ['a function that gives arrays of batches', () => batches(8)],
  ['batches of more rows than a step takes', () => batches(16)],
  ['all rows at once', () => batches(100)],
  ['an object that can be iterated anew', { [Symbol.asyncIterator]: () => arriving(8) }],
  ['the same, without waiting', { [Symbol.iterator]: () => batches(8)[Symbol.iterator]() }],
];

describe.each(engines)('on the $build build', ({ engine }) => {
  it.each(sources)('%s learn what memory learns', async (_what, source) => {
    const expected = await trained(problem, engine, options);
    using model = await smallNetwork(problem, engine);
    const history = await model.fit(source, options);
    expect(model.getParameters()).toEqual(expected.parameters);
    expect(history.loss).toEqual(expected.loss);
    expect(history).toMatchObject({ epochs: 3, steps: 9 });
  });

  it('pixels stream as they stand in memory', async () => {
    const pixels = Uint8Array.from({ length: 66 }, (_, i) => (i * 37) % 256);
    using inMemory = await smallNetwork(problem, engine);
    await inMemory.fit(pixels, problem.labels, options);
    using model = await smallNetwork(problem, engine);
    const halves = [0, 1].map((i) => ({
      inputs: pixels.slice(i * 48, 48 + i * 48),
      labels: problem.labels.slice(i * 16, 16 + i * 16),
    }));
    await model.fit(() => halves, options);
    expect(model.getParameters()).toEqual(inMemory.getParameters());
  });

  it('reports and validates every epoch', async () => {
    using model = await smallNetwork(problem, engine);
    const epochs: number[] = [];
    const history = await model.fit(() => batches(8), {
      ...options,
      validation: { inputs: problem.inputs, labels: problem.labels },
      onEpoch: async (report) => epochs.push(report.epoch),
    });
    expect(epochs).toEqual([1, 2, 3]);
    expect(history.validation!.at(-1)).toEqual(model.evaluate(problem.inputs, problem.labels));
  });

  it('a generator lasts one epoch; the second says what to do', async () => {
    using model = await smallNetwork(problem, engine);
    const run = model.fit(arriving(8), options);
    await expect(run).rejects.toThrow(RangeError);
    await expect(run).rejects.toThrow(/inputs: expected batches in epoch 2.*function/);
    const { parameters } = await trained(problem, engine, { ...options, epochs: 1 });
    expect(model.getParameters()).toEqual(parameters);
    using once = await smallNetwork(problem, engine);
    expect((await once.fit(arriving(8), { ...options, epochs: 1 })).epochs).toBe(1);
  });

  const [good] = batches(8);
  const strays: readonly (readonly [string, unknown, RegExp])[] = [
    ['no batch', null, /batch: expected \{ inputs, labels \}, got null/],
    ['a batch without inputs', { labels: [0] }, /batch\.inputs/],
    ['a batch without labels', { inputs: good!.inputs }, /batch\.labels/],
    ['an empty batch', { inputs: [], labels: [] }, /batch\.inputs/],
    [
      'a ragged batch',
      {
        inputs: [
          [1, 2, 3],
          [1, 2],
        ],
        labels: [0, 1],
      },
      /batch\.inputs\[1\]/,
    ],
    [
      'NaN in a batch',
      {
        inputs: [
          [1, 2, 3],
          [1, NaN, 3],
        ],
        labels: [0, 1],
      },
      /batch\.inputs\[1\]\[1\].*NaN/,
    ],
    ['too few labels', { inputs: good!.inputs, labels: [0] }, /batch\.labels/],
    ['a class too many', { inputs: [[1, 2, 3]], labels: [3] }, /batch\.labels\[0\].*0 to 2, got 3/],
    ['bytes after floats', { inputs: Uint8Array.of(1, 2, 3), labels: [0] }, /batch\.inputs.*first batch/],
    [
      'distributions after classes',
      { inputs: [[1, 2, 3]], labels: [[1, 0, 0]] },
      /batch\.labels.*first batch/,
    ],
  ];

  it.each(strays)(
    '%s in the middle is refused, and the steps before it count',
    async (_what, stray, message) => {
      using model = await smallNetwork(problem, engine);
      const error = await model.fit(() => [good!, stray as Batch, good!], options).catch((reason) => reason);
      expect(error instanceof TypeError || error instanceof RangeError).toBe(true);
      expect(error.message).toMatch(message);
      using once = await smallNetwork(problem, engine);
      await once.fit(() => [good!], { ...options, epochs: 1 });
      expect(model.getParameters()).toEqual(once.getParameters());
    },
  );

  it('what the source throws ends training and reaches the caller', async () => {
    using model = await smallNetwork(problem, engine);
    const cut = async function* () {
      yield good!;
      throw new Error('connection lost');
    };
    await expect(model.fit(cut, options)).rejects.toThrow('connection lost');
    await model.fit(() => batches(8), { ...options, optimizer: sgd({ learningRate: 0.1 }) });
  });

  it('an abort between two batches ends it, and the source is closed', async () => {
    using model = await smallNetwork(problem, engine);
    const controller = new AbortController();
    let closed = false;
    const endless = async function* () {
      try {
        for (let i = 0; ; i++) {
          if (i === 3) controller.abort(new Error('stop'));
          yield good!;
        }
      } finally {
        closed = true;
      }
    };
    await expect(model.fit(endless, { ...options, signal: controller.signal })).rejects.toThrow('stop');
    expect(closed).toBe(true);
    using thrice = await smallNetwork(problem, engine);
    await thrice.fit(() => [good!, good!, good!], { ...options, epochs: 1 });
    expect(model.getParameters()).toEqual(thrice.getParameters());
  });

  it('an abort while a batch is on its way is heard at once, and the source is told', async () => {
    using model = await smallNetwork(problem, engine);
    const controller = new AbortController();
    const stalled = stallingAfter(good!);
    const run = model.fit(() => stalled, { ...options, signal: controller.signal });
    const ended = expect(run).rejects.toThrow('stop');
    await stalled.waiting;
    const aborted = performance.now();
    controller.abort(new Error('stop'));
    await ended;
    expect(performance.now() - aborted).toBeLessThan(50);
    expect(stalled.closings).toBe(1);
    using once = await smallNetwork(problem, engine);
    await once.fit(() => [good!], { ...options, epochs: 1 });
    expect(model.getParameters()).toEqual(once.getParameters());
    await model.fit(() => batches(8), options);
  });

  it('an aborted signal asks the source for nothing', async () => {
    using model = await smallNetwork(problem, engine);
    const source = vi.fn(() => batches(8));
    const run = model.fit(source, { ...options, signal: AbortSignal.abort(new Error('never mind')) });
    await expect(run).rejects.toThrow('never mind');
    expect(source).not.toHaveBeenCalled();
  });

  it('a signal that stays silent changes nothing, and keeps no listener', async () => {
    const { parameters } = await trained(problem, engine, options);
    using model = await smallNetwork(problem, engine);
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    await model.fit(() => arriving(8), { ...options, signal });
    expect(model.getParameters()).toEqual(parameters);
    expect(added).toHaveBeenCalled();
    expect(removed.mock.calls.map(([, listener]) => listener)).toEqual(
      added.mock.calls.map(([, listener]) => listener),
    );
  });

  it.each([
    ['a function that gives nothing', () => undefined, TypeError, /inputs.*undefined/],
    ['a function that gives a number', () => 7, TypeError, /inputs.*7/],
    ['a function that gives no batch', () => [], RangeError, /inputs: expected batches in epoch 1/],
  ])('%s is refused', async (_what, source, kind, message) => {
    using model = await smallNetwork(problem, engine);
    const run = model.fit(source as never, options);
    await expect(run).rejects.toThrow(kind);
    await expect(run).rejects.toThrow(message);
  });

  it('options that a stream cannot follow are refused', async () => {
    using model = await smallNetwork(problem, engine);
    const split = model.fit(() => batches(8), { validationSplit: 0.2 });
    await expect(split).rejects.toThrow(/options\.validationSplit/);
    await expect(model.fit(() => batches(8), null as never)).rejects.toThrow(/options.*null/);
  });
});
