/** What is drawn of a graph, in whatever language: boxes with lines of text, and arrows from operands to what uses them. */
import { checkOptions, wrongRange, wrongType } from '../errors.js';
import { ancestors, checkNode, isNode, type Node, showShape } from '../graph/node.js';
import { briefly, type Trace } from './trace.js';

export type BoxKind = 'input' | 'parameter' | 'constant' | 'operation' | 'output';

export interface Box {
  readonly id: string;
  readonly kind: BoxKind;
  readonly lines: readonly string[];
}

export interface Drawing {
  readonly boxes: readonly Box[];
  readonly arrows: readonly (readonly [from: string, to: string])[];
}

/** A symbol, or several by the names that the drawing gives them: f alone, or f and its derivatives. */
export type Drawn = Node | Readonly<Record<string, Node>>;

export interface DrawingOptions {
  /** Values and δ to write into the boxes. */
  trace?: Trace;
}

export function drawing(what: Drawn, options: DrawingOptions): Drawing {
  const { trace } = checkOptions('options', options, ['trace']);
  if (trace !== undefined && !(trace?.of instanceof Map))
    throw wrongType('options.trace', 'what trace has given', trace);
  const outputs = namedNodes(what);
  const nodes = ancestors([...outputs.values()]);
  const ids = new Map(nodes.map((node, i) => [node, `n${i}`] as const));
  const boxes = nodes.map((node): Box => {
    const names = [...outputs]
      .filter(([name, output]) => output === node && name !== '')
      .map(([name]) => name);
    const seen = trace?.of.get(node);
    return {
      id: ids.get(node)!,
      kind: [...outputs.values()].includes(node) ? 'output' : kindOf(node),
      lines: [
        ...(names.length > 0 ? [`${names.join(', ')} =`] : []),
        titleOf(node),
        ...(seen && !node.values ? [`= ${briefly(seen.value.values)}`] : []),
        ...(seen?.delta ? [`δ ${briefly(seen.delta.values)}`] : []),
      ],
    };
  });
  const arrows = nodes.flatMap((node) =>
    node.inputs.map((input) => [ids.get(input)!, ids.get(node)!] as const),
  );
  return { boxes, arrows };
}

function namedNodes(what: Drawn): ReadonlyMap<string, Node> {
  if (isNode(what)) return new Map([['', what]]);
  if (what === null || typeof what !== 'object')
    throw wrongType('graph', 'a symbol, or symbols by name', what);
  const entries = Object.entries(what).map(
    ([name, node]) => [name, checkNode(`graph.${name}`, node)] as const,
  );
  if (entries.length === 0) throw wrongRange('graph', 'at least one symbol', what);
  return new Map(entries);
}

function kindOf(node: Node): BoxKind {
  const { name } = node.operation;
  if (name === 'input' || name === 'parameter') return name;
  return node.operation.lowering.kind === 'leaf' ? 'constant' : 'operation';
}

function titleOf(node: Node): string {
  const shape = showShape(node.shape);
  if (node.name) return `${node.name} [${shape}]`;
  if (node.values) return node.values.length === 1 ? briefly(node.values) : `constant [${shape}]`;
  return `${node.operation.name} [${shape}]`;
}
