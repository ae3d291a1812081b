/** The doors of engines and of compiled graphs, tried with wrong values. */
import { describe, expect, it } from 'vitest';
import { createEngine } from 'wasmlp';
import { compile, input, mul, ROWS } from 'wasmlp/graph';
import { type Argument, expectRefusals } from '../support/wrong.js';

const x = input('x', [ROWS, 2]);
const scale = input('scale', [1, 1]);
const run = await compile({ y: mul(x, scale) });
const right = { x: [1, 2], scale: 3 };

const made = async (options: never) => (await createEngine(options)).dispose();
const compiled = async (outputs: never, options?: never) => (await compile(outputs, options)).dispose();
const y = { y: mul(x, scale) } as never;

const doors: readonly Argument[] = [
  { name: 'options', use: made, fine: ['undefined', 'an object'] },
  { name: 'options.threads', use: (threads) => made({ threads } as never), fine: ['undefined'] },
  {
    name: 'options.reproducible',
    use: (reproducible) => made({ reproducible } as never),
    fine: ['undefined', 'a truth value'],
  },
  {
    name: 'options.wideVectors',
    use: (wideVectors) => made({ wideVectors } as never),
    fine: ['undefined', 'a truth value'],
  },
  { name: 'options.module', use: (module) => made({ module } as never), fine: ['undefined'] },

  { name: 'outputs', use: (outputs) => compiled(outputs) },
  { name: 'outputs.y', use: (value) => compiled({ y: value } as never) },
  { name: 'options', use: (options) => compiled(y, options), fine: ['undefined', 'an object'] },
  { name: 'options.engine', use: (engine) => compiled(y, { engine } as never), fine: ['undefined'] },
  { name: 'feeds.x', use: (value) => run({ ...right, x: value }) },
  { name: 'feeds.x', use: (value) => run({ ...right, x: [[1, 2], value] }) },
  {
    name: 'feeds.scale',
    use: (value) => run({ ...right, scale: value }),
    // numbers flow through a graph as they are
    fine: ['NaN', 'Infinity', '-1', '0.5', 'a huge number'],
  },
];

describe('wrong values are refused by name', () => {
  it.each(doors.map((door, i) => ({ ...door, title: `${door.name} (${i + 1})` })))('$title', async (door) => {
    await expectRefusals(door);
    expect(run(right).y).toEqual(Float32Array.of(3, 6));
  });
});

describe('rows', () => {
  it.each([
    ['a ragged feed', [[1, 2, 3], [4]], /feeds\.x\[0\]: expected a row of 2 numbers, got Array of length 3/],
    ['a number among rows', [[1, 2], 3], /feeds\.x\[1\]: expected a row of 2 numbers, got 3/],
    ['a row among numbers', [1, [2]], /feeds\.x: expected numbers for rows x 2/],
  ])('%s is refused', (_what, value, message) => {
    expect(() => run({ ...right, x: value as never })).toThrow(message);
  });
});

describe('a function that was disposed', () => {
  it('says so, may be disposed twice, and touches no memory', async () => {
    using engine = await createEngine();
    const first = await compile({ y: mul(x, scale) }, { engine });
    first.dispose();
    const second = await compile({ y: mul(x, scale) }, { engine });
    expect(second(right).y).toEqual(Float32Array.of(3, 6));
    expect(() => first({ x: [8, 8], scale: 8 })).toThrow('disposed');
    await expect(first.describe()).rejects.toThrow('disposed');
    expect(() => first.dispose()).not.toThrow();
    expect(second(right).y).toEqual(Float32Array.of(3, 6));
  });
});
