/**
 * safetensors against bytes written out by hand from its specification, then against everything a file can do
 * wrong. Not here: what a model's file means (its names and its metadata).
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../src/errors.js';
import { readSafetensors, type Tensor, writeSafetensors } from '../../src/formats/safetensors.js';

/** A file around any header text and data: well-formed outside, whatever is wanted inside. */
function file(header: string | Uint8Array, data: ArrayLike<number> = []): Uint8Array {
  const json = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(json.length), true);
  return new Uint8Array(Buffer.concat([length, json, Uint8Array.from(data)]));
}

function entry(dtype: string, shape: string, offsets: string): string {
  return `{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}`;
}

function names(count: number): string {
  return Array.from({ length: count }, (_, index) => `"${index}":""`).join(',');
}

/** One tensor "t". */
function single(dtype: string, shape: string, offsets: string, data: ArrayLike<number> = []): Uint8Array {
  return file(`{"t":${entry(dtype, shape, offsets)}}`, data);
}

function refusal(bytes: Uint8Array): string {
  try {
    readSafetensors(bytes);
  } catch (error) {
    if (error instanceof FormatError) return error.message;
    throw error;
  }
  return 'read without complaint';
}

// 0x50 = 80 bytes of header: 79 of JSON and 1 space. 1 is 0x3f800000 and -2.5 is 0xc0200000.
const BY_HAND = Uint8Array.of(
  ...[0x50, 0, 0, 0, 0, 0, 0, 0],
  ...new TextEncoder().encode(
    '{"__metadata__":{"k":"v"},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} ',
  ),
  ...[0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc0],
);

/** Two tensors and metadata, for cutting and flipping. */
const SMALL = writeSafetensors(
  { a: { shape: [2, 1], values: Float32Array.of(1, 2) }, b: { shape: [], values: Float32Array.of(3) } },
  { k: 'v' },
);

describe('writeSafetensors', () => {
  it('writes the bytes of the specification', () => {
    const bytes = writeSafetensors({ w: { shape: [2], values: Float32Array.of(1, -2.5) } }, { k: 'v' });
    expect(bytes).toEqual(BY_HAND);
  });

  it('leaves out empty metadata and writes nothing but braces for nothing', () => {
    expect(writeSafetensors({}, {})).toEqual(file('{}      '));
  });

  it('starts the data at a multiple of 8 whatever the length of the header', () => {
    for (let length = 1; length <= 9; length++) {
      const bytes = writeSafetensors({ ['n'.repeat(length)]: { shape: [], values: Float32Array.of(7) } }, {});
      expect((bytes.length - 4) % 8).toBe(0);
      expect(bytes.at(-5)).not.toBe(0);
    }
  });

  it('writes only the part of a buffer that the values are a view of', () => {
    const values = Float32Array.of(9, 1, 2, 9).subarray(1, 3);
    expect(readSafetensors(writeSafetensors({ t: { shape: [2], values } }, {})).tensors.t?.values).toEqual(
      Float32Array.of(1, 2),
    );
  });

  const one = Float32Array.of(1);
  const refused: [string, Record<string, unknown>, Record<string, unknown>, typeof TypeError, string][] = [
    [
      'a shape of other size',
      { t: { shape: [2], values: one } },
      {},
      RangeError,
      '"t"].values: expected as many',
    ],
    [
      'a fractional size',
      { t: { shape: [0.5, 2], values: one } },
      {},
      RangeError,
      '"t"].shape: expected an integer',
    ],
    [
      'a negative size',
      { t: { shape: [-1, -1], values: one } },
      {},
      RangeError,
      '"t"].shape: expected an integer',
    ],
    ['65 dimensions', { t: { shape: Array(65).fill(1), values: one } }, {}, RangeError, 'at most 64'],
    [
      'a shape that is no array',
      { t: { shape: '1', values: one } },
      {},
      TypeError,
      '"t"].shape: expected an array',
    ],
    ['values that are no Float32Array', { t: { shape: [1], values: [1] } }, {}, TypeError, 'a Float32Array'],
    [
      'a tensor named __metadata__',
      { __metadata__: { shape: [1], values: one } },
      {},
      RangeError,
      '__metadata__',
    ],
    ['a tensor named __proto__', { ['__proto__']: { shape: [1], values: one } }, {}, RangeError, '__proto__'],
    [
      'half a surrogate pair in a name',
      { '\ud800': { shape: [1], values: one } },
      {},
      RangeError,
      'surrogate',
    ],
    [
      '100,001 names',
      {},
      { ...Array(100_001).fill('') },
      RangeError,
      'metadata: expected at most 100000 names',
    ],
    ['metadata that is no text', {}, { k: 1 }, TypeError, 'metadata["k"]: expected a string, got 1'],
    ['half a surrogate pair in metadata', {}, { k: 'x\udc00' }, RangeError, 'metadata["k"]'],
  ];
  it.each(refused)('refuses %s', (_, tensors, metadata, kind, message) => {
    const write = () =>
      writeSafetensors(tensors as Record<string, Tensor>, metadata as Record<string, string>);
    expect(write).toThrow(kind);
    expect(write).toThrow(message);
  });
});

describe('readSafetensors', () => {
  it('reads the bytes of the specification', () => {
    const { tensors, metadata } = readSafetensors(BY_HAND);
    expect(tensors).toEqual({ w: { shape: [2], values: Float32Array.of(1, -2.5) } });
    expect(metadata).toEqual({ k: 'v' });
  });

  it('reads what it wrote, bit for bit and in order', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((s) => !/^__(metadata|proto)__$/.test(s));
    const tensor = fc.array(fc.nat(4), { maxLength: 3 }).chain((shape) => {
      const length = shape.reduce((product, size) => product * size, 1);
      return fc.float32Array({ minLength: length, maxLength: length }).map((values) => ({ shape, values }));
    });
    const named = fc.dictionary(text, tensor, { maxKeys: 6, noNullPrototype: true });
    fc.assert(
      fc.property(named, fc.dictionary(text, text, { noNullPrototype: true }), (tensors, metadata) => {
        const read = readSafetensors(writeSafetensors(tensors, metadata));
        expect(read.tensors).toEqual(tensors);
        expect(Object.keys(read.tensors)).toEqual(Object.keys(tensors));
        expect(read.metadata).toEqual(metadata);
      }),
    );
  });

  const conversions: [string, number[], number[]][] = [
    [
      'F64',
      [0, 0, 0, 0, 0, 0, 0xf8, 0xbf, 0x9a, 0x99, 0x99, 0x99, 0x99, 0x99, 0xb9, 0x3f],
      [-1.5, Math.fround(0.1)],
    ],
    ['F32', [0xdb, 0x0f, 0x49, 0x40], [Math.fround(Math.PI)]],
    // -2, the largest, the least, the largest subnormal; then -0, -Infinity, NaN.
    ['F16', [0x00, 0xc0, 0xff, 0x7b, 0x01, 0x00, 0xff, 0x03], [-2, 65504, 2 ** -24, 1023 * 2 ** -24]],
    ['F16', [0x00, 0x80, 0x00, 0xfc, 0x00, 0x7e], [-0, -Infinity, Number.NaN]],
    ['BF16', [0x80, 0x3f, 0x20, 0xc0, 0x80, 0xff], [1, -2.5, -Infinity]],
    ['I64', [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [-1]],
    ['U64', [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [2 ** 64]],
    ['I32', [0xfe, 0xff, 0xff, 0xff], [-2]],
    ['U32', [0, 0, 0, 0x80], [2 ** 31]],
    ['I16', [0xfd, 0xff], [-3]],
    ['U16', [0xfd, 0xff], [65533]],
    ['I8', [0x80], [-128]],
    ['U8', [0x80], [128]],
  ];
  it.each(conversions)('converts %s %j', (dtype, data, values) => {
    const bytes = single(dtype, `[${values.length}]`, `[0,${data.length}]`, data);
    expect(readSafetensors(bytes).tensors.t?.values).toEqual(Float32Array.from(values));
  });

  it('takes any order of tensors and fields, escapes, spaces, scalars, and data at odd places', () => {
    const header =
      `{ "b" : {"data_offsets":[1,5],"shape":[],"dtype":"F32"},\n\t"\\u00e9\\"": ${entry('U8', '[1,1]', '[0, 1]')},` +
      `"none":${entry('F32', '[3,0]', '[1,1]')} } `;
    const { tensors } = readSafetensors(file(header, [6, 0, 0, 0x80, 0x3f]));
    expect(tensors).toEqual({
      b: { shape: [], values: Float32Array.of(1) },
      'é"': { shape: [1, 1], values: Float32Array.of(6) },
      none: { shape: [3, 0], values: new Float32Array() },
    });
  });

  it('reads a view into a larger buffer, and shared memory, and keeps nothing of either', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(SMALL.length + 3), 3);
    const pooled = Buffer.alloc(SMALL.length + 5).subarray(5);
    for (const bytes of [shared, pooled]) {
      bytes.set(SMALL);
      const { tensors } = readSafetensors(bytes);
      bytes.fill(0);
      expect(tensors.a?.values).toEqual(Float32Array.of(1, 2));
    }
  });

  it('has no name that the file did not give', () => {
    const { tensors, metadata } = readSafetensors(single('U8', '[1]', '[0,1]', [5]));
    expect([tensors.constructor, metadata.toString]).toEqual([undefined, undefined]);
    expect(readSafetensors(file('{"__metadata__":{"constructor":"c"}}')).metadata.constructor).toBe('c');
  });

  it('refuses an argument that is not bytes', () => {
    expect(() => readSafetensors('{}' as unknown as Uint8Array)).toThrow(TypeError);
  });

  it('refuses a small file cut at every byte, and one with a byte too many', () => {
    for (let length = 0; length < SMALL.length; length++)
      expect(refusal(SMALL.subarray(0, length)), `cut to ${length}`).toMatch(/^safetensors file: expected /);
    expect(refusal(Uint8Array.of(...SMALL, 0))).toContain('12 bytes after the header, got 13');
  });

  it('reads or refuses a small file with any one byte changed to anything', () => {
    const messages = new Set<string>();
    for (let at = 0; at < SMALL.length; at++)
      for (let change = 1; change < 256; change++) {
        const bytes = SMALL.slice();
        bytes[at]! ^= change;
        messages.add(refusal(bytes));
      }
    expect(messages).toContain('read without complaint');
    messages.delete('read without complaint');
    for (const message of messages)
      expect(message).toMatch(/^safetensors (file|header|tensor).*: expected .*, got /s);
  });

  const refused: [string, Uint8Array, string][] = [
    ['no bytes', new Uint8Array(), 'a header length of 8 bytes, got a file of 0'],
    [
      'a header longer than the file',
      Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0, 123, 125),
      'a header of 9 bytes, got 2',
    ],
    [
      'a header over 100 MB',
      Uint8Array.of(1, 0xe1, 0xf5, 5, 0, 0, 0, 0),
      'at most 100000000 bytes, got 100000001',
    ],
    ['a header of 2^64 - 1 bytes', new Uint8Array(8).fill(255), 'at most 100000000 bytes'],
    ['an empty header', file(''), 'expected "{", got its end'],
    ['a header that is no JSON', file('pickle'), 'expected "{", got "p"'],
    ['space before the brace', file(' {}'), 'expected "{", got " "'],
    ['a byte order mark', file('\ufeff{}'), 'expected "{"'],
    ['an array for a header', file('[]'), 'expected "{", got "["'],
    ['bytes that are no UTF-8', file(Uint8Array.of(123, 34, 0xff, 34)), 'UTF-8'],
    ['a header that ends early', file('{"t":'), 'expected "{", got its end'],
    ['a name that ends early', file('{"t\\'), 'a JSON string'],
    ['a raw newline in a name', file('{"a\nb":{}}'), 'a JSON string'],
    ['an unknown escape', file('{"\\x":{}}'), 'a JSON string'],
    ['half a surrogate pair', file('{"\\ud800":{}}'), 'a JSON string'],
    ['a comma too many', file('{"__metadata__":{},}'), 'a string, got "}"'],
    ['two headers', file('{}{}'), 'spaces to the end'],
    ['zeros after the header', file('{}\0\0'), 'spaces to the end'],
    ['deep nesting', file(`{"t":${'['.repeat(100_000)}`), 'expected "{", got "["'],
    ['the same tensor twice', file(`{"t":${entry('U8', '[0]', '[0,0]')},"t":{}}`), 'got "t"'],
    ['the same name in an escape', file(`{"t":${entry('U8', '[0]', '[0,0]')},"\\u0074":{}}`), 'got "t"'],
    ['the same field twice', file('{"t":{"dtype":"U8","dtype":"F32"}}'), 'got "dtype"'],
    ['the same metadata twice', file('{"__metadata__":{"k":"1","k":"2"}}'), 'got "k"'],
    ['a tensor named __proto__', file(`{"__proto__":${entry('U8', '[0]', '[0,0]')}}`), 'got "__proto__"'],
    ['metadata named __proto__', file('{"__metadata__":{"__pr\\u006fto__":"x"}}'), 'got "__proto__"'],
    ['a number in metadata', file('{"__metadata__":{"k":1}}'), 'a string, got "1"'],
    ['an object in metadata', file('{"__metadata__":{"k":{}}}'), 'a string, got "{"'],
    ['metadata that is text', file('{"__metadata__":"x"}'), 'expected "{"'],
    ['null for a tensor', file('{"t":null}'), 'expected "{", got "n"'],
    ['a missing field', file('{"t":{"dtype":"U8","shape":[0]}}'), 'got "only dtype,shape"'],
    ['an unknown field', file('{"t":{"strides":[1]}}'), 'dtype, shape or data_offsets, got "strides"'],
    ['an unknown dtype', single('F8_E4M3', '[0]', '[0,0]'), 'tensor "t": expected a dtype of F32, F64'],
    ['a dtype every object has', single('constructor', '[0]', '[0,0]'), 'got "constructor"'],
    ['one offset', single('U8', '[0]', '[0]'), 'data_offsets [begin, end]'],
    ['three offsets', single('U8', '[0]', '[0,0,0]'), 'at most 2 numbers'],
    ['100,002 names', file(`{"__metadata__":{${names(100_002)}}}`), 'at most 100000 names'],
    ['65 dimensions', single('U8', `[${'1,'.repeat(64)}1]`, '[0,1]', [0]), 'at most 64 numbers'],
    ['a negative offset', single('U8', '[1]', '[-1,0]', [0]), 'a whole number'],
    ['a fractional offset', single('U8', '[1]', '[0,1.0]', [0]), 'a whole number'],
    ['an exponent', single('U8', '[1]', '[0,1e0]', [0]), 'a whole number'],
    ['a leading zero', single('U8', '[1]', '[0,01]', [0]), 'a whole number'],
    ['an offset beyond 2^53', single('U8', '[1]', '[0,9007199254740993]', [0]), 'a whole number'],
    ['text for a size', single('U8', '["1"]', '[0,1]', [0]), 'a whole number'],
    ['offsets backwards', single('U8', '[0]', '[1,0]', [0]), 'data_offsets from 0'],
    ['an offset out of range', single('U8', '[9]', '[0,9]', [0]), '9 bytes after the header, got 1'],
    ['offsets that lie about the shape', single('F32', '[2]', '[0,4]', [0, 0, 0, 0]), '8 bytes for F32 [2]'],
    ['an enormous shape', single('F32', '[4294967296,4194304]', '[0,4]', [0, 0, 0, 0]), 'bytes for F32'],
    ['a shape that overflows to nothing', single('U8', '[9007199254740991,4,0]', '[0,0]'), 'bytes for U8'],
    ['a hole at the start', single('U8', '[1]', '[1,2]', [0, 0]), 'data_offsets from 0, got [1, 2]'],
    ['trailing bytes', single('U8', '[1]', '[0,1]', [0, 0]), '1 bytes after the header, got 2'],
    [
      'a hole between tensors',
      file(`{"a":${entry('U8', '[1]', '[0,1]')},"b":${entry('U8', '[1]', '[2,3]')}}`, [0, 0, 0]),
      'tensor "b": expected data_offsets from 1',
    ],
    [
      'tensors that overlap',
      file(`{"a":${entry('U8', '[2]', '[0,2]')},"b":${entry('U8', '[2]', '[1,3]')}}`, [0, 0, 0]),
      'tensor "b": expected data_offsets from 2',
    ],
  ];
  it.each(refused)('refuses %s', (_, bytes, message) => {
    expect(refusal(bytes)).toContain(message);
  });
});
