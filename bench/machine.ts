/**
 * wasmlp below its door: programs whose operands and results stay in linear memory, as they do in training, while a compiled function
 * copies them in and out. For products and passes over arrays, whose peers keep their arrays too; bundled by ours.js, since nothing of this is public.
 */
import { compile } from '../src/compile/compile.js';
import { elements, layout } from '../src/compile/job.js';
import { createEngine } from '../src/engine/create.js';
import { Executable } from '../src/engine/executable.js';
import * as graph from '../src/graph.js';
import { input, type Node, parameter, sum } from '../src/graph.js';
import { adam } from '../src/nn/optimizers/adam.js';
import type { Optimizer } from '../src/nn/optimizers/optimizer.js';
import { sgd } from '../src/nn/optimizers/sgd.js';
import type { Work } from './contender.js';
import type { GemmProblem, Host, MapProblem } from './shapes.js';

/** Runs in one call of the machine. */
const STEPS = 64;

interface Resident {
  /** Leaves and what they hold at first. */
  readonly leaves: ReadonlyMap<Node, Float32Array | null>;
  /** Values that every run computes, and whether in the place of a leaf. */
  readonly values: readonly { readonly value: Node; readonly over?: Node }[];
}

export async function gemm(problem: GemmProblem): Promise<Work> {
  const { m, n, k, a, b, transposedA = false, transposedB = false, bias } = problem;
  const stored = (name: string, values: Float32Array, rows: number, columns: number, turned: boolean) => {
    const leaf = input(name, turned ? [columns, rows] : [rows, columns]);
    return {
      leaf,
      factor: turned ? graph.transpose(leaf) : leaf,
      values: turned ? transposed(values, rows, columns) : values,
    };
  };
  const left = stored('a', a, m, k, transposedA);
  const right = stored('b', b, k, n, transposedB);
  const leaves = new Map([left, right].map(({ leaf, values }) => [leaf, values]));
  const sums = graph.matmul(left.factor, right.factor);
  if (!bias) return work(problem, { leaves, values: [{ value: sums }] });
  const row = input('bias', [1, n]);
  return work(problem, {
    leaves: leaves.set(row, bias),
    values: [{ value: graph.relu(graph.add(sums, row)) }],
  });
}

export async function map(problem: MapProblem): Promise<Work> {
  const { operation, rows, columns, x, y } = problem;
  const nodes = { x: parameter('x', [rows, columns]), y: parameter('y', [rows, columns]) };
  const leaves = new Map([
    [nodes.x, x],
    [nodes.y, y],
  ]);
  const step = steps[operation];
  if (step) return work(problem, updated(step, nodes, leaves));
  const apply = reductions[operation] ?? (graph as unknown as Record<string, Function>)[operation];
  if (!apply) throw Object.assign(new Error(`no operation '${operation}'`), { code: 'ERR_MODULE_NOT_FOUND' });
  return work(problem, { leaves, values: [{ value: apply(nodes.x, nodes.y) }] });
}

type Function = (x: Node, y: Node) => Node;

const reductions: Readonly<Record<string, Function>> = {
  sum: (x) => sum(x),
  sumRows: (x) => sum(x, 'rows'),
  sumColumns: (x) => sum(x, 'columns'),
  softmax: (x) => graph.softmax(x),
};

interface Step {
  readonly optimizer: Optimizer;
  readonly scalars: readonly number[];
}

const steps: Readonly<Record<string, Step>> = {
  sgd: { optimizer: sgd({ learningRate: 1e-3, momentum: 0.9 }), scalars: [1e-3] },
  adam: { optimizer: adam(), scalars: [1e-3, 1] },
};

/** An optimizer's step for parameter x with gradient y. */
function updated(
  { optimizer, scalars }: Step,
  { x, y }: { readonly x: Node; readonly y: Node },
  given: ReadonlyMap<Node, Float32Array>,
): Resident {
  const state = optimizer.state.map((name) => parameter(name, x.shape as readonly number[]));
  const next = optimizer.update(x, y, state, scalars.map(graph.constant));
  return {
    leaves: new Map<Node, Float32Array | null>([...given, ...state.map((leaf) => [leaf, null] as const)]),
    values: [
      { value: next.parameter, over: x },
      ...next.state.map((value, i) => ({ value, over: state[i]! })),
    ],
  };
}

/** A program of these values in the memory of an engine of its own; `outputs` are the first value's numbers. */
async function work({ threads = 1, wideVectors = false }: Host, { leaves, values }: Resident): Promise<Work> {
  const engine = await createEngine({ threads, wideVectors });
  const names = [...leaves.keys()];
  const inputs = layout('inputs', names, 1);
  const outputs = layout(
    'outputs',
    values.map(({ value }) => value),
    1,
  );
  const places = new Map(names.map((leaf, i) => [leaf, inputs.places[i]!] as const));
  const stores = values.map(({ value, over }, i) => ({
    value,
    place: over ? places.get(over)! : outputs.places[i]!,
  }));
  const program = compile({ capacity: 1, leaves: places, stores });
  const own = { inputs: inputs.bytes, outputs: outputs.bytes };
  const executable = new Executable(engine, program, { own, maxSteps: STEPS });
  for (const [leaf, numbers] of leaves) if (numbers) executable.view(leaf).set(numbers);
  for (let step = 0; step < STEPS; step++) executable.setStep(step, 1, 0, step);
  const first = stores[0]!;
  return {
    run(times) {
      for (let left = times; left > 0; left -= STEPS) executable.run(Math.min(left, STEPS));
    },
    outputs() {
      const at = executable.address(first.place.block) + first.place.offset;
      return engine.floats(at, elements(first.value.shape, 1)).slice();
    },
  };
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  return Float32Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
}
