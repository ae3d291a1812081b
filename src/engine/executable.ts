/**
 * A compiled program in the memory of an engine: its blocks, its table of step records and the table of results. Whoever runs
 * it fills records, runs, reads results; no step allocates.
 */
import { STEP_COUNTER, STEP_FIRST, STEP_ROWS, STEP_SCALARS } from '../../assembly/isa.js';
import type { Program } from '../compile/compile.js';
import { CODE, CONSTANTS, elements, RESULT_TABLE, STEPS } from '../compile/job.js';
import type { Node } from '../graph/node.js';
import type { Engine, Work } from './engine.js';

export interface ExecutableOptions {
  /** Addresses of blocks that the program's job names and others own. */
  readonly given?: Readonly<Record<string, number>>;
  /** Bytes of the other blocks that whoever runs the program needs: allocated here, and freed by `dispose`. */
  readonly own?: Readonly<Record<string, number>>;
  /** Those of them that are filled before they are read: zeroing a data set takes as long as copying it. */
  readonly filled?: readonly string[];
  /** Most steps of one call of `run`. */
  readonly maxSteps: number;
}

export class Executable {
  private owned: Readonly<Record<string, number>>;
  private readonly addresses: Readonly<Record<string, number>>;
  private readonly recordWords: number;
  private readonly maxSteps: number;
  private recordViews: { words: Uint32Array; floats: Float32Array } | undefined;

  /** Takes all the memory it needs, or none and throws a RangeError. */
  constructor(
    readonly engine: Engine,
    readonly program: Program,
    { given = {}, own = {}, filled, maxSteps }: ExecutableOptions,
  ) {
    this.maxSteps = maxSteps;
    this.recordWords = STEP_SCALARS + program.scalars;
    const blocks = {
      ...program.blocks,
      ...own,
      [STEPS]: maxSteps * this.recordWords * 4,
      [RESULT_TABLE]: maxSteps * program.results * 4,
    };
    this.owned = engine.allocateBlocks(blocks, filled);
    this.addresses = { ...given, ...this.owned };
    engine.floats(this.address(CONSTANTS), program.constants.length).set(program.constants);
    try {
      const words = program.emit((block) => this.address(block));
      engine.words(this.address(CODE), words.length).set(words);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /** Fills step record `index`. `counter` is the step's number since training began: random numbers follow it. */
  setStep(
    index: number,
    rows: number,
    first: number,
    counter: number,
    scalars: ArrayLike<number> = [],
  ): void {
    const { words, floats } = this.records();
    const at = index * this.recordWords;
    words[at + STEP_ROWS] = rows;
    words[at + STEP_FIRST] = first;
    words[at + STEP_COUNTER] = counter;
    for (let i = 0; i < scalars.length; i++) floats[at + STEP_SCALARS + i] = scalars[i]!;
  }

  /** What `setStep` was told. */
  rowsOf(index: number): { rows: number; first: number } {
    const { words } = this.records();
    const at = index * this.recordWords;
    return { rows: words[at + STEP_ROWS]!, first: words[at + STEP_FIRST]! };
  }

  /** Runs `steps` records from record `first` on; returns how many steps were completed. */
  run(steps: number, first = 0): number {
    return this.engine.run(this.work(steps, first));
  }

  /** The same where the caller's thread is not disturbed, if the engine has threads. */
  start(steps: number, first = 0): Promise<number> {
    return this.engine.start(this.work(steps, first));
  }

  /** The results of so many steps from record `first` on, one row of numbers for each. A view, valid until the next run or allocation. */
  results(steps: number, first = 0): Float32Array {
    const { results } = this.program;
    return this.engine.floats(this.address(RESULT_TABLE) + first * results * 4, steps * results);
  }

  /** A view of a value that the program keeps in memory, at full capacity; valid until the next allocation. */
  view(node: Node): Float32Array {
    const { block, offset } = this.program.placeOf(node);
    return this.engine.floats(this.address(block) + offset, elements(node.shape, this.program.capacity));
  }

  /** What the machine does in a step, for people to read. In a chunk of its own: few ask. */
  async describe(): Promise<string> {
    const { describe } = await import('../compile/describe.js');
    return describe(this.program);
  }

  /** Address of a block, given or owned. */
  address(block: string): number {
    const address = this.addresses[block];
    if (address === undefined) throw new Error(`executable: block '${block}' has no address`);
    return address;
  }

  dispose(): void {
    this.engine.freeBlocks(this.owned);
    this.owned = {};
  }

  private work(steps: number, first: number): Work {
    const { heavy, split } = this.program.emission;
    const rows = () => {
      let sum = 0;
      for (let step = first; step < first + steps; step++) sum += this.rowsOf(step).rows;
      return sum;
    };
    const trial = heavy ? { of: this.program, rows } : undefined;
    return { program: this.address(CODE), first, steps, split, trial };
  }

  /** Views of the step records. When the memory grows they shrink to nothing and are made anew; those of shared memory stay. */
  private records(): { words: Uint32Array; floats: Float32Array } {
    if (!this.recordViews?.words.length) {
      const length = this.maxSteps * this.recordWords;
      const address = this.address(STEPS);
      this.recordViews = {
        words: this.engine.words(address, length),
        floats: this.engine.floats(address, length),
      };
    }
    return this.recordViews;
  }
}
