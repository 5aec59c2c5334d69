/** What is said of a change of each key about delegations. */
import type { KEY_NOTES } from "../../../shared/policy-file/key-notes.ts";
import type { Json } from "./policy-of-every-key.ts";

/** A key, a place of it, what is written there, and what is said of it. */
export type KeyChange = readonly [keyof typeof KEY_NOTES, string, Json | undefined, string];

export const DELEGATIONS_SAID: readonly KeyChange[] = [
  [
    "delegations",
    "delegations",
    undefined,
    "People may no longer let others approve for them for 21d.",
  ],
  [
    "delegations.allowed",
    "delegations.allowed",
    false,
    "People may no longer let others approve for them for 21d.",
  ],
  [
    "delegations.longest",
    "delegations.longest",
    "7d",
    "People may let others approve for them, for 7d at most.",
  ],
  [
    "delegations.to",
    "delegations.to",
    undefined,
    "Not only members of ops may decide for others any more.",
  ],
  [
    "delegations.to.groups",
    "delegations.to.groups.0",
    "dev",
    "Only members of dev may decide for others.",
  ],
  [
    "rules.*.delegable",
    "rules.0.delegable",
    false,
    "Under edit, nobody may approve for an approver any more.",
  ],
];
