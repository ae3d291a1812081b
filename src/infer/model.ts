/**
 * A saved model as what inference needs of it: products with what follows them. Reads the same files as `load`, by the same rules, without
 * building a graph; what only training knows (initial weights, dropout) is passed over.
 */
import { checkBoolean, checkInteger, checkName, wrongRange, wrongType } from '../errors.js';
import { believed, readContents, takeTensors } from '../formats/contents.js';
import { type Choice, checkChoice, nameOf, numbersOf, type Settings } from '../nn/choice.js';
import common from './common-functions.ts?value';
import type { Elementwise, FunctionRow, FunctionTable, MatrixFunction } from './functions.js';

/** What is done to a layer's sums, with all its numbers. */
export type Finish = MatrixFunction<Elementwise<Float32Array, number>>;

/** activation(x W + b). */
export interface Dense {
  /** Rows and columns of W. */
  readonly inputs: number;
  readonly units: number;
  readonly activation: Finish;
  /** inputs x units, row-major. */
  readonly weight: Float32Array;
  /** One number a unit; null where there is none. */
  readonly bias: Float32Array | null;
}

export interface InferenceModel {
  readonly layers: readonly Dense[];
  /** From logits to predictions. */
  readonly prediction: Finish;
  /** Whether the small machine can run it. */
  readonly runsSmall: boolean;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The part of a model's description that inference reads. */
interface Architecture {
  readonly inputs: number;
  readonly layers: readonly Layer[];
  readonly loss: Choice;
}

interface Layer {
  readonly kind: string;
  readonly units: number;
  readonly activation: Choice;
  readonly bias: boolean;
}

/** How each kind of layer is checked; layers without units leave what they are given as it is. */
const layerKinds = {
  dense(name: string, { units, activation, bias }: Layer, { activations }: FunctionTable): void {
    checkInteger(`${name}.units`, units, 1, 2 ** 20);
    checkChoice(`${name}.activation`, activation, activations);
    checkBoolean(`${name}.bias`, bias);
  },
  dropout(): void {},
  gaussianNoise(): void {},
};

const KNOWN = `one of ${Object.keys(layerKinds).join(', ')}`;

/** Rejects with a FormatError for a file that is damaged, is no model, or is one that inference does not know how to run. */
export async function decodeInference(bytes: Uint8Array): Promise<InferenceModel> {
  const { architecture, tensors, metadata } = readContents<Architecture>(bytes);
  const functions = isCommon(architecture) ? common : (await import('./functions.ts?value')).default;
  believed(() => checkArchitecture(architecture, functions));
  const { activations, predictions } = functions;
  const found = denseLayers(architecture);
  const shapes = new Map<string, readonly number[]>();
  for (const { name, inputs, units, bias, activation } of found) {
    shapes.set(`${name}.weight`, [inputs, units]);
    if (bias) shapes.set(`${name}.bias`, [units]);
    for (const [member, learned] of learnedBy(activations[nameOf(activation)]!.settings))
      shapes.set(`${name}.${member}`, [1, learned === 'unit' ? units : 1]);
  }
  const values = takeTensors(tensors, shapes);
  const rows = [
    predictions[nameOf(architecture.loss)]!,
    ...found.map(({ activation }) => activations[nameOf(activation)]!),
  ];
  return {
    runsSmall: !rows.some(({ needsWhole }) => needsWhole),
    layers: found.map(({ name, inputs, units, activation }) => ({
      inputs,
      units,
      activation: finishOf(activation, activations, (member) => values[`${name}.${member}`]!),
      weight: values[`${name}.weight`]!,
      bias: values[`${name}.bias`] ?? null,
    })),
    prediction: finishOf(architecture.loss, predictions, (member) => values[member]!),
    metadata,
  };
}

/** Whether the functions at hand are all that it needs. What is no architecture is judged by the table of all, whose names the message has. */
function isCommon({ layers, loss }: Architecture): boolean {
  const { activations, predictions } = common;
  try {
    return (
      nameOf(loss) in predictions &&
      layers.every(({ kind, activation }) => kind !== 'dense' || nameOf(activation) in activations)
    );
  } catch {
    return false;
  }
}

/** The settings that training has replaced by learned numbers. */
function learnedBy(settings: Settings): [string, 'unit' | 'layer'][] {
  return Object.entries(settings).flatMap(([name, { learned }]) => (learned ? [[name, learned]] : []));
}

/** The function with numbers for names: those of its description, and those learned, which `read` gives. */
function finishOf(
  choice: Choice,
  table: Readonly<Record<string, FunctionRow>>,
  read: (member: string) => Float32Array,
): Finish {
  const { does, settings } = table[nameOf(choice)]!;
  if (typeof does === 'string') return does;
  const learned = learnedBy(settings).map(([name]) => [name, read(name)[0]!]);
  const numbers = { ...numbersOf(choice, settings), ...Object.fromEntries(learned) };
  return {
    ...does,
    rows: does.rows.map(read),
    scalars: does.scalars.map((scalar) => (typeof scalar === 'string' ? numbers[scalar]! : scalar)),
  };
}

function denseLayers({ inputs, layers }: Architecture) {
  let width = inputs;
  return layers.flatMap((layer, i) => {
    if (layer.kind !== 'dense') return [];
    const found = { ...layer, name: `layers.${i}`, inputs: width };
    width = layer.units;
    return [found];
  });
}

function checkArchitecture(value: Architecture, functions: FunctionTable): void {
  const { inputs, layers, loss } = value;
  checkInteger('inputs', inputs, 1, 2 ** 20);
  if (!Array.isArray(layers)) throw wrongType('layers', 'a list of layers', layers);
  layers.forEach((layer: Layer, i) => {
    const name = `layers[${i}]`;
    const { kind } = checkObject(name, layer);
    if (typeof kind === 'string' && !Object.hasOwn(layerKinds, kind))
      throw wrongRange(`${name}.kind`, `${KNOWN} (others: in wasmlp)`, kind);
    layerKinds[checkName(`${name}.kind`, kind, layerKinds)](name, layer, functions);
  });
  const last = layers.at(-1) as Layer | undefined;
  if (last?.kind !== 'dense' || nameOf(last.activation) !== 'identity')
    throw wrongRange('layers', 'a dense layer without activation at the end', last?.kind);
  checkChoice('loss', loss, functions.predictions);
}

function checkObject(name: string, value: Layer): Layer {
  if (value === null || typeof value !== 'object') throw wrongType(name, 'a layer', value);
  return value;
}
