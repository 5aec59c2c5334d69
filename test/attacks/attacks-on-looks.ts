/** Attacks on what somebody looked at: acknowledgements of findings, and readings of standing access. */
import type { World } from "./archive-days.ts";
import type { Attack } from "./attack.ts";
import { append, type Body, change, hide, recordsOf, withDetails } from "./forgeries.ts";
import { FINDINGS, READINGS } from "./recorded-day.ts";

const FOUND = `FIND#${FINDINGS}`;
const LATER = "2026-11-25T15:00:00.000Z";
const third = (world: World): Body => recordsOf(world, FOUND)[2] ?? {};

export const LOOKING_ATTACKS: readonly Attack[] = [
  {
    deed: "change",
    what: "has an acknowledgement say something else",
    rights: ["put a finding"],
    outside: "whoever it names, what they were told, and an earlier export",
    forge: (world) => change(world, FOUND, 3, (body) => withDetails(body, { note: "x" })),
  },
  {
    deed: "forward-date",
    what: "acknowledges a finding tomorrow",
    rights: ["put a finding"],
    outside: "whoever it names, what they were told, and an earlier export",
    forge: (world) =>
      append(world, FOUND, {
        ...withDetails(third(world), { proof: { gatewayRequestId: "gw-invented=" } }),
        at: LATER,
      }),
  },
  {
    deed: "suppress",
    what: "takes readings off the index",
    rights: ["put a reading"],
    outside: "EKS's own answers, and CloudTrail's own files",
    forge: (world) => hide(world, ({ chain }) => chain === READINGS),
  },
];
