/** The engine: options, what it tells of itself, several side by side, and the end of one. */
import { describe, expect, it } from 'vitest';
import { createEngine } from 'wasmlp';
import { compile, input, mul, ROWS, sum } from 'wasmlp/graph';
import plain from '../../build/machine/plain.wasm';
import small from '../../build/machine/plain-predict.wasm';
import relaxed from '../../build/machine/relaxed.wasm';

const wrong = (value: unknown) => value as never;
const x = input('x', [ROWS, 3]);

const bytesOf = async (packed: string): Promise<ArrayBuffer> => {
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  return new Response(
    new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate')),
  ).arrayBuffer();
};
const hasRelaxedSimd = WebAssembly.validate(await bytesOf(relaxed));

describe('createEngine refuses', () => {
  it.each([
    ['no threads', { threads: 0 }, RangeError, /options.threads.*got 0/],
    ['65 threads', { threads: 65 }, RangeError, /options.threads.*got 65/],
    ['half a thread', { threads: 1.5 }, RangeError, /options.threads.*got 1.5/],
    ['NaN threads', { threads: NaN }, RangeError, /options.threads.*NaN/],
    ['threads in words', { threads: wrong('2') }, TypeError, /options.threads.*"2"/],
    ['reproducible: 1', { reproducible: wrong(1) }, TypeError, /options.reproducible.*got 1/],
    ['wideVectors: "yes"', { wideVectors: wrong('yes') }, TypeError, /options.wideVectors.*"yes"/],
    [
      'bytes for a module',
      { module: wrong(new Uint8Array(8)) },
      TypeError,
      /options.module.*Uint8Array of length 8/,
    ],
    ['a misspelt option', wrong({ thread: 2 }), RangeError, /options.thread: expected one of threads/],
    ['a number', wrong(4), TypeError, /options: expected an object, got 4/],
    ['null', wrong(null), TypeError, /options: expected an object, got null/],
  ])('%s', async (_what, options, kind, message) => {
    const made = createEngine(options);
    await expect(made).rejects.toThrow(kind);
    await expect(made).rejects.toThrow(message);
  });

  it('the machine that only predicts', async () => {
    const module = await WebAssembly.compile(await bytesOf(small));
    await expect(createEngine({ module })).rejects.toThrow(
      /options.module: expected a machine that does all/,
    );
  });
});

describe('an engine', () => {
  it('says what it runs and what it does not, and why', async () => {
    using three = await createEngine({ reproducible: true, threads: 3 });
    const isolated = globalThis.crossOriginIsolated !== false;
    expect(three.info).toMatchObject({
      build: 'plain',
      threads: isolated ? 3 : 1,
      wideVectors: false,
      tile: null,
    });
    const declined = ['relaxed SIMD: reproducible was asked for'];
    if (!isolated)
      declined.push(
        '3 threads: the page is not cross-origin isolated (headers COOP and COEP), so memory cannot be shared',
      );
    expect(three.info.declined).toEqual(declined);
    const fast = await createEngine();
    expect(fast.info.build).toBe(hasRelaxedSimd ? 'relaxed' : 'plain');
    expect(fast.info.declined).toEqual(hasRelaxedSimd ? [] : ['relaxed SIMD: the host has none']);
  });

  it('has wide vectors where the host has, and else says why not', async () => {
    using engine = await createEngine({ wideVectors: true });
    // whatever was tried on it, the memory is given out as zeros
    expect(engine.bytes(engine.allocate(500_000), 500_000).every((byte) => byte === 0)).toBe(true);
    const { wideVectors, tile, declined } = engine.info;
    if (wideVectors) expect(tile).toBe(6);
    else expect(declined.join('\n')).toMatch(/^wide vectors: (the host|they|there) /m);
  });

  it('runs on a module that the caller compiled', async () => {
    const module = await WebAssembly.compile(await bytesOf(plain));
    const engines = await Promise.all([createEngine({ module }), createEngine({ module })]);
    for (const engine of engines) {
      expect(engine.info).toMatchObject({ build: 'module', declined: [] });
      const run = await compile({ y: sum(x) }, { engine });
      expect(run({ x: [1, 2, 3, 4, 5, 6] })).toEqual({ y: 21 });
    }
  });

  it('is not reproducible on a module that is not, where the host takes one', async () => {
    const onRelaxed = async () =>
      createEngine({ module: await WebAssembly.compile(await bytesOf(relaxed)), reproducible: true });
    const message = /options.module: expected a plain build, because reproducible was asked for/;
    await expect(onRelaxed()).rejects.toThrow(hasRelaxedSimd ? message : WebAssembly.CompileError);
    const plainModule = await WebAssembly.compile(await bytesOf(plain));
    using engine = await createEngine({ module: plainModule, reproducible: true });
    expect(engine.info.declined).toEqual([]);
  });

  it('lives beside others: each has its memory', async () => {
    const engines = await Promise.all([1, 2, 3].map(() => createEngine()));
    const runs = await Promise.all(engines.map((engine, i) => compile({ y: mul(x, i + 1) }, { engine })));
    const rows = [[1, 2, 3]];
    for (const round of [1, 2]) {
      const results = runs.map((run) =>
        Array.from(run({ x: rows.flatMap((row) => Array(round).fill(row)) }).y as Float32Array),
      );
      expect(results).toEqual(
        [1, 2, 3].map((i) =>
          Array(round)
            .fill([i, 2 * i, 3 * i])
            .flat(),
        ),
      );
    }
    expect(new Set(engines.map((engine) => engine.memory.buffer)).size).toBe(3);
    engines[0]!.dispose();
    expect(Array.from(runs[1]!({ x: rows }).y as Float32Array)).toEqual([2, 4, 6]);
  });

  it('refuses work after its end, and takes the end twice', async () => {
    const engine = await createEngine();
    const run = await compile({ y: sum(x) }, { engine });
    engine.dispose();
    {
      using again = engine;
      expect(again.isDisposed).toBe(true);
    }
    const nothing = {
      program: 0,
      first: 0,
      steps: 1,
      split: false,
    };
    expect(() => engine.allocate(16)).toThrow(/living engine/);
    expect(() => engine.run(nothing)).toThrow(/living engine/);
    expect(() => run({ x: [1, 2, 3] })).toThrow(/living engine/);
    await expect(compile({ y: sum(x) }, { engine })).rejects.toThrow(/living engine/);
    // what held memory may still let go of it
    run.dispose();
  });

  it('makes views at every asking, so that they survive growth', async () => {
    const engine = await createEngine();
    const address = engine.allocate(16);
    engine.floats(address, 4).set([1, 2, 3, 4]);
    const before = engine.memory.buffer;
    engine.allocate(2 ** 22);
    expect(engine.memory.buffer).not.toBe(before);
    expect(Array.from(engine.floats(address, 4))).toEqual([1, 2, 3, 4]);
    expect(engine.words(address, 1)[0]).toBe(0x3f800000);
    expect(Array.from(engine.bytes(address, 4))).toEqual([0, 0, 0x80, 0x3f]);
  });
});
