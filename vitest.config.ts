import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { configDefaults, defineConfig, type TestProjectConfiguration } from 'vitest/config';
import { inlineScript, inlineValue, inlineWasm } from './rollup.config.js';
import { inNodeOnly } from './test/suites.js';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Tests of public names say what users say; here is what that means. */
const publicNames = (folder: string, extension: string) => [
  { find: /^wasmlp$/, replacement: at(`${folder}/index.${extension}`) },
  { find: /^wasmlp\/graph$/, replacement: at(`${folder}/graph.${extension}`) },
  { find: /^wasmlp\/infer$/, replacement: at(`${folder}/infer.${extension}`) },
];

const inNode: TestProjectConfiguration = {
  resolve: { alias: publicNames('src', 'ts') },
  plugins: [inlineWasm(), inlineScript(), inlineValue()],
  test: {
    name: 'node',
    include: ['test/**/*.test.ts', 'bench/test/**/*.test.js'],
    testTimeout: 60_000,
  },
};

/** The same tests of graphs, engines, networks and inference in a browser, against the bundle. */
const inChromium = (executablePath: string): TestProjectConfiguration => ({
  resolve: { alias: publicNames('build', 'js') },
  plugins: [inlineWasm(), inlineScript(), inlineValue()],
  test: {
    name: 'chromium',
    include: ['test/{graph,engine,nn,train,infer}/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...inNodeOnly],
    testTimeout: 60_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          executablePath,
          args: [
            '--no-sandbox',
            '--disable-gpu',
            '--disable-background-networking',
            '--disable-component-update',
          ],
        },
      }),
      instances: [{ browser: 'chromium' }],
    },
  },
});

const chromium = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path !== undefined && existsSync(path),
);
if (!chromium) console.warn('The browser suites are skipped: no Chromium found (set CHROMIUM to its path).');

export default defineConfig({
  test: { projects: chromium ? [inNode, inChromium(chromium)] : [inNode] },
});
