/** A graph as Mermaid text, which documents and code hosts draw. */
import { type BoxKind, type DrawingOptions, type Drawn, drawing } from './drawing.js';

/** Brackets of a box: what they look like is Mermaid's. */
const BRACKETS: Readonly<Record<BoxKind, readonly [string, string]>> = {
  input: ['([', '])'],
  parameter: ['[(', ')]'],
  constant: ['(', ')'],
  operation: ['[', ']'],
  output: ['[[', ']]'],
};

/** A flowchart from above: operands, arrows, what is made of them. */
export function mermaid(graph: Drawn, options: DrawingOptions = {}): string {
  const { boxes, arrows } = drawing(graph, options);
  const lines = boxes.map(({ id, kind, lines: text }) => {
    const [open, close] = BRACKETS[kind];
    return `  ${id}${open}"${text.map(escaped).join('<br/>')}"${close}`;
  });
  return ['flowchart TD', ...lines, ...arrows.map(([from, to]) => `  ${from} --> ${to}`)].join('\n');
}

/** What Mermaid would read as its own, by number. */
function escaped(text: string): string {
  return text.replace(/[#"<>&;`]/g, (character) => `#${character.charCodeAt(0)};`);
}
