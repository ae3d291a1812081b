/**
 * Images in a terminal: two pixels a character, upper and lower half, so that a pixel is about square. Ink is what is
 * brighter than half of the image's brightest; it takes no colours, and works on dark and light ground. What all images
 * leave empty around their ink is left out.
 */

/** An image and what stands under it. */
export interface Drawing {
  /** height x width, top line first. */
  readonly pixels: Uint8Array;
  readonly caption: string;
}

/** A rectangle of pixels; right and bottom are the first beyond it. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const GAP = '    ';
const HALVES = [' ', '▀', '▄', '█'] as const;

/**
 * Drawings side by side, as many in a row as fit into `columns` characters; a line between rows.
 * @param shape height and width of all of them
 */
export function drawSideBySide(
  drawings: readonly Drawing[],
  shape: readonly [number, number],
  columns: number,
): string {
  const inks = drawings.map(({ pixels }) => inkOf(pixels));
  const box = boxOf(inks, shape);
  const width = Math.max(box.right - box.left, ...drawings.map(({ caption }) => caption.length));
  const across = Math.max(1, Math.floor((columns + GAP.length) / (width + GAP.length)));
  const blocks = drawings.map(({ caption }, i) =>
    [...drawInk(inks[i]!, shape[1], box), caption].map((line) => line.padEnd(width)),
  );
  const rows: string[] = [];
  for (let first = 0; first < blocks.length; first += across) {
    const beside = blocks.slice(first, first + across);
    rows.push(
      beside[0]!
        .map((_, line) =>
          beside
            .map((block) => block[line])
            .join(GAP)
            .trimEnd(),
        )
        .join('\n'),
    );
  }
  return rows.join('\n\n');
}

/** 1 where there is ink. */
function inkOf(pixels: Uint8Array): Uint8Array {
  const threshold = pixels.reduce((most, pixel) => Math.max(most, pixel), 0) / 2;
  return pixels.map((pixel) => (pixel > threshold ? 1 : 0));
}

/** The smallest box that holds the ink of all images; all of the image if there is none. */
function boxOf(inks: readonly Uint8Array[], [height, width]: readonly [number, number]): Box {
  const places = inks.flatMap((ink) => Array.from(ink.keys()).filter((at) => ink[at] === 1));
  if (places.length === 0) return { left: 0, top: 0, right: width, bottom: height };
  const xs = places.map((at) => at % width);
  const ys = places.map((at) => Math.floor(at / width));
  return {
    left: Math.min(...xs),
    top: Math.min(...ys),
    right: Math.max(...xs) + 1,
    bottom: Math.max(...ys) + 1,
  };
}

/** The box in lines, each two lines of pixels; an odd last line has nothing below. */
function drawInk(ink: Uint8Array, width: number, { left, top, right, bottom }: Box): string[] {
  const at = (y: number, x: number): number => (y < bottom ? ink[y * width + x]! : 0);
  return Array.from({ length: Math.ceil((bottom - top) / 2) }, (_, line) =>
    Array.from({ length: right - left }, (_, column) => {
      const [y, x] = [top + 2 * line, left + column];
      return HALVES[at(y, x) + 2 * at(y + 1, x)];
    }).join(''),
  );
}
