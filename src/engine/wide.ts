/**
 * 256-bit vectors, where the host can be asked for them: V8 fuses pairs of 128-bit operations behind a flag of its own, experimental, so nothing
 * is believed. The build for them, whose tiles are twice as wide, is taken if it computes the same bits as the narrow one, and faster.
 */
import {
  BARRIER_WORDS,
  GEMM,
  GEMM_A,
  GEMM_B,
  GEMM_C,
  GEMM_K,
  GEMM_M,
  GEMM_N,
  GEMM_PANELS,
  INSTRUCTION_WORDS,
  MACHINE_BYTES,
  MAX_MR,
  MIN_MR,
  OPCODE,
  PROGRAM_CODE,
  PROGRAM_COUNT,
  PROGRAM_STEPS,
  PROGRAM_WORDS,
  SCRATCH_BYTES,
  STEP_SCALARS,
  TEAM_THREADS,
  TEAM_TILE,
} from '../../assembly/isa.js';
import { timestamp } from '../node.js';
import type { Started } from './instance.js';
import type { Machine } from './pool.js';

const FLAG = '--experimental-wasm-revectorize';

/** The build for wide vectors, on the memory of the narrow one, of which nothing was allocated yet; or why it is not to be trusted here. */
export async function widen(
  narrow: Started,
  memory: WebAssembly.Memory,
  load: () => Promise<Started>,
): Promise<Started | string> {
  const refused = await askForWideVectors();
  if (refused !== null) return refused;
  const wide = await load();
  if (memory.buffer.byteLength < TRIAL_BYTES + MACHINE_BYTES) memory.grow(Math.ceil(TRIAL_BYTES / 65_536));
  const why = whyNotWide(wide.machine, narrow.machine, memory, MACHINE_BYTES);
  new Uint8Array(memory.buffer).fill(0, MACHINE_BYTES);
  return why ?? wide;
}

/** Asks the host for wide vectors in what is compiled from now on. Says why not, or null. */
async function askForWideVectors(): Promise<string | null> {
  if (typeof process === 'undefined' || !process.versions?.v8)
    return 'the host offers no way to ask for them';
  // an engine that does not know a flag complains on the terminal, so its list of flags is asked first
  const { execFileSync } = await nodeModule<typeof import('node:child_process')>('child_process');
  const known = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8', maxBuffer: 2 ** 24 });
  if (!known.includes(FLAG)) return 'the host does not know them';
  const { setFlagsFromString } = await nodeModule<typeof import('node:v8')>('v8');
  setFlagsFromString(FLAG);
  return null;
}

/** By a computed name, so that bundlers for browsers leave it alone. */
function nodeModule<T>(name: string): Promise<T> {
  return import(/* @vite-ignore */ /* webpackIgnore: true */ `node:${name}`);
}

/** The trial: C = A B of a size that fills tiles, with some left over. */
const [M, N, K] = [63, 74, 250] as const;
/** The engine's compiler is given so long to optimize the code, in ms, and must make it so much faster. */
const TRIAL_MILLISECONDS = 60;
const GAIN = 1.15;

/** Why the machine is not to be trusted as wide; null where it is. Uses memory from `free` on, which must be large enough: TRIAL_BYTES. */
export function whyNotWide(
  wide: Machine,
  narrow: Machine,
  memory: WebAssembly.Memory,
  free: number,
): string | null {
  const trial = new Trial(memory, free);
  const fast = trial.run(wide, MAX_MR);
  const plain = trial.run(narrow, MIN_MR);
  if (!fast.bits.every((bits, i) => bits === plain.bits[i])) return 'they gave other bits than narrow ones';
  return fast.milliseconds * GAIN < plain.milliseconds ? null : 'the host compiled nothing of the kind';
}

class Trial {
  private readonly words: Int32Array;
  private readonly program: number;
  private readonly scratch: number;
  private readonly c: number;

  constructor(memory: WebAssembly.Memory, free: number) {
    let top = free;
    const space = (words: number) => {
      const address = top;
      top += Math.ceil((words * 4) / 64) * 64 + 64;
      return address;
    };
    this.words = new Int32Array(memory.buffer);
    const floats = new Float32Array(memory.buffer);
    const [a, b] = [space(M * K), space(K * N)];
    for (let i = 0; i < M * K; i++) floats[a / 4 + i] = Math.fround(Math.sin(i));
    for (let i = 0; i < K * N; i++) floats[b / 4 + i] = Math.fround(Math.cos(3 * i));
    this.c = space(M * N);
    this.program = space(PROGRAM_WORDS);
    this.scratch = space(SCRATCH_BYTES / 4);
    const code = space(INSTRUCTION_WORDS);
    this.write(code, {
      [OPCODE]: GEMM,
      [GEMM_A]: a,
      [GEMM_B]: b,
      [GEMM_C]: this.c,
      [GEMM_M]: M,
      [GEMM_N]: N,
      [GEMM_K]: K,
      [GEMM_PANELS]: space((N + 8) * K),
    });
    this.write(this.program, {
      [PROGRAM_CODE]: code,
      [PROGRAM_COUNT]: 1,
      [PROGRAM_STEPS]: space(STEP_SCALARS),
    });
    this.write(this.scratch, { [TEAM_THREADS]: 1 });
  }

  /** Bits of C, and the least time of a run after the code has been optimized. */
  run(machine: Machine, tile: number): { bits: Int32Array; milliseconds: number } {
    this.write(this.scratch, { [TEAM_TILE]: tile });
    let milliseconds = Infinity;
    for (const end = timestamp() + TRIAL_MILLISECONDS; timestamp() < end; ) {
      const began = timestamp();
      machine.run(this.program, 0, 1, this.scratch);
      milliseconds = Math.min(milliseconds, timestamp() - began);
    }
    return { bits: this.words.slice(this.c / 4, this.c / 4 + M * N), milliseconds };
  }

  private write(address: number, values: Readonly<Record<number, number>>): void {
    for (const [index, value] of Object.entries(values)) this.words[address / 4 + Number(index)] = value;
  }
}

/** Bytes that a trial uses, with room to spare. */
export const TRIAL_BYTES =
  4 * (M * K + K * N + M * N + (N + 8) * K + 8 * BARRIER_WORDS) + SCRATCH_BYTES + 2048;
