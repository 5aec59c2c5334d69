/** The conditions that a rule may set for a reason. */

/** The most characters in a reason. */
export const LONGEST_REASON = 500;

/** Whether a reason is as long as a rule requires, without surrounding spaces. */
export const isLongEnough = (reason: string, minLength: number): boolean =>
  [...reason.trim()].length >= minLength;

/** Letters and numbers, in brackets. V8 reads Unicode's tables for each literal, at every load. */
const ALPHANUMERIC = String.raw`\p{L}\p{N}`;

/**
 * Whether a reason contains a ticket that matches a rule's regular expression. The ticket may be
 * next to punctuation or at the end of a URL: `INC-1:`, `[INC-1]`,
 * `https://tickets.example.com/INC-1`.
 */
export function namesTicket(reason: string, ticket: string): boolean {
  const pattern = new RegExp(ticket);
  const edges = new RegExp(`^[^${ALPHANUMERIC}]+|[^${ALPHANUMERIC}]+$`, "gu");
  const breaks = new RegExp(`[^${ALPHANUMERIC}_-]+`, "u");
  return reason.split(/\s+/).some((word) => {
    const bare = word.replace(edges, "");
    return [word, bare, ...bare.split(breaks)].some((part) => pattern.test(part));
  });
}
