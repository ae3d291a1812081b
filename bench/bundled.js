/** Sources that the package does not publish, for programs of this folder. */
import { fileURLToPath } from 'node:url';
import { rollup } from 'rollup';

/** A module of src or of this folder by its URL, bundled as the library is: its own build of the same sources. */
export async function bundled(url) {
  const {
    default: [library],
  } = await import('../rollup.config.js');
  const { plugins, external } = library;
  const bundle = await rollup({ input: fileURLToPath(url), plugins, external, logLevel: 'silent' });
  const {
    output: [{ code }],
  } = await bundle.generate({ format: 'es', inlineDynamicImports: true });
  return import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
}
