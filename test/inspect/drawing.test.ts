/** Pictures of graphs: Mermaid text and SVG have every node and every arrow, before and after differentiation, and nothing overlaps. */
import { describe, expect, it } from 'vitest';
import { dense, mlp } from 'wasmlp';
import { add, grad, input, mul, type Node, sigmoid, square, tanh } from 'wasmlp/graph';
import { graphOf, mermaid, svg, trace } from 'wasmlp/inspect';
import { ancestors } from '../support/run.js';

const x = input('x', [1, 1]);
const w = input('w <"1">', [1, 1]);
const f = square(sigmoid(mul(x, w)));
const [dx, dw] = grad(f, [x, w]);
const after: Readonly<Record<string, Node>> = { f, dx: dx!, dw: dw! };

describe('Mermaid', () => {
  it('is a flowchart of operands and what is made of them', () => {
    expect(mermaid(f)).toBe(
      [
        'flowchart TD',
        '  n0(["x [1 x 1]"])',
        '  n1(["w #60;#34;1#34;#62; [1 x 1]"])',
        '  n2["mul [1 x 1]"]',
        '  n3["sigmoid [1 x 1]"]',
        '  n4[["square [1 x 1]"]]',
        '  n0 --> n2',
        '  n1 --> n2',
        '  n2 --> n3',
        '  n3 --> n4',
      ].join('\n'),
    );
  });

  it('after differentiation there are more nodes, and outputs have their names', () => {
    const text = mermaid(after);
    const nodes = ancestors(Object.values(after));
    expect(text.match(/^ {2}n\d+[[(]/gm)).toHaveLength(nodes.size);
    expect(text.match(/ --> /g)).toHaveLength([...nodes].reduce((sum, node) => sum + node.inputs.length, 0));
    for (const name of Object.keys(after)) expect(text).toContain(`[["${name} =<br/>`);
    expect(text.startsWith(mermaid(f).split('\n')[0]!)).toBe(true);
  });

  it('with a trace every box has its value and δ', () => {
    const text = mermaid(f, { trace: trace(f, { x: 2, 'w <"1">': 0.5 }) });
    // σ(1) = 0.7311, δ of the product 2 σ σ (1 - σ)
    expect(text).toContain('n3["sigmoid [1 x 1]<br/>= 0.7311<br/>δ 1.462"]');
    expect(text).toContain('n2["mul [1 x 1]<br/>= 1<br/>δ 0.2875"]');
  });
});

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function rectangles(picture: string): Rectangle[] {
  return [...picture.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g)].map(
    (match) => {
      const [x, y, width, height] = match.slice(1).map(Number) as [number, number, number, number];
      return { x, y, width, height };
    },
  );
}

const overlap = (a: Rectangle, b: Rectangle) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe('SVG', () => {
  it.each([
    ['one function', f],
    ['a function with its derivatives', after],
    ['an operand that comes twice', { y: mul(tanh(x), tanh(x)), z: add(f, f) }],
  ])('%s: a box for each node, an arrow for each operand, none over another', (_what, graph) => {
    const picture = svg(graph as Node);
    const nodes = ancestors('operation' in graph ? [f] : Object.values(graph));
    const boxes = rectangles(picture);
    expect(boxes).toHaveLength(nodes.size);
    expect(picture.match(/marker-end/g)).toHaveLength(
      [...nodes].reduce((sum, node) => sum + node.inputs.length, 0),
    );
    boxes.forEach((box, i) => {
      for (const other of boxes.slice(i + 1)) expect(overlap(box, other)).toBe(false);
    });
    const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(picture)!.map(Number);
    for (const box of boxes) {
      expect(box.x + box.width).toBeLessThanOrEqual(width!);
      expect(box.y + box.height).toBeLessThanOrEqual(height!);
    }
  });

  it('is well formed: names cannot leave their text', () => {
    const picture = svg(f, { trace: trace(f, { x: 2, 'w <"1">': 0.5 }) });
    expect(picture).toContain('w &#60;&#34;1&#34;&#62; [1 x 1]');
    expect(picture).toContain('δ 0.2875');
    const open = picture.match(/<(svg|g|text|defs|marker)\b/g)!.length;
    expect(picture.match(/<\/(svg|g|text|defs|marker)>/g)).toHaveLength(open);
    // where there is a parser, it agrees
    if (typeof DOMParser !== 'undefined')
      expect(
        new DOMParser().parseFromString(picture, 'image/svg+xml').querySelector('parsererror'),
      ).toBeNull();
  });

  it('operands stand above what is made of them', () => {
    const boxes = rectangles(svg(f));
    expect(boxes[2]!.y).toBeGreaterThan(boxes[0]!.y);
    expect(boxes[4]!.y).toBeGreaterThan(boxes[3]!.y);
  });

  it('draws the training graph of a model', async () => {
    using model = await mlp({ inputs: 3, layers: [dense(4, 'relu'), dense(2)], loss: 'softmaxCrossEntropy' });
    const { loss, parameters } = graphOf(model);
    const picture = svg({
      loss,
      ...Object.fromEntries(grad(loss, Object.values(parameters)).map((g, i) => [`g${i}`, g])),
    });
    expect(picture).toContain('layers.1.weight [4 x 2]');
    expect(rectangles(picture).length).toBeGreaterThan(25);
  });
});
