/**
 * GEMM: C = op(A) op(B) + bias for any sizes, and an epilogue on every block of rows as soon as it is finished, while it
 * is still in the cache. B is packed (pack.ts) unless it is read too seldom for that to pay; A is read as it lies, but for a transposed one whose rows
 * are so long that they crowd each other out of the cache. Small products go a way of their own (small.ts).
 *
 * Contract: C overlaps neither A nor B. An entry of C is the sum of ceil(k / KC) blocks in order, each summed in order from
 * zero, plus the bias after the first block: the same bits for every tile, split and number of threads.
 * Not here: scaling and accumulation into C, which the graph expresses as an epilogue.
 */
import {
  GEMM_A, GEMM_B, GEMM_BIAS, GEMM_C, GEMM_EPILOGUE, GEMM_K, GEMM_M, GEMM_N, GEMM_PANELS, GEMM_TRANSPOSED, KC, MC, NC, NR,
  PACKED_B, PASSING_C, SCRATCH_PANEL_A, SCRATCH_TILE, TEAM_TILE, TRANSPOSED_A, TRANSPOSED_B,
} from '../isa';
import { map, mapWindow } from '../map';
import { dimension, word } from '../operands';
import { WHOLE, WIDE } from '../scope';
import { storeFirst } from '../simd';
import { claim, claimEnd, meet, partStart } from '../team';
import { addRow, dots, FEW_COLUMNS, outer, rowTimes, rowTimesPanels } from './few';
import { packA, packB, packTransposedA, packTransposedB, PANEL_ROW_BYTES, tileHeight } from './pack';
import { small, transposeSmall } from './small';
import { tile4Columns, tile4Rows, tile4Wide, tile6Columns, tile6Rows, tile6Wide } from './tiles';

/** Up to so many rows of C, B is read once, and how fast is all that counts. */
const FEW_ROWS: i32 = 3;
/** Rows of an outer product that are finished at a time: they are still in the first-level cache when the epilogue comes. */
const OUTER_ROWS: i32 = 8;
/** Below so many rows of C a panel of B is used too seldom for packing to pay. */
const ROWS_WORTH_PACKING: i32 = 9;
/** A transposed A with so many columns is packed: at 1024³ it makes 53 GFLOP/s of 44. */
const COLUMNS_WORTH_PACKING: i32 = 256;
/** Multiply-adds of a product for which the way here costs more than it saves. */
const SMALL: i32 = 8192;
/** Threads take columns where there are so many for each, in units of a cache line. */
const COLUMNS_WORTH_SPLITTING: i32 = 32;
const COLUMN_UNIT: i32 = 16;
/** Unless C is more than so many times as tall as it is wide: 1024 x 256 takes 3.83 ms by rows, 3.89 by columns, 1024 x 128 0.63 and 0.67. */
const TALL: i32 = 2;
/** Rows that are not claimed, and places to form C in, are divided in units of so many. */
const ROW_UNIT: i32 = 4;
/** From so many rows a thread on, it takes whatever rows it gets to; a claim is then smaller than the part that is its own to form C in. */
const ROWS_WORTH_CLAIMING: i32 = 24;

/**
 * Columns of C in blocks of NC, terms in blocks of at most KC, rows in blocks of MC, from the outside in: a block of B is packed once and
 * read from the second-level cache by all rows.
 *
 * Threads claim columns of C, where there are enough of them: each packs what it needs of B and meets nobody. Else they claim rows: each packs
 * a part of B, they meet, and share the panels; so they do where C is tall, and where A is transposed and each packs its own rows of it (a weight
 * matrix of 784 x 256 is updated in 505 µs by rows, in 555 by columns, whose epilogue goes over halves of rows). Of equal parts, the one
 * on a core that neighbours of the machine keep busy would be waited for: claimed, steps of 128 rows take 0.89 of the time then, and 0.97 where both
 * cores are quiet. False where a thread is gone.
 */
export function gemm(instruction: usize, rows: i32, scratch: usize, part: i32, parts: i32): bool {
  const m = dimension(instruction, GEMM_M, rows);
  const n = dimension(instruction, GEMM_N, rows);
  const k = dimension(instruction, GEMM_K, rows);
  const epilogue = <usize>word(instruction, GEMM_EPILOGUE);
  const packed = (storage(instruction) & PACKED_B) != 0;
  // within one block of k and of columns: the order of sums is the same, and a transposed B fits the panels.
  // One row reads packed panels twice as fast. Where one only predicts, there is but the way of large products: 0.5 kB less, and networks like 2-16-2 a quarter slower
  if (WHOLE && (m > 1 || !packed) && k <= KC && n <= NC && (n <= 4 || <i64>m * n * k <= SMALL)) {
    if (part == 0) {
      smallProduct(instruction, m, n, k);
      if (epilogue) map(epilogue, rows, 0, m, scratch);
    }
    return true;
  }
  const firstRow = partStart(m, ROW_UNIT, part, parts);
  const lastRow = partStart(m, ROW_UNIT, part + 1, parts);
  if (k == 1) {
    const a = <usize>word(instruction, GEMM_A), b = <usize>word(instruction, GEMM_B);
    for (let row = firstRow; row < lastRow; row += OUTER_ROWS) {
      const end = min(row + OUTER_ROWS, lastRow);
      outer(a, b, n, word(instruction, GEMM_BIAS), word(instruction, GEMM_C), row, end);
      if (epilogue) map(epilogue, rows, row, end, scratch);
    }
    return true;
  }
  // rows of both have to lie in a piece
  const both = (storage(instruction) & (TRANSPOSED_A | TRANSPOSED_B | PACKED_B)) == (TRANSPOSED_A | TRANSPOSED_B);
  if (m <= (both ? 1 : FEW_ROWS)) {
    fewRows(instruction, m, n, k, scratch + SCRATCH_PANEL_A, partStart(n, 16, part, parts), partStart(n, 16, part + 1, parts));
    if (!epilogue) return true;
    if (parts > 1 && !meet(scratch)) return false;
    if (part == 0) map(epilogue, rows, 0, m, scratch);
    return true;
  }
  if (!packed || !ASC_FEATURE_THREADS || parts == 1) return large(instruction, rows, scratch, part, parts, firstRow, lastRow);
  // nothing has to be prepared together
  for (let row = claim(scratch, m, USUAL_MR, m); row < m; row = claim(scratch, m, USUAL_MR, m)) {
    large(instruction, rows, scratch, 0, 1, row, claimEnd(scratch));
  }
  return true;
}

/** Rows [firstRow, lastRow) of a large product, or whatever part of it a thread gets to. */
function large(instruction: usize, rows: i32, scratch: usize, part: i32, parts: i32, firstRow: i32, lastRow: i32): bool {
  const m = dimension(instruction, GEMM_M, rows);
  const n = dimension(instruction, GEMM_N, rows);
  const k = dimension(instruction, GEMM_K, rows);
  const epilogue = <usize>word(instruction, GEMM_EPILOGUE);
  const packed = (storage(instruction) & PACKED_B) != 0;
  const length = blockLength(k);
  const passes = WHOLE && k <= KC && (word(instruction, GEMM_TRANSPOSED) & PASSING_C) != 0;
  const a = <usize>word(instruction, GEMM_A);
  const byColumns = (storage(instruction) & TRANSPOSED_A) != 0;
  const aStride = <usize>(byColumns ? m : k) << 2;
  const c = <usize>word(instruction, GEMM_C);
  const cStride = <usize>n << 2;
  const bias = <usize>word(instruction, GEMM_BIAS);
  const mr = WHOLE ? word(scratch, TEAM_TILE) : USUAL_MR;
  const packsB = !packed && ((storage(instruction) & TRANSPOSED_B) != 0 || m >= ROWS_WORTH_PACKING);
  const team = ASC_FEATURE_THREADS && parts > 1;
  const byColumn = team && !packed && !byColumns && m <= TALL * n && n >= COLUMNS_WORTH_SPLITTING * parts;
  if (byColumn) {
    firstRow = 0;
    lastRow = m;
  }
  // panels for NC columns, or twice as many where n is larger, are there for all threads together
  const columnStep = byColumn && n > NC ? min(NC, (2 * NC / parts) & ~(NR - 1)) : NC;
  // where threads share panels, one pair is read while the other is filled; the distance is the largest block's
  const shares = team && !byColumn && packsB;
  const claims = shares && m >= ROWS_WORTH_CLAIMING * parts;
  const otherPanels = shares ? <usize>(length * ((min(NC, n) + NR - 1) & ~(NR - 1))) << 2 : 0;
  const edge = scratch + SCRATCH_TILE, panelA = scratch + SCRATCH_PANEL_A;
  let odd: usize = 0;
  for (let column = byColumn ? claim(scratch, n, COLUMN_UNIT, columnStep) : 0; column < n; ) {
    const columns = byColumn ? claimEnd(scratch) - column : min(NC, n - column);
    for (let from = 0; from < k; from += length) {
      const terms = min(length, k - from);
      let b = <usize>word(instruction, GEMM_B) + (<usize>(from * n + column) << 2);
      let bStride = cStride;
      let panelStride = PANEL_ROW_BYTES;
      if (packed || packsB) {
        b = <usize>word(instruction, GEMM_PANELS);
        bStride = PANEL_ROW_BYTES;
        panelStride = <usize>terms * PANEL_ROW_BYTES;
        if (packed) b += packedOffset(k, column, columns, from);
        else {
          if (byColumn) b += <usize>(length * (n > NC ? part * columnStep : column)) << 2;
          b += odd * otherPanels;
          odd ^= 1;
          packPanels(instruction, n, k, column, columns, from, terms, b, shares ? part : 0, shares ? parts : 1);
          if (shares && !meet(scratch)) return false;
        }
      }
      const last = from + terms == k;
      const packsA = columns > 2 * NR && (byColumns ? m >= COLUMNS_WORTH_PACKING : packsRows(mr));
      const end = claims ? m : lastRow;
      for (let row = claims ? claim(scratch, m, USUAL_MR, MC) : firstRow; row < end; ) {
        const height = claims ? claimEnd(scratch) - row : min(MC, lastRow - row);
        let tileA = a + (<usize>(byColumns ? from * m + row : row * k + from) << 2);
        if (WHOLE && packsA) {
          if (byColumns) packTransposedA(tileA, aStride, terms, height, mr, panelA);
          else packA(tileA, aStride, terms, height, mr, panelA);
          tileA = panelA;
        }
        // where only the epilogue reads C, every block of rows is formed in the place of the thread's first, which stays in the cache
        const shift = passes ? row - firstRow : 0;
        const rowC = c + <usize>(row - shift) * cStride + (<usize>column << 2);
        // what the sums are added to: the bias at first, then what stands in C
        const base: usize = from ? rowC : bias ? bias + (<usize>column << 2) : 0;
        sweep(
          WHOLE && (byColumns || packsA), packsA, tileA, aStride, b, bStride, panelStride, terms,
          rowC, cStride, base, from ? cStride : 0, height, columns, mr, edge,
        );
        if (epilogue && last) mapWindow(epilogue, rows, row, row + height, column, column + columns, shift, scratch);
        row = claims ? claim(scratch, m, USUAL_MR, MC) : row + height;
      }
    }
    column = byColumn ? claim(scratch, n, COLUMN_UNIT, columnStep) : column + columns;
  }
  return true;
}

/**
 * Rows of the tile that measuring chooses for the build on most engines (src/engine/tiles.ts): the one where one only predicts, and the unit of claims, which
 * must be the same for all threads, while the host may be about to try another tile.
 */
// @ts-ignore: decorator
@inline
const USUAL_MR: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 4;

/** How the operands are stored. Where one only predicts, weights are packed and nothing is transposed. */
// @ts-ignore: decorator
@inline
function storage(instruction: usize): i32 {
  return WHOLE ? word(instruction, GEMM_TRANSPOSED) : PACKED_B;
}

/**
 * Whether rows of A are packed for tiles of so many: wide ones leave no registers for addresses of rows, nor do 4 where a product needs a
 * register of its own before it is added (Node 20, 1024³: 39 GFLOP/s of 48 packed, 34 as they lie).
 */
// @ts-ignore: decorator
@inline
function packsRows(mr: i32): bool {
  return WIDE || (!ASC_FEATURE_RELAXED_SIMD && mr == 4);
}

/** Terms of a block of k: blocks are equally long. */
// @ts-ignore: decorator
@inline
function blockLength(k: i32): i32 {
  const blocks = (k + KC - 1) / KC;
  return (k + blocks - 1) / blocks;
}

/** Where the block of B with columns from `column` and terms from `from` on stands, where all blocks stand one after the other. */
// @ts-ignore: decorator
@inline
function packedOffset(k: i32, column: i32, columns: i32, from: i32): usize {
  return (<usize>column * k + <usize>((columns + NR - 1) & ~(NR - 1)) * from) << 2;
}

/** PACK: all blocks of B, as `gemm` reads them. */
export function pack(instruction: usize): void {
  const n = word(instruction, GEMM_N);
  const k = word(instruction, GEMM_K);
  const length = blockLength(k);
  for (let column = 0; column < n; column += NC) {
    const columns = min(NC, n - column);
    for (let from = 0; from < k; from += length) {
      const to = <usize>word(instruction, GEMM_PANELS) + packedOffset(k, column, columns, from);
      packPanels(instruction, n, k, column, columns, from, min(length, k - from), to, 0, 1);
    }
  }
}

/** Lays out a part of a block of B in panels. */
function packPanels(
  instruction: usize, n: i32, k: i32, column: i32, columns: i32, from: i32, terms: i32, to: usize, part: i32, parts: i32,
): void {
  const first = partStart(columns, NR, part, parts);
  const count = partStart(columns, NR, part + 1, parts) - first;
  const b = <usize>word(instruction, GEMM_B);
  to += <usize>(first * terms) << 2;
  if (storage(instruction) & TRANSPOSED_B) {
    packTransposedB(b + (<usize>((column + first) * k + from) << 2), <usize>k << 2, terms, count, to);
  } else {
    packB(b + (<usize>(from * n + column + first) << 2), <usize>n << 2, terms, count, to);
  }
}

/** Columns [first, last) of a product of few rows. */
function fewRows(instruction: usize, m: i32, n: i32, k: i32, sums: usize, first: i32, last: i32): void {
  const transposed = storage(instruction);
  const a = <usize>word(instruction, GEMM_A);
  const b = <usize>word(instruction, GEMM_B);
  const bias = <usize>word(instruction, GEMM_BIAS);
  const aTerm: usize = transposed & TRANSPOSED_A ? <usize>m << 2 : 4;
  const packed = (transposed & PACKED_B) != 0;
  const length = blockLength(k);
  for (let row = 0; row < m; row++) {
    const rowA = a + (<usize>(transposed & TRANSPOSED_A ? row : row * k) << 2);
    const rowC = <usize>word(instruction, GEMM_C) + (<usize>(row * n) << 2);
    for (let column = first; column < last; ) {
      // packed columns end where their block does
      const columns = min(packed ? NC - column % NC : FEW_COLUMNS, last - column);
      const at = <usize>column << 2;
      for (let from = 0; from < k; from += length) {
        const terms = min(length, k - from);
        const fromA = rowA + <usize>from * aTerm;
        if (packed) {
          const inBlock = column % NC, blockColumns = min(NC, n - column + inBlock);
          const panels = <usize>word(instruction, GEMM_PANELS) + packedOffset(k, column - inBlock, blockColumns, from);
          rowTimesPanels(fromA, aTerm, panels + (<usize>(inBlock * terms) << 2), <usize>terms * PANEL_ROW_BYTES, terms, columns, sums);
        } else if (transposed & TRANSPOSED_B) dots(fromA, b + (<usize>(column * k + from) << 2), <usize>k << 2, terms, columns, sums);
        else rowTimes(fromA, aTerm, b + (<usize>(from * n + column) << 2), <usize>n << 2, terms, columns, sums);
        addRow(sums, from ? rowC + at : bias ? bias + at : 0, rowC + at, columns);
      }
      column += columns;
    }
  }
}

function smallProduct(instruction: usize, m: i32, n: i32, k: i32): void {
  const transposed = storage(instruction);
  let b = <usize>word(instruction, GEMM_B);
  if (transposed & TRANSPOSED_B) {
    const panels = <usize>word(instruction, GEMM_PANELS);
    transposeSmall(b, k, n, panels);
    b = panels;
  }
  const byColumns = (transposed & TRANSPOSED_A) != 0;
  const stride = <usize>(byColumns ? m : k) << 2;
  const a = <usize>word(instruction, GEMM_A);
  const c = <usize>word(instruction, GEMM_C);
  const bias = <usize>word(instruction, GEMM_BIAS);
  small(m, n, k, a, byColumns ? 4 : stride, byColumns ? stride : 4, b, <usize>n << 2, c, bias);
}

/** All tiles of a block of rows and all columns, one or two panels at a time so that they stay in the first-level cache. */
function sweep(
  byColumns: bool, packed: bool, a: usize, aStride: usize, b: usize, bStride: usize, panelStride: usize, k: i32,
  c: usize, cStride: usize, base: usize, baseStride: usize, m: i32, n: i32, mr: i32, edge: usize,
): void {
  for (let column = 0; column < n; ) {
    const two = WIDE && byColumns && n - column >= 2 * NR;
    const columns = two ? 2 * NR : min(NR, n - column);
    let tileA = a;
    let tileC = c + (<usize>column << 2);
    let tileBase = base ? base + (<usize>column << 2) : 0;
    for (let row = 0; row < m; ) {
      let height = tileHeight(m - row, mr);
      // by rows only the tile of 4 knows that rows are missing
      if (!byColumns && height > m - row) height = 4;
      const present = min(height, m - row);
      const whole = present == height && columns >= NR;
      // a tile that C has not room for is computed beside it
      const to = whole ? tileC : edge;
      const toStride = whole ? cStride : 2 * PANEL_ROW_BYTES;
      const from: usize = whole ? tileBase : 0;
      if (WHOLE && byColumns) {
        const stride = packed ? <usize>height << 2 : aStride;
        if (two) {
          if (height == 4) tile4Wide(tileA, stride, b, b + panelStride, bStride, k, to, toStride, from, baseStride);
          else tile6Wide(tileA, stride, b, b + panelStride, bStride, k, to, toStride, from, baseStride);
        } else if (height == 4) tile4Columns(tileA, stride, b, bStride, k, to, toStride, from, baseStride);
        else tile6Columns(tileA, stride, b, bStride, k, to, toStride, from, baseStride);
        tileA += packed ? <usize>(height * k) << 2 : <usize>height << 2;
      } else {
        if ((WHOLE || USUAL_MR == 6) && height == 6) tile6Rows(tileA, aStride, b, bStride, k, to, toStride, from, baseStride);
        else tile4Rows(present, tileA, aStride, b, bStride, k, to, toStride, from, baseStride);
        tileA += <usize>height * aStride;
      }
      if (!whole) mergeEdge(edge, present, columns, tileC, cStride, tileBase, baseStride);
      tileC += cStride * height;
      if (tileBase) tileBase += baseStride * height;
      row += height;
    }
    b += two ? 2 * panelStride : panelStride;
    column += columns;
  }
}

/** C = edge tile + base, for the rows and columns that C has. */
function mergeEdge(
  edge: usize, rows: i32, columns: i32, c: usize, cStride: usize, base: usize, baseStride: usize,
): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column += 4) {
      const at = <usize>column << 2;
      let x = v128.load(edge + at);
      if (base) x = f32x4.add(x, v128.load(base + at));
      storeFirst(c + at, x, columns - column);
    }
    edge += 2 * PANEL_ROW_BYTES;
    c += cStride;
    base += base ? baseStride : 0;
  }
}
