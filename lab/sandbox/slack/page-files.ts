/** The page's files, as they are in the folder `page`: nothing is built. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { HttpAnswer } from "./http.ts";

const FOLDER = path.join(import.meta.dirname, "page");

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
};

/** Nothing from elsewhere is loaded or called, whatever stands in a message. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const NAMES: ReadonlySet<string> = new Set(readdirSync(FOLDER));

/** The file of the page that `name` says; undefined for what it does not have. */
export function pageFile(name: string): HttpAnswer | undefined {
  const type = TYPES[path.extname(name)];
  if (type === undefined || !NAMES.has(name)) return undefined;
  return {
    status: 200,
    headers: {
      "content-type": type,
      "content-security-policy": POLICY,
      "referrer-policy": "no-referrer",
    },
    body: readFileSync(path.join(FOLDER, name)),
  };
}
