/** The graph of a model, for everything that is done to graphs here. */
import { checkOptions, wrongRange, wrongType } from '../errors.js';
import type { Node } from '../graph/node.js';
import type { TargetKind } from '../nn/losses/loss.js';
import type { Model } from '../train/model.js';

export interface ModelGraph {
  /** The input 'inputs', rows x inputs. */
  readonly inputs: Node;
  /** The input 'targets': rows x 1 for class numbers, else rows x outputs. */
  readonly targets: Node;
  /** The output of every layer; of the last one, logits. */
  readonly layers: readonly Node[];
  readonly prediction: Node;
  /** Mean over the batch, 1 x 1. */
  readonly loss: Node;
  /** Learned and kept matrices, by name. */
  readonly parameters: Readonly<Record<string, Node>>;
  /** What stands in them now, by name. */
  readonly values: Readonly<Record<string, Float32Array>>;
}

/** The symbols that the model is made of, as in prediction: without dropout. `targets` says how they are given, if the loss leaves a choice. */
export function graphOf(model: Model, options: { targets?: TargetKind } = {}): ModelGraph {
  if (model === null || typeof model !== 'object' || !('network' in model))
    throw wrongType('model', 'a model made by mlp or load', model);
  checkOptions('options', options, ['targets']);
  const { x, layerOutputs, prediction, loss, objective, parameters, statistics } = model.network;
  const { targets = loss.targets[0]! } = options;
  if (!loss.targets.includes(targets))
    throw wrongRange('options.targets', `one of ${loss.targets.join(', ')}`, targets);
  const { target, loss: value } = objective(targets, false);
  return {
    inputs: x,
    targets: target,
    layers: layerOutputs,
    prediction,
    loss: value,
    parameters: Object.fromEntries([...parameters, ...statistics].map((node) => [node.name, node] as const)),
    values: model.getParameters(),
  };
}
