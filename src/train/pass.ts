/**
 * A pass over data that changes nothing: batches go through a staging area, values come back. Prediction, evaluation and
 * gradients are passes; training is not (trainer.ts).
 */
import { compile } from '../compile/compile.js';
import { elements, layout, type Place, type Source } from '../compile/job.js';
import { Executable } from '../engine/executable.js';
import type { Node } from '../graph/node.js';
import { type Matrix, PIXEL_SCALE, type Targets } from './matrix.js';
import { PARAMETERS, type ParameterStore } from './store.js';
import { weightsOf } from './weights.js';

export interface PassOptions {
  /** Most rows of a batch. */
  readonly capacity: number;
  /** Whether inputs arrive as bytes. */
  readonly bytes: boolean;
  /** The symbol that targets are fed to, if any. */
  readonly target?: Node;
  /** The symbol that the weights of samples are fed to, if any. */
  readonly weights?: Node | null;
  /** What is computed. */
  readonly outputs: readonly Node[];
}

export class Pass {
  private readonly executable: Executable;
  private readonly places: readonly Place[];

  constructor(
    private readonly store: ParameterStore,
    private readonly options: PassOptions,
  ) {
    const { engine, network } = store;
    const { capacity, bytes, target, weights, outputs } = options;
    const given = [network.x, ...(target ? [target] : []), ...(weights ? [weights] : [])];
    const fed = layout('fed', given, capacity);
    const computed = layout('computed', outputs, capacity);
    this.places = computed.places;
    const source: Source = {
      input: network.x,
      block: 'pixels',
      order: null,
      type: 'uint8',
      scale: PIXEL_SCALE,
    };
    const program = compile({
      capacity,
      leaves: new Map([
        ...store.placesIn(PARAMETERS),
        ...given.map((node, i) => [node, fed.places[i]!] as const),
      ]),
      stores: outputs.map((value, i) => ({ value, place: computed.places[i]! })),
      sources: bytes ? [source] : [],
    });
    this.executable = new Executable(engine, program, {
      given: { [PARAMETERS]: store.address },
      own: {
        fed: fed.bytes,
        computed: computed.bytes,
        pixels: bytes ? capacity * network.architecture.inputs : 0,
      },
      maxSteps: 1,
    });
  }

  /** Feeds the data batch by batch. `visit` gets the rows done before, the rows of this batch, and the outputs' values (views). */
  run(
    inputs: Matrix,
    targets: Targets | null,
    visit: (first: number, rows: number, values: Float32Array[]) => void,
  ): void {
    const { engine, network } = this.store;
    const { capacity, bytes, target, weights, outputs } = this.options;
    const computed = this.executable.address('computed');
    for (let first = 0; first < inputs.rows; first += capacity) {
      const rows = Math.min(capacity, inputs.rows - first);
      const batch = inputs.values.subarray(first * inputs.columns, (first + rows) * inputs.columns);
      if (bytes) engine.bytes(this.executable.address('pixels'), batch.length).set(batch);
      else this.executable.view(network.x).set(batch);
      if (target && targets) {
        const { values, columns } = targets;
        this.executable.view(target).set(values.subarray(first * columns, (first + rows) * columns));
        if (weights) this.executable.view(weights).set(weightsOf(targets, first, first + rows)!);
      }
      this.executable.setStep(0, rows, 0, 0);
      this.executable.run(1);
      const views = outputs.map((node, i) =>
        engine.floats(computed + this.places[i]!.offset, elements(node.shape, rows)),
      );
      visit(first, rows, views);
    }
  }

  describe(): Promise<string> {
    return this.executable.describe();
  }

  dispose(): void {
    this.executable.dispose();
  }
}
