/**
 * A model as a file: safetensors whose metadata holds the architecture and whatever the caller wants to travel along. Reading
 * trusts nothing: shapes are compared with what the architecture implies before anything is allocated for them.
 *
 * Loaded when a model is first saved or loaded: a page that only trains downloads none of it.
 */
import type { Node } from '../graph/node.js';
import { type Architecture, buildNetwork, checkArchitecture, type Network } from '../nn/network.js';
import { readBytes } from './bytes.js';
import { believed, KEY, readContents, takeTensors, VERSION } from './contents.js';
import { replaceFile } from './file.js';
import { writeSafetensors } from './safetensors.js';

export interface ModelContents {
  readonly network: Network;
  /** Row-major values by parameter name. */
  readonly parameters: Readonly<Record<string, Float32Array>>;
  /** Strings that travel along. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The model from its bytes, or in Node from the file of this name. */
export async function readModel(source: unknown): Promise<ModelContents> {
  return decodeModel(await readBytes(source));
}

/** The model's bytes; with a path, written to that file as well. */
export async function writeModel(
  contents: ModelContents,
  path: string | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = encodeModel(contents);
  if (path !== undefined) await replaceFile(path, bytes);
  return bytes;
}

function encodeModel({ network, parameters, metadata }: ModelContents): Uint8Array<ArrayBuffer> {
  const tensors = Object.fromEntries(
    matricesOf(network).map((node) => [
      node.name,
      { shape: tensorShape(node), values: parameters[node.name]! },
    ]),
  );
  const description = JSON.stringify({ version: VERSION, architecture: network.architecture });
  return writeSafetensors(tensors, { ...metadata, [KEY]: description });
}

/** Throws a FormatError for a file that is damaged, or is not a model of this library. */
export function decodeModel(bytes: Uint8Array): ModelContents {
  const { architecture, tensors, metadata } = readContents<Architecture>(bytes);
  const network = buildNetwork(believed(() => checkArchitecture(architecture)));
  const shapes = new Map(matricesOf(network).map((node) => [node.name, tensorShape(node)]));
  return { network, parameters: takeTensors(tensors, shapes), metadata };
}

function matricesOf({ parameters, statistics }: Network): Node[] {
  return [...parameters, ...statistics];
}

/** Numbers of which each unit has one. */
const LISTS = /\.(bias|scale|runningMean|runningVariance)$/;

/** Weights are inputs x units; a bias is a list. */
function tensorShape(node: Node): number[] {
  const [rows, columns] = node.shape as readonly [number, number];
  return LISTS.test(node.name) ? [columns] : [rows, columns];
}
