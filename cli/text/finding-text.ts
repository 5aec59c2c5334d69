/** Findings for people: on one line, and whole. All of them quote what comes from outside. */
import { GROUPS } from "../../shared/domain/entries/access.ts";
import type { EntryDeletion } from "../../shared/domain/evidence/calls/taken-with-entry.ts";
import {
  clusterInChain,
  type FindingCode,
  type FoundRecord,
  happenedAt,
} from "../../shared/domain/evidence/findings/finding-record.ts";
import { answerMeans, type TrailCaller } from "../../shared/domain/evidence/trail/trail-event.ts";
import { parseClusterArn } from "../../shared/domain/values/arn.ts";
import type { ElementSet } from "../../shared/domain/values/element-set.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { FindingAnswer } from "../../shared/http/contract/answers.ts";
import type { Fact } from "../terminal/facts.ts";
import type { Column } from "../terminal/table.ts";
import { awayText, fullTime, shortTime } from "./time-text.ts";

type Details = FoundRecord["details"];

/** A code in words, and what it means. */
const CODES: Readonly<Record<FindingCode, readonly [words: string, meaning: string]>> = {
  "outside-change": [
    "changed from outside",
    "No call of Timelatch explains it, and access.yaml does not expect its caller.",
  ],
  "taken-with-entry": [
    "deleted by us, unseen",
    "Timelatch deleted the access entry before a read could show the change. What was added went with it: add it again.",
  ],
  "grantor-outside-call": [
    "grantor role used from outside",
    "A role that lends access was used, and no recorded call of Timelatch explains it.",
  ],
  "fuse-outside-schedule": [
    "fuse's role used from outside",
    "The role of Timelatch's fuses was used, and no armed fuse explains it.",
  ],
  "forged-request-id": [
    "contradicts our record",
    "CloudTrail's event has the request id of a call of Timelatch, but other facts.",
  ],
  "missing-event": [
    "not in CloudTrail",
    "EKS answered a call of Timelatch, and CloudTrail has not shown it in a day.",
  ],
};

/** A newer API may know codes that this command does not. */
const knownCode = (code: string): readonly [words: string, meaning: string] | undefined =>
  Object.hasOwn(CODES, code) ? CODES[code as FindingCode] : undefined;

/** `changed from outside` */
export const findingWords = ({ code }: Pick<Details, "code">): string =>
  knownCode(code)?.[0] ?? visible(code);

const NOBODY = "unknown";

/** The name at the end of an ARN: `people/alice` of a role's. */
const lastOf = (arn: string) => visible(arn.replace(/^.*?:(?:role|user|assumed-role)\//, ""));

/** A session as `role/session`, a user, or a service that acted for itself. */
function callerWords({ arn, invokedBy, type }: TrailCaller): string {
  if (arn !== null) return lastOf(arn);
  return visible(invokedBy ?? type);
}

const whoOf = (details: Details): string =>
  details.code === "missing-event" ? "timelatch" : callerWords(details.event.caller);

export const principalOf = (details: Details): string | null =>
  details.code === "missing-event" ? details.principalArn : details.event.principalArn;

const policyName = (arn: string) => visible(arn.split("/").at(-1) ?? arn);

/** Elements as people write them: `kube-system`, `the whole cluster`. */
function elementsText(elements: ElementSet | null): string {
  if (elements === null) return NOBODY;
  if (elements.length === 0) return "nothing";
  if (elements.includes("cluster")) return "the whole cluster";
  return elements.map((one) => visible(one.slice(one.indexOf("/") + 1))).join(", ");
}

/** The change and its principal: `AssociateAccessPolicy AmazonEKSViewPolicy on people/alice`. */
export function changeText(details: Details): string {
  const principal = principalOf(details);
  const on = `on ${principal === null ? "an unknown principal" : lastOf(principal)}`;
  if (details.code === "missing-event") return `a call of Timelatch ${on}`;
  const { event, target, before, after } = details;
  const policy = event.policyArn === null ? "" : ` ${policyName(event.policyArn)}`;
  const call = `${visible(event.operation)}${policy} ${on}`;
  if (event.errorCode !== null) return `${call}: ${visible(event.errorCode)}`;
  if (target === null) return call;
  const from = before === null ? "" : `${elementsText(before)} → `;
  return `${call}: ${from}${elementsText(after)}`;
}

/** EKS's name of the cluster; the chain itself where CloudTrail names none. */
function clusterWords(chain: string): string {
  const cluster = parseClusterArn(clusterInChain(chain) ?? "");
  return cluster ? visible(cluster.name) : NOBODY;
}

/** The columns of a list of findings, as seen at `now`. Its ids are as short as the list allows. */
export function findingColumns(
  now: string,
  findings: readonly FindingAnswer[],
): readonly Column<FindingAnswer>[] {
  const length = shortestLength(findings.map(({ findingId }) => findingId));
  return [
    { title: "ID", text: ({ findingId }) => visible(findingId.slice(0, length)) },
    { title: "WHEN", text: (finding) => shortTime(happenedAt(finding), now) },
    {
      title: "STATE",
      text: ({ state }) => visible(state),
      style: ({ state }) => (state === "open" ? "red" : "dim"),
    },
    { title: "CLUSTER", text: ({ chain }) => clusterWords(chain), least: 7 },
    { title: "FINDING", text: findingWords },
    { title: "WHO", text: (finding) => `by ${whoOf(finding)}`, folds: 2 },
    { title: "CHANGE", text: changeText, folds: 1 },
  ];
}

const SHORTEST = 8;
const WHOLE = 32;

/** The fewest characters that tell all ids of a list from each other. */
function shortestLength(ids: readonly string[]): number {
  const all = new Set(ids).size;
  for (let length = SHORTEST; length < WHOLE; length += 1)
    if (new Set(ids.map((id) => id.slice(0, length))).size === all) return length;
  return WHOLE;
}

/** Everything about one finding, in two columns. */
export function findingFacts(finding: FindingAnswer, now: string): readonly Fact[] {
  const time = (instant: string) => `${fullTime(instant)}, ${awayText(instant, now)}`;
  const meaning = knownCode(finding.code)?.[1];
  return [
    ["Id", visible(finding.findingId)],
    ["Finding", `${findingWords(finding)} (${visible(finding.code)})`],
    ...(meaning === undefined ? [] : [["Meaning", meaning] as const]),
    ["State", visible(finding.state)],
    ...finding.acknowledgements.map(
      ({ actor, note, at }): Fact => [
        "Acknowledged",
        `by ${visible(actor)}, ${time(at)}: ${visible(note)}`,
      ],
    ),
    ["Recorded", time(finding.recordedAt)],
    ["Happened", time(happenedAt(finding))],
    ["Cluster", visible(clusterInChain(finding.chain) ?? NOBODY)],
    ["Principal", visible(principalOf(finding) ?? NOBODY)],
    ...(finding.code === "missing-event"
      ? [["EKS request id", visible(finding.eksRequestId)] as const]
      : eventFacts(finding)),
    ...finding.requestIds.map((id): Fact => ["Stands on", `timelatch show ${visible(id)}`]),
  ];
}

type EventAnswer = Exclude<FindingAnswer, { readonly code: "missing-event" }>;

function eventFacts(finding: EventAnswer): readonly Fact[] {
  const { event, target, before, after, differs, taken } = finding;
  const { caller, operation, policyArn, errorCode, sourceIp, userAgent, eksRequestId } = event;
  const maybe = (name: string, value: string | null): readonly Fact[] =>
    value === null ? [] : [[name, visible(value)]];
  const reach: readonly Fact[] = [
    ["Before", elementsText(before)],
    ["After", elementsText(after)],
  ];
  return [
    ["By", visible(caller.arn ?? caller.invokedBy ?? caller.type)],
    ...maybe("For", caller.sourceIdentity),
    ["From", visible(sourceIp ?? NOBODY)],
    ...maybe("With", userAgent),
    ["Call", visible(operation)],
    ...maybe("Policy", policyArn),
    ...maybe("Error", errorCode === null ? null : `${errorCode}${answerMeans(errorCode)}`),
    ...(target === GROUPS ? [["Target", "Kubernetes groups"] as const] : []),
    ...(target === null ? [] : reach),
    ...(differs.length === 0 ? [] : [["Differs in", differs.map(visible).join(", ")] as const]),
    ["CloudTrail id", visible(event.eventId)],
    ...maybe("EKS request id", eksRequestId),
    ...(taken ? deletionFacts(taken) : []),
  ];
}

/** The call that deleted the entry with what was added. */
const deletionFacts = ({ at, eksRequestId, requestIds }: EntryDeletion): readonly Fact[] => [
  ["Deleted", fullTime(at)],
  ["Deleted by", `the call ${visible(eksRequestId ?? NOBODY)}`],
  ...requestIds.map((id): Fact => ["Deleted for", `timelatch show ${visible(id)}`]),
];
