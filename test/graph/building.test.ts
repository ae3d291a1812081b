/** Building symbols: what is refused, with names, and what is simplified without changing a value or a shape. */
import { describe, expect, it } from 'vitest';
import * as graph from 'wasmlp/graph';
import { add, constant, div, grad, input, mul, neg, parameter, ROWS, sub, sum } from 'wasmlp/graph';
import { evaluate } from '../reference/evaluate.js';

const m23 = input('m23', [2, 3]);
const m43 = input('m43', [4, 3]);
const scalar = input('scalar', [1, 1]);
const batch = input('batch', [ROWS, 3]);

/** Arguments of the wrong kind, as JavaScript may pass them. */
const wrong = (value: unknown) => value as never;

const key = { seed: 1, stream: 2 };

const refused: readonly (readonly [string, () => unknown, typeof TypeError | typeof RangeError, RegExp])[] = [
  ['an unnamed input', () => input('', [1, 1]), RangeError, /name: expected at least one character/],
  ['a name that is no string', () => input(wrong(7), [1, 1]), TypeError, /name: .*got 7/],
  [
    'a shape that is a number',
    () => input('a', wrong(3)),
    TypeError,
    /input a shape: expected \[rows, columns\]/,
  ],
  ['a shape of one dimension', () => input('a', [3]), RangeError, /input a shape/],
  ['a shape of three dimensions', () => input('a', [3, 1, 1]), RangeError, /input a shape/],
  ['an empty dimension', () => input('a', [0, 1]), RangeError, /input a shape.*got 0/],
  ['a negative dimension', () => input('a', [1, -1]), RangeError, /input a shape.*got -1/],
  ['half a dimension', () => input('a', [1, 1.5]), RangeError, /input a shape.*got 1.5/],
  ['a dimension in words', () => input('a', [wrong('three'), 1]), TypeError, /input a shape.*"three"/],
  [
    'a parameter of the size of the batch',
    () => parameter('p', wrong([ROWS, 1])),
    RangeError,
    /parameter p shape/,
  ],
  ['a constant without numbers', () => constant([]), RangeError, /constant: expected at least one number/],
  ['a ragged constant', () => constant([[1, 2], [3]]), RangeError, /constant: expected rows of 2 numbers/],
  ['a constant of words', () => constant(wrong('abc')), TypeError, /constant.*"abc"/],
  ['a word in a constant', () => constant(wrong([[1, 'b']])), TypeError, /constant.*"b"/],
  ['no constant', () => constant(wrong(null)), TypeError, /constant.*null/],
  ['an operand that is nothing', () => add(m23, wrong(undefined)), TypeError, /undefined/],
  ['an operand that is an object', () => graph.maximum(m23, wrong({})), TypeError, /constant/],
  [
    'operands that do not fit',
    () => add(m23, m43),
    RangeError,
    /equal dimensions, or 1, got "2 x 3 and 4 x 3"/,
  ],
  ['a batch with a fixed number of rows', () => mul(batch, m23), RangeError, /rows x 3 and 2 x 3/],
  ['comparisons that do not fit', () => graph.greater(m23, m43), RangeError, /greater: .*2 x 3 and 4 x 3/],
  ['a mask that does not fit', () => graph.select(m43, m23, 0), RangeError, /select/],
  ['matrices that do not fit', () => graph.matmul(m23, m43), RangeError, /matmul: .*2 x 3 times 4 x 3/],
  [
    'stretching three columns to four',
    () => graph.broadcastTo(m23, [2, 4]),
    RangeError,
    /broadcastTo.*2 x 3.*2 x 4/,
  ],
  ['an unknown axis', () => sum(m23, wrong('diagonal')), RangeError, /axis.*"diagonal"/],
  ['classes for other rows', () => graph.softmaxCrossEntropy(m23, [[0]]), RangeError, /target.*2 x 1/],
  [
    'classes where distributions were said',
    () => graph.softmaxCrossEntropy(m23, [[0], [1]], 'distribution'),
    RangeError,
    /target.*2 x 3/,
  ],
  [
    'an unknown kind of target',
    () => graph.softmaxCrossEntropy(m23, m23, wrong('soft')),
    RangeError,
    /kind.*"soft"/,
  ],
  ['dropping everything', () => graph.dropout(m23, 1, key), RangeError, /rate.*got 1/],
  ['dropping less than nothing', () => graph.dropout(m23, -0.1, key), RangeError, /rate.*got -0.1/],
  ['a rate in words', () => graph.dropout(m23, wrong('0.5'), key), TypeError, /rate/],
  ['a rate that is NaN', () => graph.dropout(m23, NaN, key), RangeError, /rate.*NaN/],
  ['no key', () => graph.uniform([2, 3], wrong(null)), TypeError, /key.*null/],
  ['a negative seed', () => graph.uniform([2, 3], { seed: -1, stream: 0 }), RangeError, /key.seed.*-1/],
  [
    'a stream of 33 bits',
    () => graph.uniform([2, 3], { seed: 0, stream: 2 ** 32 }),
    RangeError,
    /key.stream/,
  ],
  ['the gradient of a matrix', () => grad(m23, [m23]), RangeError, /y: expected a 1 x 1 value.*2 x 3/],
  ['the gradient of a number', () => grad(wrong(3), [m23]), TypeError, /y: expected a symbol.*3/],
  [
    'the gradient with respect to a number',
    () => grad(sum(m23), [wrong(3)]),
    TypeError,
    /target: expected a symbol.*3/,
  ],
  ['the Jacobian of a batch', () => graph.jacobian(batch, m23), RangeError, /y: .*batch.*rows x 3/],
  [
    'the Jacobian of a large matrix',
    () => graph.jacobian(input('l', [33, 32]), m23),
    RangeError,
    /y: .*1024.*33 x 32/,
  ],
  ['the Hessian by a batch', () => graph.hessian(sum(batch), batch), RangeError, /x: .*batch.*rows x 3/],
  [
    'the saliency of a matrix',
    () => graph.saliency(m23, m23),
    RangeError,
    /score: expected one column.*2 x 3/,
  ],
  [
    'a direction of another shape',
    () => graph.hessianVectorProduct(sum(m23), [m23], [[1, 2]]),
    RangeError,
    /vectors\[0\]: .*2 x 3, got "1 x 2"/,
  ],
  ['a slice of nothing', () => graph.slice(m23, 'rows', 1, 1), RangeError, /to: .*from 2 to 2, got 1/],
  [
    'a slice of the batch',
    () => graph.slice(batch, 'rows', 0, 1),
    RangeError,
    /rows: expected a fixed.*rows x 3/,
  ],
  [
    'a pad into too little',
    () => graph.pad(m23, 'columns', 1, 3),
    RangeError,
    /size: .*at least 4|size: .*from 4/,
  ],
  [
    'a concatenation of batches',
    () => graph.concat([batch, batch], 'rows'),
    RangeError,
    /rows: expected a fixed/,
  ],
  [
    'a concatenation that is ragged',
    () => graph.concat([m23, m43], 'columns'),
    RangeError,
    /concat: .*2 x 3.*4 x 3/,
  ],
  ['no parts', () => graph.concat([], 'rows'), RangeError, /parts: expected at least one/],
  ['another number of entries', () => graph.reshape(m23, [4, 2]), RangeError, /reshape: .*2 x 3.*4 x 2/],
  [
    'a batch as a number of rows',
    () => graph.reshape(batch, [6, 3]),
    RangeError,
    /reshape: .*rows x 3.*6 x 3/,
  ],
  ['rows that are not there', () => graph.gather(m23, [0, 2], 'rows'), RangeError, /index: .*0 to 1, got 2/],
  [
    'columns that are not there',
    () => graph.gather(m23, [3], 'columns'),
    RangeError,
    /index: .*0 to 2, got 3/,
  ],
  ['an index of two dimensions', () => graph.gather(m23, m23, 'rows'), RangeError, /index: .*2 x 3/],
  ['pieces that do not fit', () => graph.maxout(m23, 2), RangeError, /pieces: .*divisor of 3/],
  ['pairs of one column', () => graph.pairProducts(scalar), RangeError, /columns: .*2 to 1024, got 1/],
  [
    'a million products',
    () => graph.polynomial(input('many', [1, 200]), 4),
    RangeError,
    /degree: expected at most 65536 products of 200 columns, got 4/,
  ],
  [
    'the gradient over classes that are the batch',
    () => {
      const logits = input('logits', [2, ROWS]);
      return grad(sum(graph.softmaxCrossEntropy(logits, [[0], [1]])), [logits]);
    },
    RangeError,
    /columns: expected a fixed number/,
  ],
];

describe('building refuses', () => {
  it.each(refused)('%s', (_what, build, kind, message) => {
    expect(build).toThrow(kind);
    expect(build).toThrow(message);
  });
});

describe('building simplifies', () => {
  it.each([
    ['times 1', mul(m23, 1), m23],
    ['1 times', mul(1, m23), m23],
    ['over 1', div(m23, 1), m23],
    ['plus 0', add(m23, 0), m23],
    ['0 plus', add(0, m23), m23],
    ['minus 0', sub(m23, 0), m23],
    ['minus minus', neg(neg(m23)), m23],
    ['transposed twice', graph.transpose(graph.transpose(m23)), m23],
    ['stretched to what it is', graph.broadcastTo(m23, [2, 3]), m23],
    ['dropout of nothing', graph.dropout(m23, 0, key), m23],
    ['a slice of all', graph.slice(m23, 'columns', 0, 3), m23],
    ['padding by nothing', graph.pad(m23, 'rows', 0, 2), m23],
    ['a concatenation of one', graph.concat([m23], 'rows'), m23],
    ['reshaped there and back', graph.reshape(graph.reshape(m23, [6, 1]), [2, 3]), m23],
    ['to the power of 1', graph.power(m23, 1), m23],
    ['maxout of one piece', graph.maxout(m23, 1), m23],
  ])('%s', (_what, built, expected) => {
    expect(built).toBe(expected);
  });

  it.each([
    [
      'times ones',
      mul(
        scalar,
        constant([
          [1, 1],
          [1, 1],
        ]),
      ),
      [5, 5, 5, 5],
    ],
    ['plus zeros', add(scalar, constant([[0, 0]])), [5, 5]],
    ['over ones', div(scalar, constant([[1], [1]])), [5, 5]],
    ['times a reciprocal', mul(scalar, div(1, 4)), [1.25]],
    ['times stretched', mul(graph.broadcastTo(scalar, [1, 3]), constant([[1, 2, 3]])), [5, 10, 15]],
    ['stretched minus', sub(graph.broadcastTo(scalar, [2, 1]), constant([[1, 2]])), [4, 3, 4, 3]],
    ['0 minus', sub(0, scalar), [-5]],
  ])('%s keeps shape and value', (_what, built, expected) => {
    const [result] = evaluate([built], { scalar: [5] });
    expect(Array.from(result!.values)).toEqual(expected);
  });

  it('symbols cannot be changed', () => {
    expect(Object.isFrozen(add(m23, 1))).toBe(true);
  });
});
