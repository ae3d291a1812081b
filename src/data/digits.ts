/**
 * Draws handwritten-looking digits: a stroke model (glyphs.ts) is jittered, bent by a random smooth field, slanted,
 * turned and scaled (strokes.ts), fitted into 28 x 28 pixels as MNIST's digits are, and inked here. Image i depends
 * on the seed and i only.
 *
 * Only + - * / and square roots are used, whose results IEEE 754 fixes to the last bit: every engine draws the same
 * pixels. That is why there is no sine, no logarithm and no exact normal distribution in here.
 */
import { checkInteger, checkNumber, checkOptions } from '../errors.js';
import { Draws } from './draws.js';
import { GLYPHS, type Glyph } from './glyphs.js';
import { bend, jitter, type Points, place, slant, smoothCurve } from './strokes.js';

/** Width and height of an image, in pixels. */
export const DIGIT_SIDE = 28;
const PIXELS = DIGIT_SIDE * DIGIT_SIDE;

/** The longer side of a digit with its ink, in pixels, as in MNIST. */
const BOX = 20;
/** Half the width of a stroke, in pixels: mean, deviation and least. */
const RADIUS = 1.3;
const RADIUS_SPREAD = 0.3;
const RADIUS_MIN = 0.6;
/** How much a stroke may swell or thin from one end to the other, as a share of its radius. */
const TAPER = 0.15;
/** Width of the soft edge, in pixels. */
const EDGE = 1.3;
/** The palest ink, and the largest change of a pixel by noise, both as a share of full ink. */
const PALEST = 0.88;
const NOISE = 0.1;

export interface DigitOptions {
  /** Strength of all deformations and noise; 1 (default) is about as hard as MNIST, 0 draws the bare stroke models. */
  readonly distortion?: number | undefined;
}

export interface Digits {
  /** [count x 784], a row an image, top line first; 0 background, 255 ink. */
  readonly images: Uint8Array;
  /** [count], 0 to 9. */
  readonly labels: Uint8Array;
}

/** @throws TypeError, RangeError for wrong arguments; at most 2^31 bytes of images */
export function generateDigits(count: number, seed: number, options: DigitOptions = {}): Digits {
  checkInteger('count', count, 0, Math.floor(2 ** 31 / PIXELS));
  checkInteger('seed', seed, 0, 0xffff_ffff);
  checkOptions('options', options, ['distortion']);
  const strength = checkNumber('options.distortion', options.distortion ?? 1, 0, 10);
  const images = new Uint8Array(count * PIXELS);
  const labels = new Uint8Array(count);
  const draws = new Draws(seed);
  const ink = new Float64Array(PIXELS);
  for (let i = 0; i < count; i++) {
    draws.seek(i);
    labels[i] = Math.floor(draws.uniform() * GLYPHS.length);
    ink.fill(0);
    write(pickStyle(GLYPHS[labels[i]!]!, draws), ink, draws, strength);
    develop(ink, images.subarray(i * PIXELS, (i + 1) * PIXELS), draws, strength);
  }
  return { images, labels };
}

function pickStyle(styles: readonly Glyph[], draws: Draws): Glyph {
  let left = draws.uniform();
  for (const style of styles) {
    left -= style.share;
    if (left < 0) return style;
  }
  return styles[0]!;
}

/** Writes one digit with the pen: `ink` gets 0 to 1 a pixel. */
function write(glyph: Glyph, ink: Float64Array, draws: Draws, strength: number): void {
  const strokes = glyph.strokes.map((model) => smoothCurve(jitter(model, draws, strength)));
  bend(strokes, draws, strength);
  slant(strokes, draws, strength);
  const radius = Math.max(RADIUS_MIN, RADIUS + strength * RADIUS_SPREAD * draws.bell());
  place(strokes, BOX - 2 * radius, DIGIT_SIDE, draws, strength);
  for (const points of strokes) inkStroke(points, radius, strength * TAPER * draws.bell(), ink);
}

/** Inks a stroke piece by piece, its radius going from radius (1 - taper) to radius (1 + taper). */
function inkStroke(points: Points, radius: number, taper: number, ink: Float64Array): void {
  const last = points.length - 2;
  for (let i = 0; i < last; i += 2) {
    const swell = Math.max(0.3, 1 + taper * ((2 * i) / last - 1));
    inkPiece(points[i]!, points[i + 1]!, points[i + 2]!, points[i + 3]!, radius * swell, ink);
  }
}

/** Inks all pixels near the straight piece from (ax, ay) to (bx, by): full within the radius, then fading over the edge. */
function inkPiece(ax: number, ay: number, bx: number, by: number, radius: number, ink: Float64Array): void {
  const reach = radius + EDGE / 2;
  const dx = bx - ax;
  const dy = by - ay;
  const perSquare = 1 / (dx * dx + dy * dy || 1);
  // Pixel (x, y) has its centre at (x + 0.5, y + 0.5).
  const left = Math.max(0, Math.ceil(Math.min(ax, bx) - reach - 0.5));
  const right = Math.min(DIGIT_SIDE - 1, Math.floor(Math.max(ax, bx) + reach - 0.5));
  const top = Math.max(0, Math.ceil(Math.min(ay, by) - reach - 0.5));
  const bottom = Math.min(DIGIT_SIDE - 1, Math.floor(Math.max(ay, by) + reach - 0.5));
  for (let y = top; y <= bottom; y++) {
    const py = y + 0.5 - ay;
    for (let x = left; x <= right; x++) {
      const px = x + 0.5 - ax;
      const along = Math.min(1, Math.max(0, (px * dx + py * dy) * perSquare));
      const ex = px - along * dx;
      const ey = py - along * dy;
      const square = ex * ex + ey * ey;
      if (square >= reach * reach) continue;
      const cover = (reach - Math.sqrt(square)) / EDGE;
      const at = y * DIGIT_SIDE + x;
      if (cover > ink[at]!) ink[at] = Math.min(1, cover);
    }
  }
}

/** Ink of 0 to 1 as bytes, somewhat pale and noisy where there is ink. The background stays 0, as in MNIST. */
function develop(ink: Float64Array, image: Uint8Array, draws: Draws, strength: number): void {
  const darkness = 255 * Math.max(0, 1 - strength * (1 - PALEST) * draws.uniform());
  for (let i = 0; i < PIXELS; i++) {
    const cover = ink[i]!;
    if (cover === 0) continue;
    const noise = strength * NOISE * (2 * draws.uniform() - 1);
    image[i] = Math.min(255, Math.max(0, Math.round(darkness * (cover + noise * cover))));
  }
}
