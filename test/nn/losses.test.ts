/**
 * Every loss by itself, on every build: the loss of each sample, its gradient and second derivatives against float64, with every kind of
 * target, over edge shapes and at extremes; the reference against central differences; and what is refused. On the sources, whose table it
 * walks through.
 */
import { describe, expect, it } from 'vitest';
import { dense, type LossChoice, mlp } from 'wasmlp';
import { grad, input, mul, ROWS, sum } from 'wasmlp/graph';
import { numbersOf, type Settings } from '../../src/nn/choice.js';
import { allLosses } from '../../src/nn/losses/all.js';
import type { TargetKind } from '../../src/nn/losses/loss.js';
import { fetchLosses, type LossName, lossOf } from '../../src/nn/losses/table.js';
import type { Random } from '../../src/random.js';
import { type LossReference, lossReferences } from '../reference/losses.js';
import { awayFromZero, between, drawn, relativeError } from '../support/numbers.js';
import { engines } from '../support/public-engines.js';
import { run } from '../support/run.js';
import { expectRefusals, outcome } from '../support/wrong.js';

await fetchLosses();

const settingsOf = (choice: LossChoice): Settings => lossOf(choice).settings ?? {};

/** Each row with each kind of target it takes; and once more with other numbers where it has some. */
const variants = (Object.keys(allLosses) as LossName[]).flatMap((name) => {
  const others = Object.keys(settingsOf(name)).map((key) => [key, 0.375] as const);
  const described = { name, ...Object.fromEntries(others) } as LossChoice;
  const choices: LossChoice[] = others.length > 0 ? [name, described] : [name];
  return choices.flatMap((choice) =>
    lossOf(choice).targets.map((kind) => ({
      title: `${JSON.stringify(choice)} of ${kind}`,
      choice,
      kind,
      reference: lossReferences[name]!,
      numbers: numbersOf(choice, settingsOf(choice)),
    })),
  );
});
type Variant = (typeof variants)[number];

interface Batch {
  readonly z: number[][];
  readonly targets: number[][];
}

/** Targets of one row; distributions and shares take turns with what is certain. */
function target(kind: TargetKind, { targets }: LossReference, columns: number, i: number, random: Random) {
  const draw = <T>(make: (j: number) => T): T[] => Array.from({ length: columns }, (_, j) => make(j));
  if (kind === 'class') return [random.integer(columns)];
  if (targets === 'numbers') return draw(() => random.normal());
  if (targets === 'counts') return draw(() => random.integer(5));
  if (targets === 'shares') return draw(() => (i % 2 === 0 ? random.integer(2) : random.uniform()));
  const certain = random.integer(columns);
  if (i % 2 === 0) return draw((j) => (j === certain ? 1 : 0));
  // sixteenths, exact in float32
  const shares = draw(() => 0);
  for (let part = 0; part < 16; part++) shares[random.integer(columns)]! += 1 / 16;
  return shares;
}

function batch(purpose: string, { kind, reference }: Variant, rows: number, outputs: number): Batch {
  const all: Batch = { z: [], targets: [] };
  drawn(purpose, rows, (random) => {
    const { length } = all.z;
    all.z.push(Array.from({ length: outputs }, () => Math.fround(between(-2, 2)(random))));
    const columns = outputs / (reference.outputsPerTarget ?? 1);
    all.targets.push(target(kind, reference, columns, length, random).map(Math.fround));
    return 0;
  });
  return all;
}

const gradientOf = ({ reference, numbers }: Variant, { z, targets }: Batch, weights: ArrayLike<number>) =>
  z.flatMap((row, i) => reference.gradient(row, targets[i]!, numbers).map((slope) => slope * weights[i]!));

const SHAPES = [
  [1, 2],
  [3, 4],
  [37, 6],
  [2, 258],
  [129, 2],
  [5, 18],
] as const;

it('the table of references has a row for every loss', () => {
  expect(Object.keys(lossReferences).sort()).toEqual(Object.keys(allLosses).sort());
});

describe('the reference', () => {
  it.each(variants)('$title: central differences agree with the gradient', (variant) => {
    const { reference, numbers } = variant;
    const { z, targets } = batch('differences', variant, 8, 4);
    const h = 2 ** -17;
    const differences = z.flatMap((row, i) =>
      row.map((_, at) => {
        const shifted = (shift: number) => row.map((entry, j) => (j === at ? entry + shift : entry));
        const valueAt = (shift: number) => reference.value(shifted(shift), targets[i]!, numbers);
        return (valueAt(h) - valueAt(-h)) / (2 * h);
      }),
    );
    const gradient = gradientOf(variant, { z, targets }, new Array(8).fill(1));
    expect(relativeError(gradient, differences)).toBeLessThanOrEqual(1e-7);
  });
});

describe.each(engines)('on the $build build', ({ engine }) => {
  const symbols = ({ choice, kind, numbers }: Variant, { z, targets }: Batch) => {
    const x = input('z', [ROWS, z[0]!.length]);
    const loss = lossOf(choice).build(x, input('targets', [ROWS, targets[0]!.length]), kind, numbers);
    const [gradient] = grad(sum(mul(loss, input('weights', [ROWS, 1]))), [x]);
    return { x, loss, gradient: gradient! };
  };
  const feeds = ({ z, targets }: Batch, weights: ArrayLike<number>) => ({
    z: z.flat(),
    targets: targets.flat(),
    weights,
  });

  it.each(variants)('$title: values and gradients over edge shapes', async (variant) => {
    for (const [rows, outputs] of SHAPES) {
      const data = batch(`${rows} x ${outputs}`, variant, rows, outputs);
      const weights = drawn('weights', rows, awayFromZero(0.5, 1.5));
      const { loss, gradient } = symbols(variant, data);
      const actual = await run(engine, { loss, gradient }, feeds(data, weights));
      const values = data.z.map((z, i) => variant.reference.value(z, data.targets[i]!, variant.numbers));
      expect(relativeError(actual.loss!, values), `${rows} x ${outputs}`).toBeLessThanOrEqual(2e-6);
      const expected = gradientOf(variant, data, weights);
      expect(relativeError(actual.gradient!, expected), `gradient, ${rows} x ${outputs}`).toBeLessThanOrEqual(
        2e-6,
      );
    }
  });

  it.each(variants)('$title: second derivatives', async (variant) => {
    const data = batch('second', variant, 5, 4);
    const weights = drawn('second weights', 5, awayFromZero(0.5, 1.5));
    const v = drawn('along', 20, between(0.5, 1.5));
    const { x, gradient } = symbols(variant, data);
    const [second] = grad(sum(mul(gradient, input('v', [ROWS, 4]))), [x]);
    const actual = await run(engine, { second: second! }, { ...feeds(data, weights), v });
    const h = 2 ** -17;
    const expected = data.z.flatMap((row, i) =>
      row.map((_, at) => {
        const along = (shift: number) => {
          const z = data.z.map((other, k) => other.map((e, j) => (k === i && j === at ? e + shift : e)));
          const slopes = gradientOf(variant, { ...data, z }, weights);
          return slopes.reduce((total, slope, k) => total + slope * v[k]!, 0);
        };
        return (along(h) - along(-h)) / (2 * h);
      }),
    );
    const flat = expected.every((entry) => Math.abs(entry) < 1e-8);
    if (flat) expect(actual.second!.every((entry) => entry === 0)).toBe(true);
    else expect(relativeError(actual.second!, expected)).toBeLessThanOrEqual(1e-5);
  });

  it.each(variants)('$title: exact and finite at extremes', async (variant) => {
    const sizes = [0, 1e-3, 0.5, 1, 2, 20, 104, 1e4];
    const ends = [...sizes, ...sizes.map((size) => -size)].map(Math.fround);
    const { targets } = batch('extremes', variant, ends.length ** 2, 2);
    const data = { z: targets.map((_, i) => [ends[i % 16]!, ends[Math.floor(i / 16)]!]), targets };
    const { loss, gradient } = symbols(variant, data);
    const weights = new Float32Array(targets.length).fill(1);
    const actual = await run(engine, { loss, gradient }, feeds(data, weights));
    const values = data.z.map((z, i) => variant.reference.value(z, targets[i]!, variant.numbers));
    // of a share, t z is subtracted from z: what is left has the rounding of z
    const roundingOf = (place: number) =>
      3e-7 *
      Math.max(1, targets[place]!.every(Number.isInteger) ? 0 : Math.max(...data.z[place]!.map(Math.abs)));
    const expectAll = (what: string, got: Float32Array, expected: readonly number[], columns: number) =>
      expected.forEach((value, i) => {
        const place = Math.floor(i / columns);
        const said = `${what} at ${data.z[place]} for ${targets[place]}: ${got[i]}, not ${value}`;
        if (Number.isFinite(Math.fround(value)))
          expect(Math.abs(got[i]! - value), said).toBeLessThanOrEqual(
            2e-6 * Math.abs(value) + roundingOf(place),
          );
        else expect(got[i], said).toBe(Math.fround(value));
      });
    expectAll('value', actual.loss!, values, 1);
    expectAll('gradient', actual.gradient!, gradientOf(variant, data, weights), 2);
    // beyond the numbers of 32 bits is only an exponential that is predicted
    const beyond = values.some((value) => !Number.isFinite(Math.fround(value)));
    expect(beyond).toBe(variant.choice === 'poisson');
  });

  it('logCosh keeps all digits of small differences', async () => {
    const x = input('z', [1, 5]);
    const loss = lossOf('logCosh').build(x, input('targets', [1, 5]), 'values', {});
    const z = [1e-3, 1e-6, -1e-10, 0, 1e-15];
    const exact = z.reduce((total, entry) => total + Math.log1p(2 * Math.sinh(entry / 2) ** 2) / 5, 0);
    const actual = await run(engine, { loss }, { z, targets: [0, 0, 0, 0, 0] });
    expect(Math.abs(actual.loss![0]! / exact - 1)).toBeLessThanOrEqual(1e-6);
  });
});

describe('wrong numbers are refused by name', () => {
  const make = async (loss: unknown) =>
    (await mlp({ inputs: 2, layers: [dense(2)], loss: loss as LossChoice })).dispose();

  it.each(Object.keys(allLosses) as LossName[])('%s', async (name) => {
    for (const key of Object.keys(settingsOf(name)))
      await expectRefusals({
        name: `loss.${key}`,
        use: (value) => make({ name, [key]: value }),
        fine: ['undefined', '0.5'],
      });
    const misspelt = await outcome(() => make({ name, detla: 1 }));
    expect(misspelt).toBeInstanceOf(RangeError);
    expect((misspelt as Error).message).toMatch(/^loss\.detla: expected one of name/);
  });
});
