/** Inputs and answers of the operations on delegations: see `operation-kinds.ts`. */
import { BODY, LISTING } from "./operation-problems.ts";

export const DELEGATION_KINDS = {
  createDelegation: {
    summary: "Let another person approve for you for a while, also what is pending already.",
    status: 201,
    answer: "Delegation",
    body: "DelegationAsk",
    problems: [
      ...BODY,
      "delegations-off",
      "nothing-to-delegate",
      "unknown-delegate",
      "not-a-delegate",
      "delegation-to-self",
      "delegation-in-past",
      "delegation-without-time",
      "delegation-too-long",
      "delegation-circle",
      "too-many-delegations",
      "version-conflict",
      "idempotency-mismatch",
      "rate-limited",
      "dependency-unavailable",
      "suspended",
    ],
  },
  listDelegations: {
    summary:
      "Delegations that are not over and that nobody has ended: by the caller or to them; for admins and auditors, everyone's.",
    status: 200,
    answer: "DelegationList",
    problems: LISTING,
  },
  endDelegation: {
    summary: "End a delegation at once: as its delegator, its delegate or an admin.",
    status: 200,
    answer: "Delegation",
    problems: ["delegation-not-found", "invalid-request", "dependency-unavailable", "suspended"],
  },
} as const;
