/**
 * Random steps for the compiler: graphs over a few leaves, several stores, and updates that overwrite leaves, all drawn from a
 * recipe of numbers so that a failing one shrinks. Values stay near 1, because sums and products are divided by their length.
 */
import * as fc from 'fast-check';
import { sameShape } from '../../src/graph/node.js';
import * as graph from '../../src/graph.js';
import { input, type Node, parameter, ROWS } from '../../src/graph.js';

export const CAPACITY = 67;

export const batchLeaves = [input('x', [ROWS, 3]), input('y', [ROWS, 8]), input('z', [ROWS, 1])];
export const classes = input('classes', [ROWS, 1]);
/** Carried by the step record; added to the check, which fails where it is NaN. */
export const flag = input('flag', [1, 1]);
export const rate = input('rate', [1, 1]);
export const parameters = [
  parameter('a', [3, 3]),
  parameter('b', [3, 3]),
  parameter('c', [3, 3]),
  parameter('row', [1, 3]),
  parameter('row2', [1, 3]),
  parameter('wide', [8, 3]),
  parameter('wide2', [8, 3]),
  parameter('number', [1, 1]),
];

export interface Ingredient {
  readonly kind: number;
  readonly first: number;
  readonly second: number;
  readonly third: number;
}

export interface Recipe {
  readonly ingredients: readonly Ingredient[];
  /** Nodes that are stored. */
  readonly stores: readonly number[];
  /** For every parameter: what it becomes; undefined for no update. */
  readonly updates: readonly (number | undefined)[];
  /** Scalars that each step leaves. */
  readonly results: readonly number[];
  /** A scalar that must be finite. */
  readonly check: number | undefined;
}

const LARGEST_PICK = 1000;
const pick = fc.nat({ max: LARGEST_PICK });
const ingredient = fc.record({ kind: pick, first: pick, second: pick, third: pick });

export const recipes: fc.Arbitrary<Recipe> = fc.record({
  ingredients: fc.array(ingredient, { minLength: 1, maxLength: 24, size: 'max' }),
  stores: fc.array(pick, { maxLength: 4 }),
  updates: fc.tuple(...parameters.map(() => fc.option(pick, { nil: undefined }))),
  results: fc.array(pick, { maxLength: 3 }),
  check: fc.option(pick, { nil: undefined }),
});

export interface Step {
  readonly stores: readonly Node[];
  readonly updates: readonly (readonly [Node, Node])[];
  readonly results: readonly Node[];
  readonly check: Node | undefined;
}

export function cook(recipe: Recipe): Step {
  const pool: Node[] = [...batchLeaves, ...parameters, rate];
  for (const { kind, ...picks } of recipe.ingredients) pool.push(makers[kind % makers.length]!(pool, picks));
  const scalars = pool.filter((node) => sameShape(node.shape, [1, 1]));
  return {
    stores: recipe.stores.map((index) => take(pool, index)),
    updates: parameters.flatMap((leaf, i) => {
      const index = recipe.updates[i];
      const fitting = pool.filter((node) => sameShape(node.shape, leaf.shape));
      return index === undefined ? [] : [[leaf, take(fitting, index)] as const];
    }),
    results: recipe.results.map((index) => take(scalars, index)),
    check: recipe.check === undefined ? undefined : graph.add(take(scalars, recipe.check), flag),
  };
}

type Picks = Omit<Ingredient, 'kind'>;
type Maker = (pool: readonly Node[], picks: Picks) => Node;

/** Rather what was made last, so that graphs grow deep and values are read more than once. */
function take(candidates: readonly Node[], index: number): Node {
  const back = Math.floor((index / (LARGEST_PICK + 1)) ** 2 * candidates.length);
  return candidates[candidates.length - 1 - back]!;
}

const unary =
  (f: (x: Node) => Node): Maker =>
  (pool, { first }) =>
    f(take(pool, first));

const binary =
  (f: (a: Node, b: Node) => Node): Maker =>
  (pool, { first, second }) => {
    const a = take(pool, first);
    return f(
      a,
      take(
        pool.filter((b) => fits(a, b)),
        second,
      ),
    );
  };

function fits(a: Node, b: Node): boolean {
  return [0, 1].every(
    (axis) => a.shape[axis] === b.shape[axis] || a.shape[axis] === 1 || b.shape[axis] === 1,
  );
}

/** One of the four products that the shapes allow, divided by its length now and then. */
const product: Maker = (pool, { first, second, third }) => {
  const a = take(pool, first);
  const t = graph.transpose;
  const possible = pool.flatMap((b) => [
    ...(a.shape[1] === b.shape[0] ? [() => graph.matmul(a, b)] : []),
    ...(a.shape[1] === b.shape[1] ? [() => graph.matmul(a, t(b))] : []),
    ...(a.shape[0] === b.shape[0] ? [() => graph.matmul(t(a), b)] : []),
    ...(a.shape[0] === b.shape[1] ? [() => graph.matmul(t(a), t(b))] : []),
  ]);
  const y = possible[second % possible.length]!();
  return [
    y,
    graph.mul(y, 0.1),
    graph.tanh(y),
    graph.add(
      y,
      take(
        pool.filter((b) => fits(y, b)),
        third,
      ),
    ),
  ][third % 4]!;
};

const crossEntropy: Maker = (pool, { first, third }) => {
  const z = take(
    pool.filter((node) => node.shape[0] === ROWS && typeof node.shape[1] === 'number'),
    first,
  );
  if (third % 2 === 0) return graph.softmaxCrossEntropy(z, graph.mul(classes, z.shape[1] === 1 ? 0 : 1));
  return graph.softmaxCrossEntropy(z, graph.sigmoid(z), 'distribution');
};

const isFixed = (x: Node, axis: 0 | 1) => x.shape[axis] !== ROWS;

/** A part of x, x among zeros, or x beside another, along the columns or where those are the batch along the rows. */
const arranged: Maker = (pool, { first, second, third }) => {
  const x = take(
    pool.filter((node) => isFixed(node, 0) || isFixed(node, 1)),
    first,
  );
  const axis = isFixed(x, 1) ? 'columns' : 'rows';
  const [along, across] = axis === 'columns' ? ([1, 0] as const) : ([0, 1] as const);
  const size = Number(x.shape[along]);
  const beside = pool.filter((node) => node.shape[across] === x.shape[across] && isFixed(node, along));
  // columns stay few: concatenations are cut again
  const cut = Math.min(size, 1 + (second % 8));
  return [
    () => graph.slice(x, axis, size - cut, size),
    () => graph.pad(x, axis, second % 3, size + (second % 3) + 1),
    () => graph.slice(graph.concat([x, take(beside, second), x], axis), axis, 1, cut + 1),
    () => graph.reshape(x, [x.shape[1], x.shape[0]]),
  ][third % 4]!();
};

/** Rows by fixed numbers, one of them twice; and what comes back of that to a table. */
const gathered: Maker = (pool, { first, third }) => {
  const x = take(
    pool.filter((node) => isFixed(node, 0)),
    first,
  );
  const last = Number(x.shape[0]) - 1;
  const rows = graph.gather(x, [last, 0, last], 'rows');
  return third % 2 === 0 ? rows : graph.grad(graph.sum(graph.mul(rows, graph.tanh(rows))), [x])[0]!;
};

const makers: readonly Maker[] = [
  unary(graph.tanh),
  unary(graph.sigmoid),
  unary((x) => graph.sub(0.5, x)),
  unary(graph.neg),
  unary(graph.relu),
  unary((x) => graph.mul(x, 0.5)),
  unary(graph.transpose),
  unary(graph.softmax),
  unary((x) => graph.mean(x, 'rows')),
  unary((x) => graph.mean(x, 'columns')),
  unary((x) => graph.mean(x)),
  unary(graph.maxColumns),
  unary((x) => graph.mul(x, graph.uniform(x.shape, { seed: 5, stream: 9 }))),
  binary(graph.add),
  binary(graph.sub),
  binary(graph.mul),
  binary(graph.maximum),
  binary((a, b) => graph.add(graph.mul(a, b), a)),
  binary((a, b) => graph.sub(b, graph.mul(a, b))),
  product,
  product,
  product,
  arranged,
  arranged,
  gathered,
  crossEntropy,
  // an optimizer's way of writing: the old value minus a rate times something
  binary((a, b) => graph.sub(a, graph.mul(rate, b))),
];
