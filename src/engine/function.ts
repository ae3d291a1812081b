/**
 * A graph as a JavaScript function: numbers in by name, numbers out by name. For graphs of one's own; networks have a better
 * way (src/nn), which keeps its numbers in linear memory.
 */
import { compile as compileJob } from '../compile/compile.js';
import { elements, layout } from '../compile/job.js';
import { checkOptions, wrongRange, wrongType } from '../errors.js';
import { ancestors, checkNode, isScalar, type Node, ROWS, showShape } from '../graph/node.js';
import { chooseEngine } from './create.js';
import type { Engine } from './engine.js';
import { Executable } from './executable.js';

/** A number for a 1 x 1 symbol, else row-major numbers, flat or as rows. */
export type Feed = number | ArrayLike<number> | readonly ArrayLike<number>[];

export interface GraphFunction<Name extends string> {
  /**
   * Values of the outputs for the given inputs and parameters: a number where the output is 1 x 1, else its row-major values.
   * Throws a TypeError or RangeError for a missing, unknown or wrongly sized feed.
   */
  (feeds?: Readonly<Record<string, Feed>>): Record<Name, number | Float32Array>;
  /** What the machine will do, for people to read. */
  describe(): Promise<string>;
  dispose(): void;
}

/** Compiles symbols into a function. Free it with `dispose()`; it lives on `engine`, or on a shared default one. */
export async function compile<Name extends string>(
  outputs: Readonly<Record<Name, Node>>,
  options: { engine?: Engine } = {},
): Promise<GraphFunction<Name>> {
  if (outputs === null || typeof outputs !== 'object')
    throw wrongType('outputs', 'an object of symbols', outputs);
  checkOptions('options', options, ['engine']);
  const names = Object.keys(outputs) as Name[];
  if (names.length === 0) throw wrongRange('outputs', 'at least one symbol', outputs);
  const nodes = names.map((name) => checkNode(`outputs.${name}`, outputs[name]));
  const leaves = ancestors(nodes).filter((node) => node.name !== '');
  const byName = new Map<string, Node>();
  for (const leaf of leaves) {
    if (byName.has(leaf.name)) throw wrongRange('outputs', 'leaves with different names', leaf.name);
    byName.set(leaf.name, leaf);
  }
  const engine = await chooseEngine(options.engine);
  let prepared: Prepared | null = prepare(engine, nodes, leaves, 1);

  /** What runs, made anew for more rows than ever. */
  const ready = (rows: number): Prepared => {
    if (!prepared) throw new Error('function: expected a living one, got one that was disposed');
    if (rows <= prepared.capacity) return prepared;
    const larger = prepare(engine, nodes, leaves, Math.max(rows, prepared.capacity * 2));
    prepared.dispose();
    prepared = larger;
    return larger;
  };

  const call = (feeds: Readonly<Record<string, Feed>> = {}): Record<Name, number | Float32Array> => {
    const values = flattenFeeds(feeds, byName);
    const rows = batchRows(values, byName);
    const { executable, read } = ready(rows);
    for (const [name, value] of values) executable.view(byName.get(name)!).set(value);
    executable.setStep(0, rows, 0, 0);
    executable.run(1);
    return Object.fromEntries(names.map((name, i) => [name, read(i, rows)] as const)) as Record<
      Name,
      number | Float32Array
    >;
  };
  return Object.assign(call, {
    describe: async () => ready(1).executable.describe(),
    dispose() {
      prepared?.dispose();
      prepared = null;
    },
  });
}

interface Prepared {
  readonly capacity: number;
  readonly executable: Executable;
  read(output: number, rows: number): number | Float32Array;
  dispose(): void;
}

function prepare(
  engine: Engine,
  outputs: readonly Node[],
  leaves: readonly Node[],
  capacity: number,
): Prepared {
  const inputs = layout('inputs', leaves, capacity);
  const results = layout('outputs', outputs, capacity);
  const program = compileJob({
    capacity,
    leaves: new Map(leaves.map((leaf, i) => [leaf, inputs.places[i]!] as const)),
    stores: outputs.map((value, i) => ({ value, place: results.places[i]! })),
  });
  const own = { inputs: inputs.bytes, outputs: results.bytes };
  const executable = new Executable(engine, program, { own, maxSteps: 1 });
  return {
    capacity,
    executable,
    read(output, rows) {
      const { shape } = outputs[output]!;
      const at = executable.address('outputs') + results.places[output]!.offset;
      const values = engine.floats(at, elements(shape, rows)).slice();
      return isScalar(shape) ? values[0]! : values;
    },
    dispose: () => executable.dispose(),
  };
}

/** Row-major numbers for every leaf. */
function flattenFeeds(
  feeds: Readonly<Record<string, Feed>>,
  leaves: ReadonlyMap<string, Node>,
): Map<string, Float32Array> {
  checkOptions('feeds', feeds, [...leaves.keys()]);
  return new Map(
    [...leaves].map(([name, leaf]) => [name, flatten(`feeds.${name}`, feeds[name], leaf)] as const),
  );
}

function flatten(name: string, feed: Feed | undefined, leaf: Node): Float32Array {
  const expected = `numbers for ${showShape(leaf.shape)}`;
  if (typeof feed === 'number') return Float32Array.of(feed);
  if (feed instanceof Float32Array) return feed;
  if (feed === undefined || feed === null || typeof feed !== 'object' || !('length' in feed))
    throw wrongType(name, expected, feed);
  const items = Array.from<unknown>(feed as ArrayLike<unknown>);
  const flat =
    typeof items[0] === 'object' ? items.flatMap((row, i) => rowOf(`${name}[${i}]`, row, leaf)) : items;
  if (!flat.every((value): value is number => typeof value === 'number'))
    throw wrongType(name, expected, feed);
  return Float32Array.from(flat);
}

function rowOf(name: string, row: unknown, { shape: [, columns] }: Node): unknown[] {
  const expected = `a row of ${columns} numbers`;
  if (row === null || typeof row !== 'object' || !('length' in row)) throw wrongType(name, expected, row);
  if (columns !== ROWS && row.length !== columns) throw wrongRange(name, expected, row);
  return Array.from<unknown>(row as ArrayLike<unknown>);
}

/** The number of samples that the feeds agree on. */
function batchRows(values: ReadonlyMap<string, Float32Array>, leaves: ReadonlyMap<string, Node>): number {
  let rows: number | undefined;
  for (const [name, value] of values) {
    const { shape } = leaves.get(name)!;
    const fixed = elements(shape, 1);
    const own = value.length / fixed;
    const wrong = shape.includes(ROWS) ? !Number.isInteger(own) || own < 1 : own !== 1;
    if (wrong) throw wrongRange(`feeds.${name}`, `numbers for ${showShape(shape)}`, value);
    if (!shape.includes(ROWS)) continue;
    if (rows !== undefined && rows !== own)
      throw wrongRange(`feeds.${name}`, `${rows} rows, as the other inputs have`, own);
    rows = own;
  }
  return rows ?? 1;
}
