/** What counts as a stream of batches. What is done with one is in stream.ts. */
import type { Labels, Rows } from './matrix.js';

export interface Batch {
  inputs: Rows;
  labels: Labels;
  /** How much each row counts, one number of at least 0; in all batches or in none. */
  sampleWeights?: ArrayLike<number> | undefined;
}

/** Batches; or a function that begins them anew, for more than one epoch. */
export type BatchSource =
  | AsyncIterable<Batch>
  | Iterable<Batch>
  | (() => AsyncIterable<Batch> | Iterable<Batch>);

export function isBatchSource(value: unknown): value is BatchSource {
  return (
    typeof value === 'function' || (isIterable(value) && !Array.isArray(value) && !ArrayBuffer.isView(value))
  );
}

export function isIterable(value: unknown): value is Iterable<Batch> | AsyncIterable<Batch> {
  if (typeof value !== 'object' || value === null) return false;
  return Symbol.asyncIterator in value || Symbol.iterator in value;
}
