/** What the module exports: the machine, and what a waiting worker needs. Memory is imported. */
export { run } from './machine';
export { awaitChange } from './team';
