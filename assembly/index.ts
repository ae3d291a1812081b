/** What the module exports: the machine, and nothing else. Memory is imported. */
export { run } from './machine';
