/** Small problems that suites train on, and runs of them. Seeded; no file is read. */
import { dense, type Engine, type FitOptions, type Model, mlp } from 'wasmlp';
import { drawn, normal } from './numbers.js';

export interface Problem {
  readonly inputs: Float32Array;
  /** A class number for each row. */
  readonly labels: readonly number[];
  readonly columns: number;
  readonly classes: number;
}

export const xor: Problem = {
  inputs: Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1),
  labels: [0, 1, 1, 0],
  columns: 2,
  classes: 2,
};

/** Normal inputs with labels that take turns: nothing to learn but the rows themselves. */
export function noise(rows: number, columns = 3, classes = 3): Problem {
  return {
    inputs: drawn(`noise ${rows} x ${columns}`, rows * columns, normal),
    labels: Array.from({ length: rows }, (_, i) => i % classes),
    columns,
    classes,
  };
}

/** Two spirals of radius 4, each winding once and a half around the other. */
export function spirals(pointsOfEach: number): Problem {
  const points = Array.from({ length: 2 * pointsOfEach }, (_, i) => {
    const radius = Math.floor(i / 2) / pointsOfEach;
    const angle = 3 * Math.PI * radius + (i % 2) * Math.PI;
    return [4 * radius * Math.cos(angle), 4 * radius * Math.sin(angle)];
  });
  return {
    inputs: Float32Array.from(points.flat()),
    labels: points.map((_, i) => i % 2),
    columns: 2,
    classes: 2,
  };
}

/** A network with one hidden layer for a problem. */
export function smallNetwork(problem: Problem, engine: Engine, seed = 1, hidden = 16): Promise<Model> {
  const layers = [dense(hidden, 'tanh'), dense(problem.classes)];
  return mlp({ inputs: problem.columns, layers, loss: 'softmaxCrossEntropy', seed, engine });
}

/** Parameters and losses after a run of a new small network. */
export async function trained(
  problem: Problem,
  engine: Engine,
  options: FitOptions,
  seed = 1,
): Promise<{ parameters: Record<string, Float32Array>; loss: readonly number[] }> {
  using model = await smallNetwork(problem, engine, seed);
  const { loss } = await model.fit(problem.inputs, problem.labels, options);
  return { parameters: model.getParameters(), loss };
}
