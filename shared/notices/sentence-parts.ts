/** More names than this are counted: Details has all of them. */
const NAMES_SHOWN = 5;

/** `a`, `a or b`, `a, b and 3 more` */
export function listed(names: readonly string[], word: "and" | "or"): string {
  const shown = names.slice(0, names.length === NAMES_SHOWN + 1 ? names.length : NAMES_SHOWN);
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(", ")} and ${more} more`;
  const last = shown.at(-1) ?? "";
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(", ")} ${word} ${last}`;
}

/** A sentence whose end may be what somebody wrote: with a full stop, unless it has one. */
export const ended = (sentence: string): string => sentence.replace(/[^.!?…:]$/u, "$&.");

/** `1 more approval`, `2 more approvals` */
export const moreApprovals = (count: number): string =>
  `${count} more approval${count === 1 ? "" : "s"}`;
