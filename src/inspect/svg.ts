/** A graph as an SVG picture. Where boxes and arrows stand is the business of @dagrejs/dagre; here they are only written down. */
import { graphlib, layout } from '@dagrejs/dagre';
import { type Box, type BoxKind, type DrawingOptions, type Drawn, drawing } from './drawing.js';

/** Pixels; the text is monospaced, so a character is as wide as another. */
const CHARACTER = 7.3;
const LINE = 16;
const PADDING = 10;
const MARGIN = 12;

const FILLS: Readonly<Record<BoxKind, string>> = {
  input: '#e3f2fd',
  parameter: '#fff3e0',
  constant: '#f5f5f5',
  operation: '#ffffff',
  output: '#e8f5e9',
};

interface Placed {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A self-contained picture, operands above what is made of them. */
export function svg(graph: Drawn, options: DrawingOptions = {}): string {
  const { boxes, arrows } = drawing(graph, options);
  // an operand that comes twice has two arrows
  const plan = new graphlib.Graph({ multigraph: true });
  plan.setGraph({ nodesep: 24, ranksep: 36, marginx: MARGIN, marginy: MARGIN });
  for (const { id, lines } of boxes)
    plan.setNode(id, {
      width: Math.max(...lines.map((line) => line.length)) * CHARACTER + 2 * PADDING,
      height: lines.length * LINE + PADDING,
    });
  arrows.forEach(([from, to], i) => {
    plan.setEdge(from, to, {}, String(i));
  });
  layout(plan);
  const { width, height } = plan.graph() as { width: number; height: number };
  const paths = plan.edges().map((edge) => pathOf(plan.edge(edge).points));
  const groups = boxes.map((box) => groupOf(box, plan.node(box.id) as Placed));
  const size = `${round(width)} ${round(height)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size}" width="${round(width)}" height="${round(height)}" font-family="monospace" font-size="12">`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>',
    ...paths,
    ...groups,
    '</svg>',
  ].join('\n');
}

function pathOf(points: readonly { readonly x: number; readonly y: number }[]): string {
  const line = points.map(({ x, y }) => `${round(x)} ${round(y)}`).join('L');
  return `<path d="M${line}" fill="none" stroke="#555" marker-end="url(#tip)"/>`;
}

function groupOf({ kind, lines }: Box, { x, y, width, height }: Placed): string {
  const [left, top] = [x - width / 2, y - height / 2];
  const rectangle = `<rect x="${round(left)}" y="${round(top)}" width="${round(width)}" height="${round(height)}" rx="5" fill="${FILLS[kind]}" stroke="#333"/>`;
  const text = lines.map(
    (line, i) =>
      `<text x="${round(x)}" y="${round(top + PADDING / 2 + (i + 0.75) * LINE)}" text-anchor="middle">${escaped(line)}</text>`,
  );
  return `<g>${rectangle}${text.join('')}</g>`;
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

function escaped(text: string): string {
  return text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
