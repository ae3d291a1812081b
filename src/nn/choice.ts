/**
 * Choosing a row of a table: by its name, or by its name with numbers in place of those that the table gives it, such as
 * { name: 'leakyRelu', slope: 0.2 }. A choice is plain, because model files keep it. Not here: what the rows do.
 */
import { checkName, checkNumber, checkOptions } from '../errors.js';

/** A number that a row can be chosen with. */
export interface Setting {
  /** What it is where nothing else is said. */
  readonly standard: number;
  /** Bounds; by default whatever stays among the numbers of 32 bits. */
  readonly least?: number;
  readonly most?: number;
  /** Where it only is what learning begins with: whether each unit learns one of its own, or the layer one for all. */
  readonly learned?: 'unit' | 'layer';
}

export type Settings = Readonly<Record<string, Setting>>;
export type Table = Readonly<Record<string, { readonly settings?: Settings }>>;

/** What a caller may give. */
export type Choice = string | { readonly name: string; readonly [setting: string]: string | number };

/** Ours: whatever is made with it stays among the numbers of 32 bits. */
export const LARGEST = 1e30;

/**
 * The choice as it is kept: the name alone where nothing was set, else the name with all of its row's settings.
 *
 * @throws TypeError or RangeError naming the member that is wrong
 */
export function checkChoice<C extends Choice>(argument: string, value: unknown, table: Table): C {
  if (value === null || typeof value !== 'object' || !('name' in value))
    return checkName(argument, value, table) as C;
  const name = checkName(`${argument}.name`, value.name, table);
  const { settings = {} } = table[name]!;
  const names = Object.keys(settings);
  const given = checkOptions(argument, value as Record<string, unknown>, ['name', ...names]);
  if (names.length === 0) return name as C;
  const numbers = Object.entries(settings).map(([key, { standard, least = -LARGEST, most = LARGEST }]) => [
    key,
    checkNumber(`${argument}.${key}`, given[key] === undefined ? standard : given[key], least, most),
  ]);
  return { name, ...Object.fromEntries(numbers) } as C;
}

export function nameOf<Name extends string>(choice: Name | { readonly name: Name }): Name {
  return typeof choice === 'string' ? choice : choice.name;
}

/** The number of each setting: what was chosen, else what the table says. */
export function numbersOf(choice: unknown, settings: Settings = {}): Record<string, number> {
  const chosen = typeof choice === 'object' ? (choice as Record<string, number>) : {};
  return Object.fromEntries(
    Object.entries(settings).map(([name, { standard }]) => [name, chosen[name] ?? standard]),
  );
}
