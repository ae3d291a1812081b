import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { configDefaults, defineConfig, type TestProjectConfiguration } from 'vitest/config';
import type { BrowserProviderOption } from 'vitest/node';
import { inlineScript, inlineValue, inlineWasm } from './rollup.config.js';
import { inNodeOnly } from './test/suites.js';
import { firefox } from './test/support/firefox.js';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Tests of public names say what users say; here is what that means. */
const publicNames = (folder: string, extension: string) => [
  { find: /^wasmlp$/, replacement: at(`${folder}/index.${extension}`) },
  { find: /^wasmlp\/graph$/, replacement: at(`${folder}/graph.${extension}`) },
  { find: /^wasmlp\/infer$/, replacement: at(`${folder}/infer.${extension}`) },
  { find: /^wasmlp\/inspect$/, replacement: at(`${folder}/inspect.${extension}`) },
  { find: /^wasmlp\/data$/, replacement: at(`${folder}/data.${extension}`) },
  { find: /^wasmlp\/metrics$/, replacement: at(`${folder}/metrics.${extension}`) },
];

const TIMED = ['test/cli/interrupt.test.ts', 'test/compile/growth.test.ts'];

const inNode: TestProjectConfiguration = {
  resolve: { alias: publicNames('src', 'ts') },
  plugins: [inlineWasm(), inlineScript(), inlineValue()],
  test: {
    name: 'node',
    include: ['test/**/*.test.ts', 'bench/test/**/*.test.js'],
    exclude: [...configDefaults.exclude, ...TIMED],
    testTimeout: 60_000,
  },
};

/** Suites with bounds in milliseconds run when all others have ended, one after the other: neighbours are not what they measure. */
const alone: TestProjectConfiguration = {
  ...inNode,
  test: {
    name: 'alone',
    include: TIMED,
    testTimeout: 60_000,
    fileParallelism: false,
    sequence: { groupOrder: 1 },
  },
};

/** With these a page is cross-origin isolated and may share memory. */
const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** The same tests of graphs, engines, networks and inference in a browser, against the bundle. */
const inBrowser = (
  name: string,
  browser: 'chromium' | 'firefox',
  provider: BrowserProviderOption,
  more: { include?: string[]; headers?: Record<string, string> } = {},
): TestProjectConfiguration => ({
  resolve: { alias: publicNames('build', 'js') },
  plugins: [inlineWasm(), inlineScript(), inlineValue()],
  // what Debian's Firefox 140 knows: `using`, for one, it does not
  esbuild: { target: 'es2022' },
  server: { headers: more.headers ?? ISOLATION },
  test: {
    name,
    include: more.include ?? ['test/{graph,engine,nn,train,infer,inspect}/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...inNodeOnly],
    testTimeout: 60_000,
    browser: { enabled: true, headless: true, screenshotFailures: false, provider, instances: [{ browser }] },
  },
});

const chromium = (executablePath: string) =>
  playwright({
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
      ],
    },
  });

/** Suites in a browser where it is found; else a word that they are skipped. */
function where(
  name: string,
  candidates: readonly (string | undefined)[],
  projects: (path: string) => TestProjectConfiguration[],
): TestProjectConfiguration[] {
  const found = candidates.find((path) => path !== undefined && existsSync(path));
  if (found) return projects(found);
  console.warn(`The suites in ${name} are skipped: none found (set ${name.toUpperCase()} to its path).`);
  return [];
}

export default defineConfig({
  test: {
    projects: [
      inNode,
      alone,
      ...where('Chromium', [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'], (path) => [
        inBrowser('chromium', 'chromium', chromium(path)),
        inBrowser('chromium without isolation', 'chromium', chromium(path), {
          include: ['test/engine/engine.test.ts'],
          headers: {},
        }),
      ]),
      ...where('Firefox', [process.env.FIREFOX, '/usr/bin/firefox-esr', '/usr/bin/firefox'], (path) => [
        inBrowser('firefox', 'firefox', firefox(path)),
      ]),
    ],
  },
});
