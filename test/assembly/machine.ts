/**
 * The machine alone: programs written word by word into a memory in which every array stands between fences of NaN, so that
 * a kernel that reads beyond an array spoils its result and one that writes beyond it is found out.
 */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import * as isa from '../../assembly/isa.js';

const machineFile = (name: string) =>
  readFileSync(new URL(`../../build/machine/${name}.wasm`, import.meta.url));
const BUILD_FILES = ['plain', 'relaxed'].map((name) => ({ name, bytes: machineFile(name) }));
const supported = BUILD_FILES.filter(({ bytes }) => WebAssembly.validate(bytes));
const missing = BUILD_FILES.filter((build) => !supported.includes(build)).map(({ name }) => name);

/** The builds that this host can run; titles say which one it cannot. */
export const builds = supported.map(({ name, bytes }) => ({
  name,
  title: missing.length > 0 ? `${name} (host lacks ${missing})` : name,
  module: new WebAssembly.Module(bytes),
}));
export type Build = (typeof builds)[number];

/** The same build of the small machine that only predicts. */
export const predicting = (build: Build): Build => ({
  ...build,
  module: new WebAssembly.Module(machineFile(`${build.name}-predict`)),
});

/** The same build and, where there is one, that for wide vectors. */
export const andWide = (build: Build): Build[] => {
  if (build.name === 'plain') return [build];
  const module = new WebAssembly.Module(machineFile(`${build.name}-wide`));
  return [build, { ...build, title: `${build.title}, wide`, module }];
};

/** What stands where nothing was written. */
const UNWRITTEN = 0x7fc0dead;
/** A NaN for every address: neither computing with one nor copying one from elsewhere gives it. */
const fenceAt = (address: number) => 0x7fa00000 | ((address >>> 2) & 0x1fffff);
const FENCE_WORDS = 16;
const MEMORY_PAGES = 512;
const FIRST = isa.MACHINE_BYTES;

export interface StepRecord {
  readonly rows: number;
  readonly first?: number;
  readonly counter?: number;
  readonly scalars?: readonly number[];
}

/** Words by their names in isa.ts; the others are 0. */
export function instruction(opcode: number, operands: Readonly<Record<number, number>>): number[] {
  const words = new Array<number>(isa.INSTRUCTION_WORDS).fill(0);
  words[isa.OPCODE] = opcode;
  for (const [index, value] of Object.entries(operands)) words[Number(index)] = value;
  return words;
}

export interface MapOperands {
  readonly full?: readonly number[];
  readonly row?: readonly number[];
  readonly column?: readonly number[];
  readonly scalar?: readonly number[];
}

export class Machine {
  readonly words: Uint32Array;
  private readonly memory = new WebAssembly.Memory({ initial: MEMORY_PAGES });
  private readonly start: (program: number, first: number, steps: number, scratch: number) => number;
  private readonly fences: number[] = [];
  private top = FIRST;
  private scratch = 0;

  constructor(
    build: Build,
    private readonly tile = 4,
  ) {
    this.words = new Uint32Array(this.memory.buffer);
    this.words.fill(UNWRITTEN);
    const { exports } = new WebAssembly.Instance(build.module, { env: { memory: this.memory } });
    this.start = exports.run as typeof this.start;
  }

  /** Forgets all arrays. */
  clear(): void {
    this.words.fill(UNWRITTEN, FIRST / 4, this.top / 4);
    this.fences.length = 0;
    this.top = FIRST;
  }

  /** Address of `count` words between fences, on a vector; they hold NaN. */
  space(count: number): number {
    this.fence();
    const address = this.top;
    this.top += count * 4;
    this.fence();
    this.top = Math.ceil(this.top / 16) * 16;
    return address;
  }

  /** Address of the numbers, between fences. */
  floats(values: ArrayLike<number>): number {
    const address = this.space(values.length);
    this.read(address, values.length).set(values);
    return address;
  }

  uint32(values: ArrayLike<number>): number {
    const address = this.space(values.length);
    this.words.set(values, address / 4);
    return address;
  }

  bytes(values: ArrayLike<number>): number {
    const address = this.space(Math.ceil(values.length / 4));
    new Uint8Array(this.memory.buffer).set(values, address);
    return address;
  }

  read(address: number, count: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, count);
  }

  /** A MAP of operations [code, to, ...from]. */
  map(
    rows: number,
    columns: number,
    { full = [], row = [], column = [], scalar = [] }: MapOperands,
    operations: readonly (readonly number[])[],
    temporaries = 0,
  ): number[] {
    return instruction(isa.MAP, {
      [isa.MAP_ROWS]: rows,
      [isa.MAP_COLUMNS]: columns,
      [isa.MAP_OPERANDS]: this.uint32([...full, ...row, ...column, ...scalar]),
      [isa.MAP_FULL]: full.length,
      [isa.MAP_ROW]: row.length,
      [isa.MAP_COLUMN]: column.length,
      [isa.MAP_SCALAR]: scalar.length,
      [isa.MAP_CODE]: this.uint32(
        operations.flatMap(([code, to, a = 0, b = 0, c = 0]) => [
          code! | (to! << 16),
          a | (b << 8) | (c << 16),
        ]),
      ),
      [isa.MAP_CODE_COUNT]: operations.length,
      [isa.MAP_TEMPORARIES]: temporaries,
    });
  }

  /** A program's address; its results are the numbers at `results`, appended to a table after every step. */
  program(
    instructions: readonly (readonly number[])[],
    records: readonly StepRecord[],
    results: readonly [address: number, count: number, table: number] = [0, 0, 0],
    scalarSpace?: number,
  ): number {
    const scalarCount = records[0]?.scalars?.length ?? 0;
    const stepWords = isa.STEP_SCALARS + scalarCount;
    const steps = this.uint32(new Array(records.length * stepWords).fill(0));
    records.forEach(({ rows, first = 0, counter = 0, scalars = [] }, i) => {
      const at = steps / 4 + i * stepWords;
      this.words[at + isa.STEP_ROWS] = rows;
      this.words[at + isa.STEP_FIRST] = first;
      this.words[at + isa.STEP_COUNTER] = counter;
      this.read(steps + (i * stepWords + isa.STEP_SCALARS) * 4, scalars.length).set(scalars);
    });
    const header = new Array<number>(isa.PROGRAM_WORDS).fill(0);
    header[isa.PROGRAM_CODE] = this.uint32(instructions.flat());
    header[isa.PROGRAM_COUNT] = instructions.length;
    header[isa.PROGRAM_STEPS] = steps;
    header[isa.PROGRAM_STEP_WORDS] = stepWords;
    header[isa.PROGRAM_SCALARS] = scalarSpace ?? this.space(1 + scalarCount);
    header[isa.PROGRAM_SCALAR_COUNT] = scalarCount;
    header[isa.PROGRAM_RESULTS] = results[0];
    header[isa.PROGRAM_RESULT_COUNT] = results[1];
    header[isa.PROGRAM_RESULT_TABLE] = results[2];
    this.scratch = this.space(isa.SCRATCH_BYTES / 4);
    this.words[this.scratch / 4 + isa.TEAM_THREAD] = 0;
    this.words[this.scratch / 4 + isa.TEAM_THREADS] = 1;
    this.words[this.scratch / 4 + isa.TEAM_TILE] = this.tile;
    return this.uint32(header);
  }

  /** Runs steps and checks every fence. Returns the number of completed steps. */
  run(program: number, first: number, steps: number): number {
    const completed = this.start(program, first, steps, this.scratch);
    this.expectFences();
    return completed;
  }

  /** One step of some instructions. */
  step(instructions: readonly (readonly number[])[], record: StepRecord = { rows: 1 }): void {
    expect(this.run(this.program(instructions, [record]), 0, 1)).toBe(1);
  }

  private fence(): void {
    const end = this.top + 4 * FENCE_WORDS;
    for (; this.top < end; this.top += 4) {
      this.fences.push(this.top);
      this.words[this.top / 4] = fenceAt(this.top);
    }
  }

  private expectFences(): void {
    const broken = this.fences.filter((address) => this.words[address / 4] !== fenceAt(address));
    expect(broken, 'fences that were overwritten').toEqual([]);
  }
}
