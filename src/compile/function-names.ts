/**
 * Names of MAP's functions by their code, as a description prints them. Runs when the package is built (inlineValue in rollup.config.js): asked
 * for at run time, they would bring every other constant of the instruction set along.
 */
import * as isa from '../../assembly/isa.js';

const names: string[] = [];
for (const [name, code] of Object.entries(isa))
  if (name.startsWith('F_')) names[code] = name.slice(2).toLowerCase();
export default names;
