/**
 * What happens to a stroke model before it is inked: geometry on lists of points, x, y, x, y, ..., in place where it
 * can be. The numbers that say how much were set by looking at the result beside MNIST. `strength` scales them all.
 *
 * Only + - * / and square roots, see digits.ts.
 */
import type { Draws } from './draws.js';

/** x, y, x, y, ...: in hundredths of the digit's height until `place`, in pixels after. */
export type Points = Float64Array;

/** Standard deviations, in hundredths of the digit's height. */
const JITTER = 3.8;
const BEND = 12;
/** Without unit: mean and deviation of the slant, deviations of the aspect, of the turn's half tangent, of the size. */
const SLANT = 0.14;
const SLANT_SPREAD = 0.24;
const ASPECT = 0.16;
const TURN = 0.055;
const SIZE = 0.06;
/** Deviation of the centre, in pixels. */
const SHIFT = 0.7;

const CURVE_STEPS = 4;
/** The bending field is a cubic B-spline over CELLS x CELLS cells; such a spline has three more knots than cells. */
const CELLS = 2;
const KNOTS = CELLS + 3;

/** Moves every point a little; a corner's two points move together. */
export function jitter(model: readonly number[], draws: Draws, strength: number): Points {
  const points = Float64Array.from(model);
  for (let i = 0; i < points.length; i += 2) {
    const corner = i >= 2 && model[i] === model[i - 2] && model[i + 1] === model[i - 1];
    points[i] = corner ? points[i - 2]! : model[i]! + strength * JITTER * draws.bell();
    points[i + 1] = corner ? points[i - 1]! : model[i + 1]! + strength * JITTER * draws.bell();
  }
  return points;
}

/** A smooth curve through the points (Catmull and Rom 1974, uniform), sampled; straight up to the ends. */
export function smoothCurve(points: Points): Points {
  const spans = points.length / 2 - 1;
  const curve = new Float64Array(2 * (spans * CURVE_STEPS + 1));
  for (let span = 0; span < spans; span++) {
    const [before, from, to, after] = [Math.max(span - 1, 0), span, span + 1, Math.min(span + 2, spans)];
    for (let step = 0; step < CURVE_STEPS; step++) {
      const t = step / CURVE_STEPS;
      const at = 2 * (span * CURVE_STEPS + step);
      for (const axis of [0, 1]) {
        const p0 = points[2 * before + axis]!;
        const p1 = points[2 * from + axis]!;
        const p2 = points[2 * to + axis]!;
        const p3 = points[2 * after + axis]!;
        const cubic = 3 * p1 - p0 - 3 * p2 + p3;
        curve[at + axis] = p1 + 0.5 * t * (p2 - p0 + t * (2 * p0 - 5 * p1 + 4 * p2 - p3 + t * cubic));
      }
    }
  }
  curve.set(points.subarray(-2), curve.length - 2);
  return curve;
}

/** Elastic distortion: adds a random smooth field, one for the whole digit. */
export function bend(strokes: Points[], draws: Draws, strength: number): void {
  const field = Float64Array.from({ length: 2 * KNOTS * KNOTS }, () => strength * BEND * draws.bell());
  const wx = new Float64Array(4);
  const wy = new Float64Array(4);
  for (const points of strokes)
    for (let i = 0; i < points.length; i += 2) {
      const column = splineWeights(points[i]!, wx);
      const row = splineWeights(points[i + 1]!, wy);
      for (let y = 0; y < 4; y++)
        for (let x = 0; x < 4; x++) {
          const knot = 2 * ((row + y) * KNOTS + column + x);
          const weight = wy[y]! * wx[x]!;
          points[i]! += weight * field[knot]!;
          points[i + 1]! += weight * field[knot + 1]!;
        }
    }
}

/** Stretches, slants and turns the whole digit about its middle. */
export function slant(strokes: Points[], draws: Draws, strength: number): void {
  const stretch = 1 + strength * ASPECT * draws.bell();
  const lean = strength * (SLANT + SLANT_SPREAD * draws.bell());
  const half = strength * TURN * draws.bell();
  const cos = (1 - half * half) / (1 + half * half);
  const sin = (2 * half) / (1 + half * half);
  for (const points of strokes)
    for (let i = 0; i < points.length; i += 2) {
      const y = points[i + 1]! - 50;
      const x = stretch * (points[i]! - 50) - lean * y;
      points[i] = cos * x - sin * y;
      points[i + 1] = sin * x + cos * y;
    }
}

/**
 * Scales the digit so that its longer side is about `box` pixels, and moves the centre of its line to about the
 * centre of a square of `side` pixels.
 */
export function place(strokes: Points[], box: number, side: number, draws: Draws, strength: number): void {
  const { width, height, centreX, centreY } = extent(strokes);
  const scale = (box / Math.max(width, height)) * (1 + strength * SIZE * draws.bell());
  const shiftX = side / 2 + strength * SHIFT * draws.bell() - scale * centreX;
  const shiftY = side / 2 + strength * SHIFT * draws.bell() - scale * centreY;
  for (const points of strokes)
    for (let i = 0; i < points.length; i += 2) {
      points[i] = scale * points[i]! + shiftX;
      points[i + 1] = scale * points[i + 1]! + shiftY;
    }
}

/** The four weights of the uniform cubic B-spline at x of 0..100, into `weights`; returns the first knot. */
function splineWeights(x: number, weights: Float64Array): number {
  const u = Math.min(Math.max(x / 100, 0), 1) * CELLS;
  const cell = Math.min(Math.floor(u), CELLS - 1);
  const t = u - cell;
  const s = 1 - t;
  weights[0] = (s * s * s) / 6;
  weights[1] = (3 * t * t * t - 6 * t * t + 4) / 6;
  weights[2] = (3 * s * s * s - 6 * s * s + 4) / 6;
  weights[3] = (t * t * t) / 6;
  return cell;
}

/** Sides of the box round all strokes, and the centre of their line, each piece weighed by its length. */
function extent(strokes: Points[]) {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  let [length, sumX, sumY] = [0, 0, 0];
  for (const points of strokes)
    for (let i = 0; i < points.length; i += 2) {
      const x = points[i]!;
      const y = points[i + 1]!;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
      if (i === 0) continue;
      const dx = x - points[i - 2]!;
      const dy = y - points[i - 1]!;
      const piece = Math.sqrt(dx * dx + dy * dy);
      length += piece;
      sumX += piece * (x - dx / 2);
      sumY += piece * (y - dy / 2);
    }
  return { width: right - left, height: bottom - top, centreX: sumX / length, centreY: sumY / length };
}
