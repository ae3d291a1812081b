/**
 * GEMM: C = op(A) op(B) + bias for any sizes, and an epilogue on every block of rows as soon as it is finished, while it
 * is still in the cache. A (m x k) is read in place where it is stored by rows; B (k x n) is packed into panels.
 *
 * Contract: C overlaps neither A nor B. An entry of C is the sum of ceil(k / KC) blocks in order, each summed in order from
 * zero, plus the bias after the first block: the same bits for every split of the rows.
 * Not here: scaling and accumulation into C, which the graph expresses as an epilogue.
 */
import {
  GEMM_A, GEMM_B, GEMM_BIAS, GEMM_C, GEMM_EPILOGUE, GEMM_K, GEMM_M, GEMM_N, GEMM_PANELS, GEMM_TRANSPOSED, KC, MC, NR,
  SCRATCH_PANEL_A, SCRATCH_TILE, TRANSPOSED_A, TRANSPOSED_B,
} from '../isa';
import { map } from '../map';
import { dimension, word } from '../operands';
import { packB, packTransposedA, packTransposedB, PANEL_ROW_BYTES } from './pack';
import { tileColumns, tileRows } from './tiles';

// @ts-ignore: decorator
@inline
const MR: i32 = 4;

/** Below so many rows of C a panel of B is used too seldom for packing to pay. */
const ROWS_WORTH_PACKING: i32 = 9;

export function gemm(instruction: usize, rows: i32, scratch: usize): void {
  const m = dimension(instruction, GEMM_M, rows);
  const n = dimension(instruction, GEMM_N, rows);
  const k = dimension(instruction, GEMM_K, rows);
  const transposed = word(instruction, GEMM_TRANSPOSED);
  const c = <usize>word(instruction, GEMM_C);
  const epilogue = <usize>word(instruction, GEMM_EPILOGUE);

  // panel p of B begins panelStride bytes after panel p - 1, its rows bStride bytes apart
  let b = <usize>word(instruction, GEMM_B);
  let bStride = PANEL_ROW_BYTES;
  let panelStride = <usize>k * PANEL_ROW_BYTES;
  const panels = <usize>word(instruction, GEMM_PANELS);
  if (transposed & TRANSPOSED_B) {
    packTransposedB(b, k, n, panels);
    b = panels;
  } else if (m >= ROWS_WORTH_PACKING) {
    packB(b, k, n, panels);
    b = panels;
  } else {
    bStride = <usize>n << 2;
    panelStride = PANEL_ROW_BYTES;
  }

  for (let first = 0; first < m; first += MC) {
    const last = min(first + MC, m);
    rowBlock(instruction, m, n, k, first, last, b, bStride, panelStride, c, scratch);
    if (epilogue) map(epilogue, rows, first, last, scratch);
  }
}

/** Rows [first, last) of C, block of k after block of k. */
function rowBlock(
  instruction: usize, m: i32, n: i32, k: i32, first: i32, last: i32,
  b: usize, bStride: usize, panelStride: usize, c: usize, scratch: usize,
): void {
  const a = <usize>word(instruction, GEMM_A);
  const byColumns = word(instruction, GEMM_TRANSPOSED) & TRANSPOSED_A;
  const bias = <usize>word(instruction, GEMM_BIAS);
  const cStride = <usize>n << 2;
  const blocks = (k + KC - 1) / KC;
  const length = (k + blocks - 1) / blocks;
  const panelA = scratch + SCRATCH_PANEL_A;
  // a panel of A is read once for every panel of B: with a single one, copying it first gains nothing
  const packed = byColumns != 0 && n > NR;

  for (let from = 0; from < k; from += length) {
    const terms = min(length, k - from);
    const blockB = b + <usize>from * bStride;
    const isFirst = from == 0;
    let base: usize = isFirst ? bias : c;
    const baseStride: usize = isFirst ? 0 : cStride;
    let tileA: usize, aStride: usize, aStep: usize;
    if (packed) {
      packTransposedA(a + (<usize>(from * m + first) << 2), <usize>m << 2, terms, (last - first + MR - 1) / MR, panelA);
      tileA = panelA;
      aStride = MR * 4;
      aStep = <usize>terms * (MR * 4);
    } else if (byColumns) {
      tileA = a + (<usize>(from * m + first) << 2);
      aStride = <usize>m << 2;
      aStep = MR * 4;
    } else {
      tileA = a + (<usize>(first * k + from) << 2);
      aStride = <usize>k << 2;
      aStep = aStride * MR;
    }
    if (!isFirst) base += <usize>first * cStride;
    sweep(
      byColumns != 0, tileA, aStride, aStep, blockB, bStride, panelStride, terms,
      c + <usize>first * cStride, cStride, base, baseStride, last - first, n, scratch + SCRATCH_TILE,
    );
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
