/** A preprocessor that comes out of a file: survives the trip, and nothing else does. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPreprocessor, fitPreprocessor } from '../../src/data/preprocess.js';
import { FormatError } from '../../src/errors.js';
import { cycle, tableOf } from './helpers.js';

const table = tableOf({
  x: cycle(12, '1', '2', '', '9'),
  c: cycle(12, 'red', 'blue'),
  b: cycle(12, 'true', 'false', 'true'),
  id: Array.from({ length: 12 }, (_, i) => `no. ${i}`),
  y: cycle(12, 'u', 'v', 'w'),
});
const classes = fitPreprocessor(table);
const number = fitPreprocessor(tableOf({ x: cycle(12, '1', '2'), y: cycle(12, '0.5', '1', '50') }));

type Json = Record<string, unknown> & {
  features: Record<string, unknown>[];
  target: Record<string, unknown>;
};
/** A copy of the fitted object as JSON gives it back, with one thing changed. */
function changed(change: (copy: Json) => void): unknown {
  const copy = JSON.parse(JSON.stringify(classes)) as Json;
  change(copy);
  return copy;
}

describe('checkPreprocessor', () => {
  it('returns what JSON brought back', () => {
    expect(checkPreprocessor(JSON.parse(JSON.stringify(classes)))).toEqual(classes);
  });

  it('leaves out what it does not know', () => {
    expect(checkPreprocessor(changed((copy) => Object.assign(copy.target, { evil: 1 })))).toEqual(classes);
  });

  it.each<[string, (copy: Json) => void]>([
    ['preprocessor.features: expected an array', (copy) => Object.assign(copy, { features: {} })],
    ['preprocessor.features: expected at least 1 items', (copy) => Object.assign(copy, { features: [] })],
    [
      'preprocessor.features[1].kind: expected one of',
      (copy) => Object.assign(copy.features[1]!, { kind: 'toString' }),
    ],
    [
      'preprocessor.features[0].name: expected a string',
      (copy) => Object.assign(copy.features[0]!, { name: 3 }),
    ],
    ['preprocessor.features[0].missing: expected true or false', (copy) => delete copy.features[0]!.missing],
    [
      'preprocessor.features[0].fill: expected a finite number',
      (copy) => Object.assign(copy.features[0]!, { fill: null }),
    ],
    ['preprocessor.features[0].scaling: expected an object', (copy) => delete copy.features[0]!.scaling],
    [
      'preprocessor.features[1].categories[0]: expected a string',
      (copy) => Object.assign(copy.features[1]!, { categories: [1] }),
    ],
    [
      'preprocessor.features[1].categories: expected strings that all differ',
      (copy) => Object.assign(copy.features[1]!, { categories: ['a', 'a'] }),
    ],
    [
      'preprocessor.features[2].fill: expected one of 0, 1',
      (copy) => Object.assign(copy.features[2]!, { fill: 0.5 }),
    ],
    [
      'preprocessor.features: expected columns that all differ',
      (copy) => copy.features.push(copy.features[0]!),
    ],
    [
      'preprocessor.target.kind: expected one of classes, number',
      (copy) => Object.assign(copy.target, { kind: 'x' }),
    ],
    [
      'preprocessor.target.classes: expected at least 2 items',
      (copy) => Object.assign(copy.target, { classes: ['u'] }),
    ],
    [
      'preprocessor.refuseMissing: expected true or false',
      (copy) => Object.assign(copy, { refuseMissing: 'no' }),
    ],
    [
      'preprocessor.dropped[0].reason: expected one of asked',
      (copy) => Object.assign(copy, { dropped: [{ name: 'a', reason: '' }] }),
    ],
  ])('refuses with %s', (message, change) => {
    expect(() => checkPreprocessor(changed(change))).toThrow(FormatError);
    expect(() => checkPreprocessor(changed(change))).toThrow(message);
  });

  it('takes no field from a prototype', () => {
    const inherited = Object.create(classes) as object;
    expect(() => checkPreprocessor(inherited)).toThrow(
      'preprocessor.features: expected an array, found undefined',
    );
  });

  it('throws nothing but FormatError, whatever the JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(() => checkPreprocessor(value)).toThrow(FormatError);
        expect(() => checkPreprocessor(changed((copy) => copy.features.splice(0, 1, value as Json)))).toThrow(
          FormatError,
        );
      }),
    );
  });
});

it('a number target makes the trip too', () => {
  expect(checkPreprocessor(JSON.parse(JSON.stringify(number)))).toEqual(number);
});
