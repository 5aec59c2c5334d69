/** How much of a list of audit events fits on one page. */

/**
 * The most bytes of events on a page, as JSON. An answer of Lambda has at most six times as many,
 * and quotes its body.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const PAGE_BYTES = 1_000_000;

/**
 * How many of the first items a page holds: at most `limit`, and together at most `PAGE_BYTES`. The
 * first item is always one of them, so that every list ends.
 */
export function countOnPage(items: readonly unknown[], limit: number): number {
  let count = 0;
  for (let bytes = 0; count < Math.min(limit, items.length); count += 1) {
    bytes += new TextEncoder().encode(JSON.stringify(items[count])).length;
    if (bytes > PAGE_BYTES && count > 0) break;
  }
  return count;
}
