/**
 * What a model file carries besides the network, so that the program can use it on the same raw data again: for a table its
 * preprocessor, for images their shape and the names of their classes. JSON in the model's metadata; what comes back from a
 * file is believed only after it fits the network.
 */
import { field, listField, nameField, namesField } from '../data/checked.js';
import { inputNames } from '../data/features.js';
import { checkPreprocessor, type Preprocessor, type Target } from '../data/index.js';
import { FormatError } from '../errors.js';
import { type Engine, load, type Model } from '../index.js';
import { nameOf } from '../nn/choice.js';
import { within } from './failure.js';
import { DEFAULT_LOSS, lossNames } from './loss.js';

export interface TableData {
  readonly kind: 'table';
  readonly preprocessor: Preprocessor;
}

export interface ImageData {
  readonly kind: 'images';
  /** Of one image, slowest dimension first: for example [28, 28]. */
  readonly shape: readonly number[];
  /** Names of the classes: the label numbers of the training images, ascending. */
  readonly classes: readonly string[];
}

export type ModelData = TableData | ImageData;

/** The key of the metadata. */
export const DATA_KEY = 'data';

/** Columns of the inputs that the data becomes. */
export function inputsOf(data: ModelData): number {
  return data.kind === 'images'
    ? data.shape.reduce((product, size) => product * size, 1)
    : data.preprocessor.features.reduce((sum, feature) => sum + inputNames(feature).length, 0);
}

/** What the model tells. Images have no column; theirs is called label. */
export function targetOf(data: ModelData): Target {
  return data.kind === 'images'
    ? { kind: 'classes', name: 'label', classes: data.classes }
    : data.preprocessor.target;
}

/** Columns of the network's outputs: one a class, or the number. */
export function outputsOf(target: Target): number {
  return target.kind === 'classes' ? target.classes.length : 1;
}

/** A model file. The caller disposes of the model, or of the engine. @throws what starts with the path */
export function openModel(path: string, engine: Engine): Promise<Model> {
  return within(path, async () => {
    try {
      return await load(path, { engine });
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      throw new FormatError(`expected a model that wasmlp train wrote, whole; ${error.message}`);
    }
  });
}

/** @throws FormatError for a model without data, or with data that is not of this network */
export function readModelData(model: Model): ModelData {
  const text = model.metadata[DATA_KEY];
  if (text === undefined)
    throw new FormatError(
      'expected a model that wasmlp train wrote, found one that says nothing about its data',
    );
  const data = checkModelData(parse(text));
  const { inputs, layers, loss } = model.architecture;
  const target = targetOf(data);
  const outputs = layers.findLast((layer) => layer.kind === 'dense')!.units;
  const name = nameOf(loss);
  if (inputsOf(data) !== inputs || outputsOf(target) !== outputs || !lossNames(target.kind).includes(name))
    throw new FormatError(
      `model file: expected data for a network of ${inputs} inputs, ${outputs} outputs and ${name}, ` +
        `got data of ${inputsOf(data)} inputs, ${outputsOf(target)} outputs and ${DEFAULT_LOSS[target.kind]}`,
    );
  return data;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new FormatError(`model file: expected JSON in metadata '${DATA_KEY}', got something else`);
  }
}

function checkModelData(value: unknown): ModelData {
  const where = 'data';
  const kind = nameField(value, 'kind', where, ['table', 'images'] as const);
  if (kind === 'table') return { kind, preprocessor: checkPreprocessor(field(value, 'preprocessor', where)) };
  const shape = listField(value, 'shape', where, 1, (size, place) => {
    if (typeof size === 'number' && Number.isInteger(size) && size > 0) return size;
    throw new FormatError(`${place}: expected a size of 1 or more, found another value`);
  });
  return { kind, shape, classes: namesField(value, 'classes', where, 2) };
}
