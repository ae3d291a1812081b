/**
 * The safetensors format, as its authors specify it (github.com/huggingface/safetensors, README, "Format"):
 *
 *     8 bytes    N, unsigned 64-bit little-endian
 *     N bytes    UTF-8 JSON, from "{" to spaces: { "__metadata__": { string: string },
 *                name: { "dtype": string, "shape": [sizes], "data_offsets": [begin, end] }, ... }
 *     the rest   the elements, row-major, little-endian; offsets count from here, without hole or overlap
 *
 * Pure functions from bytes to bytes: no files, no models, nothing about what the names or the metadata mean.
 * The reader treats its input as hostile and allocates no more than a small multiple of what it was given.
 */

import { checkInteger, checkString, FormatError, show, wrongRange, wrongType } from '../errors.js';

/** A row-major array; the product of `shape` (1 for a scalar's []) is the number of `values`. */
export interface Tensor {
  shape: number[];
  values: Float32Array;
}

export interface SafetensorsFile {
  /** By name, in the order of the header. No prototype, so that no name is there before the file gave it. */
  tensors: Record<string, Tensor>;
  metadata: Record<string, string>;
}

/** What the header says of one tensor, before anything of it is believed. */
interface Entry {
  name: string;
  dtype: string;
  shape: number[];
  begin: number;
  end: number;
}

const LENGTH_BYTES = 8;
/** The reference implementation's bound on N. */
const MAX_HEADER_BYTES = 100_000_000;
/** Ours: so long a header could name ten million tensors, and cost a minute and gigabytes. */
const MAX_NAMES = 100_000;
/** The format has no bound, but no array library goes beyond 64. */
const MAX_DIMENSIONS = 64;
const METADATA = '__metadata__';
/** Assigned to an ordinary object, this name replaces the object's prototype instead of becoming a key. */
const PROTOTYPE = '__proto__';

/**
 * What the elements of each dtype are read as. Typed arrays have the host's byte order, which is little-endian wherever WebAssembly runs.
 */
const ELEMENTS = {
  F32: Float32Array,
  F64: Float64Array,
  F16: Uint16Array,
  BF16: Uint16Array,
  I64: BigInt64Array,
  I32: Int32Array,
  I16: Int16Array,
  I8: Int8Array,
  U64: BigUint64Array,
  U32: Uint32Array,
  U16: Uint16Array,
  U8: Uint8Array,
};
type Dtype = keyof typeof ELEMENTS;

/** How an element becomes a number, where it is none or stands for another; float32 is then the nearest one. */
const NUMBERS: Partial<Record<Dtype, (element: never) => number>> = {
  F16: shortFloat(5),
  BF16: shortFloat(8),
  I64: Number,
  U64: Number,
};

/**
 * A safetensors file with every tensor as F32, in the order given. The same input gives the same bytes.
 *
 * @throws TypeError or RangeError for a shape that is not the values', or for what the format cannot hold.
 */
export function writeSafetensors(
  tensors: Record<string, Tensor>,
  metadata: Record<string, string>,
): Uint8Array<ArrayBuffer> {
  const { text, dataBytes } = describe(tensors, metadata);
  const json = new TextEncoder().encode(text);
  // Spaces up to a multiple of 8, so that a reader may map the data in place.
  const headerBytes = Math.ceil(json.length / LENGTH_BYTES) * LENGTH_BYTES;
  if (headerBytes > MAX_HEADER_BYTES)
    throw wrongRange('tensors', `a header of at most ${MAX_HEADER_BYTES} bytes`, headerBytes);
  const file = new Uint8Array(LENGTH_BYTES + headerBytes + dataBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.set(json, LENGTH_BYTES);
  file.fill(0x20, LENGTH_BYTES + json.length, LENGTH_BYTES + headerBytes);
  let at = LENGTH_BYTES + headerBytes;
  for (const { values } of Object.values(tensors)) {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return file;
}

/** The header's JSON, and the length of the data it describes. */
function describe(tensors: Record<string, Tensor>, metadata: Record<string, string>) {
  for (const [name, record] of Object.entries({ tensors, metadata })) {
    const count = Object.keys(record).length;
    if (count > MAX_NAMES) throw wrongRange(name, `at most ${MAX_NAMES} names`, count);
  }
  for (const [key, text] of Object.entries(metadata)) {
    checkText(`metadata key ${show(key)}`, key);
    checkText(`metadata[${show(key)}]`, text);
  }
  const parts = Object.keys(metadata).length > 0 ? [`"${METADATA}":${JSON.stringify(metadata)}`] : [];
  let dataBytes = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    checkText(`tensor name ${show(name)}`, name);
    if (name === METADATA) throw wrongRange('tensors', `no tensor with the name ${METADATA}`, name);
    checkTensor(`tensors[${show(name)}]`, shape, values);
    const end = dataBytes + values.byteLength;
    const entry = { dtype: 'F32', shape, data_offsets: [dataBytes, end] };
    parts.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
    dataBytes = end;
  }
  return { text: `{${parts.join(',')}}`, dataBytes };
}

function checkTensor(name: string, shape: number[], values: Float32Array): void {
  if (!(values instanceof Float32Array)) throw wrongType(`${name}.values`, 'a Float32Array', values);
  if (!Array.isArray(shape)) throw wrongType(`${name}.shape`, 'an array of sizes', shape);
  if (shape.length > MAX_DIMENSIONS)
    throw wrongRange(`${name}.shape`, `at most ${MAX_DIMENSIONS} dimensions`, shape.length);
  for (const size of shape) checkInteger(`${name}.shape`, size, 0, Number.MAX_SAFE_INTEGER);
  if (sizeOf(shape) !== values.length)
    throw wrongRange(`${name}.values`, `as many values as shape [${shape}] has`, values);
}

function checkText(name: string, text: string): void {
  checkString(name, text);
  if (text === PROTOTYPE) throw wrongRange(name, `anything but ${PROTOTYPE}`, text);
  if (!isWellFormed(text)) throw wrongRange(name, 'text without half surrogate pairs', text);
}

/**
 * What a safetensors file holds, every tensor converted to float32. Values are not looked at: NaN passes.
 * `bytes` is only read, and nothing returned refers to it.
 *
 * @throws FormatError for anything that is not exactly one safetensors file of the dtypes above; TypeError if
 * `bytes` is not a Uint8Array.
 */
export function readSafetensors(bytes: Uint8Array): SafetensorsFile {
  if (!(bytes instanceof Uint8Array)) throw wrongType('bytes', 'a Uint8Array', bytes);
  const dataStart = LENGTH_BYTES + headerLength(bytes);
  const { entries, metadata } = parseHeader(decodeUtf8(bytes.subarray(LENGTH_BYTES, dataStart)));
  checkCoverage(entries, bytes.length - dataStart);
  const tensors = entries.map((entry): [string, Tensor] => {
    const data = bytes.subarray(dataStart + entry.begin, dataStart + entry.end);
    return [entry.name, { shape: entry.shape, values: toFloat32(data, dtypeOf(entry)) }];
  });
  return { tensors: withoutPrototype(tensors), metadata: withoutPrototype(metadata) };
}

function headerLength(bytes: Uint8Array): number {
  if (bytes.length < LENGTH_BYTES)
    throw malformed('file', `a header length of ${LENGTH_BYTES} bytes`, `a file of ${bytes.length}`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > MAX_HEADER_BYTES)
    throw malformed('file', `a header of at most ${MAX_HEADER_BYTES} bytes`, length);
  if (length > bytes.length - LENGTH_BYTES)
    throw malformed('file', `a header of ${length} bytes`, `${bytes.length - LENGTH_BYTES}: it is cut`);
  return length;
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    // A copy, because a browser's decoder refuses shared memory. A byte order mark is kept, to be refused.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(new Uint8Array(bytes));
  } catch {
    throw malformed('header', 'UTF-8 text', 'other bytes');
  }
}

/** Every byte of the data belongs to exactly one tensor, and each has as many as its shape and dtype need. */
function checkCoverage(entries: Entry[], dataBytes: number): void {
  let covered = 0;
  for (const entry of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    const { begin, end, shape, dtype } = entry;
    const where = `tensor ${show(entry.name)}`;
    const needed = sizeOf(shape) * ELEMENTS[dtypeOf(entry)].BYTES_PER_ELEMENT;
    if (begin !== covered) throw malformed(where, `data_offsets from ${covered}`, `[${begin}, ${end}]`);
    if (end - begin !== needed)
      throw malformed(where, `${needed} bytes for ${dtype} [${shape}]`, `data_offsets [${begin}, ${end}]`);
    covered = end;
  }
  if (covered !== dataBytes)
    throw malformed('file', `${covered} bytes after the header`, `${dataBytes}: it is cut or has a tail`);
}

function dtypeOf({ name, dtype }: Entry): Dtype {
  if (Object.hasOwn(ELEMENTS, dtype)) return dtype as Dtype;
  throw malformed(`tensor ${show(name)}`, `a dtype of ${Object.keys(ELEMENTS).join(', ')}`, show(dtype));
}

function toFloat32(data: Uint8Array, dtype: Dtype): Float32Array {
  // Copied: a typed array must start at a multiple of its element's size, and a file's data need not.
  const elements = new ELEMENTS[dtype](new Uint8Array(data).buffer);
  const convert = NUMBERS[dtype] as ((element: number) => number) | undefined;
  if (convert) return Float32Array.from(elements as Uint16Array, convert);
  return elements instanceof Float32Array ? elements : new Float32Array(elements as Uint16Array);
}

/** The header's grammar, which is all of the text: one object, then spaces. */
function parseHeader(text: string): { entries: Entry[]; metadata: [string, string][] } {
  const { object, string, integers, end, fail } = reader(text);
  if (text[0] !== '{') fail('"{"', text[0]);
  const entries: Entry[] = [];
  const metadata: [string, string][] = [];
  object((name) => {
    if (name === METADATA) object((key) => metadata.push([key, string()]));
    else entries.push(entry(name));
  });
  end();
  return { entries, metadata };

  function entry(name: string): Entry {
    const found: { dtype?: string; shape?: number[]; data_offsets?: number[] } = {};
    object((field) => {
      if (field === 'dtype') found.dtype = string();
      else if (field === 'shape') found.shape = integers(MAX_DIMENSIONS);
      else if (field === 'data_offsets') found.data_offsets = integers(2);
      else fail('dtype, shape or data_offsets', field);
    });
    const { dtype, shape, data_offsets: [begin, end] = [] } = found;
    if (dtype === undefined || shape === undefined || end === undefined)
      return fail('dtype, shape and data_offsets [begin, end]', `only ${Object.keys(found)}`);
    return { name, dtype, shape, begin: begin!, end };
  }
}

/**
 * Reads the part of JSON that a header may use, left to right. JSON.parse would keep the last of two equal
 * keys without a word, build whatever nesting it is given, and take 1e2 for an offset.
 */
function reader(text: string) {
  let at = 0;
  return { object, integers, string, end, fail };

  /** { key: value, ... } with every key once; `readValue` must consume the value. */
  function object(readValue: (key: string) => void): void {
    const keys = new Set<string>();
    list('{', '}', () => {
      const key = string();
      if (key === PROTOTYPE || keys.has(key)) fail('a key that is new and harmless', key);
      if (keys.size > MAX_NAMES) fail(`at most ${MAX_NAMES} names`, 'more');
      keys.add(key);
      expect(':');
      readValue(key);
    });
  }

  /** [n, ...] of at most `most` whole numbers from 0 to 2^53 - 1, without fraction or exponent. */
  function integers(most: number): number[] {
    const numbers: number[] = [];
    list('[', ']', () => {
      if (numbers.length === most) fail(`at most ${most} numbers`, 'more');
      next();
      const found = text.slice(at, at + 20);
      const digits = /^(?:0|[1-9]\d{0,15})(?![\d.eE])/.exec(found)?.[0];
      if (!Number.isSafeInteger(Number(digits))) fail('a whole number from 0 to 2^53 - 1', found);
      at += digits!.length;
      numbers.push(Number(digits));
    });
    return numbers;
  }

  function string(): string {
    if (next() !== '"') fail('a string', next());
    const start = at++;
    while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    const literal = text.slice(start, ++at);
    return decodeString(literal) ?? fail('a JSON string', literal);
  }

  /** Nothing but space is left. */
  function end(): void {
    if (next()) fail('spaces to the end of the header', next());
  }

  function fail(expected: string, got: string | undefined): never {
    throw malformed(`header, at character ${at}`, expected, got === undefined ? 'its end' : show(got));
  }

  function list(open: string, close: string, readItem: () => void): void {
    expect(open);
    if (take(close)) return;
    do readItem();
    while (take(','));
    expect(close);
  }

  function expect(character: string): void {
    if (!take(character)) fail(show(character), next());
  }

  function take(character: string): boolean {
    const found = next() === character;
    if (found) at++;
    return found;
  }

  /** The character after any space; undefined at the end. */
  function next(): string | undefined {
    while (' \n\r\t'.includes(text[at] ?? 'end')) at++;
    return text[at];
  }
}

/** The text of what lies between two quotes, these included; undefined if that is no JSON string. */
function decodeString(literal: string): string | undefined {
  try {
    const text: string = JSON.parse(literal);
    return isWellFormed(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** No half of a surrogate pair on its own: such text has no UTF-8, and other readers refuse it. */
function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** The number of elements; NaN, which equals no length, once a partial product leaves the exact integers. */
function sizeOf(shape: number[]): number {
  return shape.reduce((product, size) => (Number.isSafeInteger(product * size) ? product * size : NaN), 1);
}

function malformed(where: string, expected: string, got: string | number): FormatError {
  return new FormatError(`safetensors ${where}: expected ${expected}, got ${got}`);
}

function withoutPrototype<T>(entries: [string, T][]): Record<string, T> {
  const record: Record<string, T> = Object.create(null);
  for (const [key, value] of entries) record[key] = value;
  return record;
}

/** IEEE 754 numbers of 16 bits: a sign, so many bits of exponent, and fraction. They are exact in float32. */
function shortFloat(exponentBits: number): (bits: number) => number {
  const one = 2 ** (15 - exponentBits);
  const highest = 2 ** exponentBits - 1;
  return (bits) => {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = Math.floor(bits / one) & highest;
    const fraction = bits % one;
    if (exponent === highest) return fraction === 0 ? sign * Infinity : Number.NaN;
    const scale = 2 ** (Math.max(exponent, 1) - (highest >> 1));
    return sign * (Number(exponent > 0) + fraction / one) * scale;
  };
}
