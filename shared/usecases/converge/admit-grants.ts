import {
  brokenLink,
  EXTENDED_ALREADY,
  linkOf,
  OTHER_TERMS,
} from "../../domain/entries/extension-chain.ts";
import type { Refusal } from "../../domain/entries/ledger.ts";
import { knowsFrom, LEDGER_BEHIND } from "../../domain/entries/unknown-ledger.ts";
import { admit, isTooLate, TOO_LATE } from "../../domain/policy/admission.ts";
import { objectionsToChain } from "../../domain/policy/extension.ts";
import type { KnownOutside } from "../../domain/policy/objections.ts";
import { GLASS_OPEN } from "../../domain/policy/open-glass.ts";
import type { AccessPolicy } from "../../domain/policy/policy.ts";
import { ruleOfRequest } from "../../domain/policy/rule-of-request.ts";
import { isMadeAfter } from "../../domain/requests/id-prefix.ts";
import type { OnRecord } from "../../domain/requests/on-record.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { Stopped } from "../../domain/stops/stops.ts";
import { plusSeconds, secondsBetween } from "../../domain/values/instant.ts";
import type { ConvergePorts } from "../../ports/function-ports.ts";
import { isStillUnknown, knownOf, type Lean, leanOf } from "./facts-of-grants.ts";
import type { LookUps } from "./look-ups.ts";
import { isUnavailable, successorOf } from "./obstacle.ts";
import type { Snapshot } from "./snapshot.ts";

/** The fate of the live grants in this pass. */
export interface Admitted {
  /** May add access. */
  readonly admitted: ReadonlySet<string>;
  /** Get no access and fail. */
  readonly refused: ReadonlyMap<string, Refusal>;
  /** Are active, but their access can no longer exist. */
  readonly withdrawn: ReadonlyMap<string, Refusal>;
  /** By grant id, the facts that beginning grants lean on. */
  readonly leans: ReadonlyMap<string, Lean>;
  /** Whether a grant waits for IAM, a policy deployment, a second look, or to know who is stopped. */
  readonly isWaiting: boolean;
}

/** Facts that the pass has looked up. */
interface Found extends LookUps {
  /** Rules out any access: two looks have shown it. */
  readonly obstacle: Refusal | undefined;
}

/** The policy, settings and stops that judge a grant. */
interface Under extends Pick<ConvergePorts, "policy" | "settings"> {
  readonly stopped: Stopped | undefined;
}

/** Nothing is decided, as nothing was looked up. */
export const NOTHING_ADMITTED: Admitted = {
  admitted: new Set(),
  refused: new Map(),
  withdrawn: new Map(),
  leans: new Map(),
  isWaiting: false,
};

export function admitGrants(known: Snapshot, found: Found, under: Under): Admitted {
  const admitted = new Set<string>();
  const refused = new Map<string, Refusal>();
  const withdrawn = new Map<string, Refusal>();
  const leans = new Map<string, Lean>();
  const extended = new Set<string>();
  const glass = new Set(known.open.flatMap((grant, at) => glassIn(known, grant, at)));
  let isWaiting = false;
  for (const [at, grant] of known.open.entries()) {
    const own = known.entitlements[at];
    if (!own?.isLive) continue;
    const outside = knownOf(known, grant, own.hasBegun, found, under);
    const judged = judge(known, grant, own.hasBegun, { ...found, outside }, under);
    const claimed = claim(extended, grant, judged);
    const verdict = own.hasBegun ? claimed : claimGlass(glass, grant, claimed);
    if (verdict === "admit") {
      admitted.add(grant.id);
      const fact = own.hasBegun ? undefined : leanOf(under.policy, grant, outside);
      if (fact) leans.set(grant.id, fact);
    } else if (verdict === "wait") isWaiting = true;
    else if (verdict !== "keep")
      (grant.state === "active" ? withdrawn : refused).set(grant.id, verdict);
  }
  return { admitted, refused, withdrawn, leans, isWaiting };
}

/** Only the first of several extensions of one grant may begin. */
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

/** The requester of a break-glass that began and lasts. */
const glassIn = (known: Snapshot, grant: AccessRequest, at: number): readonly string[] => {
  const own = known.entitlements[at];
  return grant.breakGlass && own?.isLive && own.hasBegun ? [grant.requester] : [];
};

/** A person has one break-glass at a time. An extension continues the one that there is. */
function claimGlass(
  glass: Set<string>,
  { breakGlass, requester, extends: predecessor }: AccessRequest,
  verdict: Judgement,
): Judgement {
  if (!breakGlass || predecessor !== undefined || verdict !== "admit") return verdict;
  if (glass.has(requester)) return GLASS_OPEN;
  glass.add(requester);
  return verdict;
}

/** `keep`: adds nothing and loses nothing, because the policy only decides about additions. */
type Judgement = "admit" | "keep" | "wait" | Refusal;

function judge(
  known: Snapshot,
  grant: AccessRequest,
  hasBegun: boolean,
  {
    subject,
    obstacle,
    delegations,
    histories,
    outside,
  }: Found & { readonly outside: KnownOutside },
  { policy, settings, stopped }: Under,
): Judgement {
  const { ledger, now } = known;
  const isActive = grant.state === "active";
  if (obstacle) return obstacle;
  const { unsureSince } = ledger;
  if (isActive && !hasBegun) return unsureSince === undefined ? NEVER_BEGUN : LEDGER_BEHIND;
  const successor = isActive ? undefined : successorOf(subject, grant, settings);
  if (successor) return successor;
  if (unsureSince !== undefined) {
    const mayPass = now < knowsFrom(unsureSince, settings);
    return isActive ? "keep" : mayPass ? "wait" : LEDGER_BEHIND;
  }
  if (ledger.doubt || isUnavailable(subject) || !delegations || !stopped) return "wait";
  if (!hasBegun && isMadeAfter(grant.id, plusSeconds(now, settings.clockDifferenceSeconds)))
    return NOT_ON_RECORD;
  const facts = { delegations, stopped, ...outside };
  const admission = admit(policy, grant, settings, now, hasBegun, facts);
  const refusal = admission.admitted ? refusalOfExtension(policy, grant, known) : admission;
  // Access added this late would be removed before it is of use.
  if (!refusal)
    return isTooLate(grant, settings, now)
      ? "keep"
      : judgeHistory(histories?.get(grant.id), grant, hasBegun, now);
  if (isActive) return "keep";
  // No policy gives back the time that is over.
  const mayPass =
    refusal.code !== TOO_LATE &&
    (isBetweenPolicies({ policy, settings }, grant, now) || isStillUnknown(refusal, grant, now));
  return mayPass ? "wait" : refusal;
}

/** Access is added, or given back, only if a grant's history bears it out. */
function judgeHistory(
  history: OnRecord | "noted" | undefined,
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

/**
 * The refusal of an extension, by the policy and the ledger of converge. The requests table's word on its
 * predecessor counts for nothing. Once the extension has begun, the ledger holds its own place in the chain, so its
 * predecessor may end. Pure.
 *
 * @returns undefined if it may add access, and for any other grant
 */
export function refusalOfExtension(
  policy: AccessPolicy,
  grant: AccessRequest,
  { ledger, entitlements }: Pick<Snapshot, "ledger" | "entitlements">,
): Refusal | undefined {
  if (grant.extends === undefined) return undefined;
  const own = ledger.begun[grant.id]?.chain;
  if (own && own.extends !== grant.extends) return OTHER_TERMS;
  const broken = own ? undefined : brokenLink(grant, ledger, entitlements);
  if (broken) return broken;
  const rule = ruleOfRequest(policy, grant);
  const chain = own ?? linkOf(grant, ledger);
  if (!rule || !chain || grant.until === undefined) return OTHER_TERMS;
  const [objection] = objectionsToChain(rule, chain, grant.until);
  if (!objection) return undefined;
  const { code, detail: why } = objection;
  return { code, detail: `${why} Nothing was added; ask for access again.` };
}
