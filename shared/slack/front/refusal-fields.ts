/** Maps a refusal to the field of the form at which it stands. */

import type { Refusal } from "../../domain/policy/eligibility.ts";
import type { Objection } from "../../domain/policy/objections.ts";
import type { Ask } from "../../domain/requests/ask.ts";
import type { BrokerError } from "../../domain/values/errors.ts";
import type { AskTerms, TermFault } from "./ask-terms.ts";

const FIELD_OF: Readonly<Record<Objection["code"], keyof AskTerms>> = {
  "not-for-you": "access",
  "other-cluster": "cluster",
  "other-access": "namespaces",
  "too-long": "duration",
  "reason-too-short": "reason",
  "ticket-missing": "reason",
  "principal-not-yours": "principal",
  "principal-shared": "principal",
  "principal-foreign": "principal",
  "principal-reserved": "principal",
  "cluster-retired": "cluster",
  "unknown-rule": "access",
  "outside-hours": "access",
  "start-too-late": "access",
  "break-glass-later": "access",
  "machine-no-break-glass": "access",
  "not-on-call": "access",
  "on-call-unknown": "access",
  "ticket-not-asked": "reason",
  "ticket-closed": "reason",
  "ticket-not-yours": "reason",
  "ticket-not-found": "reason",
  "ticket-unknown": "reason",
  lapsed: "access",
  "not-extendable": "duration",
  "extended-enough": "duration",
  "total-exceeded": "duration",
};

const POINTERS: Readonly<Record<string, keyof AskTerms>> = {
  "/duration": "duration",
  "/principalArn": "principal",
  "/reason": "reason",
};

/** The faults that a refusal names; none where it is about no field. */
export function faultsOf(
  { code, facts, message }: Pick<BrokerError, "code" | "facts" | "message">,
  ask: Ask,
): readonly TermFault[] {
  const [closest] = (facts["refusals"] ?? []) as readonly Refusal[];
  if (closest)
    return closest.objections.map(({ code: why, detail }) => ({
      field: fieldOf(why, ask),
      detail,
    }));
  if (code === "cluster-not-ready" || code === "policy-denied")
    return [{ field: "cluster", detail: message }];
  const errors = (facts["errors"] ?? []) as readonly { pointer: string; detail: string }[];
  return errors.map(({ pointer, detail }) => ({ field: POINTERS[pointer] ?? "cluster", detail }));
}

const fieldOf = (code: Objection["code"], { access }: Ask): keyof AskTerms =>
  code === "other-access" && "groups" in access ? "access" : FIELD_OF[code];
