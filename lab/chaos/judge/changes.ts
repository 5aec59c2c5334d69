import type { OutsideCall } from "../stage/stage.ts";
import { mayBeLost } from "./lost-records.ts";
import { isForgottenCall, isForgottenFuse } from "./restored.ts";
import type { Judgement, Seen, SeenFinding, Violation } from "./seen.ts";

/**
 * Whether EventBridge may have missed the record of a call: the broker looks only for its own
 * calls.
 */
const isUnheard = ({ at }: OutsideCall, seen: Seen): boolean =>
  mayBeLost(at, "lose-event", seen) || mayBeLost(at, "lose", seen) || mayBeUnwritten(at, seen);

/**
 * The sandbox writes its state some milliseconds after an answer. A change that it answered just
 * before a kill may be lost.
 */
const mayBeUnwritten = (at: number, { deeds }: Seen): boolean =>
  deeds.some(
    ({ action, from, to }) =>
      action.kind === "kill-sandbox" && at >= from - UNWRITTEN_MS && at <= to,
  );
const UNWRITTEN_MS = 200;

const isOf = (call: OutsideCall, finding: SeenFinding): boolean =>
  finding.code !== "missing-event" && finding.event.eksRequestId === call.requestId;

/** Changes of others that may have no finding: CloudTrail's event was lost. */
export const excusedChanges = (seen: Seen): number =>
  seen.outsideCalls.filter(
    (call) => !seen.findings.some((one) => isOf(call, one)) && isUnheard(call, seen),
  ).length;

function unfound(call: OutsideCall, seen: Seen): readonly Violation[] {
  const { operation, requestId, at } = call;
  const found = seen.findings.filter((one) => isOf(call, one)).length;
  if (found === 1 || (found === 0 && isUnheard(call, seen))) return [];
  const detail = `${operation} ${requestId} of somebody else has ${found} findings.`;
  return [{ at, detail, ...(found > 1 && { isFinal: true as const }) }];
}

/** A change by somebody else, and one that went with the entry that the broker deleted. */
const CODES_OF_OTHERS: ReadonlySet<string> = new Set(["outside-change", "taken-with-entry"]);

/** Findings about the broker's own calls. A restored requests table has no record of these calls. */
const FORGOTTEN: Readonly<Record<string, (event: SeenEvent, seen: Seen) => boolean>> = {
  "grantor-outside-call": ({ eventTime }, seen) => isForgottenCall(Date.parse(eventTime), seen),
  "fuse-outside-schedule": ({ principalArn }, seen) => isForgottenFuse(principalArn, seen),
};
type SeenEvent = Extract<SeenFinding, { event: unknown }>["event"];

/**
 * Nobody but the administrator works around the broker, a call is missing only where its record was lost, and one of the
 * broker's own is a finding only where a restore made it forget that.
 */
const isTrue = (finding: SeenFinding, seen: Seen): boolean =>
  finding.code === "missing-event"
    ? mayBeLost(Date.parse(finding.calledAt), "lose", seen)
    : FORGOTTEN[finding.code]?.(finding.event, seen) ||
      (CODES_OF_OTHERS.has(finding.code) &&
        finding.event.caller.roleArn?.endsWith("/admin") === true);

const subjectOf = (finding: SeenFinding): string =>
  finding.code === "missing-event"
    ? finding.eksRequestId
    : `${finding.event.operation} ${finding.event.eksRequestId} by ${finding.event.caller.arn}`;

const untrue = (finding: SeenFinding): Violation => ({
  at: Date.parse(finding.recordedAt),
  detail: `${finding.code} is found of ${subjectOf(finding)}, which was no change of others and no lost record.`,
  isFinal: true,
});

export const CHANGES: Judgement = {
  sentence: "Each change of others has one finding, and nothing else has any.",
  judge: (seen) => [
    ...seen.outsideCalls.flatMap((call) => unfound(call, seen)),
    ...seen.findings.filter((finding) => !isTrue(finding, seen)).map(untrue),
  ],
};
