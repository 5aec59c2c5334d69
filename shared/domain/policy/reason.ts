/** What a rule may require of a reason. */

/** The most characters in a reason. */
export const LONGEST_REASON = 500;

/** Whether a reason is as long as a rule requires, without surrounding spaces. */
export const isLongEnough = (reason: string, minLength: number): boolean =>
  [...reason.trim()].length >= minLength;

/**
 * Whether a reason contains a ticket that matches a rule's regular expression. The ticket may be
 * next to punctuation or at the end of a URL: `INC-1:`, `[INC-1]`,
 * `https://tickets.example.com/INC-1`.
 */
export function namesTicket(reason: string, ticket: string): boolean {
  const pattern = new RegExp(ticket);
  return reason.split(/\s+/).some((word) => {
    const bare = word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
    return [word, bare, ...bare.split(/[^\p{L}\p{N}_-]+/u)].some((part) => pattern.test(part));
  });
}
