/** The text of an option: what is taken, and how the rest is refused. */
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/cli/failure.js';
import {
  integerOption,
  integersOption,
  nameOption,
  namesOption,
  numberOption,
} from '../../src/cli/options.js';

const rate = numberOption('--lr', 'a number above 0', (value) => value > 0);
const count = integerOption('--epochs', 1, 100);

describe('numbers', () => {
  it.each([
    ['0.1', 0.1],
    ['.5', 0.5],
    ['2.', 2],
    ['1e-3', 0.001],
    ['+3', 3],
    ['10', 10],
  ])('%s is taken', (text, value) => {
    expect(rate(text)).toBe(value);
  });

  it.each([
    '',
    ' ',
    '001',
    '00.1',
    '001x',
    '0',
    '-1',
    'NaN',
    'Infinity',
    '1e999',
    '0x10',
    '1,5',
    '1 ',
    '--json',
    '.',
  ])('%j is refused', (text) => {
    const refusal = new UsageError(`--lr: expected a number above 0, got ${JSON.stringify(text)}`);
    expect(() => rate(text)).toThrow(refusal);
  });
});

describe('integers', () => {
  it('are taken within their bounds, both included', () => {
    expect([count('1'), count('100'), count('1e2')]).toEqual([1, 100, 100]);
  });

  it.each(['0', '101', '-3', '1.5', 'three', '1_0'])('%j is refused', (text) => {
    expect(() => count(text)).toThrow(
      new UsageError(`--epochs: expected an integer from 1 to 100, got ${JSON.stringify(text)}`),
    );
  });
});

describe('lists', () => {
  const units = integersOption('--hidden', 1, 512);

  it('are split at commas', () => {
    expect(units('256,128')).toEqual([256, 128]);
    expect(namesOption('--drop')('a, b c')).toEqual(['a', 'b c']);
  });

  it.each(['', '1,', '64,,32', '64,x', '64,0', '64;32', '513'])('%j are no units', (text) => {
    expect(() => units(text)).toThrow(
      new UsageError(
        `--hidden: expected integers from 1 to 512 separated by commas, such as 64,32, got ${JSON.stringify(text)}`,
      ),
    );
  });

  it('of names has no empty one', () => {
    expect(() => namesOption('--drop')('a,,b')).toThrow(
      '--drop: expected names separated by commas, got "a,,b"',
    );
  });
});

describe('names', () => {
  it('are those of the table', () => {
    const optimizer = nameOption('--optimizer', ['sgd', 'adam']);
    expect(optimizer('adam')).toBe('adam');
    for (const text of ['Adam', 'rmsprop', '', 'toString'])
      expect(() => optimizer(text)).toThrow(
        `--optimizer: expected one of sgd, adam, got ${JSON.stringify(text)}`,
      );
  });
});
