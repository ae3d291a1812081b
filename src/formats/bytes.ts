/** Where a model comes from: bytes, or the name of a file. Not here: files (file.ts, fetched when there is a name), and what the bytes mean. */
import { wrongRange, wrongType } from '../errors.js';

/** The bytes of a model: those given, or in Node those of the file of this name. */
export async function readBytes(source: unknown): Promise<Uint8Array> {
  if (source === '') throw wrongRange('source', 'a file name or bytes', source);
  if (typeof source === 'string') return (await import('./file.js')).readFile(source);
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  throw wrongType('source', 'a file name or bytes', source);
}
