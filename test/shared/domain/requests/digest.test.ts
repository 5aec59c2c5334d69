import { describe, expect, it } from "vitest";
import { digestOf } from "../../../../shared/domain/requests/digest.ts";

const TERMS = {
  id: "019dd05c-0000-7000-8000-000000000001",
  requester: "alice",
  cluster: { name: "prod", arn: "arn:aws:eks:eu-central-1:111122223333:cluster/prod" },
  principalArn: "arn:aws:iam::111122223333:role/Alice",
  access: {
    policy: "AmazonEKSEditPolicy",
    scope: { type: "namespace", namespaces: ["payments-api"] },
  },
  durationSeconds: 3_600,
  startsAt: null,
  rule: "payments-edit",
  reason: "PAY-1 deploy the fix",
} as const;
const EXTENDS = "019dd05c-0000-7000-8000-000000000000";
const UNTIL = "2026-11-27T12:00:00.000Z";

describe("A digest", () => {
  it("The digest of a request that extends nothing is that of every release before", () => {
    expect(digestOf(TERMS)).toBe(
      "87c6d8d786ddd6f04a1d631c2177347b81fdbd32368449cfeab4bf04c7a1a06f",
    );
  });

  it("The digest of an extension covers the grant that it extends, and its end", () => {
    const all = [
      TERMS,
      { ...TERMS, extends: EXTENDS },
      { ...TERMS, until: UNTIL },
      { ...TERMS, extends: EXTENDS, until: UNTIL },
      { ...TERMS, extends: TERMS.id, until: UNTIL },
    ];
    expect(new Set(all.map(digestOf)).size).toBe(all.length);
  });

  it("Each of the terms has its part in it, and nothing else has", () => {
    const changes = [
      { id: EXTENDS },
      { requester: "erin" },
      { cluster: { name: "prod", arn: `${TERMS.cluster.arn}2` } },
      { principalArn: `${TERMS.principalArn}2` },
      { access: { groups: ["admins"] } },
      { durationSeconds: 3_601 },
      { startsAt: UNTIL },
      { rule: "break-glass" },
      { reason: "PAY-2" },
      { extends: EXTENDS },
      { until: UNTIL },
      { escalatedFrom: { digest: "a".repeat(64) } },
      { escalatedFrom: { digest: "b".repeat(64) } },
    ];
    const digests = [TERMS, ...changes.map((change) => ({ ...TERMS, ...change }))].map(digestOf);
    expect(new Set(digests).size).toBe(changes.length + 1);
    const named = {
      ...TERMS,
      cluster: { ...TERMS.cluster, name: "another name" },
      state: "active",
    };
    expect(digestOf(named)).toBe(digestOf(TERMS));
  });
});
