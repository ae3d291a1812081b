/**
 * A step of training as graph: gather a batch, loss, check, gradients, update. What fit.ts and trainer.ts run; symbols and places only,
 * no memory.
 */
import { compile, type Program } from '../compile/compile.js';
import { elements, LARGE_UPDATE, layout, type Source } from '../compile/job.js';
import { sum } from '../graph/broadcast.js';
import { grad } from '../graph/grad.js';
import { input, parameter } from '../graph/leaves.js';
import type { Node } from '../graph/node.js';
import type { TargetKind } from '../nn/losses/loss.js';
import { PIXEL_SCALE } from './matrix.js';
import { PARAMETERS, type ParameterStore } from './store.js';
import { keptArrays, scalarNames, type Update, updates } from './update.js';

export interface StepOptions {
  readonly update: Update;
  readonly batchSize: number;
  /** Whether inputs are kept as bytes. */
  readonly bytes: boolean;
  readonly targetKind: TargetKind;
  /** Whether samples have weights. */
  readonly weighted: boolean;
  /** Whether each step counts its correct predictions. */
  readonly countCorrect: boolean;
}

export interface TrainingStep {
  readonly program: Program;
  /** Bytes of the block 'fed': a batch of inputs and targets. */
  readonly fedBytes: number;
  readonly targetColumns: number;
  /** Whether the results of a step, after its loss, have a number of correct predictions. */
  readonly counts: boolean;
}

/**
 * Blocks of the program: parameters, gradients, state (one array after the other), fed; and inputs, targets, weights and order, the data set
 * that steps take their rows from. Results of a step: its loss; correct predictions, where they are counted; the sum of its weights, where
 * there are some. Gradients of large parameters are not kept: the product that gives one updates the parameter, rows at a time.
 */
export function compileTrainingStep(store: ParameterStore, options: StepOptions): TrainingStep {
  const { network } = store;
  const { update, batchSize, bytes, targetKind, weighted, countCorrect } = options;
  const {
    target,
    weights,
    loss,
    correct,
    updates: statistics,
  } = network.objective(targetKind, true, weighted);
  const gradients = grad(loss, network.parameters);
  const scalars = scalarNames(update).map((name) => input(name, [1, 1]));
  const names = keptArrays(update).map(({ name }) => name);
  const arrays = network.parameters.map((node) =>
    names.map((name) => parameter(`${name} of ${node.name}`, node.shape as readonly number[])),
  );
  const updated = updates(update, network, gradients, arrays, scalars);

  const given = weights ? [network.x, target, weights] : [network.x, target];
  const fed = layout('fed', given, batchSize);
  const parameterPlaces = store.placesIn(PARAMETERS).map(([, place]) => place);
  const placeOf = new Map(store.placesIn(PARAMETERS));
  const gradientPlaces = store.placesIn('gradients').map(([, place]) => place);
  const statePlaces = parameterPlaces.map(({ offset }) =>
    names.map((_name, slot) => ({ block: 'state', offset: slot * store.bytes + offset })),
  );
  const source = (node: Node, block: string, type: Source['type']): Source => ({
    input: node,
    block,
    order: 'order',
    type,
    scale: PIXEL_SCALE,
  });
  const counts = countCorrect && correct !== null;
  const program = compile({
    capacity: batchSize,
    leaves: new Map([
      ...store.placesIn(PARAMETERS),
      ...arrays.flatMap((nodes, i) => nodes.map((node, slot) => [node, statePlaces[i]![slot]!] as const)),
      ...given.map((node, i) => [node, fed.places[i]!] as const),
    ]),
    scalars,
    stores: [
      ...gradients
        .map((value, i) => ({ value, place: gradientPlaces[i]! }))
        .filter(({ value }) => elements(value.shape, 1) < LARGE_UPDATE),
      ...updated.flatMap((next, i) => [
        { value: next.parameter, place: parameterPlaces[i]! },
        ...next.arrays.map((value, slot) => ({ value, place: statePlaces[i]![slot]! })),
      ]),
      ...statistics.map(([statistic, value]) => ({ value, place: placeOf.get(statistic)! })),
    ],
    results: [loss, ...(counts ? [correct] : []), ...(weights ? [sum(weights)] : [])],
    check: loss,
    sources: [
      source(network.x, 'inputs', bytes ? 'uint8' : 'float32'),
      source(target, 'targets', 'float32'),
      ...(weights ? [source(weights, 'weights', 'float32')] : []),
    ],
  });
  return { program, fedBytes: fed.bytes, targetColumns: target.shape[1] as number, counts };
}
