/**
 * Of the table in functions.ts what most models are content with: activations that are one operation at most and have no numbers, and the losses
 * that src/nn has at hand. It is downloaded with the entry, the table of all by models that need more.
 */
import { MAP_CODE_WORDS } from '../../assembly/isa.js';
import { losses } from '../nn/losses/table.js';
import functions, { type FunctionRow, type FunctionTable } from './functions.js';

const { activations, predictions } = functions;

const table: FunctionTable = {
  activations: select(activations, (_, row) => isPlain(row)),
  predictions: select(predictions, (name) => Object.hasOwn(losses, name)),
};
export default table;

function isPlain({ does, settings }: FunctionRow): boolean {
  const operations = typeof does === 'string' ? 0 : does.code.length / MAP_CODE_WORDS;
  return operations <= 1 && Object.keys(settings).length === 0;
}

function select(
  rows: Readonly<Record<string, FunctionRow>>,
  keep: (name: string, row: FunctionRow) => boolean,
): Record<string, FunctionRow> {
  return Object.fromEntries(Object.entries(rows).filter(([name, row]) => keep(name, row)));
}
