/** Explains one event of CloudTrail by what the broker knows. Pure; the order of rules is the rule. */
import { isGrantorRole, parsePrincipalArn } from "../../values/arn.ts";
import type { ElementSet } from "../../values/element-set.ts";
import { plusSeconds } from "../../values/instant.ts";
import type { Why } from "../evidence-record.ts";
import type { EvidenceTimes } from "../evidence-times.ts";
import type { EventFinding } from "../findings/finding-record.ts";
import { changeOf, eventKeyOf, type TrailEvent, wasRefused } from "../trail/trail-event.ts";
import { type ArmedFuse, isFiredBy } from "./armed-fuse.ts";
import type { CallIntent } from "./call-intent.ts";
import { type CarriedAccess, isNeedlessRemoval } from "./carried-access.ts";
import { type ExpectedPrincipal, isExpected } from "./expected-principal.ts";
import { type IntentFacts, intendedBy } from "./intended-by.ts";
import { type LentAccess, takenAway } from "./lent-access.ts";
import { type CallFact, differences, type RecordedCall } from "./recorded-call.ts";
import {
  addsAccess,
  deletionKnownBy,
  type EntryDeletion,
  type TakenTimes,
  takenBy,
} from "./taken-with-entry.ts";

/** Facts of the broker that may explain an event. A fact that is absent explains nothing. */
export interface KnownFacts {
  /** The call on record under the event's request id. */
  readonly call?: RecordedCall | undefined;
  /** Intents of the event's session. */
  readonly intents?: readonly CallIntent[];
  /** Calls and ends that leave nothing of an intent for the event. */
  readonly used?: IntentFacts;
  /** Access that grants on the event's entry had lent. */
  readonly lent?: readonly LentAccess[];
  /** Access that intended calls set again for the owner of the event's entry. */
  readonly carried?: readonly CarriedAccess[];
  /** Fuses that were armed for the event's entry. */
  readonly fuses?: readonly ArmedFuse[];
  /** Calls of ours that deleted the event's entry. */
  readonly deletions?: readonly EntryDeletion[];
  /** The end of each grant that may have had access then; null while it is not over. */
  readonly ends?: readonly (string | null)[];
  /** Principals that may change entries by `access.yaml`. */
  readonly expected?: readonly ExpectedPrincipal[];
  /** The role under which fuses fire. */
  readonly fuseRoleArn: string;
  /** The name of the deployment, as its grantor roles have it. Absent for the default. */
  readonly deployment?: string;
}

/**
 * - `confirmed`: it is the recorded call.
 * - `ours`: a call of ours whose answer is unknown, or a fuse's; the requests that it served.
 * - `expected`: a change by a principal that `access.yaml` expects.
 * - `unchanged`: a call of others that failed, so it changed nothing.
 * - `wait`: a record may still be on its way: that of the call, where a role of ours made it, or that of
 *   a deletion of ours that took what others added. Ask again then.
 * - `finding`: nothing explains it.
 */
export type Explanation =
  | { readonly outcome: "confirmed"; readonly call: RecordedCall }
  | { readonly outcome: "ours"; readonly why: Why; readonly requestIds: readonly string[] }
  | ({ readonly outcome: "expected" } & ExpectedPrincipal)
  | { readonly outcome: "unchanged"; readonly errorCode: string }
  | { readonly outcome: "wait"; readonly until: string }
  | { readonly outcome: "finding"; readonly finding: EventFinding };

/**
 * Explains an event. The same event under the same `eventKeyOf` must be recorded once: CloudTrail
 * repeats, delays and corrects events.
 */
export function explainEvent(
  event: TrailEvent,
  known: KnownFacts,
  now: string,
  times: TakenTimes,
): Explanation {
  const { call } = known;
  if (call && call.eksRequestId === event.eksRequestId) {
    const differs = differences(call, event);
    if (differs.length > 0) return found("forged-request-id", event, differs);
    if (isConfirmed(call, event, known)) return { outcome: "confirmed", call };
  }
  const role = ownRole(event, known);
  return role === undefined
    ? byOthers(event, known, now, times)
    : byOwnRole(event, role, known, now, times);
}

/**
 * Whether the event is the call on record. Only calls of our grantor roles can be confirmed: whoever
 * can store calls could otherwise store one of somebody else's role, and confirm it.
 */
export const isConfirmed = (
  call: RecordedCall,
  event: TrailEvent,
  roles: Pick<KnownFacts, "fuseRoleArn" | "deployment">,
): boolean => differences(call, event).length === 0 && ownRole(event, roles) === "grantor";

type OwnRole = "grantor" | "fuse";

/** The role of ours that made the call. Role names are unique in an account, whatever their path. */
function ownRole(
  { caller, account }: TrailEvent,
  { fuseRoleArn, deployment }: Pick<KnownFacts, "fuseRoleArn" | "deployment">,
): OwnRole | undefined {
  if (caller.roleArn === null) return undefined;
  if (caller.roleArn === fuseRoleArn) return "fuse";
  const role = parsePrincipalArn(caller.roleArn);
  return role?.account === account && isGrantorRole(role, deployment) ? "grantor" : undefined;
}

function byOthers(
  event: TrailEvent,
  known: KnownFacts,
  now: string,
  times: TakenTimes,
): Explanation {
  const { errorCode, caller } = event;
  if (errorCode !== null && wasRefused(errorCode)) return { outcome: "unchanged", errorCode };
  const taken = addsAccess(event) ? lostAddition(event, known, now, times) : undefined;
  if (taken) return taken;
  const expected = known.expected?.find((each) => isExpected(each, caller));
  if (expected) return { outcome: "expected", ...expected };
  return found("outside-change", event);
}

/** Also what an expected principal added: a deletion of ours took it, and nobody else would say so. */
function lostAddition(
  event: TrailEvent,
  { deletions = [], ends = [] }: KnownFacts,
  now: string,
  times: TakenTimes,
): Explanation | undefined {
  const taken = takenBy(event, deletions, times);
  if (taken) return found("taken-with-entry", event, [], taken);
  const until = deletionKnownBy(event, ends, now, times);
  return until === undefined ? undefined : { outcome: "wait", until };
}

function byOwnRole(
  event: TrailEvent,
  role: OwnRole,
  known: KnownFacts,
  now: string,
  times: EvidenceTimes,
): Explanation {
  const until = plusSeconds(event.eventTime, times.evidenceSettleSeconds);
  if (now < until) return { outcome: "wait", until };
  const ours = role === "fuse" ? firedFuse(event, known, times) : unrecorded(event, known, times);
  if (ours) return ours;
  const code = role === "fuse" ? "fuse-outside-schedule" : "grantor-outside-call";
  return found(code, event);
}

/** A call of the grantor role without a record: an intended one, or a removal. */
function unrecorded(
  event: TrailEvent,
  { intents = [], used = UNUSED, lent = [], carried = [] }: KnownFacts,
  times: EvidenceTimes,
): Explanation | undefined {
  const intended = intendedBy(intents, event, used, times);
  if (intended) return { outcome: "ours", why: "intent", requestIds: intended.requestIds };
  const taken = takenAway(lent, event, times).map(({ requestId }) => requestId);
  const needless = carried.filter((each) => isNeedlessRemoval(each, event, times));
  const requestIds =
    taken.length > 0 ? taken : [...new Set(needless.flatMap(({ requestIds: ids }) => ids))];
  return requestIds.length > 0 ? { outcome: "ours", why: "removal", requestIds } : undefined;
}

const UNUSED: IntentFacts = { spent: [], ended: {} };

function firedFuse(
  event: TrailEvent,
  { fuses = [] }: KnownFacts,
  times: EvidenceTimes,
): Explanation | undefined {
  const fuse = fuses.find((each) => isFiredBy(each, event, times));
  return fuse && { outcome: "ours", why: "fuse", requestIds: fuse.requestIds };
}

function found(
  code: EventFinding["code"],
  event: TrailEvent,
  differs: readonly CallFact[] = [],
  taken?: EntryDeletion,
): Explanation {
  const { target, elements } = changeOf(event);
  const after = event.errorCode === null ? elements : null;
  const eventKey = eventKeyOf(event);
  const finding = { code, eventKey, event, target, before: null, after, differs };
  return { outcome: "finding", finding: taken ? { ...finding, taken } : finding };
}

/** The finding with what was on its target before. A call that EKS refused left that as it was. */
export function changedFrom(before: ElementSet | null, finding: EventFinding): EventFinding {
  const { errorCode } = finding.event;
  const isRefused = errorCode !== null && wasRefused(errorCode);
  return { ...finding, before, after: isRefused ? before : finding.after };
}
