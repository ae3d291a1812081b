/**
 * The order of instructions: after what they read; a leaf is overwritten after its last reader, and after the check. Among
 * those that are ready, the one built first goes first, so programs follow the graph and updates come last.
 */
import type { Node } from '../graph/node.js';
import { nodesOf, operandsOf, type Unit } from './fuse.js';
import type { Place } from './job.js';

/** What is done at one point: a unit is computed, or a value checked. */
export interface Task {
  readonly unit: Unit | null;
  readonly check: Node | null;
  /** What it must come after, and before. */
  readonly after: Set<Task>;
  readonly before: Set<Task>;
  readonly key: number;
}

export interface Order {
  readonly tasks: readonly Task[];
  /** Updates that could not go straight to their place, because the old value is still needed: copied at the end. */
  readonly deferred: ReadonlySet<Node>;
}

/** `placed`: where values must stand; `leafPlaces`: the leaves' places, some of which are updated. */
export function order(
  units: readonly Unit[],
  check: Node | null,
  placed: ReadonlyMap<Node, Place>,
  leafPlaces: ReadonlyMap<Node, Place>,
): Order {
  const { tasks, maker, readers } = connect(units, check);
  const checkTask = tasks.find((task) => task.check !== null);
  const leafAt = new Map([...leafPlaces].map(([leaf, place]) => [keyOf(place), leaf]));
  const deferred = new Set<Node>();
  for (const [value, place] of placed) {
    const leaf = leafAt.get(keyOf(place));
    const writer = maker.get(value);
    if (!leaf || !writer) continue;
    const earlier = [...(readers.get(leaf) ?? []), ...(checkTask ? [checkTask] : [])];
    const later = followers(writer);
    if (earlier.some((task) => (task === writer ? coreReads(task, leaf) : later.has(task))))
      deferred.add(value);
    else for (const task of earlier) if (task !== writer) follow(writer, task);
  }
  return { tasks: sorted(tasks), deferred };
}

function keyOf({ block, offset }: Place): string {
  return `${offset} ${block}`;
}

interface Connected {
  readonly tasks: readonly Task[];
  /** The task that computes a node; the tasks that read it. */
  readonly maker: ReadonlyMap<Node, Task>;
  readonly readers: ReadonlyMap<Node, readonly Task[]>;
}

/** A task for each unit and the check, each after the makers of what it reads. */
function connect(units: readonly Unit[], check: Node | null): Connected {
  const maker = new Map<Node, Task>();
  const readers = new Map<Node, Task[]>();
  const tasks: Task[] = [];
  for (const unit of units) {
    const key = Math.max(...nodesOf(unit).map((node) => node.id));
    if (nodesOf(unit).some((node) => node.operation.lowering.kind === 'leaf')) continue;
    const task: Task = { unit, check: null, after: new Set(), before: new Set(), key };
    for (const node of nodesOf(unit)) maker.set(node, task);
    tasks.push(task);
  }
  if (check) tasks.push({ unit: null, check, after: new Set(), before: new Set(), key: check.id });
  for (const task of tasks) {
    for (const operand of new Set(operandsOfTask(task))) {
      const earlier = maker.get(operand);
      if (earlier && earlier !== task) follow(task, earlier);
      if (!readers.has(operand)) readers.set(operand, []);
      readers.get(operand)!.push(task);
    }
  }
  return { tasks, maker, readers };
}

function operandsOfTask(task: Task): Node[] {
  return task.unit ? nodesOf(task.unit).flatMap(operandsOf) : [task.check!];
}

/** Whether what is not elementwise in the task reads the leaf: it does so while the first results are written. */
function coreReads({ unit }: Task, leaf: Node): boolean {
  return unit?.core ? operandsOf(unit.core).includes(leaf) : false;
}

function follow(task: Task, earlier: Task): void {
  task.after.add(earlier);
  earlier.before.add(task);
}

/** All that must come after the task, at once or by way of others. Few, for a task that ends in an update. */
function followers(task: Task): ReadonlySet<Task> {
  const found = new Set(task.before);
  for (const at of found) for (const next of at.before) found.add(next);
  return found;
}

function sorted(tasks: readonly Task[]): Task[] {
  const awaited = new Map(tasks.map((task) => [task, task.after.size]));
  // the next one stands last
  const ready = tasks.filter((task) => task.after.size === 0).sort((a, b) => b.key - a.key);
  const result: Task[] = [];
  for (let task = ready.pop(); task; task = ready.pop()) {
    result.push(task);
    for (const next of task.before) {
      const left = awaited.get(next)! - 1;
      awaited.set(next, left);
      if (left === 0) ready.splice(ready.findLastIndex(({ key }) => key > next.key) + 1, 0, next);
    }
  }
  if (result.length < tasks.length) throw new Error('compile: the order of instructions has a circle');
  return result;
}
