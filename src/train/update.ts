/**
 * From gradients to the next parameters, as graph: clipping, accumulation over batches, the optimizer, averages of weights. What is not asked for
 * leaves no trace in the program.
 *
 * Not here: where arrays and numbers stand in memory (training-job.ts, trainer.ts).
 */
import { checkInteger, checkNumber, wrongRange } from '../errors.js';
import { sum } from '../graph/broadcast.js';
import { add, div, maximum, minimum, mul, select, sqrt, square } from '../graph/elementwise.js';
import type { Node } from '../graph/node.js';
import type { Network } from '../nn/network.js';
import type { Optimizer } from '../nn/optimizers/optimizer.js';
import { project } from '../nn/regularizers.js';

export interface UpdateOptions {
  /** Bounds every entry of every gradient to [-clipValue, clipValue]. Before clipNorm, where both are given. */
  clipValue?: number;
  /** Scales all gradients together so that their Euclidean norm is at most this. */
  clipNorm?: number;
  /** Batches whose gradients make one update: what a batch as large as all of them together would do, in the memory of one. Default 1. */
  accumulate?: number;
  /**
   * Share that running averages of the parameters keep of themselves at every update, such as 0.999. They begin at the parameters; validation,
   * reports and early stopping look at them, and they are what `fit` leaves in the model. They keep to the constraints of weights as parameters do.
   */
  averageWeights?: number;
}

export const UPDATE_OPTIONS = [
  'clipValue',
  'clipNorm',
  'accumulate',
  'averageWeights',
] as const satisfies (keyof UpdateOptions)[];

export interface Update extends UpdateOptions {
  readonly optimizer: Optimizer;
  readonly accumulate: number;
}

/** A batch among those that make one update. */
export interface Part {
  /** 0 for the first one, else 1: what becomes of the sum so far. */
  readonly kept: number;
  /** The batch's share of the rows, or of what they weigh. */
  readonly share: number;
  /** 1 for the last one, after which parameters change, else 0. */
  readonly last: number;
}

/** Arrays of all parameters' layout that a run keeps; `start` is what they hold at the beginning. */
export interface KeptArray {
  readonly name: string;
  readonly start: number | 'parameters';
}

export function checkUpdateOptions({ accumulate = 1, ...options }: UpdateOptions): UpdateOptions & {
  accumulate: number;
} {
  const { clipValue, clipNorm, averageWeights } = options;
  for (const [name, bound] of Object.entries({ clipValue, clipNorm }))
    if (bound !== undefined && checkNumber(`options.${name}`, bound, 0) === 0)
      throw wrongRange(`options.${name}`, 'more than 0', bound);
  if (averageWeights !== undefined) checkNumber('options.averageWeights', averageWeights, 0, 0.9999999);
  return { ...options, accumulate: checkInteger('options.accumulate', accumulate, 1, 2 ** 20) };
}

export function keptArrays({ optimizer, accumulate, averageWeights }: Update): KeptArray[] {
  return [
    ...optimizer.state.map((name) => ({ name, start: optimizer.start?.[name] ?? 0 })),
    ...(accumulate > 1 ? [{ name: 'gradientSum', start: 0 }] : []),
    ...(averageWeights === undefined ? [] : [{ name: 'average', start: 'parameters' as const }]),
  ];
}

/** Numbers that every step brings: the optimizer's, then the batch's part in the update. */
export function scalarNames({ optimizer, accumulate }: Update): string[] {
  return [...optimizer.scalars, ...(accumulate > 1 ? ['kept', 'share', 'last'] : [])];
}

/** The part of the batch that begins at a row of the epoch; `weigh` tells what rows [from, to) of the epoch weigh together. */
export function partOf(
  first: number,
  batchSize: number,
  rows: number,
  accumulate: number,
  weigh: (from: number, to: number) => number = (from, to) => to - from,
): Part {
  const whole = batchSize * accumulate;
  const begin = first - (first % whole);
  const end = Math.min(begin + whole, rows);
  const next = Math.min(first + batchSize, rows);
  return {
    kept: first === begin ? 0 : 1,
    // where no row counts, no share does
    share: weigh(first, next) / (weigh(begin, end) || 1),
    last: next === end ? 1 : 0,
  };
}

/** For every parameter its next value and its next average, as far as its layer allows, and what else is kept for it. */
export function updates(
  update: Update,
  { parameters, constraints }: Pick<Network, 'parameters' | 'constraints'>,
  gradients: readonly Node[],
  arrays: readonly (readonly Node[])[],
  scalars: readonly Node[],
): { readonly parameter: Node; readonly arrays: readonly Node[] }[] {
  const { optimizer, averageWeights } = update;
  const states = optimizer.state.length;
  const rates = scalars.slice(0, optimizer.scalars.length);
  const [kept, share, last] = scalars.slice(optimizer.scalars.length);
  const sums =
    kept && share ? gradients.map((g, i) => add(mul(arrays[i]![states]!, kept), mul(g, share))) : null;
  const slopes = clipped(sums ?? gradients, update);
  const ifLast = (after: Node, before: Node) => (last ? select(last, after, before) : after);
  return parameters.map((parameter, i) => {
    const next = optimizer.update(parameter, slopes[i]!, arrays[i]!.slice(0, states), rates);
    const constraint = constraints.get(parameter);
    const allowed = (weights: Node) => (constraint ? project(weights, constraint) : weights);
    const after = ifLast(allowed(next.parameter), parameter);
    const kept = next.state.map((value, slot) => ifLast(value, arrays[i]![slot]!));
    if (sums) kept.push(sums[i]!);
    if (averageWeights !== undefined) {
      const average = arrays[i]!.at(-1)!;
      const moved = add(mul(average, averageWeights), mul(after, 1 - averageWeights));
      // what it began at need not have kept to the constraint
      kept.push(ifLast(allowed(moved), average));
    }
    return { parameter: after, arrays: kept };
  });
}

function clipped(gradients: readonly Node[], { clipValue, clipNorm }: UpdateOptions): readonly Node[] {
  const bounded =
    clipValue === undefined ? gradients : gradients.map((g) => maximum(minimum(g, clipValue), -clipValue));
  if (clipNorm === undefined) return bounded;
  // by columns first: sums over rows are shared among threads
  const squares = bounded.map((g) => sum(sum(square(g), 'rows'))).reduce((a, b) => add(a, b));
  // PyTorch's: a norm of 0 divides nothing by 0
  const factor = minimum(div(clipNorm, add(sqrt(squares), 1e-6)), 1);
  return bounded.map((g) => mul(g, factor));
}
