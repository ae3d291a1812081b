/**
 * The activations and predictions of src/nn as code of the machine. Runs when the package is built (inlineValue in rollup.config.js): what
 * `wasmlp/infer` imports is the table that comes out of it, so a new row of src/nn needs nothing here, and no compiler goes along.
 *
 * A row that is more than one instruction is left out; a model with it is then refused by name.
 */
import type { PlacedInstruction } from '../compile/coalesce.js';
import { compile } from '../compile/compile.js';
import { mapOperation } from '../compile/words.js';
import { input } from '../graph/leaves.js';
import { ancestors, type Node, ROWS } from '../graph/node.js';
import { type ActivationRow, activations } from '../nn/activations.js';
import type { Settings } from '../nn/choice.js';
import { allLosses } from '../nn/losses/all.js';
import type { Loss } from '../nn/losses/loss.js';
import { runsSmall } from './machine.js';

/**
 * A MAP in place: operands 0 and 1 are both the matrix, then come rows, one number a column, then single numbers, then the temporaries. A
 * name stands for what the layer's description or its learned numbers say.
 */
export interface Elementwise<Row = string, Scalar = number | string> {
  /** Operations, MAP_CODE_WORDS words each. */
  readonly code: readonly number[];
  readonly rows: readonly Row[];
  readonly scalars: readonly Scalar[];
  readonly temporaries: number;
}

/** An elementwise function of a matrix, its softmax by rows, or nothing to be done. */
export type MatrixFunction<E = Elementwise> = E | 'softmax' | 'identity';

/** A row of a table of src/nn: what it does, and the numbers that it is chosen with. */
export interface FunctionRow {
  readonly does: MatrixFunction;
  readonly settings: Settings;
  /** Where the small machine has not what it takes; see machine.ts. */
  readonly needsWhole?: true;
}

export interface FunctionTable {
  readonly activations: Readonly<Record<string, FunctionRow>>;
  /** What becomes of logits, by loss. */
  readonly predictions: Readonly<Record<string, FunctionRow>>;
}

/** Columns of the matrices that functions are compiled with. */
const COLUMNS = 5;

const table: FunctionTable = {
  activations: lowerRows<ActivationRow>(activations, ({ build, settings = {} }, z) =>
    build(z, symbols(settings), { training: false, key: { seed: 0, stream: 0 } }),
  ),
  predictions: lowerRows<Loss>(allLosses, ({ predict }, z) => predict(z)),
};
export default table;

function lowerRows<Row extends { readonly settings?: Settings }>(
  rows: Readonly<Record<string, Row>>,
  build: (row: Row, z: Node) => Node,
): Record<string, FunctionRow> {
  return Object.fromEntries(
    Object.entries(rows).flatMap(([name, row]) => {
      const does = lower((z) => build(row, z));
      if (!does) return [];
      const known = { does, settings: row.settings ?? {} };
      return [[name, runsSmall(does) ? known : { ...known, needsWhole: true }]];
    }),
  );
}

/** What a row is chosen with, as symbols of the same names. */
function symbols(settings: Settings): Record<string, Node> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, { learned }]) => [
      name,
      input(name, [1, learned === 'unit' ? COLUMNS : 1]),
    ]),
  );
}

function lower(build: (z: Node) => Node): MatrixFunction | null {
  const z = input('z', [ROWS, COLUMNS]);
  const value = build(z);
  if (value === z) return 'identity';
  const given = ancestors([value]).filter(({ name }) => name !== '');
  const { instructions } = compile({
    capacity: 2,
    leaves: new Map(given.map((node) => [node, { block: node.name, offset: 0 }])),
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
  if (full.length !== 2 || column.length > 0 || row.some(({ name }) => name === '')) return null;
  const rows = row.map(({ name }) => name);
  const scalars = scalar.map(({ values, name }) => values?.[0] ?? name);
  return { code: code.flatMap(mapOperation), rows, scalars, temporaries };
}
