/**
 * Unpacks gzip (RFC 1952) with the host's own decompressor, stopping as soon as more comes out than was promised:
 * a small file that unpacks to terabytes costs no more than its promise.
 */
import { FormatError } from '../errors.js';

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * @param headBytes how many unpacked bytes `promised` needs to see, or all there are if fewer
 * @param promised the size of the unpacked file in bytes, read from its first bytes; may throw
 * @throws FormatError if the stream is cut or corrupt or unpacks to more than promised
 */
export async function gunzip(
  bytes: Uint8Array,
  headBytes: number,
  promised: (head: Uint8Array) => number,
  name: string,
): Promise<Uint8Array> {
  const packed = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
  const reader = packed.pipeThrough(new DecompressionStream('gzip')).getReader();
  const chunks: Uint8Array[] = [];
  let total = 0;
  let limit: number | undefined;
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new FormatError(`${name}: expected a whole gzip stream, found one that is cut or corrupt`);
    });
    if (done) return join(chunks, total);
    chunks.push(value);
    total += value.length;
    if (limit === undefined && total >= headBytes) limit = promised(join(chunks, total));
    if (limit !== undefined && total > limit) {
      await reader.cancel();
      throw new FormatError(`${name}: expected ${limit} bytes unpacked as its header says, found more`);
    }
  }
}

function join(chunks: Uint8Array[], total: number): Uint8Array {
  const joined = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}
