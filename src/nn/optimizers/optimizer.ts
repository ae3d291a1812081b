/**
 * What an optimizer is: how a parameter and its gradient become the next parameter, as graph, and the numbers that change from step to step
 * without depending on data (rates, bias corrections), which `writeScalars` computes. The compiler makes passes over all parameters of it.
 *
 * Here too: the options that all of the house share. Not here: clipping, accumulation and averages, which go with any optimizer
 * (src/train/update.ts).
 */
import { checkNumber, wrongRange } from '../../errors.js';
import { add, mul } from '../../graph/elementwise.js';
import type { Node } from '../../graph/node.js';
import { checkSchedule, followsLoss, type Moment, type Schedule } from '../schedules.js';

export interface Optimizer {
  readonly name: string;
  /** Arrays kept for every parameter. */
  readonly state: readonly string[];
  /** What an array of the state holds at the beginning, by its name; default 0. */
  readonly start?: Readonly<Record<string, number>>;
  /** Numbers that every step brings. */
  readonly scalars: readonly string[];
  /** Whether `writeScalars` reads the losses of the run: an epoch is then over before a step of the next is prepared. Default false. */
  readonly followsLoss?: boolean;
  /** Writes those numbers for the step at a moment. Into an array, because it is done for every step, and no step allocates. */
  writeScalars(scalars: Float64Array, moment: Moment): void;
  /** The next value of the parameter and of each array of its state. */
  update(
    parameter: Node,
    gradient: Node,
    state: readonly Node[],
    scalars: readonly Node[],
  ): { readonly parameter: Node; readonly state: readonly Node[] };
}

export interface RateOptions {
  learningRate?: number;
  /** Factor of the rate during the run, default 'constant'. */
  schedule?: Schedule;
  /** Added to the gradient as weightDecay times the parameter, biases included as in PyTorch; default 0. */
  weightDecay?: number;
}

export const RATE_OPTIONS = ['learningRate', 'schedule', 'weightDecay'] as const;

/** A rate as a function of the moment, and whether it must know the losses for it. */
export interface Rate {
  readonly at: (moment: Moment) => number;
  readonly followsLoss: boolean;
}

/** The learning rate and the weight decay, which every optimizer has. */
export function checkRate(
  { learningRate, schedule = 'constant', weightDecay = 0 }: RateOptions,
  standard?: number,
): Rate & { readonly weightDecay: number } {
  const value = learningRate === undefined ? standard : learningRate;
  if (checkNumber('options.learningRate', value, 0) === 0)
    throw wrongRange('options.learningRate', 'more than 0', value);
  return {
    ...scheduled('options.schedule', value!, schedule),
    weightDecay: checkNumber('options.weightDecay', weightDecay, 0),
  };
}

export function scheduled(name: string, value: number, schedule: Schedule): Rate {
  const factor = checkSchedule(name, schedule);
  return { at: (moment) => value * factor(moment), followsLoss: followsLoss(schedule) };
}

/** A share that a running mean keeps of itself. */
export function checkDecay(name: string, value: number): number {
  return checkNumber(name, value, 0, 0.999999);
}

/** The gradient of loss + weightDecay / 2 * parameter^2. */
export function decayed(gradient: Node, parameter: Node, weightDecay: number): Node {
  return weightDecay === 0 ? gradient : add(gradient, mul(parameter, weightDecay));
}

/** A running mean: keep * mean + (1 - keep) * value. */
export function blended(mean: Node, value: Node, keep: number): Node {
  return add(mul(mean, keep), mul(value, 1 - keep));
}
