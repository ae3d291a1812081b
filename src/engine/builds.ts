/**
 * The builds of the machine that the package carries, and which of them this host can run. Each is a chunk of its own, loaded when
 * chosen. Probing validates a few bytes; versions are never looked at.
 */
import { builtin } from '../node.js';

/** plain: SIMD as of 2021, the same bits on every host. relaxed: fused multiply-add, faster, rounding as the host has it. */
export type BuildName = 'plain' | 'relaxed';

/** Operations on one vector: v128.not and i32x4.relaxed_trunc_f32x4_s. */
const SIMD = [77];
const RELAXED_SIMD = [129, 2];

export function hasSimd(): boolean {
  return knows(SIMD);
}

export function hasRelaxedSimd(): boolean {
  return knows(RELAXED_SIMD);
}

/** Whether the host takes a module with (func (param v128) (result v128) local.get 0 OPERATION). */
function knows(operation: readonly number[]): boolean {
  const body = [0, 32, 0, 253, ...operation, 11];
  const start = [0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 123, 1, 123, 3, 2, 1, 0, 10];
  return WebAssembly.validate(Uint8Array.of(...start, body.length + 2, 1, body.length, ...body));
}

/**
 * The whole machine for one thread, or for several on shared memory; both for wide vectors, which are fused multiply-adds; or the small one that
 * only predicts.
 */
export type MachineKind = 'whole' | 'threads' | 'predict' | 'wide' | 'wide-threads';

type Source = () => Promise<{ readonly default: string }>;

const sources: Readonly<Record<BuildName, Readonly<Partial<Record<MachineKind, Source>>>>> = {
  plain: {
    whole: () => import('../../build/machine/plain.wasm'),
    threads: () => import('../../build/machine/plain-threads.wasm'),
    predict: () => import('../../build/machine/plain-predict.wasm'),
  },
  relaxed: {
    whole: () => import('../../build/machine/relaxed.wasm'),
    threads: () => import('../../build/machine/relaxed-threads.wasm'),
    predict: () => import('../../build/machine/relaxed-predict.wasm'),
    wide: () => import('../../build/machine/relaxed-wide.wasm'),
    'wide-threads': () => import('../../build/machine/relaxed-wide-threads.wasm'),
  },
};

/** The bytes of a build. */
export async function loadBuild(name: BuildName, kind: MachineKind): Promise<Uint8Array<ArrayBuffer>> {
  return readBuild(name, kind) ?? inflate((await sources[name][kind]!()).default);
}

/**
 * The file that stands beside the package's chunks, where a host has files and nothing has bundled the package: that spares a first step the
 * 5 ms in which Node loads a chunk and what inflates it.
 */
function readBuild(name: BuildName, kind: MachineKind): Uint8Array<ArrayBuffer> | null {
  const file = kind === 'whole' ? name : `${name}-${kind}`;
  // another name is that of somebody's bundle
  const url = import.meta.url.replace(/chunks.engine.js$/, `machine/${file}.wasm`);
  try {
    return url.endsWith('.wasm') ? builtin<typeof import('node:fs')>('fs')!.readFileSync(new URL(url)) : null;
  } catch {
    return null;
  }
}

/** Bytes that were deflated and written in base64. Node does it at once: its streams take 50 ms to load. */
async function inflate(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const zlib = builtin<typeof import('node:zlib')>('zlib');
  if (zlib) return zlib.inflateSync(Buffer.from(text, 'base64'));
  const packed = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
