/**
 * A model as a file: safetensors whose metadata holds the architecture and whatever the caller wants to travel along. Reading
 * trusts nothing: shapes are compared with what the architecture implies before anything is allocated for them.
 */
import { FormatError } from '../errors.js';
import type { Node } from '../graph/node.js';
import { type Architecture, buildNetwork, checkArchitecture, type Network } from '../nn/network.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';

/** Key of the metadata under which the architecture stands, as JSON. */
const KEY = 'wasmlp';
const VERSION = 1;

export interface ModelContents {
  readonly network: Network;
  /** Row-major values by parameter name. */
  readonly parameters: Readonly<Record<string, Float32Array>>;
  /** Strings that travel along. */
  readonly metadata: Readonly<Record<string, string>>;
}

export function encodeModel({ network, parameters, metadata }: ModelContents): Uint8Array<ArrayBuffer> {
  const tensors = Object.fromEntries(
    network.parameters.map((node) => [
      node.name,
      { shape: tensorShape(node), values: parameters[node.name]! },
    ]),
  );
  const description = JSON.stringify({ version: VERSION, architecture: network.architecture });
  return writeSafetensors(tensors, { ...metadata, [KEY]: description });
}

/** Throws a FormatError for a file that is damaged, or is not a model of this library. */
export function decodeModel(bytes: Uint8Array): ModelContents {
  const { tensors, metadata } = readSafetensors(bytes);
  const { [KEY]: description, ...others } = metadata;
  if (description === undefined)
    throw new FormatError(`model file: expected metadata '${KEY}' with the architecture, got none`);
  const network = buildNetwork(readArchitecture(description));
  const known = new Set(network.parameters.map((node) => node.name));
  for (const name of Object.keys(tensors))
    if (!known.has(name))
      throw new FormatError(`model file: expected only ${[...known].join(', ')}, got tensor '${name}'`);
  const parameters: Record<string, Float32Array> = {};
  for (const node of network.parameters) {
    const tensor = tensors[node.name];
    const expected = tensorShape(node).join(' x ');
    const got = tensor ? tensor.shape.join(' x ') : 'none';
    if (!tensor || got !== expected)
      throw new FormatError(`model file: expected tensor '${node.name}' of shape ${expected}, got ${got}`);
    if (!tensor.values.every(Number.isFinite))
      throw new FormatError(`model file: expected finite numbers in tensor '${node.name}', got others`);
    parameters[node.name] = tensor.values;
  }
  return { network, parameters, metadata: others };
}

/** Weights are inputs x units; a bias is a list. */
function tensorShape(node: Node): number[] {
  const [rows, columns] = node.shape as readonly [number, number];
  return node.name.endsWith('.bias') ? [columns] : [rows, columns];
}

function readArchitecture(description: string): Architecture {
  try {
    const { version, architecture } = JSON.parse(description);
    if (version !== VERSION) throw new RangeError(`version: expected ${VERSION}, got ${version}`);
    return checkArchitecture(architecture);
  } catch (error) {
    throw new FormatError(`model file: the architecture is not one (${(error as Error).message})`);
  }
}
