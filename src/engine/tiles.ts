/**
 * Which register tile GEMM uses. The best one depends on how the engine's compiler assigns registers, so it is found by measurement: while
 * the first large programs run, tiles take turns, and the work itself is what is timed. No tile changes a bit of any result.
 */
import { MAX_MR, MIN_MR } from '../../assembly/isa.js';
import { timestamp } from '../node.js';
import type { Tiles, Trial } from './engine.js';

/** A tile has been tried when it has worked so long, in ms, and so often: its code has then been optimized by the engine. */
const TRIAL_MILLISECONDS = 40;
const TRIAL_RUNS = 4;

/**
 * Rows of the tiles for vectors of 128 bits. The first is good everywhere, and used where nothing is large enough to be timed. The second loads
 * less, but needs all the registers there are: where the engine spills one it takes twice as long (Node 20, and plain builds).
 */
export const NARROW_TILES = [MIN_MR, MAX_MR] as const;
/** Rows of the one for vectors of 256 bits, which is two panels wide. */
export const WIDE_TILE = MAX_MR;

/** A tile beats one that is preferred if it takes less than this share of its time: a spill makes half as much again, noise a few percent. */
const CLEARLY = 0.93;

interface Times {
  readonly height: number;
  milliseconds: number;
  runs: number;
  /** Least time for a row, in ms. */
  best: number;
}

export class TileChoice implements Tiles {
  /** Of each program by itself: training and validation take turns, and a row of one is not a row of the other. */
  private readonly trials = new WeakMap<object, Times[]>();
  private chosen: number | null;

  /** @param heights rows of the tiles to choose from: the first is used until one is chosen, the last is preferred */
  constructor(private readonly heights: readonly number[]) {
    this.chosen = heights.length === 1 ? heights[0]! : null;
  }

  /** Rows of the tile that was chosen; null as long as none is. */
  get height(): number | null {
    return this.chosen;
  }

  /** Rows of the tile to use before anything is timed. */
  get first(): number {
    return this.heights[0]!;
  }

  /** Lets a large program try a tile. */
  timed<R extends number | Promise<number>>(trial: Trial, use: (height: number) => void, run: () => R): R {
    const height = this.next(trial.of);
    use(height);
    const began = timestamp();
    const ended = (): void => {
      this.took(trial.of, height, trial.rows(), timestamp() - began);
      if (this.chosen !== null) use(this.chosen);
    };
    const outcome = run();
    if (outcome instanceof Promise) outcome.then(ended, () => {});
    else ended();
    return outcome;
  }

  /** Rows of the tile that the next run of a program should use. */
  next(program: object): number {
    if (this.chosen !== null) return this.chosen;
    return this.trialsOf(program).reduce((least, trial) =>
      trial.milliseconds < least.milliseconds ? trial : least,
    ).height;
  }

  /** What a run of so many rows took. A run that waited for another one is slow, and the best one counts. */
  took(program: object, height: number, rows: number, milliseconds: number): void {
    if (this.chosen !== null) return;
    const trials = this.trialsOf(program);
    const trial = trials.find((candidate) => candidate.height === height)!;
    trial.milliseconds += milliseconds;
    trial.runs++;
    trial.best = Math.min(trial.best, milliseconds / rows);
    const tried = trials.every((one) => one.milliseconds >= TRIAL_MILLISECONDS && one.runs >= TRIAL_RUNS);
    if (tried)
      this.chosen = trials.reduceRight((best, one) => (one.best < best.best * CLEARLY ? one : best)).height;
  }

  private trialsOf(program: object): Times[] {
    const known = this.trials.get(program) ?? this.heights.map(newTrial);
    this.trials.set(program, known);
    return known;
  }
}

function newTrial(height: number): Times {
  return { height, milliseconds: 0, runs: 0, best: Infinity };
}
