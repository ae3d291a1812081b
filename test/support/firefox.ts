/**
 * Firefox as a browser for vitest: a stock one, led by WebDriver BiDi, which it speaks itself. Playwright needs a patched one, WebdriverIO a driver
 * that is downloaded. Opens pages and closes them; no mocks, no clicks.
 */
import { defineBrowserProvider } from '@vitest/browser';
import { type Browser, launch, type Page } from 'puppeteer-core';
import type { BrowserProvider } from 'vitest/node';

class Firefox implements BrowserProvider {
  readonly name = 'firefox';
  readonly supportsParallelism = false;
  private browser: Promise<Browser> | undefined;
  private readonly pages = new Map<string, Page>();

  constructor(private readonly executablePath: string) {}

  getCommandsContext(sessionId: string): Record<string, unknown> {
    return { page: this.pages.get(sessionId) };
  }

  async openPage(sessionId: string, url: string): Promise<void> {
    this.browser ??= launch({
      browser: 'firefox',
      executablePath: this.executablePath,
      headless: true,
      // a suite that keeps the page busy is no reason to give up
      protocolTimeout: 0,
    });
    await this.pages.get(sessionId)?.close();
    const page = await (await this.browser).newPage();
    this.pages.set(sessionId, page);
    await page.goto(url, { timeout: 0 });
  }

  async close(): Promise<void> {
    await (await this.browser)?.close();
  }
}

export const firefox = (executablePath: string) =>
  defineBrowserProvider({
    name: 'firefox',
    supportedBrowser: ['firefox'],
    providerFactory: () => new Firefox(executablePath),
  });
