/**
 * `wasmlp/inspect`: seeing what happens in a graph: as a picture, as the values and gradients of one pass, and whether gradients are what
 * differences say. In float64 and slow; networks of a few thousand numbers are what it is for.
 */
export {
  type CheckedEntry,
  type CheckOptions,
  checkGradients,
  type GradientCheck,
} from './inspect/check.js';
export type { DrawingOptions, Drawn } from './inspect/drawing.js';
export { mermaid } from './inspect/mermaid.js';
export { graphOf, type ModelGraph } from './inspect/model-graph.js';
export { svg } from './inspect/svg.js';
export { type Trace, type TraceRow, trace } from './inspect/trace.js';
export type { Values } from './inspect/values.js';
