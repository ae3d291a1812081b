/** A program in memory: records, results over several steps, and its blocks given back. */
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile/compile.js';
import { createEngine } from '../../src/engine/create.js';
import { Executable } from '../../src/engine/executable.js';
import { add, input, mul, parameter, ROWS, sum, uniform } from '../../src/graph.js';
import { engines } from '../support/engines.js';

const x = input('x', [ROWS, 2]);
const rate = input('rate', [1, 1]);
const total = parameter('total', [1, 1]);
const updated = add(total, mul(rate, sum(x)));
const at = (offset: number) => ({ block: 'memory', offset });

const job = {
  capacity: 4,
  leaves: new Map([
    [total, at(0)],
    [x, at(16)],
  ]),
  stores: [{ value: updated, place: at(0) }],
  scalars: [rate],
  results: [updated, sum(x)],
  sources: [{ input: x, block: 'data', order: 'order', type: 'uint8', scale: 0.5 }],
} as const;

describe.each(engines)('an executable on the $build build', ({ engine }) => {
  it('runs steps over the rows of a data set, and keeps what each leaves', () => {
    const blocks = { memory: engine.allocate(64), data: engine.allocate(12), order: engine.allocate(24) };
    engine.bytes(blocks.data, 12).set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    engine.words(blocks.order, 6).set([5, 4, 3, 2, 1, 0]);
    const executable = new Executable(engine, compile(job), { given: blocks, maxSteps: 3 });
    executable.setStep(0, 4, 0, 0, [1]);
    executable.setStep(1, 2, 4, 1, [10]);
    executable.setStep(2, 1, 0, 2, [100]);
    expect(executable.run(2)).toBe(2);
    // rows 5..2 sum to (23 + 19 + 15 + 11) / 2, rows 1 and 0 to (7 + 3) / 2
    expect(Array.from(executable.results(2))).toEqual([34, 34, 84, 5]);
    expect(executable.view(total)[0]).toBe(84);
    expect(executable.run(1, 2)).toBe(1);
    expect(Array.from(executable.results(3))).toEqual([34, 34, 84, 5, 84 + 1150, 11.5]);
    executable.dispose();
    for (const address of Object.values(blocks)) engine.free(address);
  });

  it('draws by the number of the step, not by its place in the table', () => {
    const program = compile({
      capacity: 1,
      leaves: new Map(),
      stores: [],
      results: [sum(uniform([1, 4], { seed: 1, stream: 2 }))],
    });
    const executable = new Executable(engine, program, { given: {}, maxSteps: 3 });
    [5, 6, 5].forEach((counter, i) => {
      executable.setStep(i, 1, 0, counter, []);
    });
    executable.run(3);
    const [first, second, third] = executable.results(3);
    expect(first).toBe(third);
    expect(first).not.toBe(second);
    executable.dispose();
  });

  it('names the block that has no address', () => {
    const blocks = { memory: engine.allocate(64), data: engine.allocate(12) };
    expect(() => new Executable(engine, compile(job), { given: blocks, maxSteps: 1 })).toThrow(
      /block 'order' has no address/,
    );
    for (const address of Object.values(blocks)) engine.free(address);
  });
});

it('an executable allocates nothing while it runs, and gives everything back', async () => {
  const engine = await createEngine();
  const before = engine.allocate(64);
  engine.free(before);
  const blocks = { memory: engine.allocate(64), data: engine.allocate(12), order: engine.allocate(24) };
  const executable = new Executable(engine, compile(job), { given: blocks, maxSteps: 8 });
  const size = engine.memory.buffer.byteLength;
  for (let i = 0; i < 1000; i++) {
    for (let step = 0; step < 8; step++) executable.setStep(step, 3, step % 4, i, [0.5]);
    executable.run(8);
  }
  expect(engine.memory.buffer.byteLength).toBe(size);
  executable.dispose();
  executable.dispose();
  for (const address of Object.values(blocks)) engine.free(address);
  expect(engine.allocate(size - 1024 - 64 - 64)).toBe(before);
});
