/** The calls of ours that may become findings, because only the ledger explains them. */
import { describe, expect, it } from "vitest";
import type { EksChange } from "../../../../lab/simulation/evidence/eks-change.ts";
import { grantorRole } from "../../../../lab/simulation/evidence/eks-change.ts";
import { isKnownLimit } from "../../../../lab/simulation/oracle/evidence-disguise.ts";
import {
  ACCOUNT,
  addressOf,
  bindingAt,
  CLUSTERS,
  EDIT,
} from "../../../../lab/simulation/sim-policy.ts";
import { instantOf } from "../../../../lab/simulation/virtual-time.ts";
import { makeWorld } from "../../../../lab/simulation/world.ts";
import type { RecordedCall } from "../../../../shared/domain/evidence/calls/recorded-call.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";

const MINUTE = 60_000;
const ADDRESS = addressOf("one", "oncall");
const NAMES = { clusterArn: CLUSTERS["one"] ?? "", principalArn: ADDRESS.principalArn };

/** An entry with one grant that is over, and calls of ours for it, a minute after each other. */
function afterItsEnd() {
  const options = { without: new Set<never>(), slack: "healthy", evidence: "absent" } as const;
  const { oracle, tables, time } = makeWorld(1, options, () => undefined);
  oracle.watchOver(bindingAt(ADDRESS), "one/oncall", ADDRESS);
  const over = instantOf(time.now - MINUTE);
  tables.requests.set("over", {
    id: "over",
    cluster: { name: "one", arn: NAMES.clusterArn },
    principalArn: NAMES.principalArn,
    access: {
      policy: "AmazonEKSEditPolicy",
      scope: { type: "namespace", namespaces: ["app-a", "app-b"] },
    },
    revokeAt: over,
    expiresAt: over,
  } as unknown as AccessRequest);
  oracle.facts.begun.add("over");
  const { evidence } = oracle;
  let calls = 0;
  return {
    /** A call that sets the elements of the policy. @returns whether it may become a finding */
    sets(elements: readonly string[], { isRecorded = false, isOurs = true } = {}): boolean {
      calls += 1;
      const requestId = `call-${calls}`;
      const roleArn = grantorRole("AssociateAccessPolicy", ACCOUNT);
      const change: EksChange = {
        ...NAMES,
        operation: "AssociateAccessPolicy",
        target: EDIT,
        elements,
        requestId,
        at: time.now + calls * MINUTE,
        errorCode: null,
        caller: { kind: "role", roleArn, sessionName: "timelatch-over" },
      };
      evidence.logged(requestId, change, isOurs ? OURS : OUTSIDE);
      if (isRecorded) evidence.called({ eksRequestId: requestId } as RecordedCall);
      const event = evidence.events.get(requestId);
      if (!event) throw new Error("The oracle has no such event.");
      return isKnownLimit(evidence, event);
    },
  };
}

const OURS = { kind: "ours", baseline: [] } as const;
const OUTSIDE = { kind: "outside", becomes: "finding" } as const;
const ALL = ["ns/app-a", "ns/app-b"];
const LESS = ["ns/app-b"];

describe("calls of ours that may become findings", () => {
  it("a narrowing without a record may, after a late call of ours took something", () => {
    const { sets } = afterItsEnd();
    sets(ALL, { isRecorded: true });
    sets(LESS);
    expect(sets(LESS)).toBe(true);
  });

  it("a narrowing that leaves all that earlier calls set may not", () => {
    const { sets } = afterItsEnd();
    sets(LESS, { isRecorded: true });
    expect(sets(LESS)).toBe(false);
  });

  it("a narrowing may not after a call whose record explains what it took", () => {
    const { sets } = afterItsEnd();
    sets(ALL, { isRecorded: true });
    sets(LESS, { isRecorded: true });
    expect(sets(LESS)).toBe(false);
  });

  it("a narrowing that leaves what the late call had taken may not", () => {
    const { sets } = afterItsEnd();
    sets(ALL, { isRecorded: true });
    sets(LESS);
    expect(sets(ALL)).toBe(false);
  });

  it("a call on record may not, nor may one of others", () => {
    const { sets } = afterItsEnd();
    sets(ALL, { isRecorded: true });
    sets(LESS);
    expect(sets(LESS, { isRecorded: true })).toBe(false);
    expect(sets(LESS, { isOurs: false })).toBe(false);
  });
});
