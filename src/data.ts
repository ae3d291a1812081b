/**
 * `wasmlp/data`: data to learn from. Digits that are drawn, and the two formats that most small data sets come in, read and written. Works on bytes
 * and text, in Node and in pages; the errors that it throws are those of `wasmlp`.
 */
export { readCsv, writeCsv } from './data/csv.js';
export { DIGIT_SIDE, type DigitOptions, type Digits, generateDigits } from './data/digits.js';
export { type Idx, type IdxValues, readIdx, readIdxMaybeGzip, writeIdx } from './data/idx.js';
export type { Column, Table } from './data/table.js';
