/** Texts about a finding, in plain words. Each medium lays them out. */
import { GROUPS } from "../domain/entries/access.ts";
import type { EventFinding, FindingCode } from "../domain/evidence/findings/finding-record.ts";
import {
  answerMeans,
  type EntryOperation,
  type TrailEvent,
} from "../domain/evidence/trail/trail-event.ts";
import type { FindingFacts } from "../domain/notices/notice.ts";
import type { ElementSet } from "../domain/values/element-set.ts";
import { ended, listed } from "./sentence-parts.ts";

/**
 * Over the message, so that nobody overlooks it. Null where a misuse of Timelatch's own roles is not
 * in question. The use of a grantor role is the worst: whoever has it can lend themselves access.
 */
export const HEADERS: Readonly<Record<FindingCode, string | null>> = {
  "grantor-outside-call": "TIMELATCH'S GRANTOR ROLE WAS USED, AND NOT BY TIMELATCH",
  "fuse-outside-schedule": "The role of Timelatch's fuses was used, and not by a fuse",
  "forged-request-id": "An event of CloudTrail contradicts Timelatch's record",
  "outside-change": null,
  "taken-with-entry": null,
  "missing-event": null,
};

/** The meaning of a finding, and what to do now. */
const MEANINGS: Readonly<Record<FindingCode, string>> = {
  "grantor-outside-call":
    "No recorded call of Timelatch explains it. Find out in CloudTrail who assumed the role, and revoke its sessions.",
  "fuse-outside-schedule":
    "No armed fuse explains it. Find out in CloudTrail who assumed the role, and revoke its sessions.",
  "forged-request-id":
    "EKS gives no request id twice, so one of the two is false. Compare both in CloudTrail and in the grant's evidence.",
  "outside-change":
    "No call of Timelatch explains it, and access.yaml does not expect its caller. Ask who made the change.",
  "taken-with-entry":
    "No read could show it in time, so it went with the entry. Add it again if its owner still wants it.",
  "missing-event":
    "EKS answers no call without an event. Look the call up in CloudTrail, and find out who wrote its record: converge alone may.",
};

/** Longer names are cut, so that the sentence around them stays whole. */
const LONGEST_NAME = 200;
const PLAIN = /^[\w.:/@+=*-]+$/;

/** A name from outside, within a sentence of ours. One that could pass for a sentence is quoted. */
function name(text: string): string {
  const cut =
    text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME - 1).toWellFormed()}…` : text;
  return PLAIN.test(text) ? cut : `"${cut.replace(/["\\]/g, "\\$&")}"`;
}

const ENTRY = "the access entry of";

/** The effect of a call that succeeded, before the name of the entry's principal. */
const DID: Readonly<Record<EntryOperation, (policy: string) => string>> = {
  CreateAccessEntry: () => `created ${ENTRY}`,
  UpdateAccessEntry: () => `changed ${ENTRY}`,
  DeleteAccessEntry: () => `deleted ${ENTRY}`,
  AssociateAccessPolicy: (policy) => `associated ${policy} with ${ENTRY}`,
  DisassociateAccessPolicy: (policy) => `disassociated ${policy} from ${ENTRY}`,
};

/** Says who did what, and where. */
export function foundText({ cluster, details }: FindingFacts): string {
  const on = cluster === null ? "a cluster that CloudTrail does not name" : name(cluster);
  if (details.code === "missing-event")
    return `CloudTrail does not show a call of Timelatch about ${ENTRY} ${name(details.principalArn)} on ${on}. EKS answered it as ${name(details.eksRequestId)}.`;
  const { event } = details;
  const entry = `${event.principalArn === null ? "nobody known" : name(event.principalArn)} on ${on}`;
  const who = callerText(event);
  if (event.errorCode !== null)
    return `${who} called ${event.operation} about ${ENTRY} ${entry}. EKS answered ${name(event.errorCode)}${answerMeans(event.errorCode)}.`;
  return `${who} ${DID[event.operation](lastPart(event.policyArn))} ${entry}.`;
}

function callerText({ caller }: TrailEvent): string {
  const { arn, invokedBy, type, sourceIdentity } = caller;
  const who = name(arn ?? invokedBy ?? type);
  return sourceIdentity === null ? who : `${who} (source identity ${name(sourceIdentity)})`;
}

/** The name at the end of an ARN. */
const lastPart = (arn: string | null) => name(arn?.split("/").at(-1) ?? "an access policy");

/** The content of the target before and after; empty where the call is about the entry itself. */
export function reachText({ details }: FindingFacts): string {
  if (details.code === "missing-event" || details.target === null) return "";
  const { target, before, after } = details;
  const what = target === GROUPS ? "Kubernetes groups" : `Where ${lastPart(target)} holds`;
  return `${what}, before: ${elementsText(before)}. After: ${elementsText(after)}.`;
}

/** Elements as `scope.ts` and `access.ts` write them: `cluster`, `ns/<name>`, `group/<name>`. */
function elementsText(elements: ElementSet | null): string {
  if (elements === null) return "unknown";
  if (elements.length === 0) return "nothing";
  if (elements.includes("cluster")) return "the whole cluster";
  return listed(
    elements.map((element) => name(element.slice(element.indexOf("/") + 1))),
    "and",
  );
}

/** From where, and in what an event differs from the call whose request id it has. */
export function originText({ details }: FindingFacts): string {
  if (details.code === "missing-event") return "";
  const { sourceIp, userAgent } = details.event;
  const tool = userAgent === null ? "" : `, with ${name(userAgent)}`;
  return `From ${sourceIp === null ? "an unknown address" : name(sourceIp)}${tool}.${differsText(details)}${takenText(details)}`;
}

/** By which call of ours the entry was deleted, when, and for which grants. */
function takenText({ taken }: EventFinding): string {
  if (taken === undefined) return "";
  const { at, eksRequestId, requestIds } = taken;
  const call = eksRequestId === null ? "" : ` by the call ${name(eksRequestId)}`;
  return ` Timelatch deleted the access entry at ${at}${call}, at the end of ${listed(requestIds, "and")}.`;
}

const differsText = ({ differs }: EventFinding): string =>
  differs.length === 0 ? "" : ` It differs in ${listed(differs, "and")}.`;

export const meaningText = ({ details }: FindingFacts): string => MEANINGS[details.code];

/** More grants than this are counted. */
const MOST_GRANTS = 3;

/** The grants on the entry; empty for an entry without grants. */
export function grantsText({ details: { requestIds } }: FindingFacts): string {
  if (requestIds.length === 0) return "";
  const shown = requestIds.slice(0, MOST_GRANTS).map((id) => `timelatch show ${id}`);
  const more = requestIds.length - shown.length;
  return `It stands on: ${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** The last person who has looked at it, and how many before. */
export function acknowledgedText({ acknowledgements }: FindingFacts): string {
  const last = acknowledgements.at(-1);
  if (!last) return "Nobody has acknowledged it.";
  const earlier = acknowledgements.length - 1;
  const more = earlier === 0 ? "" : ` (${earlier} earlier)`;
  return ended(`Acknowledged by ${name(last.actor)}${more}: ${last.note}`);
}

/** The commands that say more, and while nobody has looked at it, the one that says so. */
export function findingText({ findingId, details, acknowledgements }: FindingFacts): string {
  const more = `${details.code}: timelatch findings show ${findingId}`;
  return acknowledgements.length > 0
    ? more
    : `${more}, then timelatch findings acknowledge ${findingId}`;
}

/** The label before the instant of the call. */
export const HAPPENED = "Happened";
