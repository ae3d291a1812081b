/**
 * GEMM: C = op(A) op(B) + bias for any sizes, and an epilogue on every block of rows as soon as it is finished, while it
 * is still in the cache. Both operands are packed (pack.ts) unless they are too small for it to pay.
 *
 * Contract: C overlaps neither A nor B. An entry of C is the sum of ceil(k / KC) blocks in order, each summed in order from
 * zero, plus the bias after the first block: the same bits for every split of the rows.
 * Not here: scaling and accumulation into C, which the graph expresses as an epilogue.
 */
import {
  GEMM_A, GEMM_B, GEMM_BIAS, GEMM_C, GEMM_EPILOGUE, GEMM_K, GEMM_M, GEMM_N, GEMM_PANELS, GEMM_TRANSPOSED, KC, MC, MR, NC, NR,
  SCRATCH_PANEL_A, SCRATCH_TILE, TRANSPOSED_A, TRANSPOSED_B,
} from '../isa';
import { map } from '../map';
import { dimension, word } from '../operands';
import { packA, packB, packTransposedA, packTransposedB, PANEL_ROW_BYTES, TILE_COLUMN_BYTES } from './pack';
import { small, transposeSmall } from './small';
import { tileColumns, tileRows } from './tiles';

/** Below so many rows of C a panel of B is used too seldom for packing to pay. */
const ROWS_WORTH_PACKING: i32 = 9;
/** With so many panels of B or fewer, tiles of A are read too seldom. */
const PANELS_WORTH_PACKING: i32 = 2;
/** Multiply-adds of a product for which the way here costs more than it saves. */
const SMALL: i32 = 8192;

/**
 * Columns of C in blocks of NC, terms in blocks of at most KC, rows in blocks of MC, from the outside in: a block of B is packed once and
 * read from the second-level cache by all rows.
 */
export function gemm(instruction: usize, rows: i32, scratch: usize): void {
  const m = dimension(instruction, GEMM_M, rows);
  const n = dimension(instruction, GEMM_N, rows);
  const k = dimension(instruction, GEMM_K, rows);
  const epilogue = <usize>word(instruction, GEMM_EPILOGUE);
  // within one block of k and of columns: the order of sums is the same, and a transposed B fits the panels
  if (k <= KC && n <= NC && (n <= 4 || <i64>m * n * k <= SMALL)) {
    smallProduct(instruction, m, n, k);
    if (epilogue) map(epilogue, rows, 0, m, scratch);
    return;
  }
  const blocks = (k + KC - 1) / KC;
  const length = (k + blocks - 1) / blocks;
  for (let column = 0; column < n; column += NC) {
    const columns = min(NC, n - column);
    for (let from = 0; from < k; from += length) {
      const terms = min(length, k - from);
      const finished = column + columns == n && from + terms == k;
      block(instruction, m, n, k, column, columns, from, terms, scratch, finished ? epilogue : 0, rows);
    }
  }
}

function smallProduct(instruction: usize, m: i32, n: i32, k: i32): void {
  const transposed = word(instruction, GEMM_TRANSPOSED);
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

/** Terms [from, from + terms) of columns [column, column + columns), for all rows. */
function block(
  instruction: usize, m: i32, n: i32, k: i32, column: i32, columns: i32, from: i32, terms: i32,
  scratch: usize, epilogue: usize, stepRows: i32,
): void {
  const transposed = word(instruction, GEMM_TRANSPOSED);
  const panels = <usize>word(instruction, GEMM_PANELS);
  // panel p of B begins panelStride bytes after panel p - 1, its rows bStride bytes apart
  let b = <usize>word(instruction, GEMM_B);
  let bStride = PANEL_ROW_BYTES;
  let panelStride = <usize>terms * PANEL_ROW_BYTES;
  if (transposed & TRANSPOSED_B) {
    packTransposedB(b + (<usize>(column * k + from) << 2), <usize>k << 2, terms, columns, panels);
    b = panels;
  } else {
    const stride = <usize>n << 2;
    b += (<usize>(from * n + column) << 2);
    if (m >= ROWS_WORTH_PACKING) {
      packB(b, stride, terms, columns, panels);
      b = panels;
    } else {
      bStride = stride;
      panelStride = PANEL_ROW_BYTES;
    }
  }

  const byColumns = (transposed & TRANSPOSED_A) != 0;
  const a = <usize>word(instruction, GEMM_A);
  const stride = <usize>(byColumns ? m : k) << 2;
  const c = <usize>word(instruction, GEMM_C) + (<usize>column << 2);
  const cStride = <usize>n << 2;
  const bias = <usize>word(instruction, GEMM_BIAS);
  const packed = columns > PANELS_WORTH_PACKING * NR && m >= MR;
  const panelA = scratch + SCRATCH_PANEL_A;

  for (let first = 0; first < m; first += MC) {
    const height = min(MC, m - first);
    let tileA = a + (<usize>(byColumns ? from * m + first : first * k + from) << 2);
    let aStride = stride;
    let aStep = byColumns ? TILE_COLUMN_BYTES : stride * MR;
    if (packed) {
      if (byColumns) packTransposedA(tileA, stride, terms, (height + MR - 1) / MR, panelA);
      else packA(tileA, stride, terms, height, panelA);
      tileA = panelA;
      aStride = TILE_COLUMN_BYTES;
      aStep = <usize>terms * TILE_COLUMN_BYTES;
    }
    const rowC = c + <usize>first * cStride;
    // what the sums are added to: the bias at first, then what stands in C
    const base: usize = from ? rowC : bias ? bias + (<usize>column << 2) : 0;
    sweep(
      packed || byColumns, tileA, aStride, aStep, b, bStride, panelStride, terms,
      rowC, cStride, base, from ? cStride : 0, height, columns, scratch + SCRATCH_TILE,
    );
    if (epilogue) map(epilogue, stepRows, first, first + height, scratch);
  }
}

/** All tiles of a block of rows and all columns, panel by panel so that a panel of B stays in the first-level cache. */
function sweep(
  byColumns: bool, a: usize, aStride: usize, aStep: usize, b: usize, bStride: usize, panelStride: usize, k: i32,
  c: usize, cStride: usize, base: usize, baseStride: usize, m: i32, n: i32, edge: usize,
): void {
  const baseStep = baseStride * MR;
  for (let column = 0; column < n; column += NR) {
    const columns = min(NR, n - column);
    let tileA = a;
    let tileC = c + (<usize>column << 2);
    let tileBase = base ? base + (<usize>column << 2) : 0;
    for (let row = 0; row < m; row += MR) {
      const height = min(MR, m - row);
      if (height == MR && columns == NR) {
        if (byColumns) tileColumns(tileA, aStride, b, bStride, k, tileC, cStride, tileBase, baseStride);
        else tileRows(MR, tileA, aStride, b, bStride, k, tileC, cStride, tileBase, baseStride);
      } else {
        // the tile is computed whole, beside C
        if (byColumns) tileColumns(tileA, aStride, b, bStride, k, edge, PANEL_ROW_BYTES, 0, 0);
        else tileRows(height, tileA, aStride, b, bStride, k, edge, PANEL_ROW_BYTES, 0, 0);
        mergeEdge(edge, height, columns, tileC, cStride, tileBase, baseStride);
      }
      tileA += aStep;
      tileC += cStride * MR;
      if (tileBase) tileBase += baseStep;
    }
    b += panelStride;
  }
}

/** C = edge tile + base, for the rows and columns that C has. */
function mergeEdge(
  edge: usize, rows: i32, columns: i32, c: usize, cStride: usize, base: usize, baseStride: usize,
): void {
  for (let row = 0; row < rows; row++) {
    for (let column: usize = 0; column < <usize>columns << 2; column += 4) {
      let value = load<f32>(edge + column);
      if (base) value += load<f32>(base + column);
      store<f32>(c + column, value);
    }
    edge += PANEL_ROW_BYTES;
    c += cStride;
    base += base ? baseStride : 0;
  }
}
