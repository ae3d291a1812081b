/** TensorFlow.js in plain JavaScript: its `cpu` backend. */
import { useBackend } from './tfjs.js';

await useBackend('cpu');

export const name = 'tfjs-cpu';
export { train, version } from './tfjs.js';
