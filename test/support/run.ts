/** Symbols to numbers on the machine, once. */

import type { Engine } from '../../src/engine/engine.js';
import { compile } from '../../src/engine/function.js';
import { ancestors, type Node } from '../../src/graph/node.js';

/** The outputs' numbers, row-major. Of `feeds`, which may hold more, the outputs get what they depend on. */
export async function run(
  engine: Engine,
  outputs: Readonly<Record<string, Node>>,
  feeds: Readonly<Record<string, ArrayLike<number>>>,
): Promise<Record<string, Float32Array>> {
  const compiled = await compile(outputs, { engine });
  const names = new Set(ancestors(Object.values(outputs)).map((node) => node.name));
  const values = compiled(Object.fromEntries(Object.entries(feeds).filter(([name]) => names.has(name))));
  compiled.dispose();
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'number' ? Float32Array.of(value) : value,
    ]),
  );
}
