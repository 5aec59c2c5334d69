import type { Entitlement } from "../../domain/entries/entitlement.ts";
import { EXTENDED_ALREADY } from "../../domain/entries/extension-chain.ts";
import type { Refusal } from "../../domain/entries/ledger.ts";
import { knowsFrom, LEDGER_BEHIND } from "../../domain/entries/unknown-ledger.ts";
import { admit, isTooLate, TOO_LATE } from "../../domain/policy/admission.ts";
import type { OnRecord } from "../../domain/requests/on-record.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { secondsBetween } from "../../domain/values/instant.ts";
import type { ConvergePorts } from "../../ports/function-ports.ts";
import type { LookUps } from "./look-ups.ts";
import { isUnavailable, successorOf } from "./obstacle.ts";
import { entitlementsIn, type Pass } from "./pass.ts";
import { refusalOfExtension } from "./refuse-extension.ts";

/** What happens to the live grants in this pass. */
export interface Admitted {
  /** May add access. */
  readonly admitted: ReadonlySet<string>;
  /** Get no access and fail. */
  readonly refused: ReadonlyMap<string, Refusal>;
  /** Are active, but their access can no longer exist. */
  readonly withdrawn: ReadonlyMap<string, Refusal>;
  /** Whether a grant waits for IAM, a policy deployment, a second look, or to know who is stopped. */
  readonly isWaiting: boolean;
}

/** @param obstacle what two looks have shown to rule out any access */
export function admitGrants(pass: Pass, found: LookUps, obstacle: Refusal | undefined): Admitted {
  const admitted = new Set<string>();
  const refused = new Map<string, Refusal>();
  const withdrawn = new Map<string, Refusal>();
  const extended = new Set<string>();
  let isWaiting = false;
  const live = new Map(
    entitlementsIn(pass).flatMap((each) => (each.isLive ? [[each.grantId, each] as const] : [])),
  );
  for (const grant of pass.grants.open) {
    const entitlement = live.get(grant.id);
    if (!entitlement) continue;
    const known = { ...found, obstacle };
    const verdict = claim(extended, grant, judge(pass, grant, entitlement, known));
    if (verdict === "admit") admitted.add(grant.id);
    else if (verdict === "wait") isWaiting = true;
    else if (verdict !== "keep")
      (grant.state === "active" ? withdrawn : refused).set(grant.id, verdict);
  }
  return { admitted, refused, withdrawn, isWaiting };
}

/** Of several extensions of one grant, the first one alone may begin. */
function claim(
  extended: Set<string>,
  { extends: predecessor }: AccessRequest,
  verdict: Judgement,
): Judgement {
  if (predecessor === undefined || verdict !== "admit") return verdict;
  if (extended.has(predecessor)) return EXTENDED_ALREADY;
  extended.add(predecessor);
  return verdict;
}

/** `keep`: adds nothing and loses nothing, because the policy only decides about additions. */
type Judgement = "admit" | "keep" | "wait" | Refusal;

/** What was found out for the pass. */
interface Known extends LookUps {
  readonly obstacle: Refusal | undefined;
}

function judge(
  { ports, held, now, stopped }: Pass,
  grant: AccessRequest,
  { hasBegun }: Entitlement,
  { subject, obstacle, delegations, histories }: Known,
): Judgement {
  const isActive = grant.state === "active";
  if (obstacle) return obstacle;
  const { unsureSince } = held.current;
  if (isActive && !hasBegun) return unsureSince === undefined ? NEVER_BEGUN : LEDGER_BEHIND;
  const successor = isActive ? undefined : successorOf(subject, grant, ports.settings);
  if (successor) return successor;
  if (unsureSince !== undefined) {
    const mayPass = now < knowsFrom(unsureSince, ports.settings);
    return isActive ? "keep" : mayPass ? "wait" : LEDGER_BEHIND;
  }
  if (held.current.doubt || isUnavailable(subject) || !delegations || !stopped) return "wait";
  const { policy, settings } = ports;
  const admission = admit(policy, grant, settings, now, hasBegun, { delegations, stopped });
  const refusal = admission.admitted
    ? refusalOfExtension(policy, grant, held.current, now)
    : admission;
  // Access added this late would be removed before it is of use.
  if (!refusal)
    return isTooLate(grant, settings, now)
      ? "keep"
      : judgeHistory(histories?.get(grant.id), grant, hasBegun, now);
  if (isActive) return "keep";
  // No policy gives back the time that is over.
  const mayPass = refusal.code !== TOO_LATE && isBetweenPolicies(ports, grant, now);
  return mayPass ? "wait" : refusal;
}

/** Nothing is added, or given back, that a grant's history does not bear out. */
function judgeHistory(
  history: OnRecord | undefined,
  grant: AccessRequest,
  hasBegun: boolean,
  now: string,
): Judgement {
  if (history === "borne-out") return "admit";
  if (hasBegun) return "keep";
  return history === "false" && isSettled(grant, now) ? NOT_ON_RECORD : "wait";
}

/**
 * How long a read may miss an event of a transaction whose record it shows, at most. DynamoDB states
 * no figure, so it is generous.
 */
const SETTLES_SECONDS = 30;

const isSettled = ({ updatedAt }: AccessRequest, now: string): boolean =>
  secondsBetween(updatedAt, now) > SETTLES_SECONDS;

const NOT_ON_RECORD: Refusal = {
  code: "not-on-record",
  detail:
    "Its history does not hold the terms, approvals or times that its record claims. Nothing was granted; look into who wrote the record.",
};

const NEVER_BEGUN: Refusal = {
  code: "never-begun",
  detail:
    "Its record is active, and the ledger does not hold it as begun: it never was, or its record was left out for a while. Nothing more was granted; look into who wrote the record.",
};

/** A deployment replaces one function after another, so two policies are in use for a while. */
function isBetweenPolicies(
  { policy, settings }: Pick<ConvergePorts, "policy" | "settings">,
  grant: AccessRequest,
  now: string,
): boolean {
  return (
    grant.policyHash !== policy.hash &&
    grant.approvedAt !== null &&
    secondsBetween(grant.approvedAt, now) < settings.policySkewSeconds
  );
}
