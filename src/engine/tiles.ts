/**
 * Which register tile GEMM uses. The best one depends on how the engine's compiler assigns registers, so it is found by measurement: while
 * the first large programs run, tiles take turns, and the work itself is what is timed. No tile changes a bit of any result.
 */

/** A tile has been tried when it has worked so long, in ms, and so often: its code has then been optimized by the engine. */
const TRIAL_MILLISECONDS = 40;
const TRIAL_RUNS = 4;

/**
 * Rows of the tiles for vectors of 128 bits. The first is good everywhere, and used where nothing is large enough to be timed. The second loads
 * less, but needs all the registers there are: where the engine spills one it takes twice as long (Node 20, and plain builds).
 */
export const NARROW_TILES = [4, 6] as const;
/** Rows of the one for vectors of 256 bits. */
export const WIDE_TILE = 8;

/** A tile beats one that is preferred if it takes less than this share of its time: a spill makes half as much again, noise a few percent. */
const CLEARLY = 0.93;

interface Trial {
  readonly height: number;
  milliseconds: number;
  runs: number;
  /** Least time for a row, in ms. */
  best: number;
}

export class TileChoice {
  private trials: Trial[];
  private program = 0;
  private chosen: number | null;

  /** @param heights rows of the tiles to choose from: the first is used until one is chosen, the last is preferred */
  constructor(private readonly heights: readonly number[]) {
    this.chosen = heights.length === 1 ? heights[0]! : null;
    this.trials = newTrials(heights);
  }

  /** Rows of the tile that was chosen; null as long as none is. */
  get height(): number | null {
    return this.chosen;
  }

  /** Rows of the tile that the next run of a program should use. */
  next(program: number): number {
    if (this.chosen !== null) return this.chosen;
    if (this.program !== program) {
      this.program = program;
      this.trials = newTrials(this.heights);
    }
    return this.trials.reduce((least, trial) => (trial.milliseconds < least.milliseconds ? trial : least))
      .height;
  }

  /** What a run of so many rows took. */
  took(height: number, rows: number, milliseconds: number): void {
    const trial = this.trials.find((candidate) => candidate.height === height);
    if (this.chosen !== null || !trial) return;
    trial.milliseconds += milliseconds;
    trial.runs++;
    trial.best = Math.min(trial.best, milliseconds / rows);
    const tried = this.trials.every(
      (one) => one.milliseconds >= TRIAL_MILLISECONDS && one.runs >= TRIAL_RUNS,
    );
    if (tried)
      this.chosen = this.trials.reduceRight((best, one) =>
        one.best < best.best * CLEARLY ? one : best,
      ).height;
  }
}

function newTrials(heights: readonly number[]): Trial[] {
  return heights.map((height) => ({ height, milliseconds: 0, runs: 0, best: Infinity }));
}
