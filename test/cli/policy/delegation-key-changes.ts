/** The words about a change of each key about delegations, and about the archive. */
import type { KEY_NOTES } from "../../../shared/policy-file/access-policy-file.ts";
import type { Json } from "./policy-of-every-key.ts";

/** A key, a place of it, the value that is written there, and the words about it. */
export type KeyChange = readonly [keyof typeof KEY_NOTES, string, Json | undefined, string];

export const ARCHIVE_SAID: readonly KeyChange[] = [
  [
    "archive",
    "archive",
    { mode: "COMPLIANCE", days: 2_557 },
    "New objects of the archive are kept for 2557 days in COMPLIANCE.",
  ],
  [
    "archive.mode",
    "archive.mode",
    "COMPLIANCE",
    "New objects of the archive are no longer kept for 30 days in GOVERNANCE. Those that are there keep it.",
  ],
  [
    "archive.days",
    "archive.days",
    7,
    "New objects of the archive are kept for 7 days in GOVERNANCE.",
  ],
  [
    "archive.witnesses",
    "archive.witnesses",
    ["arn:aws:iam::777788889999:role/timelatch-witness"],
    "The witness arn:aws:iam::777788889999:role/timelatch-witness may read the seals of the archive.",
  ],
];

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
