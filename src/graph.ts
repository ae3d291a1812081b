/**
 * `wasmlp/graph`: symbols, their gradients as symbols, and a compiler that makes a function of them.
 */
export { createEngine } from './engine/create.js';
export type { Engine, EngineInfo, EngineOptions } from './engine/engine.js';
export { compile, type Feed, type GraphFunction } from './engine/function.js';
export { concat, pad, reshape, slice } from './graph/arrange.js';
export { type Axis, broadcastTo, sum } from './graph/broadcast.js';
export { hessian, hessianVectorProduct, jacobian, saliency } from './graph/derivatives.js';
export {
  abs,
  add,
  cos,
  div,
  equal,
  erf,
  exp,
  expm1,
  floor,
  gelu,
  greater,
  greaterEqual,
  leakyRelu,
  log,
  log1p,
  maximum,
  minimum,
  mul,
  neg,
  normalCdf,
  relu,
  round,
  select,
  sigmoid,
  sign,
  sin,
  softplus,
  sqrt,
  square,
  step,
  sub,
  tanh,
} from './graph/elementwise.js';
export { gather } from './graph/gather.js';
export { grad } from './graph/grad.js';
export { constant, input, type Operand, parameter, rowCount } from './graph/leaves.js';
export { logSoftmax, sigmoidCrossEntropy, softmax, softmaxCrossEntropy } from './graph/likelihood.js';
export { matmul, transpose } from './graph/linear.js';
export { maxout, pairProducts, polynomial, power } from './graph/multiplicative.js';
export { type Dimension, type Node, ROWS, type Shape } from './graph/node.js';
export { argmax, maxColumns, mean, oneHot } from './graph/reduce.js';
export { dropout, normal, type RandomKey, uniform } from './graph/stochastic.js';
