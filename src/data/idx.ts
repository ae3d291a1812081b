/**
 * IDX, the format of the MNIST files (Y. LeCun, "The MNIST database", section "the IDX file format"): two zero
 * bytes, a type byte, the number of dimensions, each dimension as a 32-bit integer, the values; all big endian.
 */
import { FormatError, wrongRange, wrongType } from '../errors.js';
import { gunzip, isGzip } from './gzip.js';

export type IdxValues = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

export interface Idx {
  /** Size of each dimension, slowest first. */
  readonly shape: number[];
  /** As many values as the product of `shape`. */
  readonly values: IdxValues;
}

interface ElementType {
  readonly code: number;
  readonly array: new (length: number) => IdxValues;
  readonly read: (view: DataView, at: number) => number;
  readonly write: (view: DataView, at: number, value: number) => void;
}

const TYPES: readonly ElementType[] = [
  { code: 0x08, array: Uint8Array, read: (v, at) => v.getUint8(at), write: (v, at, x) => v.setUint8(at, x) },
  { code: 0x09, array: Int8Array, read: (v, at) => v.getInt8(at), write: (v, at, x) => v.setInt8(at, x) },
  { code: 0x0b, array: Int16Array, read: (v, at) => v.getInt16(at), write: (v, at, x) => v.setInt16(at, x) },
  { code: 0x0c, array: Int32Array, read: (v, at) => v.getInt32(at), write: (v, at, x) => v.setInt32(at, x) },
  {
    code: 0x0d,
    array: Float32Array,
    read: (v, at) => v.getFloat32(at),
    write: (v, at, x) => v.setFloat32(at, x),
  },
  {
    code: 0x0e,
    array: Float64Array,
    read: (v, at) => v.getFloat64(at),
    write: (v, at, x) => v.setFloat64(at, x),
  },
];

const LONGEST_HEADER = 4 + 4 * 255;
/** A header may promise this much and no more before a byte is unpacked for it: 2 GiB. */
const LARGEST_UNPACKED = 2 ** 31;

/**
 * Reads an IDX file that is not packed. Unsigned bytes are a view of `bytes`, other types a copy.
 * @param name what the file is called in messages
 * @throws FormatError for a wrong magic number, a cut file, trailing bytes or sizes that lie
 */
export function readIdx(bytes: Uint8Array, name = 'idx'): Idx {
  const { type, shape, start, end } = readHeader(bytes, name);
  if (bytes.length !== end) {
    const sizes = shape.join(' x ');
    throw new FormatError(
      `${name}: expected ${end} bytes for ${sizes} values as its header says, found ${bytes.length}`,
    );
  }
  // Not bytes.subarray(), which for Node's Buffer would be a Buffer.
  if (type.array === Uint8Array)
    return { shape, values: new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start) };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = shape.reduce((product, size) => product * size, 1);
  const values = new type.array(count);
  const width = values.BYTES_PER_ELEMENT;
  for (let i = 0; i < count; i++) values[i] = type.read(view, start + i * width);
  return { shape, values };
}

/** As `readIdx`, for a file that may be packed with gzip, which is seen by its first two bytes. */
export async function readIdxMaybeGzip(bytes: Uint8Array, name = 'idx'): Promise<Idx> {
  if (!isGzip(bytes)) return readIdx(bytes, name);
  const unpacked = await gunzip(bytes, LONGEST_HEADER, (head) => promisedBytes(head, name), name);
  return readIdx(unpacked, name);
}

/** The bytes of an IDX file, unpacked. @throws RangeError if `shape` is no shape of `values`, TypeError where one of them is nothing of the kind */
export function writeIdx(shape: readonly number[], values: IdxValues): Uint8Array {
  if (!Array.isArray(shape)) throw wrongType('shape', 'an array of sizes', shape);
  const type = TYPES.find((candidate) => values instanceof candidate.array);
  if (!type) throw wrongType('values', 'a typed array of 8- to 32-bit integers or of floats', values);
  const count = shape.reduce((product, size) => product * size, 1);
  if (shape.length < 1 || shape.length > 255 || !shape.every((size) => Number.isInteger(size) && size >= 0))
    throw wrongRange('shape', '1 to 255 sizes', shape);
  if (count !== values.length) throw wrongRange('values', `${count} values as in shape`, values);
  const start = 4 + 4 * shape.length;
  const bytes = new Uint8Array(start + values.byteLength);
  const view = new DataView(bytes.buffer);
  view.setUint8(2, type.code);
  view.setUint8(3, shape.length);
  shape.forEach((size, i) => {
    view.setUint32(4 + 4 * i, size);
  });
  const width = values.BYTES_PER_ELEMENT;
  for (let i = 0; i < count; i++) type.write(view, start + i * width, values[i]!);
  return bytes;
}

function promisedBytes(head: Uint8Array, name: string): number {
  const { end } = readHeader(head, name);
  // Sizes that overflow can make `end` NaN, which no comparison holds for.
  if (!(end <= LARGEST_UNPACKED))
    throw new FormatError(
      `${name}: expected at most ${LARGEST_UNPACKED} bytes unpacked, its header says ${end}`,
    );
  return end;
}

/** `start` and `end` are where the values begin and must end, in bytes. Sizes are not compared with the file yet. */
function readHeader(bytes: Uint8Array, name: string) {
  const type = TYPES.find((candidate) => candidate.code === bytes[2]);
  const dimensions = bytes[3] ?? 0;
  if (bytes[0] !== 0 || bytes[1] !== 0 || !type || dimensions === 0)
    throw new FormatError(
      `${name}: expected an IDX file (0, 0, type 8, 9 or 11 to 14, at least 1 dimension), found ${start4(bytes)}`,
    );
  const start = 4 + 4 * dimensions;
  if (bytes.length < start)
    throw new FormatError(`${name}: expected a header of ${start} bytes, found ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, start);
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
  const width = new type.array(0).BYTES_PER_ELEMENT;
  return { type, shape, start, end: start + shape.reduce((product, size) => product * size, width) };
}

function start4(bytes: Uint8Array): string {
  return bytes.length === 0 ? 'an empty file' : `bytes ${Array.from(bytes.subarray(0, 4)).join(', ')}`;
}
