/** Small tables for the tests of data/, and where the real files are. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Table } from '../../src/data/table.js';

/** A table from its columns, given by name. */
export function tableOf(columns: Record<string, readonly (string | number)[]>): Table {
  const entries = Object.entries(columns).map(([name, values]) => ({ name, values: values.map(String) }));
  return { columns: entries, rows: entries[0]!.values.length };
}

/** `values` over and over, `count` in all. */
export function cycle<T>(count: number, ...values: T[]): T[] {
  return Array.from({ length: count }, (_, i) => values[i % values.length]!);
}

/** The folder with real data: WASMLP_DATA, or shared/data beside the clone. */
export const DATA =
  process.env.WASMLP_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
export const HAS_DATA = existsSync(DATA);
/** Goes behind the name of a test that needs the folder, so that a skipped test says why. */
export const NEEDS_DATA = HAS_DATA ? '' : ' (skipped: no real data; set WASMLP_DATA to its folder)';
