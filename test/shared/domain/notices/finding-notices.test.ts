import { describe, expect, it } from "vitest";
import { aPolicy } from "../../../../lab/fakes/builders.ts";
import { FINDING_CODES } from "../../../../shared/domain/evidence/findings/finding-record.ts";
import { findingNotices } from "../../../../shared/domain/notices/finding-notices.ts";
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { aFinding, anAcknowledgement, FOUND_AT } from "../evidence/finding-samples.ts";

const POLICY: AccessPolicy = {
  ...aPolicy(),
  slack: { teams: ["T0001"], channel: "C0001", alarms: "C0002" },
};
const DAY = 86_400;
const LATER = "2026-11-24T11:05:00.000Z";

describe("the notice of a finding", () => {
  it.each(FINDING_CODES)(
    "A finding of code %s is one message in the alarm channel, before others",
    (code) => {
      const finding = aFinding(code);
      expect(findingNotices(POLICY, finding, [], FOUND_AT)).toEqual({
        notices: [
          {
            subject: `finding-${finding.details.findingId}`,
            key: "finding@C0002",
            kind: "finding",
            audience: { kind: "channel", channel: "C0002" },
            facts: {
              findingId: finding.details.findingId,
              cluster: "prod",
              details: finding.details,
              acknowledgements: [],
            },
            actions: [],
            send: true,
            precedence: "first",
            notBefore: null,
          },
        ],
        changesAt: null,
      });
    },
  );

  it("Without a Slack workspace a finding has no message", () => {
    expect(findingNotices(aPolicy(), aFinding(), [], FOUND_AT).notices).toEqual([]);
  });

  it("An open finding is owed its message however old it is", () => {
    const { notices } = findingNotices(POLICY, aFinding(), [], plusSeconds(FOUND_AT, 400 * DAY));
    expect(notices).toMatchObject([{ send: true }]);
  });

  it("An acknowledged finding says who looked at it, and is old news a day later", () => {
    const finding = aFinding();
    const seen = [
      anAcknowledgement(finding, "Looking", FOUND_AT),
      anAcknowledgement(finding, "Planned", LATER),
    ];
    const at = (seconds: number) =>
      findingNotices(POLICY, finding, seen, plusSeconds(LATER, seconds)).notices;
    expect(at(DAY).map(({ facts, send }) => [facts.acknowledgements, send])).toEqual([
      [
        [
          { actor: "dave", note: "Looking", at: FOUND_AT },
          { actor: "dave", note: "Planned", at: LATER },
        ],
        true,
      ],
    ]);
    expect(at(DAY + 1)).toEqual([]);
  });

  it.each([
    [
      "its ARN where access.yaml does not list it",
      "arn:aws:eks:us-west-2:111122223333:cluster/other",
    ],
    ["nothing where CloudTrail names none", null],
  ])("A finding's cluster is shown as %s", (_as, clusterArn) => {
    const chain = `${clusterArn ?? "111122223333/us-west-2"}#2026-11`;
    const finding = { ...aFinding("grantor-outside-call", { clusterArn }), chain };
    const [notice] = findingNotices(POLICY, finding, [], FOUND_AT).notices;
    expect(notice?.facts.cluster).toBe(clusterArn);
  });
});
