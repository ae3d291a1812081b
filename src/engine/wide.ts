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
import { importFromNode, timestamp } from '../node.js';
import type { Machine, Started } from './machine.js';

const FLAG = '--experimental-wasm-revectorize';

/** The build for wide vectors, on the memory of the narrow one, of which nothing was allocated yet; or why it is not to be trusted here. */
export async function widen(
  narrow: Started,
  memory: WebAssembly.Memory,
  load: () => Promise<Started>,
): Promise<Started | string> {
  if (memory.buffer.byteLength < TRIAL_BYTES + MACHINE_BYTES) memory.grow(Math.ceil(TRIAL_BYTES / 65_536));
  const trial = new Trial(memory, MACHINE_BYTES);
  try {
    // before they are asked for: then the narrow machine's code, which is optimized later, has them too
    const expected = trial.run(narrow.machine, MIN_MR).bits;
    const refused = await askForWideVectors();
    if (refused !== null) return refused;
    const wide = await load();
    return trial.whyNotWide(wide.machine, narrow.machine, expected) ?? wide;
  } finally {
    // a heap takes what it has not given out for zeros
    new Uint8Array(memory.buffer).fill(0, MACHINE_BYTES);
  }
}

/** Asks the host for wide vectors in all that it optimizes from now on, whoever's it is. Says why not, or null. */
async function askForWideVectors(): Promise<string | null> {
  if (typeof process === 'undefined' || !process.versions?.v8)
    return 'the host offers no way to ask for them';
  // an engine that does not know a flag complains on the terminal, so its list of flags is asked first
  const { execFileSync } = await importFromNode<typeof import('node:child_process')>('child_process');
  const known = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8', maxBuffer: 2 ** 24 });
  if (!known.includes(FLAG)) return 'the host does not know them';
  const { setFlagsFromString } = await importFromNode<typeof import('node:v8')>('v8');
  setFlagsFromString(FLAG);
  return null;
}

/** The trial: C = A B of a size that fills tiles, with some left over. */
const [M, N, K] = [63, 74, 250] as const;
/** The engine's compiler is given at least and at most so long to optimize the code, in ms, and must make it so much faster. */
const LEAST_MILLISECONDS = 60;
const MOST_MILLISECONDS = 1000;
const GAIN = 1.15;

/** A product on both machines. Uses memory from `free` on, which must be large enough: TRIAL_BYTES. */
export class Trial {
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

  /** One run: bits of C, and how long it took. */
  run(machine: Machine, tile: number): { bits: Int32Array; milliseconds: number } {
    this.write(this.scratch, { [TEAM_TILE]: tile });
    const began = timestamp();
    machine.run(this.program, 0, 1, this.scratch);
    const milliseconds = timestamp() - began;
    return { bits: this.words.slice(this.c / 4, this.c / 4 + M * N), milliseconds };
  }

  /** Why the machine is not to be trusted as wide; null where it is. The two take turns: neighbours disturb both, and the least times count. */
  whyNotWide(wide: Machine, narrow: Machine, expected: Int32Array): string | null {
    let [fast, plain] = [Infinity, Infinity];
    for (let spent = 0; spent < MOST_MILLISECONDS; ) {
      const one = this.run(wide, MAX_MR);
      if (!one.bits.every((bits, i) => bits === expected[i])) return 'they gave other bits than narrow ones';
      const other = this.run(narrow, MIN_MR);
      fast = Math.min(fast, one.milliseconds);
      plain = Math.min(plain, other.milliseconds);
      spent += one.milliseconds + other.milliseconds;
      if (spent > LEAST_MILLISECONDS && fast * GAIN < plain) return null;
    }
    return 'the host compiled nothing of the kind';
  }

  private write(address: number, values: Readonly<Record<number, number>>): void {
    for (const [index, value] of Object.entries(values)) this.words[address / 4 + Number(index)] = value;
  }
}

/** Bytes that a trial uses, with room to spare. */
export const TRIAL_BYTES =
  4 * (M * K + K * N + M * N + (N + 8) * K + 8 * BARRIER_WORDS) + SCRATCH_BYTES + 2048;
