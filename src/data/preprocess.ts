/**
 * Everything a model must remember about the table it was trained on, so that it takes the same raw table again:
 * fitted on the training rows only, applied to any, plain JSON, and carried inside the model file.
 *
 * The parts: columns.ts looks, features.ts makes inputs, target.ts makes labels, scaling.ts standardises numbers.
 */
import { checkName, checkOptions, DataError, FormatError, show } from '../errors.js';
import { booleanField, field, listField, nameField, stringField } from './checked.js';
import {
  checkFeature,
  encodeFeature,
  type Feature,
  fitFeature,
  inputNames,
  missingCell,
} from './features.js';
import { columnNamed, isMissing, type Table } from './table.js';
import { checkTarget, encodeTarget, fitTarget, type Target, type Task } from './target.js';

/** Why a column makes no input: the caller asked, too many different texts, one value only, no value at all. */
const REASONS = { asked: 0, text: 0, constant: 0, empty: 0 };
const TASKS = { classification: 0, regression: 0 };
const MISSING = { fill: 0, refuse: 0 };

export interface PreprocessOptions {
  /** Name of the target column; default the last column that is not dropped. */
  readonly target?: string | undefined;
  /** Names of columns to leave out. */
  readonly drop?: readonly string[] | undefined;
  /** Default: decided by looking at the target, see `fitTarget`. */
  readonly task?: Task | undefined;
  /** What to do with a missing cell of a feature: fill it (default) or throw. A missing target always throws; see `rowsWithTarget`. */
  readonly missing?: keyof typeof MISSING | undefined;
}

export interface DroppedColumn {
  readonly name: string;
  readonly reason: keyof typeof REASONS;
}

/** JSON-serialisable. Column names, categories, means, scales, class names. */
export interface Preprocessor {
  readonly refuseMissing: boolean;
  /** In the order of their input columns. */
  readonly features: readonly Feature[];
  readonly target: Target;
  readonly dropped: readonly DroppedColumn[];
}

export interface PreparedTable {
  /** [rows x featureNames.length], row-major, standardised; no NaN, no Infinity. */
  readonly inputs: Float32Array;
  readonly rows: number;
  /** One name an input column, such as "age", "age missing", "sex=female". */
  readonly featureNames: string[];
  /** [rows]: class indices or standardised numbers; only if the target was required. */
  readonly labels?: Float32Array;
}

/**
 * Fits to the rows of `table`, which should be the training rows only.
 * @throws TypeError, RangeError for wrong options; DataError, naming row and column, for data nothing can be learnt from
 */
export function fitPreprocessor(table: Table, options: PreprocessOptions = {}): Preprocessor {
  checkOptions('options', options, ['target', 'drop', 'task', 'missing']);
  const { drop = [], task, missing = 'fill' } = options;
  if (task !== undefined) checkName('options.task', task, TASKS);
  checkName('options.missing', missing, MISSING);
  for (const name of drop) columnNamed(table, name);
  const target = fitTarget(table, targetName(table, options), task);
  const features: Feature[] = [];
  const dropped: DroppedColumn[] = [];
  for (const column of table.columns) {
    const { name } = column;
    if (name === target.name) continue;
    if (drop.includes(name)) {
      dropped.push({ name, reason: 'asked' });
      continue;
    }
    const gap = missing === 'refuse' ? column.values.findIndex(isMissing) : -1;
    if (gap >= 0) throw missingCell(table, column, gap);
    const feature = fitFeature(table, column);
    if (typeof feature === 'string') dropped.push({ name, reason: feature });
    else features.push(feature);
  }
  if (features.length === 0) throw new DataError(noFeatures(target, dropped));
  return { refuseMissing: missing === 'refuse', features, target, dropped };
}

/** The name of the target column that `fitPreprocessor` takes under these options. @throws DataError */
export function targetName(table: Table, options: PreprocessOptions): string {
  const { target, drop = [] } = options;
  const left = table.columns.filter((column) => !drop.includes(column.name));
  const name = target ?? left.at(-1)?.name;
  if (name === undefined)
    throw new DataError('drop: expected to leave a target column, found that all are dropped');
  if (drop.includes(name))
    throw new DataError(`target ${show(name)}: expected a column that is kept, found it in drop`);
  return columnNamed(table, name).name;
}

/**
 * Turns a raw table into inputs, and labels if `requireTarget`. Columns the model does not know are ignored.
 * @throws DataError for a missing column; naming row and column, for a value that does not parse or a class never seen
 */
export function applyPreprocessor(
  preprocessor: Preprocessor,
  table: Table,
  { requireTarget }: { requireTarget: boolean },
): PreparedTable {
  const { features, target, refuseMissing } = preprocessor;
  const featureNames = features.flatMap(inputNames);
  const width = featureNames.length;
  const inputs = new Float32Array(table.rows * width);
  let offset = 0;
  for (const feature of features) {
    encodeFeature(feature, table, columnNamed(table, feature.name), inputs, width, offset, refuseMissing);
    offset += inputNames(feature).length;
  }
  const labels = requireTarget ? { labels: encodeTarget(target, table) } : {};
  return { inputs, rows: table.rows, featureNames, ...labels };
}

/** A preprocessor read from a file that nobody vouches for, as a fresh object. @throws FormatError naming the field */
export function checkPreprocessor(value: unknown): Preprocessor {
  const where = 'preprocessor';
  const features = listField(value, 'features', where, 1, checkFeature);
  const target = checkTarget(field(value, 'target', where), `${where}.target`);
  const names = [target.name, ...features.map((feature) => feature.name)];
  if (new Set(names).size !== names.length)
    throw new FormatError(`${where}.features: expected columns that all differ, found one twice`);
  return {
    refuseMissing: booleanField(value, 'refuseMissing', where),
    features,
    target,
    dropped: listField(value, 'dropped', where, 0, (entry, place) => ({
      name: stringField(entry, 'name', place),
      reason: nameField(entry, 'reason', place, Object.keys(REASONS) as (keyof typeof REASONS)[]),
    })),
  };
}

const NO_OTHER_COLUMN = 'no other column (between columns stands a comma, a semicolon or a tab)';

function noFeatures(target: Target, dropped: DroppedColumn[]): string {
  const why = dropped.map(({ name, reason }) => `${name} (${reason})`).join(', ') || NO_OTHER_COLUMN;
  return `expected at least one feature column beside the target ${show(target.name)}, found ${why}`;
}
