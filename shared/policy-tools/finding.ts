import type { Place } from "../policy-file/yaml/file-fault.ts";
import type { Path } from "../policy-file/yaml/located-yaml.ts";

/** Findings of `timelatch policy check`, by code, and how bad each is. */
export const FINDINGS = {
  "invalid-file": "error",
  "left-while-lending": "error",
  "nobody-can-approve": "error",
  "nobody-can-review": "error",
  "ticket-may-be-empty": "error",
  "some-cannot-be-approved": "warning",
  "escalation-too-late": "warning",
  "escalation-asks-nobody": "warning",
  "reminds-nobody": "warning",
  "review-by-default": "warning",
  "review-due-before-end": "warning",
  "break-glass-in-slack": "warning",
  "rule-for-nobody": "warning",
  "rule-shadowed": "warning",
  "start-misses-hours": "warning",
  "lapse-exceeds-start": "warning",
  "limit-without-effect": "warning",
  "extension-leaves-none": "warning",
  "delegation-without-effect": "warning",
  "group-without-people": "warning",
  "person-without-group": "warning",
  "principal-shared": "warning",
  "email-shared": "warning",
  "owners-approve": "warning",
  "admin-without-approval": "warning",
  "extension-without-approval": "warning",
  "on-call-without-limit": "warning",
  "on-call-without-id": "warning",
  "ticket-of-anybody": "warning",
  "ticket-without-id": "warning",
  "schedule-not-there": "error",
  "tracker-not-there": "error",
  "id-not-there": "error",
  "service-not-asked": "warning",
  "one-admin": "warning",
  "pattern-reaches-system": "warning",
  "system-namespace": "warning",
} as const satisfies Readonly<Record<string, "error" | "warning">>;

export type PolicyFindingCode = keyof typeof FINDINGS;

/** The codes that only warn, and that a reader may choose to ignore. */
export const WARNINGS: readonly PolicyFindingCode[] = (
  Object.keys(FINDINGS) as PolicyFindingCode[]
).filter((code) => FINDINGS[code] === "warning");

/** A fault of a policy that can be read, or a part that is probably not what was meant. */
export interface PolicyFinding {
  readonly code: PolicyFindingCode;
  /** By the keys of the file. */
  readonly path: Path;
  /** It is about the key, such as a person's name, and not about its value. */
  readonly key?: true;
  readonly detail: string;
}

/** A finding with its place in the file, as it is shown. */
export interface LocatedPolicyFinding extends Place {
  readonly severity: "error" | "warning";
  readonly code: PolicyFindingCode;
  readonly path: string;
  readonly detail: string;
}
