/**
 * data/: everything between a file's content and the numbers a network eats - and back, for what it says.
 *
 * Promises: nothing here knows of graphs, engines or networks; imports are errors.ts, random.ts and the CSV parser. All
 * of it works on bytes and text and runs in a browser, except files.ts, the one place that opens files. Whatever cannot be
 * learnt from is refused with its row and column; whatever is cut, corrupt or hostile with a FormatError.
 *
 * Touch it to read another format (a file beside csv.ts and idx.ts, a source in files.ts), to add a kind of feature
 * (features.ts) or a transform (scaling.ts). Leave out: batches and shuffling, which are train's.
 */
export { type ColumnLook, lookAt } from './columns.js';
export { readCsv, writeCsv } from './csv.js';
export { DIGIT_SIDE, type DigitOptions, type Digits, generateDigits } from './digits.js';
export type { Feature } from './features.js';
export { type Idx, type IdxValues, readIdx, readIdxMaybeGzip, writeIdx } from './idx.js';
export {
  applyPreprocessor,
  checkPreprocessor,
  type DroppedColumn,
  fitPreprocessor,
  type PreparedTable,
  type PreprocessOptions,
  type Preprocessor,
  targetName,
} from './preprocess.js';
export { type Split, splitRows, splitTable } from './split.js';
export { type Column, hasColumn, type Table, takeMatrixRows, takeTableRows } from './table.js';
export {
  type ClassTarget,
  decodeTarget,
  type NumberTarget,
  rowsWithTarget,
  type Target,
  type Task,
} from './target.js';
