/**
 * The activations and predictions of src/nn as code of the machine. Runs when the package is built (inlineValue in rollup.config.js): what
 * `wasmlp/infer` imports is the table that comes out of it, so a new row of src/nn needs nothing here, and no compiler goes along.
 *
 * A row that is more than one elementwise instruction, or needs more than numbers besides its argument, is left out; a model with it is
 * then refused by name.
 */
import type { PlacedInstruction } from '../compile/coalesce.js';
import { compile } from '../compile/compile.js';
import { mapOperation } from '../compile/words.js';
import { input } from '../graph/leaves.js';
import { type Node, ROWS } from '../graph/node.js';
import { activations } from '../nn/activations.js';
import { losses } from '../nn/losses.js';

/** A MAP in place: operands 0 and 1 are both the matrix, then come the constants, then the temporaries. */
export interface Elementwise {
  /** Operations, MAP_CODE_WORDS words each. */
  readonly code: readonly number[];
  readonly constants: readonly number[];
  readonly temporaries: number;
}

/** An elementwise function of a matrix, its softmax by rows, or nothing to be done. */
export type MatrixFunction = Elementwise | 'softmax' | 'identity';

export interface FunctionTable {
  readonly activations: Readonly<Record<string, MatrixFunction>>;
  /** What becomes of logits, by loss. */
  readonly predictions: Readonly<Record<string, MatrixFunction>>;
}

const table: FunctionTable = {
  activations: lowerRows(activations, ({ build }) => build),
  predictions: lowerRows(losses, ({ predict }) => predict),
};
export default table;

function lowerRows<Row>(
  rows: Readonly<Record<string, Row>>,
  build: (row: Row) => (z: Node) => Node,
): Record<string, MatrixFunction> {
  return Object.fromEntries(
    Object.entries(rows).flatMap(([name, row]) => {
      const lowered = lower(build(row));
      return lowered ? [[name, lowered]] : [];
    }),
  );
}

function lower(build: (z: Node) => Node): MatrixFunction | null {
  const z = input('z', [ROWS, 5]);
  const value = build(z);
  if (value === z) return 'identity';
  const { instructions } = compile({
    capacity: 2,
    leaves: new Map([[z, { block: 'z', offset: 0 }]]),
    stores: [{ value, place: { block: 'value', offset: 0 } }],
  });
  const [only, ...others] = instructions;
  return only && others.length === 0 ? lowerInstruction(only) : null;
}

function lowerInstruction(instruction: PlacedInstruction): MatrixFunction | null {
  if (instruction.kind === 'softmax') return 'softmax';
  if (instruction.kind !== 'placedMap') return null;
  const { operands, code, temporaries } = instruction.kernel;
  const { full, row, column, scalar } = operands;
  const constants = scalar.flatMap(({ values }) => (values ? [...values] : []));
  if (full.length !== 2 || row.length + column.length > 0 || constants.length !== scalar.length) return null;
  return { code: code.flatMap(mapOperation), constants, temporaries };
}
