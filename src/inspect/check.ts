/**
 * Derivatives against differences: (f(x + h) - f(x - h)) / 2h for every entry, in float64. Next to a kink, such as relu's, the two differ, and
 * both are right.
 */
import { checkNumber, checkOptions, wrongRange, wrongType } from '../errors.js';
import { grad } from '../graph/grad.js';
import { ancestors, checkNode, gradientRule, type Node, sameShape, showShape } from '../graph/node.js';
import { evaluate, evaluateMore, type Matrix } from './evaluate.js';
import { feed, type Values } from './values.js';

export interface CheckOptions {
  /**
   * Inputs and parameters to differentiate by. By default all that f depends on smoothly: class numbers, the numbers that `gather` goes by and whatever
   * else acts only through operands without a derivative are left out, and refused where they are named.
   */
  targets?: readonly Node[];
  /** Derivatives of one's own, one for each target and of its shape; default what `grad` builds. */
  gradients?: readonly Node[];
  /** Largest error that passes, relative to the largest entry of the target's gradient; default 1e-6. */
  tolerance?: number;
}

/** An entry of a gradient, both ways. */
export interface CheckedEntry {
  readonly target: string;
  readonly row: number;
  readonly column: number;
  readonly gradient: number;
  readonly difference: number;
  /** Distance of the two, relative to the largest entry of the target's gradient, or to 1 where all are 0. */
  readonly error: number;
}

export interface GradientCheck {
  readonly passed: boolean;
  readonly entries: number;
  /** The one with the largest error. */
  readonly worst: CheckedEntry;
}

/** Truncation and rounding cost alike: about 1e-10 each for functions of order 1. */
const STEP = 2 ** -17;

/** Checks the gradient of f (1 x 1) at the given values, entry by entry. */
export function checkGradients(f: Node, values: Values, options: CheckOptions = {}): GradientCheck {
  grad(f, []);
  checkOptions('options', options, ['targets', 'gradients', 'tolerance']);
  const leavesOfF = [...smoothly(f)].filter((node) => node.name !== '');
  const { targets: wanted = leavesOfF, tolerance = 1e-6 } = options;
  checkNumber('options.tolerance', tolerance, 0);
  const targets = checkTargets(f, wanted);
  const { gradients: own = grad(f, targets) } = options;
  const gradients = checkOwn(own, targets);
  const { leaves, samples } = feed([f, ...gradients], values);
  const numbers = evaluate([f, ...gradients], leaves, samples);
  const entries = targets.flatMap((target, i) => {
    const moved = ancestors([f]).filter((node) => dependsOn(node, target));
    const fixed = new Map([...numbers].filter(([node]) => !moved.includes(node)));
    const valueAt = (at: number, shift: number): number => {
      const center = numbers.get(target)!;
      const shifted = { ...center, values: center.values.slice() };
      shifted.values[at]! += shift;
      const now = new Map([...fixed, [target, shifted] as const]);
      evaluateMore(moved, now, samples);
      return now.get(f)!.values[0]!;
    };
    return entriesOf(target, numbers.get(target)!, numbers.get(gradients[i]!)!, valueAt);
  });
  // NaN is worse than anything
  const badness = ({ error }: CheckedEntry) => (Number.isNaN(error) ? Infinity : error);
  const worst = entries.reduce((a, b) => (badness(b) > badness(a) ? b : a));
  return { passed: worst.error <= tolerance, entries: entries.length, worst };
}

function entriesOf(
  target: Node,
  center: Matrix,
  gradient: Matrix,
  valueAt: (at: number, shift: number) => number,
): CheckedEntry[] {
  const size = Math.max(...gradient.values.map(Math.abs)) || 1;
  return Array.from(gradient.values, (slope, at) => {
    const h = STEP * Math.max(1, Math.abs(center.values[at]!));
    const difference = (valueAt(at, h) - valueAt(at, -h)) / (2 * h);
    return {
      target: target.name,
      row: Math.floor(at / center.columns),
      column: at % center.columns,
      gradient: slope,
      difference,
      error: Math.abs(slope - difference) / size,
    };
  });
}

function dependsOn(node: Node, target: Node): boolean {
  return ancestors([node]).includes(target);
}

/** What f depends on through operands that have a gradient rule: what `grad` goes back to. */
function smoothly(f: Node): Set<Node> {
  const reached = new Set([f]);
  for (const node of ancestors([f]).reverse())
    if (reached.has(node))
      node.inputs.forEach((operand, i) => {
        if (gradientRule(node.operation, i)) reached.add(operand);
      });
  return reached;
}

function checkTargets(f: Node, targets: readonly Node[]): readonly Node[] {
  const smooth = smoothly(f);
  if (!Array.isArray(targets)) throw wrongType('options.targets', 'a list of symbols', targets);
  if (targets.length === 0) throw wrongRange('options.targets', 'at least one input or parameter', targets);
  targets.forEach((target, i) => {
    if (checkNode(`options.targets[${i}]`, target).name === '' || !dependsOn(f, target))
      throw wrongRange(`options.targets[${i}]`, 'an input or a parameter of f', target.operation.name);
    if (!smooth.has(target))
      throw wrongRange(
        `options.targets[${i}]`,
        'one by which f has a derivative, not class numbers or the like',
        target.name,
      );
  });
  return targets;
}

function checkOwn(gradients: readonly Node[], targets: readonly Node[]): readonly Node[] {
  if (!Array.isArray(gradients)) throw wrongType('options.gradients', 'a list of symbols', gradients);
  if (gradients.length !== targets.length)
    throw wrongRange('options.gradients', `one for each of ${targets.length} targets`, gradients);
  gradients.forEach((gradient, i) => {
    const { shape } = checkNode(`options.gradients[${i}]`, gradient);
    if (!sameShape(shape, targets[i]!.shape))
      throw wrongRange(
        `options.gradients[${i}]`,
        `the shape of its target, ${showShape(targets[i]!.shape)}`,
        showShape(shape),
      );
  });
  return gradients;
}
