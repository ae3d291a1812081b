/**
 * Where the suites of graphs, engines and networks stand: on public names alone, which in a browser mean the bundle, but for those below.
 */

/** Suites about what the bundle does not show; they run on the sources, in browsers too. */
export const onSources = [
  'test/engine/executable.test.ts',
  'test/engine/heap.test.ts',
  'test/engine/pool.test.ts',
  'test/train/line-search.test.ts',
];

/** And those that ask for what a browser has not, heap sizes, processes and their flags; or that a browser changes nothing about. */
export const inNodeOnly = [
  'test/train/memory.test.ts',
  'test/infer/memory.test.ts',
  'test/graph/table.test.ts',
  'test/nn/layer-table.test.ts',
  'test/inspect/evaluate.test.ts',
  'test/nn/activations.test.ts',
  'test/nn/losses.test.ts',
  'test/nn/pairings.test.ts',
  'test/nn/tables.test.ts',
  'test/nn/descent-table.test.ts',
  'test/engine/process.test.ts',
  'test/engine/wide.test.ts',
  'test/engine/tiles.test.ts',
];
