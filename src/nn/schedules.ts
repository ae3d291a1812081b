/** How a learning rate changes during a run: its factor by name, a function of the share of the run that is done, from 0 to 1. */
type Schedule = (progress: number) => number;

export const schedules = {
  constant: () => 1,
  /** Down to 0 in a straight line. */
  linear: (progress) => 1 - progress,
  /** Down to 0 along half a cosine (Loshchilov and Hutter 2017, without restarts). */
  cosine: (progress) => (1 + Math.cos(Math.PI * progress)) / 2,
} as const satisfies Record<string, Schedule>;

export type ScheduleName = keyof typeof schedules;
