/** Chromium, without a window and without any call of its own to the network. */
import { existsSync } from "node:fs";
import type { Browser } from "playwright-core";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
];

/** @throws Error where this machine has no Chromium; it says how to install one */
export async function launchChromium(): Promise<Browser> {
  const executablePath = PLACES.find((place) => existsSync(place));
  if (executablePath === undefined)
    throw new Error(
      "Chromium is not installed. Nothing was run. Install it: apt-get install -y --no-install-recommends chromium, or on macOS brew install --cask google-chrome.",
    );
  // The library is loaded only where a browser is wanted.
  const { chromium } = await import("playwright-core");
  return chromium.launch({ executablePath, args: ARGUMENTS });
}
