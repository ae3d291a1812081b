/**
 * Compiled programs against the reference, for random steps: whatever is fused, reordered, placed over something else or
 * updated in place, the numbers are those of the graph. Two steps of different sizes follow each other, so that an
 * update that comes too early or too late shows as well.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile/compile.js';
import { describe as show } from '../../src/compile/describe.js';
import { layout } from '../../src/compile/job.js';
import { createEngine } from '../../src/engine/create.js';
import type { Engine } from '../../src/engine/engine.js';
import { Executable } from '../../src/engine/executable.js';
import { ancestors } from '../../src/graph/node.js';
import { add, matmul, mean, mul, type Node, relu, sub, sum, tanh, transpose } from '../../src/graph.js';
import { evaluate, type Feeds } from '../reference/evaluate.js';
import { engines } from '../support/engines.js';
import { drawn, normal } from '../support/numbers.js';
import {
  batchLeaves,
  CAPACITY,
  classes,
  cook,
  flag,
  parameters,
  rate,
  recipes,
  type Step,
} from './random.js';

/** Rows of the two steps; the second is compared whole, so it is the one of several blocks of rows. */
const ROWS_OF_STEPS = [5, CAPACITY];
const RATES = [0.1, 0.02];

const inputs = [...batchLeaves, classes];
const leaves = [...inputs, ...parameters];
const initial = Object.fromEntries(
  [...batchLeaves, ...parameters].map((leaf) => {
    const rows = leaf.shape[0] === 'rows' ? CAPACITY : leaf.shape[0];
    return [leaf.name, drawn(`program ${leaf.name}`, rows * Number(leaf.shape[1]), normal)] as const;
  }),
);
const labels = drawn('program classes', CAPACITY, (random) => random.integer(3));

/** Values that a step leaves, by what they are. */
type Numbers = Map<string, ArrayLike<number>>;

function feedsOf(state: Feeds, step: number, flagged: number): Feeds {
  const rows = ROWS_OF_STEPS[step]!;
  const first = (name: string, columns: number) => Array.from(state[name]!).slice(0, rows * columns);
  return {
    ...state,
    ...Object.fromEntries(batchLeaves.map((leaf) => [leaf.name, first(leaf.name, Number(leaf.shape[1]))])),
    classes: Array.from(labels.slice(0, rows)),
    rate: [Math.fround(RATES[step]!)],
    flag: [flagged],
  };
}

/** What the steps must give, and the size of the largest number on the way. */
function expectedOf(step: Step, steps: number): { numbers: Numbers; size: number } {
  let state: Feeds = initial;
  let numbers: Numbers = new Map();
  let size = 1;
  for (let i = 0; i < steps; i++) {
    const feeds = feedsOf(state, i, 0);
    const roots = [...step.stores, ...step.updates.map(([, value]) => value), ...step.results];
    const all = ancestors(roots);
    for (const { values } of evaluate(all, feeds, i))
      for (const value of values) size = Math.max(size, Math.abs(value));
    const value = (node: Node) => evaluate([node], feeds, i)[0]!.values;
    numbers = new Map([
      ...step.stores.map((node, j) => [`store ${j}`, value(node)] as const),
      ...step.results.map((node, j) => [`result ${i} ${j}`, value(node)] as const),
      ...[...numbers].filter(([name]) => name.startsWith('result')),
    ]);
    state = { ...state, ...Object.fromEntries(step.updates.map(([leaf, node]) => [leaf.name, value(node)])) };
  }
  for (const leaf of parameters) numbers.set(leaf.name, state[leaf.name]!);
  return { numbers, size };
}

/** What the machine gives; all memory is NaN before. `failing` is the step whose check fails, if any. */
function actualOf(
  engine: Engine,
  step: Step,
  failing: number,
  largeUpdate: number,
): { numbers: Numbers; completed: number; plan: string } {
  const stored = layout('memory', [...leaves, ...step.stores], CAPACITY);
  const placeOf = (i: number) => stored.places[i]!;
  const program = compile({
    capacity: CAPACITY,
    leaves: new Map(leaves.map((leaf, i) => [leaf, placeOf(i)] as const)),
    stores: [
      ...step.stores.map((value, i) => ({ value, place: placeOf(leaves.length + i) })),
      ...step.updates.map(([leaf, value]) => ({ value, place: placeOf(leaves.indexOf(leaf)) })),
    ],
    scalars: [rate, flag],
    results: step.results,
    largeUpdate,
    worthSplitting: 1,
    ...(step.check ? { check: step.check } : {}),
  });
  const memory = engine.allocate(stored.bytes);
  const executable = new Executable(engine, program, { given: { memory }, maxSteps: 2 });
  try {
    engine.floats(memory, stored.bytes / 4).fill(NaN);
    const at = (i: number, length: number) => engine.floats(memory + placeOf(i).offset, length);
    leaves.forEach((leaf, i) => {
      const values = leaf === classes ? labels : initial[leaf.name]!;
      at(i, values.length).set(values);
    });
    ROWS_OF_STEPS.forEach((rows, i) => {
      executable.setStep(i, rows, 0, i, [RATES[i]!, i === failing ? NaN : 0]);
    });
    const completed = executable.run(2);
    const rows = ROWS_OF_STEPS[completed - 1] ?? 0;
    const sizeOf = (node: Node) =>
      node.shape.reduce((n: number, size) => n * (size === 'rows' ? rows : size), 1);
    const results = executable.results(2).slice();
    const numbers: Numbers = new Map<string, ArrayLike<number>>([
      ...step.stores.map((node, j) => [`store ${j}`, at(leaves.length + j, sizeOf(node)).slice()] as const),
      ...[0, 1].flatMap((i) =>
        step.results.map(
          (_node, j) => [`result ${i} ${j}`, [results[i * step.results.length + j]!]] as const,
        ),
      ),
      ...parameters.map((leaf) => [leaf.name, at(leaves.indexOf(leaf), sizeOf(leaf)).slice()] as const),
    ]);
    return { numbers, completed, plan: show(program) };
  } finally {
    executable.dispose();
    engine.free(memory);
  }
}

/** Updates in passes of their own and in epilogues. */
function compare(engine: Engine, step: Step, failing: number): void {
  for (const largeUpdate of [Number.POSITIVE_INFINITY, 1]) compareOne(engine, step, failing, largeUpdate);
}

function compareOne(engine: Engine, step: Step, failing: number, largeUpdate: number): void {
  const completed = step.check && failing < 2 ? failing : 2;
  const expected = expectedOf(step, completed);
  const actual = actualOf(engine, step, failing, largeUpdate);
  expect(actual.completed, actual.plan).toBe(completed);
  for (const [name, values] of expected.numbers) {
    // a step that failed its check may have written stores, never leaves
    if (completed < 2 && name.startsWith('store')) continue;
    const difference = Math.max(
      ...Array.from(values, (value, i) => Math.abs(value - actual.numbers.get(name)![i]!)),
    );
    expect(difference, `${name}\n${actual.plan}`).toBeLessThanOrEqual(1e-4 * expected.size);
  }
}

const [x, , z] = batchLeaves;
const [a, b, c, row, row2, wide, , number] = parameters;
const stepOf = (...updates: (readonly [Node, Node])[]): Step => ({
  stores: [],
  updates,
  results: [],
  check: undefined,
});
const storing = (...stores: Node[]): Step => ({ ...stepOf(), stores });

/** Where a plan goes wrong first. */
const hard: Readonly<Record<string, () => Step>> = {
  'two leaves change places': () => stepOf([a!, b!], [b!, a!]),
  'three leaves rotate': () => stepOf([a!, b!], [b!, c!], [c!, a!]),
  'a leaf becomes a product with itself, another the product the other way round': () =>
    stepOf([a!, matmul(a!, b!)], [b!, matmul(b!, a!)]),
  'a leaf becomes its transpose': () => stepOf([a!, transpose(a!)], [b!, transpose(add(a!, b!))]),
  'an update is computed from another, both read the old values': () => {
    const moved = sub(mul(a!, 0.9), b!);
    return stepOf([a!, moved], [b!, add(mul(a!, moved), b!)], [c!, mul(tanh(a!), tanh(b!))]);
  },
  'an update is read as a row of the pass after it': () =>
    stepOf([row!, tanh(row2!)], [row2!, sub(row!, row2!)], [a!, add(mul(a!, row!), row2!)]),
  'a number is updated that everything is scaled by': () =>
    stepOf([number!, mul(number!, 0.5)], [a!, mul(a!, number!)], [wide!, mul(wide!, mul(number!, 0.5))]),
  'the same value in three places': () => {
    const value = tanh(add(a!, b!));
    return { ...stepOf([a!, value], [b!, value]), stores: [value, value] };
  },
  'a product whose epilogue reads its own left operand, transposed': () => {
    const square = tanh(matmul(x!, transpose(x!)));
    const both = add(matmul(transpose(square), tanh(mul(square, 0.5))), square);
    return storing(sum(relu(both), 'columns'), sum(tanh(both), 'rows'));
  },
  'a product read beside its sum with a row': () => {
    const product = matmul(x!, a!);
    return storing(mul(add(product, row!), product));
  },
  'a product read beside its multiply-add': () => {
    const product = mul(x!, row!);
    return storing(mul(add(product, row2!), tanh(product)));
  },
  'a row added to a product of one row, computed in the pass that adds it': () =>
    storing(tanh(add(matmul(row!, a!), mul(row2!, 2)))),
  'a column and a matrix under one loss': () => storing(mean(mul(tanh(x!), sub(z!, mean(x!, 'columns'))))),
};

/** And on threads, which divide whatever can be divided. */
const everywhere = [
  ...engines,
  { build: 'plain three-threaded', engine: await createEngine({ reproducible: true, threads: 3 }) },
];

describe.each(everywhere)('hard steps on the $build build', ({ engine }) => {
  it.each(Object.entries(hard))('%s', (_name, build) => compare(engine, build(), Infinity));
});

describe.each(everywhere)('random programs on the $build build', ({ engine }) => {
  it('give the numbers of the graph', () => {
    fc.assert(
      fc.property(recipes, (recipe) => compare(engine, cook(recipe), Infinity)),
      { seed: 1, numRuns: 400 },
    );
  });

  it('change no parameter in a step whose check fails', () => {
    const checked = fc.tuple(recipes, fc.nat(1000), fc.integer({ min: 0, max: 1 }));
    fc.assert(
      fc.property(checked, ([recipe, check, failing]) =>
        compare(engine, cook({ ...recipe, check }), failing),
      ),
      { seed: 2, numRuns: 200 },
    );
  });
});
