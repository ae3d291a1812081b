/**
 * What a person reads at a glance after training or evaluation: the figures, who is taken for whom, and for small images a few
 * of the mistakes. Text only; where it goes is the caller's.
 */
import Table from 'cli-table3';
import picocolors from 'picocolors';
import type { ClassTarget } from '../data/index.js';
import { confusionMatrix } from '../metrics/classes.js';
import { predictedClasses } from '../metrics/scores.js';
import type { Findings } from './findings.js';
import { type Drawing, drawSideBySide } from './mistakes.js';

export interface Screen {
  /** Characters a line. */
  readonly columns: number;
  readonly colours: boolean;
}

/** Of standard output. Colours only on a terminal, and not where NO_COLOR is set. */
export function screenOf(stream: NodeJS.WriteStream): Screen {
  return {
    columns: stream.columns ?? 80,
    colours: stream.isTTY === true && picocolors.isColorSupported,
  };
}

/** With more classes than this a matrix is no longer read at a glance; the worst classes are. */
const MOST_IN_MATRIX = 12;
const MISTAKES = 6;
/** Wider images do not fit beside each other. */
const WIDEST_DRAWN = 40;

/** @param shape of one image, where the samples are images */
export function summarise(findings: Findings, shape: readonly number[] | undefined, screen: Screen): string {
  const { target, predictions, samples } = findings;
  const parts = [figures(findings, screen)];
  if (target.kind === 'classes') {
    const predicted = predictedClasses(predictions, target.classes.length);
    parts.push(classTable(target, confusionMatrix(predicted, samples.labels, target.classes.length), screen));
    if (shape?.length === 2 && shape[1]! <= WIDEST_DRAWN)
      parts.push(...mistakes(findings, target, predicted, [shape[0]!, shape[1]!], screen));
  }
  return parts.join('\n\n');
}

function figures({ metrics, loss, samples, target }: Findings, screen: Screen): string {
  const { bold } = picocolors.createColors(screen.colours);
  const on = `on ${samples.rows.toLocaleString('en')} rows`;
  if ('accuracy' in metrics)
    return `${bold(`accuracy ${percent(metrics.accuracy)}`)} ${on}, loss ${loss.toPrecision(4)}`;
  const { r2, rootMeanSquaredError, meanAbsoluteError } = metrics;
  return (
    `${bold(`R² ${r2.toFixed(4)}`)} ${on}: ${target.name} is off by ${rootMeanSquaredError.toPrecision(4)} ` +
    `(root mean square), ${meanAbsoluteError.toPrecision(4)} (mean)`
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

/** Who was taken for whom and the share found of each class; of many classes, the worst shares only. */
function classTable({ classes }: ClassTarget, counts: Uint32Array, screen: Screen): string {
  const { length } = classes;
  const rowOf = (i: number): Uint32Array => counts.subarray(i * length, (i + 1) * length);
  const recall = classes.map((_, i) => counts[i * length + i]! / rowOf(i).reduce((sum, n) => sum + n, 0));
  // a class without a test row has no share: NaN
  const shown = (i: number): string => (Number.isNaN(recall[i]) ? '-' : percent(recall[i]!));
  if (length > MOST_IN_MATRIX) {
    const worst = [...classes.keys()].filter((i) => !Number.isNaN(recall[i]));
    worst.sort((a, b) => recall[a]! - recall[b]!);
    return table(
      ['class', 'found'],
      worst.slice(0, MOST_IN_MATRIX).map((i) => [classes[i]!, shown(i)]),
    );
  }
  return table(
    ['true \\ predicted', ...classes, 'found'],
    classes.map((name, i) => [
      name,
      ...Array.from(rowOf(i), (count, j) => coloured(count, i === j, screen)),
      shown(i),
    ]),
  );
}

function coloured(count: number, right: boolean, screen: Screen): string {
  const { green, red, dim } = picocolors.createColors(screen.colours);
  if (count === 0) return dim('0');
  return right ? green(count) : red(count);
}

/** A table; the first column stands to the left, the others as `align` says. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  align: 'left' | 'right' = 'right',
): string {
  const made = new Table({
    head: [...head],
    colAligns: head.map((_, i) => (i === 0 ? 'left' : align)),
    style: { head: [], border: [], compact: true },
  });
  made.push(...rows.map((row) => [...row]));
  return made.toString();
}

/** The first mistakes, drawn; nothing if there is none. */
function mistakes(
  { samples }: Findings,
  { classes }: ClassTarget,
  predicted: Uint32Array,
  shape: readonly [number, number],
  screen: Screen,
): string[] {
  const size = shape[0] * shape[1];
  const drawings: Drawing[] = [];
  for (let row = 0; row < samples.rows && drawings.length < MISTAKES; row++) {
    const label = samples.labels[row]!;
    if (label === predicted[row]) continue;
    const pixels = samples.inputs.subarray(row * size, (row + 1) * size) as Uint8Array;
    drawings.push({ pixels, caption: `${classes[label]} taken for ${classes[predicted[row]!]}` });
  }
  return drawings.length === 0
    ? []
    : [`The first mistakes:\n\n${drawSideBySide(drawings, shape, screen.columns)}`];
}
