/**
 * A multi-layer perceptron as graph: symbols only, no numbers but the initial ones. Everything a model does is a job made of
 * these symbols; the backward pass is `grad` and nothing else.
 */
import { checkInteger, wrongRange, wrongType } from '../errors.js';
import { add } from '../graph/elementwise.js';
import { input, parameter } from '../graph/leaves.js';
import { type Node, ROWS } from '../graph/node.js';
import { Random } from '../random.js';
import { nameOf } from './choice.js';
import { type Initializer, initialize } from './initializers.js';
import type { ParameterBounds } from './layers/kind.js';
import { buildLayer, checkLayer, type Layer, layerWidth } from './layers/table.js';
import type { Loss, TargetKind } from './losses/loss.js';
import { checkLoss, countCorrect, type LossChoice, lossOf, meanLoss } from './losses/table.js';
import { type Constraint, checkRegularizer, penalty, type Regularizer } from './regularizers.js';

/** What a network is, in numbers and names: what a model file keeps. */
export interface Architecture {
  /** Columns of the inputs. */
  readonly inputs: number;
  readonly layers: readonly Layer[];
  readonly loss: LossChoice;
  /** Of initial weights, shuffling and dropout. */
  readonly seed: number;
  /** Of the weights of all layers, and of their biases where it says so. */
  readonly regularizer?: Regularizer;
}

export interface Network {
  readonly architecture: Architecture;
  readonly loss: Loss;
  /** Columns of the predictions. */
  readonly outputs: number;
  /** Columns of targets that are values: one for each output, unless the loss has another use for some. */
  readonly targetColumns: number;
  /** rows x inputs. */
  readonly x: Node;
  readonly parameters: readonly Node[];
  /** What is kept and saved beside the parameters, and not learned: the running statistics of batches. */
  readonly statistics: readonly Node[];
  /** What an updated parameter is projected to. */
  readonly constraints: ReadonlyMap<Node, Constraint>;
  /** Predictions, rows x outputs, without dropout. */
  readonly prediction: Node;
  /** The output of every layer, without dropout. */
  readonly layerOutputs: readonly Node[];
  /** Targets of either kind, and what is computed with them. */
  objective(kind: TargetKind, training: boolean, weighted?: boolean): Objective;
  /** Initial values of parameters, then statistics. */
  initialValues(): Float32Array[];
}

export interface Objective {
  readonly target: Node;
  /** The weight of each sample, rows x 1; null where all count alike. */
  readonly weights: Node | null;
  /** Mean over the batch, weighted where there are weights, and what regularizers add to it, 1 x 1. */
  readonly loss: Node;
  /** Correct predictions in the batch, 1 x 1; null where the loss has no notion of it. */
  readonly correct: Node | null;
  /** What statistics become with a step of training; none where it is not training. */
  readonly updates: readonly (readonly [statistic: Node, next: Node])[];
}

export function checkArchitecture(value: Architecture): Architecture {
  const { inputs, layers, loss, seed, regularizer } = value;
  checkInteger('inputs', inputs, 1, 2 ** 20);
  if (!Array.isArray(layers)) throw wrongType('layers', 'a list of layers', layers);
  const checked = layers.map((layer, i) => checkLayer(`layers[${i}]`, layer));
  const last = checked.at(-1);
  if (last?.kind !== 'dense' || last.activation !== 'identity')
    throw wrongRange(
      'layers',
      'a dense layer without activation at the end: its outputs are logits',
      last?.kind,
    );
  const checkedLoss = checkLoss('loss', loss);
  checkOutputs(checkedLoss, last.units);
  checkInteger('seed', seed, 0, 0xffffffff);
  checked.reduce((width, layer) => layerWidth(layer, width), inputs);
  return {
    inputs,
    layers: checked,
    loss: checkedLoss,
    seed,
    ...(regularizer !== undefined && { regularizer: checkRegularizer('regularizer', regularizer) }),
  };
}

function checkOutputs(loss: LossChoice, units: number): void {
  const { minOutputs, outputsPerTarget = 1 } = lossOf(loss);
  if (units < minOutputs)
    throw wrongRange('layers', `at least ${minOutputs} outputs for ${nameOf(loss)}`, units);
  if (units % outputsPerTarget !== 0)
    throw wrongRange('layers', `${outputsPerTarget} outputs for each target of ${nameOf(loss)}`, units);
}

/** By name, in the order in which layers mention them. */
type Matrices = Map<string, NamedMatrix>;

export function buildNetwork(architecture: Architecture): Network {
  const { inputs, layers, seed } = architecture;
  const loss = lossOf(architecture.loss);
  const x = input('inputs', [ROWS, inputs]);
  const parameters: Matrices = new Map();
  const statistics: Matrices = new Map();
  /** The matrix of this name; matrices are shared between calls. */
  const named =
    (matrices: Matrices) =>
    (
      name: string,
      shape: readonly [number, number],
      initializer: Initializer,
      bounds: ParameterBounds = {},
    ) => {
      const known = matrices.get(name) ?? { node: parameter(name, shape), initializer, bounds };
      matrices.set(name, known);
      return known.node;
    };

  /** The output of every layer, and what statistics become with it. */
  const forward = (training: boolean) => {
    const updates: [Node, Node][] = [];
    let value = x;
    let width = inputs;
    const outputs = layers.map((layer, i) => {
      const context = {
        name: `layers.${i}`,
        seed,
        training,
        parameter: named(parameters),
        statistic: named(statistics),
        update: (statistic: Node, next: Node) => void updates.push([statistic, next]),
      };
      value = buildLayer(layer, value, width, context);
      width = layerWidth(layer, width);
      return value;
    });
    return { outputs, updates };
  };

  const { outputs: layerOutputs } = forward(false);
  const logits = layerOutputs.at(-1)!;
  const outputs = layers.reduce((width, layer) => layerWidth(layer, width), inputs);
  const learned = [...parameters.values()];
  const penalties = learned.flatMap((matrix) => penaltiesOf(matrix, architecture.regularizer));
  const targetColumns = outputs / (loss.outputsPerTarget ?? 1);
  return {
    architecture,
    loss,
    outputs,
    targetColumns,
    x,
    layerOutputs,
    parameters: learned.map(({ node }) => node),
    statistics: [...statistics.values()].map(({ node }) => node),
    constraints: new Map(
      learned.flatMap(({ node, bounds }) => (bounds.constraint ? [[node, bounds.constraint]] : [])),
    ),
    prediction: loss.predict(logits),
    objective(kind, training, weighted = false) {
      const trained = training ? forward(true) : { outputs: layerOutputs, updates: [] };
      const z = trained.outputs.at(-1)!;
      const target = input('targets', [ROWS, kind === 'class' ? 1 : targetColumns]);
      const weights = weighted ? input('weights', [ROWS, 1]) : null;
      const mean = meanLoss(architecture.loss, z, target, kind, weights);
      return {
        target,
        weights,
        loss: penalties.reduce((sum, part) => add(sum, part), mean),
        correct: countCorrect(loss, z, target, kind),
        updates: trained.updates,
      };
    },
    initialValues: () =>
      [...learned, ...statistics.values()].map(({ node, initializer }) => {
        const [fanIn, fanOut] = node.shape as readonly [number, number];
        return initialize(initializer, fanIn, fanOut, new Random(seed, node.name));
      }),
  };
}

interface NamedMatrix {
  readonly node: Node;
  readonly initializer: Initializer;
  readonly bounds: ParameterBounds;
}

/** What the layer's and the network's regularizers say of a parameter: of weights always, of biases where asked, of nothing else. */
function penaltiesOf({ node, bounds }: NamedMatrix, ofAll: Regularizer | undefined): Node[] {
  const { role, regularizer } = bounds;
  return [regularizer, ofAll].flatMap((one) => {
    const part = one && (role === 'weight' || (role === 'bias' && one.biases)) ? penalty(node, one) : null;
    return part ? [part] : [];
  });
}
