/**
 * How training is watched: on a terminal a bar, elsewhere (a file, a log) a plain line an epoch. On standard error, so that
 * standard output holds results only.
 */
import { SingleBar } from 'cli-progress';
import type { EpochReport } from '../index.js';

export interface ProgressDisplay {
  epoch(report: EpochReport): void;
  /** Leaves the terminal as it was; may be called twice. */
  stop(): void;
}

export function showProgress(epochs: number, stream: NodeJS.WriteStream): ProgressDisplay {
  return stream.isTTY ? bar(epochs, stream) : lines(stream);
}

function bar(epochs: number, stream: NodeJS.WriteStream): ProgressDisplay {
  const display = new SingleBar({
    format: '{bar} {text}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 20,
    stream,
    // Ctrl-C is interrupt.ts's.
    gracefulExit: false,
  });
  display.start(epochs, 0, { text: `epoch 0/${epochs}` });
  return {
    epoch: (report) => display.update(report.epoch, { text: describeEpoch(report) }),
    stop: () => display.stop(),
  };
}

function lines(stream: NodeJS.WriteStream): ProgressDisplay {
  return { epoch: (report) => void stream.write(`${describeEpoch(report)}\n`), stop: () => {} };
}

/** An epoch in one line: where it stands, loss, accuracy if there is one, time left. With the bar it fits into 80 columns. */
export function describeEpoch(report: EpochReport): string {
  const { epoch, epochs, loss, accuracy, seconds } = report;
  const left = (seconds / epoch) * (epochs - epoch);
  return [
    `epoch ${epoch}/${epochs}`,
    `loss ${loss.toPrecision(4)}`,
    ...(accuracy === undefined ? [] : [`accuracy ${accuracy.toFixed(4)}`]),
    `${duration(left)} left`,
  ].join('  ');
}

/** Seconds as people say them. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
