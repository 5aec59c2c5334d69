/** Inputs and answers of the operations on findings: see `operation-kinds.ts`. */
import { BODY, LISTING } from "./operation-problems.ts";

export const FINDING_KINDS = {
  listFindings: {
    summary:
      "Changes around Timelatch that nothing explains, and calls that CloudTrail does not show, for auditors and admins.",
    status: 200,
    answer: "FindingList",
    problems: [...LISTING, "forbidden"],
  },
  acknowledgeFinding: {
    summary:
      "Say that you have looked at a finding. The same note by the same person again changes nothing.",
    status: 200,
    answer: "Finding",
    body: "Acknowledgement",
    problems: [
      ...BODY,
      "forbidden",
      "finding-not-found",
      "own-finding",
      "too-many-acknowledgements",
      "rate-limited",
      "dependency-unavailable",
      "suspended",
    ],
  },
} as const;
