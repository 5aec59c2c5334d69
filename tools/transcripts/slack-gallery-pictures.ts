/**
 * The pictures of every message and view in Slack, wide and as on a phone. The sandbox's page draws
 * them, without a sandbox: each as it is sent.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { launchChromium } from "../../lab/sandbox/demo/chromium.ts";
import { parseAccessPolicy } from "../../shared/policy-file/parse-access-policy.ts";
import { slackGallery } from "../slack-gallery.ts";
import { slackViews } from "../slack-views.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
/** The folder of the pictures, from the root. */
export const GALLERY = "docs/slack-gallery";
const WIDTHS = { wide: 720, phone: 390 } as const;

/** The clock of the gallery's reader, five minutes after what it shows. */
const NOW = "2026-11-24T10:05:00.000Z";
const PLACE = { timezoneId: "UTC", locale: "en-GB", colorScheme: "light" } as const;

interface Shown {
  readonly name: string;
  readonly content: unknown;
}

/** Parts of the gallery by the names of their messages; a message is in the first that fits. */
const PARTS: readonly (readonly [part: string, names: RegExp])[] = [
  ["findings", /-finding-/],
  ["stops", /-stop-|^suspended-/],
  ["delegations", /^delegat/],
  ["together", /^together-/],
  ["break-glass", /^break-glass|^escalated|^waiting/],
  ["messages", /./],
];

/** Draws each part in each width. @returns the files, from the root */
export async function takeSlackGallery(): Promise<readonly string[]> {
  const parts = [...messageParts(), ["views", await slackViews()] as const];
  const server = createServer((request, response) => serve(parts, request.url ?? "/", response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const browser = await launchChromium();
  const files: string[] = [];
  mkdirSync(path.join(ROOT, GALLERY), { recursive: true });
  try {
    for (const [part] of parts)
      for (const [name, width] of Object.entries(WIDTHS)) {
        const page = await browser.newPage({ viewport: { width, height: 600 }, ...PLACE });
        await page.clock.setFixedTime(NOW);
        await page.goto(`http://127.0.0.1:${port}/?part=${part}`);
        await page.locator("#drawn").waitFor({ state: "attached" });
        const file = `${GALLERY}/${part}-${name}.png`;
        await page.screenshot({ path: path.join(ROOT, file), fullPage: true });
        await page.close();
        files.push(file);
      }
  } finally {
    await browser.close();
    server.close();
  }
  return files;
}

/**
 * Messages of break-glass that are those of any other request, or that nobody gets: break-glass waits for
 * nobody.
 */
const LEFT_OUT =
  /^break-glass-(?:[a-z]+-(?:request|access|ends-soon|over)|pending|denied|cancelled|lapsed)-/;

/** The messages that are sent, each content once. */
function messageParts(): readonly (readonly [string, readonly Shown[]])[] {
  const policy = parseAccessPolicy(readFileSync(path.join(ROOT, "access.yaml"), "utf8"));
  const sent = slackGallery(policy).filter(({ name, isSent }) => isSent && !LEFT_OUT.test(name));
  // The first name of each content stays.
  const once = new Map(
    sent.toReversed().map(({ name, message }) => [JSON.stringify(message.blocks), name]),
  );
  const parts = Map.groupBy(
    [...once]
      .toReversed()
      .map(([blocks, name]) => ({ name, content: { blocks: JSON.parse(blocks) } })),
    ({ name }) => PARTS.find(([, names]) => names.test(name))?.[0] ?? "",
  );
  return [...parts];
}

const TYPES: Readonly<Record<string, string>> = { ".mjs": "text/javascript", ".css": "text/css" };

function serve(
  parts: readonly (readonly [string, readonly { readonly name: string }[]])[],
  address: string,
  response: ServerResponse,
): void {
  const { pathname, searchParams } = new URL(address, "http://localhost");
  const type = TYPES[path.extname(pathname)];
  response.writeHead(200, { "content-type": type ?? "text/html; charset=utf-8" });
  if (type) {
    response.end(readFileSync(path.join(ROOT, pathname), "utf8"));
    return;
  }
  const shown = parts.find(([part]) => part === searchParams.get("part"))?.[1] ?? [];
  response.end(html(JSON.stringify(shown).replaceAll("<", "\\u003c")));
}

const html = (shown: string): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/lab/sandbox/slack/page/page.css">
<style>
  html, body { height: auto; overflow: visible; background: #fff; color-scheme: light }
  body { display: block; margin: 0; padding: 12px }
  figure { margin: 0 0 16px; border: 1px solid #ddd; border-radius: 8px; padding: 8px 12px }
  figcaption { color: #666; font-size: 12px; margin-bottom: 6px }
</style>
<body><script type="application/json" id="shown">${shown}</script>
<script type="module" src="/tools/transcripts/gallery-page.mjs"></script></body></html>`;
