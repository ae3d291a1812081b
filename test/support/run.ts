/** Symbols to numbers on the machine, once. */
import type { Engine } from 'wasmlp';
import { compile, type Node } from 'wasmlp/graph';

/** The outputs' numbers, row-major. Of `feeds`, which may hold more, the outputs get what they depend on. */
export async function run(
  engine: Engine,
  outputs: Readonly<Record<string, Node>>,
  feeds: Readonly<Record<string, ArrayLike<number>>>,
): Promise<Record<string, Float32Array>> {
  const compiled = await compile(outputs, { engine });
  const names = new Set([...ancestors(Object.values(outputs))].map((node) => node.name));
  const values = compiled(Object.fromEntries(Object.entries(feeds).filter(([name]) => names.has(name))));
  compiled.dispose();
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'number' ? Float32Array.of(value) : value,
    ]),
  );
}

/** All symbols that the given ones are made of, themselves included. */
export function ancestors(nodes: readonly Node[], found = new Set<Node>()): Set<Node> {
  for (const node of nodes) if (!found.has(node)) ancestors(node.inputs, found.add(node));
  return found;
}
