/** Chromium, without a window and without any call of its own to the network. */
import type { Page } from "playwright-core";
import { launchChromium } from "../../lab/sandbox/demo/chromium.ts";

/** The tests' machine may be slow. */
const PATIENCE_MS = 60_000;

export interface Browser {
  /** Opens an address in a page of its own, which shares nothing with the others. */
  readonly open: (url: string) => Promise<Page>;
  /** The errors in pages so far. */
  readonly errors: () => readonly string[];
  readonly close: () => Promise<void>;
}

/** @throws where this machine has no Chromium; it says how to install one */
export async function startBrowser(): Promise<Browser> {
  const browser = await launchChromium();
  const errors: string[] = [];
  return {
    async open(url) {
      const context = await browser.newContext({ viewport: { width: 1100, height: 760 } });
      const page = await context.newPage();
      // The end of the browser closes both.
      page.once("close", () => void context.close().catch(() => undefined));
      page.setDefaultTimeout(PATIENCE_MS);
      page.on("pageerror", (error) => void errors.push(error.message));
      page.on("console", (line) => {
        if (line.type() === "error") errors.push(line.text());
      });
      await page.goto(url);
      return page;
    },
    errors: () => errors,
    close: () => browser.close(),
  };
}
