import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { inlineWasm } from './rollup.config.js';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  // tests of public names say what users say; the same files run against the bundle without these
  resolve: {
    alias: [
      { find: /^wasmlp$/, replacement: source('src/index.ts') },
      { find: /^wasmlp\/graph$/, replacement: source('src/graph.ts') },
    ],
  },
  plugins: [inlineWasm()],
  test: { include: ['test/**/*.test.ts'], testTimeout: 60_000 },
});
