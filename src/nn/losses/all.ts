/** All losses in one table, for who lists them. Networks look theirs up in table.ts. */
import type { Loss } from './loss.js';
import { moreLosses } from './more.js';
import { type LossName, losses } from './table.js';

export const allLosses: Readonly<Record<LossName, Loss>> = { ...losses, ...moreLosses };
