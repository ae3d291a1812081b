/**
 * Memory for batches of up to so many rows, and the programs that run over it: numbers or bytes to begin with, logits or predictions at the
 * end, on one thread or all; each written when it is first asked for. A run with as many rows as the last one allocates nothing.
 */
import { STEP_ROWS, STEP_SCALARS } from '../../assembly/isa.js';
import type { Engine, Work } from '../engine/engine.js';
import { PIXEL_SCALE } from '../train/matrix.js';
import { type PlacedLayer, packingWords, programWords } from './program.js';

/** Multiply-adds of a step that threads are worth waking for: 50 µs of work. */
const LARGE = 1.25e6;

/** What makes programs differ, as bits of their number. */
const BYTES = 1;
const LOGITS = 2;
const SPLIT = 4;

export class Batch {
  private readonly blocks: Readonly<Record<string, number>>;
  private readonly columns: number;
  private readonly multiplyAdds: number;
  private readonly programs: Work[] = [];
  private rows = 0;
  private views: Views | null = null;

  constructor(
    private readonly engine: Engine,
    private readonly layers: readonly PlacedLayer[],
    readonly capacity: number,
  ) {
    this.columns = layers[0]!.inputs;
    this.multiplyAdds = layers.reduce((sum, { inputs, units }) => sum + inputs * units, 0);
    const width = Math.max(...layers.map(({ units }) => units));
    this.blocks = engine.allocateBlocks({
      pixels: capacity * this.columns,
      inputs: capacity * this.columns * 4,
      even: capacity * width * 4,
      odd: capacity * width * 4,
      step: STEP_SCALARS * 4,
      scalars: 4,
    });
  }

  /** From rows x columns of inputs to what `results` has room for; false, and nothing done, where some are not finite. */
  run(values: Float32Array | Uint8Array, rows: number, results: Float32Array, logits: boolean): boolean {
    const bytes = values instanceof Uint8Array;
    const large = rows * this.multiplyAdds >= LARGE;
    const variant = (bytes ? BYTES : 0) | (logits ? LOGITS : 0) | (large ? SPLIT : 0);
    this.programs[variant] ??= this.write(variant);
    const { pixels, inputs, outputs } = this.viewsFor(rows);
    if (bytes) pixels.set(values);
    else inputs.set(values);
    if (this.engine.run(this.programs[variant]!) === 0) return false;
    results.set(outputs);
    return true;
  }

  dispose(): void {
    this.engine.freeBlocks(this.blocks);
    this.programs.forEach(({ program }) => {
      this.engine.free(program);
    });
  }

  /** Views of the memory. When it grows they shrink to nothing and are made anew; those of shared memory stay. */
  private viewsFor(rows: number): Views {
    if (this.views && this.rows === rows && this.views.outputs.length > 0) return this.views;
    const { engine, blocks, columns, layers } = this;
    this.rows = rows;
    engine.words(blocks.step!, STEP_SCALARS)[STEP_ROWS] = rows;
    this.views = {
      pixels: engine.bytes(blocks.pixels!, rows * columns),
      inputs: engine.floats(blocks.inputs!, rows * columns),
      outputs: engine.floats(this.outputOf(layers.length - 1), rows * layers.at(-1)!.units),
    };
    return this.views;
  }

  /** Address of a layer's outputs: layers take turns. */
  private outputOf(layer: number): number {
    return (layer % 2 === 0 ? this.blocks.even : this.blocks.odd)!;
  }

  private write(variant: number): Work {
    const { engine, blocks, layers } = this;
    const split = (variant & SPLIT) !== 0;
    const last = layers.at(-1)!;
    const options = {
      layers: variant & LOGITS ? [...layers.slice(0, -1), { ...last, finish: 'identity' as const }] : layers,
      pixels: variant & BYTES ? blocks.pixels! : 0,
      inputs: blocks.inputs!,
      outputs: layers.map((_, i) => this.outputOf(i)),
      step: blocks.step!,
      scalars: blocks.scalars!,
      pixelScale: PIXEL_SCALE,
      split,
    };
    const program = engine.allocate(programWords(0, options).length * 4);
    const words = programWords(program, options);
    engine.words(program, words.length).set(words);
    return { program, first: 0, steps: 1, split };
  }
}

/** Lays out the weights in panels, once and for all batches. */
export function packWeights(engine: Engine, layers: readonly PlacedLayer[]): void {
  const length = packingWords(0, { layers, step: 0, scalars: 0 }).length;
  const { program, step, scalars } = engine.allocateBlocks({
    program: length * 4,
    step: STEP_SCALARS * 4,
    scalars: 4,
  });
  engine.words(program!, length).set(packingWords(program!, { layers, step: step!, scalars: scalars! }));
  engine.run({ program: program!, first: 0, steps: 1, split: false });
  engine.freeBlocks({ program: program!, step: step!, scalars: scalars! });
}

interface Views {
  readonly pixels: Uint8Array;
  readonly inputs: Float32Array;
  readonly outputs: Float32Array;
}
