/**
 * A compiled program in the memory of an engine: its blocks, its table of step records and the table of results. Whoever runs
 * it fills records, runs, reads results; no step allocates.
 */
import {
  SCRATCH_BYTES,
  STEP_COUNTER,
  STEP_FIRST,
  STEP_ROWS,
  STEP_SCALARS,
} from '../../assembly/isa.js';
import type { Program } from '../compile/compile.js';
import { describe } from '../compile/describe.js';
import {
  CODE,
  CONSTANTS,
  elements,
  RESULT_TABLE,
  RESULTS,
  SCALARS,
  SCRATCH,
  STEPS,
  TEMPORARIES,
} from '../compile/job.js';
import type { Node } from '../graph/node.js';
import type { Engine } from './engine.js';

export class Executable {
  private readonly owned: number[] = [];
  private readonly addresses = new Map<string, number>();
  private readonly recordWords: number;
  private recordViews: { words: Uint32Array; floats: Float32Array } | undefined;

  /**
   * @param blocks addresses of the blocks that the program's job names; the executable does not own them
   * @param maxSteps most steps of one call of `run`
   */
  constructor(
    readonly engine: Engine,
    readonly program: Program,
    blocks: Readonly<Record<string, number>>,
    readonly maxSteps: number,
  ) {
    this.recordWords = STEP_SCALARS + program.scalars;
    const own = {
      [CODE]: program.blocks[CODE]!,
      [CONSTANTS]: program.blocks[CONSTANTS]!,
      [SCALARS]: program.blocks[SCALARS]!,
      [RESULTS]: program.blocks[RESULTS]!,
      [TEMPORARIES]: program.blocks[TEMPORARIES]!,
      [STEPS]: maxSteps * this.recordWords * 4,
      [RESULT_TABLE]: maxSteps * program.results * 4,
      [SCRATCH]: SCRATCH_BYTES,
    };
    try {
      for (const [block, bytes] of Object.entries(own)) this.own(block, bytes);
    } catch (error) {
      this.dispose();
      throw error;
    }
    for (const [block, address] of Object.entries(blocks)) this.addresses.set(block, address);
    engine.floats(this.addressOf(CONSTANTS), program.constants.length).set(program.constants);
    const words = program.emit((block) => this.addressOf(block));
    engine.words(this.addressOf(CODE), words.length).set(words);
  }

  /** Fills step record `index`. `counter` is the step's number since training began: random numbers follow it. */
  setStep(index: number, rows: number, first: number, counter: number, scalars: readonly number[]): void {
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
    return this.engine.run(this.addressOf(CODE), first, steps);
  }

  /** The results of the last run, one row of numbers for each step. A view, valid until the next run or allocation. */
  results(steps: number): Float32Array {
    return this.engine.floats(this.addressOf(RESULT_TABLE), steps * this.program.results);
  }

  /** A view of a value that the program keeps in memory, at full capacity; valid until the next allocation. */
  view(node: Node): Float32Array {
    const { block, offset } = this.program.placeOf(node);
    return this.engine.floats(this.addressOf(block) + offset, elements(node.shape, this.program.capacity));
  }

  /** What the machine does in a step, for people to read. */
  describe(): string {
    return describe(this.program);
  }

  dispose(): void {
    for (const address of this.owned.splice(0)) this.engine.free(address);
  }

  /** Views of the step records, made anew after the memory grew. */
  private records(): { words: Uint32Array; floats: Float32Array } {
    if (this.recordViews?.words.buffer !== this.engine.memory.buffer) {
      const length = this.maxSteps * this.recordWords;
      const address = this.addressOf(STEPS);
      this.recordViews = {
        words: this.engine.words(address, length),
        floats: this.engine.floats(address, length),
      };
    }
    return this.recordViews;
  }

  private own(block: string, bytes: number): void {
    const address = this.engine.allocate(bytes);
    this.owned.push(address);
    this.addresses.set(block, address);
  }

  private addressOf(block: string): number {
    const address = this.addresses.get(block);
    if (address === undefined) throw new Error(`executable: block '${block}' has no address`);
    return address;
  }
}
