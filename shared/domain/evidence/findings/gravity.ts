import type { FindingCode } from "./finding-record.ts";

/**
 * Gravest first. A caller in a grantor role can lend all that Timelatch can. A forged id passes another call
 * off as ours. The fuse role can only take away, and a missing event may yet come.
 */
const BY_GRAVITY: Readonly<Record<FindingCode, number>> = {
  "grantor-outside-call": 1,
  "forged-request-id": 2,
  "outside-change": 3,
  "fuse-outside-schedule": 4,
  "missing-event": 5,
  "taken-with-entry": 6,
};

/** The gravest first; of one code, in the order in which they come. */
export const byGravity = <Found extends { readonly code: FindingCode }>(
  findings: readonly Found[],
): readonly Found[] => findings.toSorted((a, b) => BY_GRAVITY[a.code] - BY_GRAVITY[b.code]);
