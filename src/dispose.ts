/**
 * The name of the method that `using` calls. Browsers older than `using` (Firefox 140, Safari 18) have no Symbol.dispose: this is what
 * esbuild looks for there. Not a polyfill: the host's Symbol stays as it is.
 */
export const DISPOSE: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');
