/** Graphs as JavaScript functions: how numbers go in and come out, what is refused, and batches that grow. */
import { describe, expect, it } from 'vitest';
import { createEngine } from 'wasmlp';
import {
  add,
  compile,
  constant,
  type Feed,
  grad,
  input,
  matmul,
  mean,
  mul,
  type Node,
  parameter,
  ROWS,
  rowCount,
  sum,
  transpose,
  uniform,
} from 'wasmlp/graph';
import { engines } from '../support/public-engines.js';

const wrong = (value: unknown) => value as never;

const x = input('x', [ROWS, 2]);
const w = parameter('w', [2, 3]);
const scale = input('scale', [1, 1]);
const y = mul(matmul(x, w), scale);

const W = [
  [1, 2, 3],
  [4, 5, 6],
];

describe.each(engines)('a compiled function on the $build build', ({ engine }) => {
  it('takes numbers, flat arrays and rows, and gives numbers and row-major arrays', async () => {
    const run = await compile({ y, total: sum(y) }, { engine });
    const expected = { y: Float32Array.of(18, 24, 30, 8, 10, 12), total: 102 };
    const xs: Feed[] = [
      [1, 2, 0, 1],
      [
        [1, 2],
        [0, 1],
      ],
      Float32Array.of(1, 2, 0, 1),
      Float64Array.of(1, 2, 0, 1),
      Uint8Array.of(1, 2, 0, 1),
      [Float32Array.of(1, 2), [0, 1]],
    ];
    for (const feed of xs) expect(run({ x: feed, w: W, scale: 2 })).toEqual(expected);
    expect(run({ x: xs[0]!, w: W.flat(), scale: [2] })).toEqual(expected);
    expect(run({ x: xs[0]!, w: W, scale: [[2]] })).toEqual(expected);
    run.dispose();
  });

  it('follows the size of the batch, up and down', async () => {
    const run = await compile({ y, mean: mean(y, 'rows'), rows: rowCount() }, { engine });
    for (const rows of [1, 3, 2, 100, 7, 1000, 1]) {
      const result = run({ x: Array.from({ length: rows }, (_, i) => [i, 1]), w: W, scale: 1 });
      const expected = Array.from({ length: rows }, (_, i) => [i + 4, 2 * i + 5, 3 * i + 6]).flat();
      expect(Array.from(result.y as Float32Array)).toEqual(expected);
      const middle = (rows - 1) / 2;
      expect(Array.from(result.mean as Float32Array)).toEqual([middle + 4, 2 * middle + 5, 3 * middle + 6]);
      expect(result.rows).toBe(rows);
    }
    run.dispose();
  });

  it('gives results of their own: the next call does not change them', async () => {
    const run = await compile({ y }, { engine });
    const first = run({ x: [1, 0], w: W, scale: 1 }).y as Float32Array;
    run({ x: [9, 9], w: W, scale: 9 });
    expect(Array.from(first)).toEqual([1, 2, 3]);
    run.dispose();
  });

  it('needs no feeds where there are no leaves, and one value may have several names', async () => {
    const product = mul(constant([1, 2]), 3);
    const run = await compile(
      { a: product, b: product, c: mul(constant([1, 2]), 3), d: constant(5) },
      { engine },
    );
    const six = Float32Array.of(3, 6);
    expect(run()).toEqual({ a: six, b: six, c: six, d: 5 });
    run.dispose();
  });

  it('gives an input back as it came', async () => {
    const run = await compile({ x, again: x, scale }, { engine });
    const feed = Float32Array.of(1, 2, 3, 4);
    expect(run({ x: feed, scale: 7 })).toEqual({ x: feed, again: feed, scale: 7 });
    run.dispose();
  });

  it('draws the same random numbers at every call', async () => {
    const run = await compile({ y: add(x, uniform([ROWS, 2], { seed: 3, stream: 4 })) }, { engine });
    const [first, second] = [run({ x: [0, 0] }), run({ x: [0, 0] })];
    expect(first).toEqual(second);
    run.dispose();
  });

  it('describes what the machine does', async () => {
    const run = await compile({ y }, { engine });
    expect(await run.describe()).toMatch(/GEMM +\[ROWS x 3\] = x\[ROWS x 2\] · w\[2 x 3\] then mul/);
    run.dispose();
  });

  it('leaves the memory as it was when it is disposed', async () => {
    const own = await createEngine();
    const use = async () => {
      const run = await compile({ y }, { engine: own });
      run({ x: new Float32Array(2000), w: W, scale: 1 });
      run.dispose();
    };
    await use();
    const before = own.memory.buffer.byteLength;
    for (let i = 0; i < 50; i++) await use();
    expect(own.memory.buffer.byteLength).toBe(before);
  });
});

describe('a disposed function', () => {
  it('refuses to run, and may be disposed again', async () => {
    const run = await compile({ total: sum(x) });
    run.dispose();
    run.dispose();
    expect(() => run({ x: [1, 2] })).toThrow(/disposed/);
    await expect(run.describe()).rejects.toThrow(/disposed/);
  });

  it('that could not grow goes on with what it has', async () => {
    const engine = await createEngine();
    const run = await compile({ product: sum(matmul(x, transpose(x)), 'columns') }, { engine });
    const feed = [1, 2, 3, 4];
    const expected = { product: Float32Array.of(16, 36) };
    expect(run({ x: feed })).toEqual(expected);
    // rows x rows float32 numbers: more than an address can reach
    expect(() => run({ x: new Float32Array(2 * 40_000) })).toThrow(/memory/);
    expect(run({ x: feed })).toEqual(expected);
  });
});

describe('compile refuses', () => {
  const twice = add(input('same', [1, 1]), input('same', [1, 1]));

  it.each([
    ['nothing', wrong(null), TypeError, /outputs: expected an object of symbols, got null/],
    ['no outputs', {}, RangeError, /outputs: expected at least one symbol/],
    ['a number for a symbol', { loss: wrong(3) }, TypeError, /outputs.loss: expected a symbol.*got 3/],
    ['two leaves of one name', { twice }, RangeError, /different names, got "same"/],
  ])('%s', async (_what, outputs, kind, message) => {
    const made = compile(outputs as Record<string, Node>);
    await expect(made).rejects.toThrow(kind);
    await expect(made).rejects.toThrow(message);
  });
});

describe('a compiled function refuses', async () => {
  const other = input('other', [ROWS, 1]);
  const run = await compile({ y: add(y, other) });
  const good = { x: [1, 2, 3, 4], w: W, scale: 1, other: [0, 0] };

  it.each([
    [
      'a missing feed',
      { scale: wrong(undefined) },
      TypeError,
      /feeds.scale: expected numbers for 1 x 1, got undefined/,
    ],
    ['null', { x: wrong(null) }, TypeError, /feeds.x.*got null/],
    ['a word', { x: wrong('12') }, TypeError, /feeds.x.*got "12"/],
    ['words in a list', { x: wrong(['1', '2']) }, TypeError, /feeds.x.*Array of length 2/],
    ['an object', { w: wrong({ 0: 1 }) }, TypeError, /feeds.w.*2 x 3/],
    [
      'too few numbers',
      { w: [1, 2, 3] },
      RangeError,
      /feeds.w: expected numbers for 2 x 3, got Float32Array of length 3/,
    ],
    ['too many numbers', { scale: [1, 2] }, RangeError, /feeds.scale.*1 x 1/],
    ['half a row', { x: [1, 2, 3] }, RangeError, /feeds.x: expected numbers for rows x 2/],
    ['no rows', { x: [] }, RangeError, /feeds.x/],
    [
      'a batch that differs from the others',
      { other: [0] },
      RangeError,
      /feeds.other: expected 2 rows.*got 1/,
    ],
    ['an unknown name', { z: 1 }, RangeError, /feeds.z: expected one of x, w, scale, other, got "z"/],
  ])('%s, and works afterwards', (_what, feeds: Record<string, Feed>, kind, message) => {
    const call = () => run({ ...good, ...feeds });
    expect(call).toThrow(kind);
    expect(call).toThrow(message);
    expect(run(good).y).toEqual(Float32Array.of(9, 12, 15, 19, 26, 33));
  });

  it('any feed where there are no leaves: a gradient of what does not depend on it', async () => {
    const one = input('one', [1, 1]);
    const constantly = await compile({ slope: grad(constant(1), [one])[0]! });
    expect(() => constantly({ one: 1 })).toThrow(/^feeds\.one: expected one of none, got "one"$/);
    constantly.dispose();
  });

  it('feeds that are no object', () => {
    expect(() => run(wrong(null))).toThrow(/feeds: expected an object, got null/);
    expect(() => run(wrong(3))).toThrow(TypeError);
  });
});
