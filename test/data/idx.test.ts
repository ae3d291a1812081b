/** IDX against bytes written by hand, against itself, and against every way a file can be cut or lie. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type IdxValues, readIdx, readIdxMaybeGzip, writeIdx } from '../../src/data/idx.js';
import { FormatError } from '../../src/errors.js';

const SHAPED: [string, IdxValues][] = [
  ['uint8', Uint8Array.of(0, 1, 254, 255, 7, 9)],
  ['int8', Int8Array.of(-128, -1, 0, 1, 127, 5)],
  ['int16', Int16Array.of(-32768, -2, 0, 258, 32767, 1)],
  ['int32', Int32Array.of(-2147483648, -2, 0, 66051, 2147483647, 1)],
  ['float32', Float32Array.of(-1.5, 0, Math.fround(0.1), 3e38, -0, 1)],
  ['float64', Float64Array.of(-1.5, 0, 0.1, 1e300, -0, 1)],
];
const small = writeIdx([2, 3], Int16Array.of(1, 2, 3, 4, 5, 6));

/** A header that promises the given sizes, and nothing after it. */
function header(...sizes: number[]): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * sizes.length);
  bytes.set([0, 0, 0x08, sizes.length]);
  sizes.forEach((size, i) => {
    new DataView(bytes.buffer).setUint32(4 + 4 * i, size);
  });
  return bytes;
}

describe('readIdx', () => {
  it('reads big-endian values written by hand', () => {
    const bytes = Uint8Array.of(0, 0, 0x0b, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0x01, 0x02, 0xff, 0xfe);
    expect(readIdx(bytes)).toEqual({ shape: [1, 2], values: Int16Array.of(258, -2) });
  });

  it.each(SHAPED)('returns what writeIdx wrote: %s', (_name, values) => {
    expect(readIdx(writeIdx([3, 1, 2], values))).toEqual({ shape: [3, 1, 2], values });
  });

  it('reads a file that stands inside a larger buffer', () => {
    const padded = new Uint8Array(small.length + 3);
    padded.set(small, 3);
    expect(readIdx(padded.subarray(3)).values).toEqual(Int16Array.of(1, 2, 3, 4, 5, 6));
  });

  it('returns any shape and bytes it was given', () => {
    const shaped = fc.array(fc.nat(4), { minLength: 1, maxLength: 4 }).chain((shape) => {
      const count = shape.reduce((product, size) => product * size, 1);
      return fc.tuple(fc.constant(shape), fc.uint8Array({ minLength: count, maxLength: count }));
    });
    fc.assert(
      fc.property(shaped, ([shape, values]) => {
        const read = readIdx(writeIdx(shape, values));
        expect(read.shape).toEqual(shape);
        expect(Array.from(read.values)).toEqual(Array.from(values));
      }),
    );
  });

  it('refuses a file cut at any byte, and one byte too many', () => {
    for (let length = 0; length < small.length; length++)
      expect(() => readIdx(small.subarray(0, length)), `cut at ${length}`).toThrow(FormatError);
    expect(() => readIdx(Uint8Array.of(...small, 0), 'x.idx')).toThrow(
      'x.idx: expected 24 bytes for 2 x 3 values as its header says, found 25',
    );
  });

  it('refuses another magic number, an unknown type and no dimension', () => {
    for (const [place, value] of [
      [0, 1],
      [1, 1],
      [2, 0x0a],
      [3, 0],
    ] as const) {
      const bytes = small.slice();
      bytes[place] = value;
      expect(() => readIdx(bytes)).toThrow(/expected an IDX file .* found bytes/);
    }
  });

  it('refuses to write what is no shape and no typed array', () => {
    const wrong = (value: unknown) => value as never;
    expect(() => writeIdx(wrong({ shape: [1], values: small }), small)).toThrow(
      'shape: expected an array of sizes, got a value of type Object',
    );
    for (const values of [[1], undefined, new Float32Array(0).buffer])
      expect(() => writeIdx([1], wrong(values))).toThrow(/^values: expected a typed array .* got/);
    expect(() => writeIdx([2], small)).toThrow(RangeError);
  });

  it('refuses sizes that lie, even ones no number can hold', () => {
    expect(() => readIdx(header(0xffffffff, 0xffffffff))).toThrow(FormatError);
    expect(() => readIdx(header(...Array(40).fill(0xffffffff), 0))).toThrow(FormatError);
  });

  it('throws nothing but FormatError, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (tail) => {
        try {
          readIdx(Uint8Array.of(0, 0, 8, ...tail));
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }),
    );
  });
});

describe('readIdxMaybeGzip', () => {
  it('reads both packed and unpacked', async () => {
    const expected = readIdx(small);
    expect(await readIdxMaybeGzip(small)).toEqual(expected);
    expect(await readIdxMaybeGzip(gzipSync(small))).toEqual(expected);
  });

  it('refuses gzip cut at any byte', async () => {
    const packed = gzipSync(small);
    for (let length = 0; length < packed.length; length++)
      await expect(readIdxMaybeGzip(packed.subarray(0, length)), `cut at ${length}`).rejects.toThrow(
        FormatError,
      );
  });

  it('refuses a corrupt checksum', async () => {
    const packed = gzipSync(small);
    packed[packed.length - 6]! ^= 1;
    await expect(readIdxMaybeGzip(packed, 'a.gz')).rejects.toThrow('a.gz: expected a whole gzip stream');
  });

  it('stops unpacking where the header says the file ends', async () => {
    const bomb = gzipSync(Buffer.concat([header(10), Buffer.alloc(5_000_000)]));
    expect(bomb.length).toBeLessThan(10_000);
    await expect(readIdxMaybeGzip(bomb)).rejects.toThrow(
      'expected 18 bytes unpacked as its header says, found more',
    );
  });

  it('refuses a packed header that promises more than 2 GiB, or an amount that is no number', async () => {
    const zeros = Buffer.alloc(2000);
    for (const sizes of [[0xffffffff], [...Array(40).fill(0xffffffff), 0]])
      await expect(readIdxMaybeGzip(gzipSync(Buffer.concat([header(...sizes), zeros])))).rejects.toThrow(
        /at most 2147483648 bytes/,
      );
  });
});

describe('writeIdx', () => {
  it('refuses a shape that is none of the values', () => {
    expect(() => writeIdx([2, 2], Uint8Array.of(1, 2, 3))).toThrow(RangeError);
    expect(() => writeIdx([], Uint8Array.of(1))).toThrow(RangeError);
    expect(() => writeIdx([-1, -1], Uint8Array.of(1))).toThrow(RangeError);
  });
});
