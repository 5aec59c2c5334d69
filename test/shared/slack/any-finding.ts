/** Findings of every code, also of strange and long content, as notices. */
import fc from "fast-check";
import { aPolicy, T0 } from "../../../lab/fakes/builders.ts";
import {
  FINDING_CODES,
  type FindingCode,
} from "../../../shared/domain/evidence/findings/finding-record.ts";
import {
  ENTRY_OPERATIONS,
  type TrailEvent,
} from "../../../shared/domain/evidence/trail/trail-event.ts";
import { findingNotices } from "../../../shared/domain/notices/finding-notices.ts";
import type { FindingNotice } from "../../../shared/domain/notices/notice.ts";
import { aFinding, anAcknowledgement } from "../domain/evidence/finding-samples.ts";
import { strange } from "./strange-text.ts";

const POLICY = {
  ...aPolicy(),
  slack: { teams: ["T0001"], channel: "C0001", alarms: "C0002" },
};

/** A finding in the alarm channel; Mallory changed Alice's entry on prod. */
export function aFindingNotice(
  code: FindingCode,
  changes: Partial<TrailEvent> = {},
  notes: readonly string[] = [],
): FindingNotice {
  const finding = aFinding(code, changes);
  const acknowledgements = notes.map((note) => anAcknowledgement(finding, note));
  const [notice] = findingNotices(POLICY, finding, acknowledgements, T0).notices;
  if (!notice) throw new Error("A finding has a notice.");
  return notice;
}

/** Stored text was hashed before, so it is well-formed. */
const stored = (most: number) => strange(most).map((text) => text.toWellFormed());
const maybe = (most: number) => fc.option(stored(most));
const names: fc.Arbitrary<readonly string[]> = fc.array(stored(256), {
  maxLength: 30,
  size: "max",
});

const event: fc.Arbitrary<Partial<TrailEvent>> = fc.record({
  operation: fc.constantFrom(...ENTRY_OPERATIONS),
  principalArn: maybe(2_048),
  policyArn: maybe(2_048),
  scope: fc.oneof(
    fc.constant({ type: "cluster" as const }),
    names.map((namespaces) => ({ type: "namespace" as const, namespaces })),
  ),
  groups: fc.oneof(fc.constant(null), names),
  errorCode: maybe(128),
  sourceIp: maybe(128),
  userAgent: maybe(256),
  caller: fc.record({
    type: stored(30),
    arn: maybe(2_048),
    accountId: fc.constant(null),
    roleArn: fc.constant(null),
    sessionName: maybe(64),
    sourceIdentity: maybe(64),
    accessKeyId: fc.constant(null),
    invokedBy: maybe(100),
  }),
});

export const anyFindingNotice: fc.Arbitrary<FindingNotice> = fc
  .tuple(
    fc.constantFrom(...FINDING_CODES),
    event,
    fc.array(stored(1_000), { maxLength: 4, size: "max" }),
  )
  .map(([code, changes, notes]) => aFindingNotice(code, changes, notes));
