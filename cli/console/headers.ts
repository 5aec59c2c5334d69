/** The headers of every answer of the console. */

/**
 * Nothing but the console's own files runs, is shown or is called, and no page frames it. Trusted
 * Types refuse every text that a script would put into the page as markup.
 * https://www.w3.org/TR/CSP3/ and https://www.w3.org/TR/trusted-types/
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

export const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": POLICY,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "cache-control": "no-store",
};

/** Sent once: it ends a service worker that an earlier holder of the port has left. */
export const CLEARING: Readonly<Record<string, string>> = { "clear-site-data": '"storage"' };
