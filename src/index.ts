/** `wasmlp`: multi-layer perceptrons. Public names only; graphs of one's own are in `wasmlp/graph`. */
export { createEngine } from './engine/create.js';
export type { Engine, EngineInfo, EngineOptions } from './engine/engine.js';
export { DataError, DivergenceError, FormatError } from './errors.js';
export type { Activation, ActivationName } from './nn/activations.js';
export type { Initializer, InitializerName } from './nn/initializers.js';
export { type DenseLayer, type DenseOptions, dense } from './nn/layers/dense.js';
export { type DropoutLayer, dropout, type GaussianNoiseLayer, gaussianNoise } from './nn/layers/noise.js';
export {
  type BatchNormalizationLayer,
  type BatchNormalizationOptions,
  batchNormalization,
  type LayerNormalizationLayer,
  type LayerNormalizationOptions,
  layerNormalization,
} from './nn/layers/normalization.js';
export { type GluLayer, glu, type MaxoutLayer, maxout } from './nn/layers/pieces.js';
export {
  type PairProductsLayer,
  type PolynomialLayer,
  type PowerProductsLayer,
  type PowerProductsOptions,
  pairProducts,
  polynomial,
  powerProducts,
} from './nn/layers/products.js';
export { type RbfLayer, type RbfOptions, rbf } from './nn/layers/rbf.js';
export type { Layer } from './nn/layers/table.js';
export type { LossChoice, LossName } from './nn/losses/table.js';
export type { Architecture } from './nn/network.js';
export {
  type AdamaxOptions,
  type AdamOptions,
  adam,
  adamax,
  adamW,
  type NadamOptions,
  nadam,
} from './nn/optimizers/adam.js';
export {
  type AdadeltaOptions,
  type AdagradOptions,
  adadelta,
  adagrad,
  type RmspropOptions,
  rmsprop,
} from './nn/optimizers/adaptive.js';
export { type Lbfgs, type LbfgsOptions, lbfgs } from './nn/optimizers/lbfgs.js';
export type { Optimizer } from './nn/optimizers/optimizer.js';
export { type QuickpropOptions, quickprop, type RpropOptions, rprop } from './nn/optimizers/own-steps.js';
export { type SgdOptions, sgd } from './nn/optimizers/sgd.js';
export {
  type Constraint,
  elastic,
  l1,
  l2,
  maxNorm,
  nonNegative,
  type Regularizer,
  type RegularizerOptions,
} from './nn/regularizers.js';
export type { Moment, Schedule, ScheduleName, ScheduleOptions } from './nn/schedules.js';
export type { Batch, BatchSource } from './train/batch-source.js';
export type { EvaluationReport } from './train/evaluate.js';
export type { Gradients } from './train/gradients.js';
export type { Labels, Rows } from './train/matrix.js';
export { load, type MlpOptions, type Model, mlp } from './train/model.js';
export type { EpochReport, History } from './train/progress.js';
export type { FitOptions } from './train/settings.js';
export type { EarlyStopping } from './train/stopping.js';
export type { Weighting } from './train/weights.js';
