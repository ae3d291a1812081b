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

type ElementType = { bytes: number; toFloat32(data: ArrayBuffer): Float32Array };

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
 * How each dtype becomes float32. Where float32 is the narrower of the two, the nearest one is taken.
 * Typed arrays have the host's byte order, which is little-endian wherever WebAssembly runs.
 */
const ELEMENT_TYPES: Record<string, ElementType> = {
  F32: { bytes: 4, toFloat32: (data) => new Float32Array(data) },
  F64: { bytes: 8, toFloat32: (data) => new Float32Array(new Float64Array(data)) },
  F16: { bytes: 2, toFloat32: (data) => Float32Array.from(new Uint16Array(data), halfToNumber) },
  BF16: { bytes: 2, toFloat32: bfloat16ToFloat32 },
  I64: { bytes: 8, toFloat32: (data) => Float32Array.from(new BigInt64Array(data), Number) },
  I32: { bytes: 4, toFloat32: (data) => new Float32Array(new Int32Array(data)) },
  I16: { bytes: 2, toFloat32: (data) => new Float32Array(new Int16Array(data)) },
  I8: { bytes: 1, toFloat32: (data) => new Float32Array(new Int8Array(data)) },
  U64: { bytes: 8, toFloat32: (data) => Float32Array.from(new BigUint64Array(data), Number) },
  U32: { bytes: 4, toFloat32: (data) => new Float32Array(new Uint32Array(data)) },
  U16: { bytes: 2, toFloat32: (data) => new Float32Array(new Uint16Array(data)) },
  U8: { bytes: 1, toFloat32: (data) => new Float32Array(new Uint8Array(data)) },
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
    // Copied: a typed array must start at a multiple of its element's size, and a file's data need not.
    const data = new Uint8Array(bytes.subarray(dataStart + entry.begin, dataStart + entry.end));
    return [entry.name, { shape: entry.shape, values: elementType(entry).toFloat32(data.buffer) }];
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
    const needed = sizeOf(shape) * elementType(entry).bytes;
    if (begin !== covered) throw malformed(where, `data_offsets from ${covered}`, `[${begin}, ${end}]`);
    if (end - begin !== needed)
      throw malformed(where, `${needed} bytes for ${dtype} [${shape}]`, `data_offsets [${begin}, ${end}]`);
    covered = end;
  }
  if (covered !== dataBytes)
    throw malformed('file', `${covered} bytes after the header`, `${dataBytes}: it is cut or has a tail`);
}

function elementType({ name, dtype }: Entry): ElementType {
  if (Object.hasOwn(ELEMENT_TYPES, dtype)) return ELEMENT_TYPES[dtype]!;
  const known = Object.keys(ELEMENT_TYPES).join(', ');
  throw malformed(`tensor ${show(name)}`, `a dtype of ${known}`, show(dtype));
}

/** The header's grammar, which is all of the text: one object, then spaces. */
function parseHeader(text: string): { entries: Entry[]; metadata: [string, string][] } {
  const header = new HeaderText(text);
  if (text[0] !== '{') header.fail('"{"', text[0]);
  const entries: Entry[] = [];
  const metadata: [string, string][] = [];
  header.object((name) => {
    if (name === METADATA) header.object((key) => metadata.push([key, header.string()]));
    else entries.push(parseEntry(header, name));
  });
  header.end();
  return { entries, metadata };
}

function parseEntry(header: HeaderText, name: string): Entry {
  const found: { dtype?: string; shape?: number[]; data_offsets?: number[] } = {};
  header.object((field) => {
    if (field === 'dtype') found.dtype = header.string();
    else if (field === 'shape') found.shape = header.integers(MAX_DIMENSIONS);
    else if (field === 'data_offsets') found.data_offsets = header.integers(2);
    else header.fail('dtype, shape or data_offsets', field);
  });
  const { dtype, shape, data_offsets: offsets } = found;
  if (dtype === undefined || shape === undefined || offsets?.length !== 2)
    header.fail('dtype, shape and data_offsets [begin, end]', `only ${Object.keys(found)}`);
  return { name, dtype, shape, begin: offsets[0]!, end: offsets[1]! };
}

/**
 * Reads the part of JSON that a header may use, left to right. JSON.parse would keep the last of two equal
 * keys without a word, build whatever nesting it is given, and take 1e2 for an offset.
 */
class HeaderText {
  private at = 0;

  constructor(private readonly text: string) {}

  /** { key: value, ... } with every key once; `readValue` must consume the value. */
  object(readValue: (key: string) => void): void {
    const keys = new Set<string>();
    this.list('{', '}', () => {
      const key = this.string();
      if (key === PROTOTYPE || keys.has(key)) this.fail('a key that is new and harmless', key);
      if (keys.size > MAX_NAMES) this.fail(`at most ${MAX_NAMES} names`, 'more');
      keys.add(key);
      this.expect(':');
      readValue(key);
    });
  }

  /** [n, ...] of at most `most` whole numbers from 0 to 2^53 - 1, without fraction or exponent. */
  integers(most: number): number[] {
    const numbers: number[] = [];
    this.list('[', ']', () => {
      if (numbers.length === most) this.fail(`at most ${most} numbers`, 'more');
      this.skipSpace();
      const next = this.text.slice(this.at, this.at + 20);
      const digits = /^(?:0|[1-9]\d{0,15})(?![\d.eE])/.exec(next)?.[0];
      if (!Number.isSafeInteger(Number(digits))) this.fail('a whole number from 0 to 2^53 - 1', next);
      this.at += digits!.length;
      numbers.push(Number(digits));
    });
    return numbers;
  }

  string(): string {
    this.skipSpace();
    const start = this.at;
    if (this.text[start] !== '"') this.fail('a string', this.text[start]);
    let end = start + 1;
    while (end < this.text.length && this.text[end] !== '"') end += this.text[end] === '\\' ? 2 : 1;
    this.at = end + 1;
    const literal = this.text.slice(start, this.at);
    return decodeString(literal) ?? this.fail('a JSON string', literal);
  }

  /** Nothing but space is left. */
  end(): void {
    this.skipSpace();
    if (this.at < this.text.length) this.fail('spaces to the end of the header', this.text[this.at]);
  }

  fail(expected: string, got: string | undefined): never {
    throw malformed(`header, at character ${this.at}`, expected, got === undefined ? 'its end' : show(got));
  }

  private list(open: string, close: string, readItem: () => void): void {
    this.expect(open);
    if (this.take(close)) return;
    do readItem();
    while (this.take(','));
    this.expect(close);
  }

  private expect(character: string): void {
    if (!this.take(character)) this.fail(show(character), this.text[this.at]);
  }

  private take(character: string): boolean {
    this.skipSpace();
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private skipSpace(): void {
    while (' \n\r\t'.includes(this.text[this.at] ?? 'end')) this.at++;
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

/** IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits; exact in float32. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** bfloat16 is the upper half of a float32. */
function bfloat16ToFloat32(data: ArrayBuffer): Float32Array {
  return new Float32Array(Uint32Array.from(new Uint16Array(data), (bits) => bits << 16).buffer);
}
