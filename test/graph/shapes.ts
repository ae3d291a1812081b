/** Shapes in which operations are tried: round the sizes where the machine takes another way, and in every way of stretching. */
import { ROWS, type Shape } from 'wasmlp/graph';

/** Columns round the width of a vector, half a block (narrow or wide rows) and a block of MAP. */
export const COLUMNS = [1, 3, 4, 5, 7, 8, 9, 17, 255, 256, 257, 511, 512, 513, 1100];

/** Ways in which two operands of a rows x c result are stretched. */
const PAIRINGS: readonly ((c: number) => [Shape, Shape])[] = [
  (c) => [
    [3, c],
    [3, c],
  ],
  (c) => [
    [3, c],
    [1, c],
  ],
  (c) => [
    [1, c],
    [3, c],
  ],
  (c) => [
    [3, c],
    [3, 1],
  ],
  (c) => [
    [3, 1],
    [3, c],
  ],
  (c) => [
    [3, c],
    [1, 1],
  ],
  (c) => [
    [1, 1],
    [3, c],
  ],
  (c) => [
    [1, c],
    [3, 1],
  ],
  (c) => [
    [ROWS, c],
    [1, c],
  ],
  (c) => [
    [ROWS, 1],
    [ROWS, c],
  ],
];

/** More rows than a block holds, so that blocks of whole rows follow each other. */
const TALL: readonly [Shape, Shape][] = [
  [
    [401, 3],
    [1, 3],
  ],
  [
    [401, 3],
    [401, 1],
  ],
  [
    [401, 1],
    [401, 1],
  ],
  [
    [401, 1],
    [1, 1],
  ],
  [
    [5, 200],
    [1, 200],
  ],
  [
    [5, 200],
    [5, 1],
  ],
];

export const singles: Shape[][] = [
  ...COLUMNS.map((c): Shape[] => [[2, c]]),
  [[1, 1]],
  [[7, 1]],
  [[129, 5]],
  [[ROWS, 1]],
  [[ROWS, 300]],
];
/** Every pairing on both sides of each border, and some of them at every size. */
export const pairs: Shape[][] = [
  ...[1, 5, 256, 513].flatMap((c) => PAIRINGS.map((pairing) => pairing(c))),
  ...COLUMNS.flatMap((c, i) => [i, i + 3, i + 6].map((j) => PAIRINGS[j % PAIRINGS.length]!(c))),
  ...TALL,
];
export const triples: Shape[][] = [
  ...COLUMNS.map((c): Shape[] => [
    [3, c],
    [3, c],
    [3, c],
  ]),
  ...COLUMNS.map((c): Shape[] => [
    [1, c],
    [3, 1],
    [3, c],
  ]),
  [
    [ROWS, 5],
    [1, 5],
    [1, 1],
  ],
  [
    [ROWS, 1],
    [ROWS, 5],
    [1, 5],
  ],
  [
    [401, 3],
    [401, 1],
    [1, 3],
  ],
];
export const smallSingles: Shape[][] = [[[1, 1]], [[2, 3]], [[1, 4]], [[4, 1]]];
export const smallPairs: Shape[][] = PAIRINGS.slice(0, 8).map((pairing) => pairing(4));
export const smallTriples: Shape[][] = [
  [
    [2, 3],
    [2, 3],
    [2, 3],
  ],
  [
    [2, 3],
    [1, 3],
    [1, 1],
  ],
  [
    [1, 3],
    [2, 1],
    [2, 3],
  ],
];

export const products: Shape[][] = [
  [
    [1, 1],
    [1, 1],
  ],
  [
    [1, 5],
    [5, 1],
  ],
  [
    [3, 1],
    [1, 7],
  ],
  [
    [4, 8],
    [8, 8],
  ],
  [
    [5, 9],
    [9, 17],
  ],
  [
    [9, 300],
    [300, 10],
  ],
  [
    [65, 33],
    [33, 31],
  ],
  [
    [70, 257],
    [257, 8],
  ],
  [
    [ROWS, 20],
    [20, 9],
  ],
  [
    [3, ROWS],
    [ROWS, 5],
  ],
];

/** What is cut, padded or joined: along the columns, and where these are one, along the rows. */
export const bands: Shape[][] = [
  ...COLUMNS.filter((c) => c > 2).map((c): Shape[] => [[3, c]]),
  [[ROWS, 7]],
  [[ROWS, 300]],
  [[3, 1]],
  [[17, 1]],
  [[401, 1]],
];
/** A table, and the numbers of some of its rows. */
export const tables: Shape[][] = [
  ...COLUMNS.map((c): Shape[] => [
    [4, c],
    [9, 1],
  ]),
  [
    [4, 5],
    [1, 1],
  ],
  [
    [ROWS, 7],
    [5, 1],
  ],
  [
    [4, 33],
    [ROWS, 1],
  ],
];
/** Three that can be joined: below each other where they have the same columns, else side by side. */
export const strips: Shape[][] = COLUMNS.flatMap((c): Shape[][] => [
  [
    [3, c],
    [1, c],
    [401, c],
  ],
  [
    [ROWS, c],
    [ROWS, c + 1],
    [ROWS, 3],
  ],
]);
