/**
 * What the compiler is asked for, and the words it answers in. Knows graphs and bytes; nothing of WebAssembly.
 *
 * Memory is a set of named blocks. The compiler says how large its own blocks are, the engine says where all of them
 * stand. A place is a block and an offset, so a program can be laid out before anything has an address.
 */
import { VECTOR_BYTES } from '../../assembly/isa.js';
import { type Node, ROWS, type Shape } from '../graph/node.js';

/** A position in memory: bytes from the beginning of a block. */
export interface Place {
  readonly block: string;
  readonly offset: number;
}

/** Rows of a data set that an input is filled from at the beginning of each step. */
export interface Source {
  readonly input: Node;
  /** Block of the data, row-major. */
  readonly block: string;
  /** Block of uint32 row numbers, the order in which steps take the rows; null for one after the other. */
  readonly order: string | null;
  readonly type: 'float32' | 'uint8';
  /** uint8 only: what a byte is multiplied by. */
  readonly scale: number;
}

/** A step, as graph. */
export interface Job {
  /** Most rows a step will have. */
  readonly capacity: number;
  /** Where inputs, parameters and state stand. */
  readonly leaves: ReadonlyMap<Node, Place>;
  /** Values and where they must stand when the step ends; the place of a leaf for an update. */
  readonly stores: readonly { readonly value: Node; readonly place: Place }[];
  /** Inputs (1 x 1) that the step record carries, in its order. */
  readonly scalars?: readonly Node[];
  /** Values (1 x 1) appended to the result table after every step. */
  readonly results?: readonly Node[];
  readonly sources?: readonly Source[];
  /** A value (1 x 1) that must be finite before any leaf is updated. */
  readonly check?: Node;
  /** Elements from which on an update becomes part of the product that it follows from, default LARGE_UPDATE. */
  readonly largeUpdate?: number;
  /** Time of an instruction from which on threads divide it, in ns; default WORTH_SPLITTING. */
  readonly worthSplitting?: number;
}

/** Smaller updates are better done in one pass over all of them. */
export const LARGE_UPDATE = 512;

/** The blocks that the compiler itself needs, besides those the job names. */
export const CODE = 'code';
export const CONSTANTS = 'constants';
export const SCALARS = 'scalars';
export const RESULTS = 'results';
export const TEMPORARIES = 'temporaries';
/** The blocks that whoever runs a program provides: step records and the table of results. */
export const STEPS = 'steps';
export const RESULT_TABLE = 'resultTable';

export function elements([rows, columns]: Shape, capacity: number): number {
  return (rows === ROWS ? capacity : rows) * (columns === ROWS ? capacity : columns);
}

/** Bytes of a value, padded to whole vectors. */
export function bytesOf(shape: Shape, capacity: number): number {
  return Math.ceil((elements(shape, capacity) * 4) / VECTOR_BYTES) * VECTOR_BYTES;
}

/** Places for values one after the other in a block; blocks of equal shapes are laid out alike. */
export function layout(
  block: string,
  nodes: readonly Node[],
  capacity: number,
): { places: Place[]; bytes: number } {
  let bytes = 0;
  const places = nodes.map((node) => {
    const place = { block, offset: bytes };
    bytes += bytesOf(node.shape, capacity);
    return place;
  });
  return { places, bytes };
}

export function samePlace(a: Place | undefined, b: Place | undefined): boolean {
  return a !== undefined && b !== undefined && a.block === b.block && a.offset === b.offset;
}
