/**
 * The door for optimizers, which a caller may write: members are looked at, and both functions are tried once on a parameter of
 * 2 x 3, so that what they give is known to fit before a run begins. The optimizers of the house are its neighbours here.
 */
import {
  checkBoolean,
  checkFunction,
  checkNumber,
  checkOptions,
  checkString,
  wrongRange,
  wrongType,
} from '../../errors.js';
import { input, parameter } from '../../graph/leaves.js';
import { ancestors, checkNode, type Node, sameShape, showShape } from '../../graph/node.js';
import type { Optimizer } from './optimizer.js';

const MEMBERS = [
  'name',
  'state',
  'start',
  'scalars',
  'followsLoss',
  'writeScalars',
  'update',
] as const satisfies (keyof Optimizer)[];

/** The first step of a run. */
const FIRST = { step: 1, epoch: 0, progress: 0, losses: [] };

/** @throws TypeError or RangeError naming the member that is wrong */
export function checkOptimizer(name: string, value: unknown): Optimizer {
  if (value === null || typeof value !== 'object' || !('update' in value))
    throw wrongType(name, 'an optimizer, such as sgd({ learningRate: 0.1 })', value);
  const optimizer = checkOptions(name, value as Optimizer, MEMBERS);
  checkString(`${name}.name`, optimizer.name);
  checkNames(`${name}.state`, optimizer.state);
  checkStart(`${name}.start`, optimizer);
  checkNames(`${name}.scalars`, optimizer.scalars);
  if (optimizer.followsLoss !== undefined) checkBoolean(`${name}.followsLoss`, optimizer.followsLoss);
  checkFunction(`${name}.writeScalars`, optimizer.writeScalars);
  checkFunction(`${name}.update`, optimizer.update);
  tryScalars(`${name}.writeScalars`, optimizer);
  tryUpdate(`${name}.update`, optimizer);
  return optimizer;
}

function checkNames(name: string, names: readonly string[]): void {
  if (!Array.isArray(names)) throw wrongType(name, 'a list of names', names);
  names.forEach((item, i) => {
    if (checkString(`${name}[${i}]`, item) === '') throw wrongRange(`${name}[${i}]`, 'a name', item);
  });
}

function checkStart(name: string, { start = {}, state }: Optimizer): void {
  for (const [array, value] of Object.entries(checkOptions(name, start, state)))
    checkNumber(`${name}.${array}`, value);
}

function tryScalars(name: string, optimizer: Optimizer): void {
  const values = new Float64Array(optimizer.scalars.length).fill(Number.NaN);
  optimizer.writeScalars(values, FIRST);
  values.forEach((value, i) => {
    if (!Number.isFinite(value)) throw wrongRange(`${name}[${i}]`, 'a finite number written', value);
  });
}

function tryUpdate(name: string, optimizer: Optimizer): void {
  const shape = [2, 3] as const;
  const [before, gradient] = [parameter('parameter', shape), parameter('gradient', shape)];
  const state = optimizer.state.map((array) => parameter(array, shape));
  const scalars = optimizer.scalars.map((scalar) => input(scalar, [1, 1]));
  const after = optimizer.update(before, gradient, state, scalars);
  if (after === null || typeof after !== 'object')
    throw wrongType(name, 'a function that gives { parameter, state }', after);
  const given = new Set<Node>([before, gradient, ...state, ...scalars]);
  checkUpdated(`${name}.parameter`, after.parameter, before, given);
  checkLength(`${name}.state`, after.state, state.length);
  after.state.forEach((next, i) => {
    checkUpdated(`${name}.state[${i}]`, next, before, given);
  });
}

function checkLength(name: string, list: readonly unknown[], length: number): void {
  if (!Array.isArray(list)) throw wrongType(name, `a result of ${length} items`, list);
  if (list.length !== length) throw wrongRange(name, `a result of ${length} items`, list);
}

/** A symbol of the parameter's shape, made of what `update` was given. */
function checkUpdated(name: string, next: Node, before: Node, given: ReadonlySet<Node>): void {
  checkNode(name, next);
  if (!sameShape(next.shape, before.shape))
    throw wrongRange(name, `the shape of the parameter, ${showShape(before.shape)}`, showShape(next.shape));
  const strange = ancestors([next]).find((node) => node.name !== '' && !given.has(node));
  if (strange) throw wrongRange(name, 'a symbol made of the arguments of update', strange.name);
}
