/**
 * The foreign runs of this folder, typed. What each holds and how it was computed stands in the program of
 * the same name; all matrices are flat and row-major. Data only: no tolerance and no comparison lives here.
 */

import layersJson from './layers.json' with { type: 'json' };
import lbfgsJson from './lbfgs.json' with { type: 'json' };
import networksJson from './networks.json' with { type: 'json' };
import opsJson from './ops.json' with { type: 'json' };
import optimizersJson from './optimizers.json' with { type: 'json' };
import schedulesJson from './schedules.json' with { type: 'json' };
import sklearnJson from './sklearn_curves.json' with { type: 'json' };

/** `layers.i.weight` [inputs x units] and `layers.i.bias` [units]. */
export type Parameters = Record<string, number[]>;

export interface OptimizerVectors {
  /** The version of PyTorch that wrote the file, in its own words. */
  torch: string;
  /** Inputs, then the units of each layer. */
  sizes: number[];
  /** One for each layer but the last, which is linear. */
  activations: string[];
  rows: number;
  /** [rows x sizes[0]] */
  inputs: number[];
  /** A class for each row. */
  labels: number[];
  initial: Parameters;
  runs: OptimizerRun[];
}

export interface OptimizerRun {
  /** The name in this project. */
  algorithm: string;
  /** Where one is left out, the defaults of both. */
  options: Record<string, number | boolean>;
  steps: OptimizerStep[];
}

export interface OptimizerStep {
  /** Mean softmax cross-entropy before the update: the function whose gradient the step followed. */
  loss: number;
  /** After the update. */
  parameters: Parameters;
}

export type Activation = 'identity' | 'tanh' | 'sigmoid' | 'relu' | 'leakyRelu' | 'softplus';

/** `.sum` and `.mean` say what happens to a row's outputs; over the rows it is always the mean. */
export type Loss =
  | 'softmaxCrossEntropy.classes'
  | 'softmaxCrossEntropy.distributions'
  | 'sigmoidCrossEntropy.sum'
  | 'sigmoidCrossEntropy.mean'
  | 'meanSquaredError';

export interface NetworkVectors {
  torch: string;
  /** Inputs, then the units of each layer. */
  sizes: number[];
  rows: number;
  /** [rows x sizes[0]] */
  inputs: number[];
  /** [rows] classes for softmaxCrossEntropy.classes, else [rows x outputs]. */
  targets: Record<Loss, number[]>;
  parameters: Parameters;
  /** One for every pairing. */
  points: NetworkPoint[];
}

export interface NetworkPoint {
  /** Of every layer but the last, which is linear; leakyRelu has slope 0.01. */
  activation: Activation;
  loss: Loss;
  /** Of the loss. */
  value: number;
  /** What the last layer gives, [rows x outputs]. */
  outputs: number[];
  gradients: Parameters;
  /** [rows x sizes[0]] */
  inputGradients: number[];
}

export interface OpVectors {
  torch: string;
  /** By the function's name; the three arrays have one length. */
  elementwise: Record<string, { inputs: number[]; values: number[]; derivatives: number[] }>;
  rowwise: Record<string, RowwiseVectors>;
}

export interface RowwiseVectors {
  rows: number;
  columns: number;
  /** [rows x columns] */
  inputs: number[];
  /** [rows x columns], or [rows] for logSumExp. */
  values: number[];
  /** The derivative of some scalar by `values`, of their shape. */
  upstream: number[];
  /** The derivative of that scalar by `inputs`, of their shape. */
  derivatives: number[];
}

export interface LayerVectors {
  torch: string;
  rows: number;
  /** Of full-batch gradient descent, with this rate. */
  steps: number;
  rate: number;
  /** By kind of layer, with a word where there are several of a kind. */
  layers: Record<string, LayerRun>;
}

export interface LayerRun {
  inputs: number[];
  targets: number[];
  /** What is learned and what is kept. */
  parameters: Parameters;
  before: LayerPoint;
  /** Each before its step. */
  losses: number[];
  /** The parameters after the last step. */
  trained: Parameters;
  after: LayerPoint;
}

/** As in prediction. */
export interface LayerPoint {
  value: number;
  outputs: number[];
  inputGradients: number[];
  gradients: Parameters;
}

export const layerVectors = layersJson as unknown as LayerVectors;
export interface ScheduleVectors {
  torch: string;
  steps: number;
  /** [steps] What the plateau was told. */
  losses: number[];
  /** [steps] for each schedule. */
  rates: Record<string, number[]>;
}

export interface MinimumVectors {
  sklearn: string;
  rows: number;
  columns: number;
  logistic: Minimum;
  squares: Minimum;
}

/** Of a mean over the rows, without penalty: one output, linear in the columns. */
export interface Minimum {
  /** [rows x columns] */
  inputs: number[];
  /** [rows] */
  targets: number[];
  /** [columns] */
  weight: number[];
  /** [1] */
  bias: number[];
  loss: number;
}

export interface CurveVectors {
  rows: number;
  columns: number;
  classes: number;
  /** Rows of a step. */
  batch: number;
  /** A digit for each row. */
  labels: string;
  /** Base64 of bytes [rows x columns], to be scaled column by column to 0..1. */
  values: string;
  /** Base64 of uint16 [epochs x rows]; null where one batch is all rows. */
  orders: string | null;
  /** Base64 of float32: a hidden layer of 100, and the classes. */
  weights: Record<string, string>;
  /** The loss of every epoch. */
  curves: Record<string, number[]>;
}

export const minimumVectors = lbfgsJson as MinimumVectors;
export const curveVectors = sklearnJson as { sklearn: string; iris: CurveVectors; digits: CurveVectors };
export const scheduleVectors = schedulesJson as ScheduleVectors;
export const optimizerVectors = optimizersJson as OptimizerVectors;
export const networkVectors = networksJson as NetworkVectors;
export const opVectors = revive(opsJson) as OpVectors;

/** JSON has no infinities and its writers lose -0: in arrays, strings that Number() reads stand for them. */
function revive(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(Number);
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, revive(value)]));
}
