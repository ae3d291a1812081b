/**
 * From a column of text to the network's input columns. Three kinds of feature, one table: how each is fitted to a
 * training column, which input columns it makes, how it fills them, how it is read back from a file.
 *
 *   numeric      the standardised number; median where missing
 *   boolean      0 or 1; the commoner of both where missing
 *   categorical  one column a category, 1 in its own; all 0 for a category never seen in training
 *
 * A feature whose training column had missing cells makes one more input column, 1 where the cell is missing.
 */
import { DataError, show } from '../errors.js';
import { booleanField, field, finiteField, nameField, namesField, stringField } from './checked.js';
import { type ColumnLook, lookAt, notANumber, parseBoolean } from './columns.js';
import { checkScaling, fitScaling, median, type Scaling, standardise } from './scaling.js';
import { type Column, isMissing, parseNumber, placeOf, type Table } from './table.js';

interface FeatureBase {
  /** The column of the table it is made from. */
  readonly name: string;
  /** True if it has an input column that says the cell is missing. */
  readonly missing: boolean;
}
export interface NumericFeature extends FeatureBase {
  readonly kind: 'numeric';
  readonly scaling: Scaling;
  /** Stands for a missing number; in raw units. */
  readonly fill: number;
}
export interface BooleanFeature extends FeatureBase {
  readonly kind: 'boolean';
  readonly fill: 0 | 1;
}
export interface CategoricalFeature extends FeatureBase {
  readonly kind: 'categorical';
  readonly categories: readonly string[];
}
export type Feature = NumericFeature | BooleanFeature | CategoricalFeature;

/** Writes the input columns of one cell at `inputs[at]`, `inputs[at + 1]`, ...; they are 0 before. */
type CellWriter = (inputs: Float32Array, at: number, row: number) => void;

interface FeatureKind<F extends Feature> {
  readonly names: (feature: F) => string[];
  readonly present: (feature: F, table: Table, column: Column) => CellWriter;
  readonly absent: (feature: F) => (inputs: Float32Array, at: number) => void;
  readonly check: (value: unknown, where: string, base: FeatureBase) => F;
}

const numeric: FeatureKind<NumericFeature> = {
  names: (feature) => [feature.name],
  present: (feature, table, column) => (inputs, at, row) => {
    const number = parseNumber(column.values[row]!);
    if (!Number.isFinite(number)) throw notANumber(table, column, row);
    inputs[at] = standardise(feature.scaling, number);
  },
  absent: (feature) => {
    const fill = standardise(feature.scaling, feature.fill);
    return (inputs, at) => {
      inputs[at] = fill;
    };
  },
  check: (value, where, base) => ({
    kind: 'numeric',
    ...base,
    scaling: checkScaling(field(value, 'scaling', where), `${where}.scaling`),
    fill: finiteField(value, 'fill', where),
  }),
};

const boolean: FeatureKind<BooleanFeature> = {
  names: (feature) => [feature.name],
  present: (_feature, table, column) => (inputs, at, row) => {
    const text = column.values[row]!;
    const truth = parseBoolean(text);
    if (truth === undefined)
      throw new DataError(
        `${placeOf(table, row, column.name)}: expected true or false as in training, found ${show(text)}`,
      );
    inputs[at] = truth;
  },
  absent: (feature) => (inputs, at) => {
    inputs[at] = feature.fill;
  },
  check: (value, where, base) => ({
    kind: 'boolean',
    ...base,
    fill: nameField(value, 'fill', where, [0, 1] as const),
  }),
};

const categorical: FeatureKind<CategoricalFeature> = {
  names: (feature) => feature.categories.map((category) => `${feature.name}=${category}`),
  present: (feature, _table, column) => {
    const places = new Map(feature.categories.map((category, i) => [category, i]));
    return (inputs, at, row) => {
      const place = places.get(column.values[row]!);
      if (place !== undefined) inputs[at + place] = 1;
    };
  },
  absent: () => () => {},
  check: (value, where, base) => ({
    kind: 'categorical',
    ...base,
    categories: namesField(value, 'categories', where, 1),
  }),
};

const KINDS = { numeric, boolean, categorical };

// One lookup for the whole file: the table's row and the feature's kind always agree, which TypeScript cannot see.
const kindOf = (feature: Feature) => KINDS[feature.kind] as FeatureKind<Feature>;

/** Fits a feature to a training column, or says why the column makes none. */
export function fitFeature(table: Table, column: Column): Feature | 'text' | 'constant' | 'empty' {
  const look = lookAt(table, column);
  const base = { name: column.name, missing: look.missing > 0 };
  switch (look.kind) {
    case 'numeric':
      return { kind: 'numeric', ...base, ...fitNumbers(look) };
    case 'boolean':
      return { kind: 'boolean', ...base, fill: commonerTruth(column) };
    case 'categorical':
      return { kind: 'categorical', ...base, categories: look.categories };
    default:
      return look.kind;
  }
}

/** The names of a feature's input columns, in order. */
export function inputNames(feature: Feature): string[] {
  const names = kindOf(feature).names(feature);
  return feature.missing ? [...names, `${feature.name} missing`] : names;
}

/**
 * Fills the input columns of one feature, all rows.
 * @param inputs [rows x width] row-major, 0 in the feature's columns
 * @param offset the feature's first input column
 * @param refuseMissing throw for a missing cell instead of filling it
 * @throws DataError naming row and column
 */
export function encodeFeature(
  feature: Feature,
  table: Table,
  column: Column,
  inputs: Float32Array,
  width: number,
  offset: number,
  refuseMissing: boolean,
): void {
  const kind = kindOf(feature);
  const present = kind.present(feature, table, column);
  const absent = kind.absent(feature);
  const mark = feature.missing ? inputNames(feature).length - 1 : -1;
  for (let row = 0, at = offset; row < table.rows; row++, at += width) {
    if (!isMissing(column.values[row]!)) present(inputs, at, row);
    else if (refuseMissing) throw missingCell(table, column, row);
    else {
      absent(inputs, at);
      if (mark >= 0) inputs[at + mark] = 1;
    }
  }
}

/** A feature read from a file. @throws FormatError */
export function checkFeature(value: unknown, where: string): Feature {
  const kind = nameField(value, 'kind', where, Object.keys(KINDS) as Feature['kind'][]);
  const base = { name: stringField(value, 'name', where), missing: booleanField(value, 'missing', where) };
  return KINDS[kind].check(value, where, base);
}

/** The refusal of a missing cell where one must not be. */
export function missingCell(table: Table, column: Column, row: number): DataError {
  const found = show(column.values[row]);
  return new DataError(
    `${placeOf(table, row, column.name)}: expected a value, found a missing one (${found})`,
  );
}

function fitNumbers(look: ColumnLook & { kind: 'numeric' }): { scaling: Scaling; fill: number } {
  const present = look.missing > 0 ? look.numbers.filter((x) => !Number.isNaN(x)) : look.numbers;
  return { scaling: fitScaling(present), fill: median(present) };
}

function commonerTruth(column: Column): 0 | 1 {
  let balance = 0;
  for (const text of column.values) {
    const truth = parseBoolean(text);
    if (truth !== undefined) balance += truth === 1 ? 1 : -1;
  }
  return balance > 0 ? 1 : 0;
}
