import type { OutsideCall } from "../stage/stage.ts";
import type { Finding, Judgement, Seen, SeenFinding } from "./seen.ts";

/** A record that EventBridge never gets is found by the look for the broker's own calls alone. */
const LOSES = "lose-event";
/** A rule is set before its deed is answered, and ends by the sandbox's clock. */
const SET_MS = 1_000;

/** Whether EventBridge may not have had the record of a call. */
const mayBeLost = ({ at }: OutsideCall, { deeds }: Seen): boolean =>
  deeds.some(
    ({ action, from }) =>
      action.kind === "aws-fault" &&
      action.rule["effect"] === LOSES &&
      at >= from - SET_MS &&
      at <= from + action.seconds * 1_000 + SET_MS,
  );

const isOf = (call: OutsideCall, finding: SeenFinding): boolean =>
  finding.code !== "missing-event" && finding.event.eksRequestId === call.requestId;

/** Changes of others that may have no finding: CloudTrail's event was lost. */
export const excusedChanges = (seen: Seen): number =>
  seen.outsideCalls.filter(
    (call) => !seen.findings.some((one) => isOf(call, one)) && mayBeLost(call, seen),
  ).length;

function unfound(call: OutsideCall, seen: Seen): readonly Finding[] {
  const { operation, requestId, at } = call;
  const found = seen.findings.filter((one) => isOf(call, one)).length;
  if (found === 1 || (found === 0 && mayBeLost(call, seen))) return [];
  const detail = `${operation} ${requestId} of somebody else has ${found} findings.`;
  return [{ at, detail, ...(found > 1 && { isFinal: true as const }) }];
}

/** Nobody but the administrator works around the broker, and no record is lost for good. */
const isTrue = (finding: SeenFinding): boolean =>
  finding.code === "outside-change" && finding.event.caller.roleArn?.endsWith("/admin") === true;

const subjectOf = (finding: SeenFinding): string =>
  finding.code === "missing-event"
    ? finding.eksRequestId
    : `${finding.event.operation} ${finding.event.eksRequestId} by ${finding.event.caller.arn}`;

const untrue = (finding: SeenFinding): Finding => ({
  at: Date.parse(finding.recordedAt),
  detail: `${finding.code} is found of ${subjectOf(finding)}, which was no change of others.`,
  isFinal: true,
});

export const CHANGES: Judgement = {
  sentence: "Each change of others has one finding, and nothing else has any.",
  judge: (seen) => [
    ...seen.outsideCalls.flatMap((call) => unfound(call, seen)),
    ...seen.findings.filter((finding) => !isTrue(finding)).map(untrue),
  ],
};
