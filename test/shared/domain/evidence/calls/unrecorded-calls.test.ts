/** Intents, lent access and fuses explain a call of a role of ours that is on no record. */
import { describe, expect, it } from "vitest";
import {
  type ArmedFuse,
  isFiredBy,
} from "../../../../../shared/domain/evidence/calls/armed-fuse.ts";
import {
  type CallIntent,
  intendedCall,
} from "../../../../../shared/domain/evidence/calls/call-intent.ts";
import { isExpected } from "../../../../../shared/domain/evidence/calls/expected-principal.ts";
import {
  type IntentFacts,
  intendedBy,
  madeCall,
} from "../../../../../shared/domain/evidence/calls/intended-by.ts";
import {
  type LentAccess,
  takenAway,
} from "../../../../../shared/domain/evidence/calls/lent-access.ts";
import type { TrailEvent } from "../../../../../shared/domain/evidence/trail/trail-event.ts";
import { ALICE, anEvent, CLUSTER, GRANT, MALLORY, OURS, SESSION, VIEW } from "../samples.ts";

const TIMES = { clockDifferenceSeconds: 10, evidenceSettleSeconds: 0, evidenceMissingSeconds: 0 };
const UNUSED = { spent: [], ended: {} };
const BOB = ALICE.replace("alice", "bob");
const ADMIN = VIEW.replace("View", "Admin");
const UNREAD = { clusterArn: null, principalArn: null, policyArn: null, scope: null };
const place = { clusterArn: CLUSTER, principalArn: ALICE };
const at = (time: string) => ({ eventTime: `2026-11-24T${time}.000Z` });

describe("Intents", () => {
  const intent: CallIntent = {
    ...place,
    sessionName: SESSION,
    calls: [
      intendedCall({ kind: "create-entry", token: "t" }, ["first"]),
      intendedCall(
        {
          kind: "associate",
          target: VIEW,
          scope: { type: "namespace", namespaces: ["payments"] },
          absorbed: [],
        },
        [GRANT],
      ),
    ],
    owners: {},
    from: "2026-11-24T10:00:00.900Z",
    until: "2026-11-24T10:06:00.000Z",
  };

  it.each<[string, Partial<TrailEvent>, readonly string[] | undefined]>([
    ["the same call", {}, [GRANT]],
    [
      "a bare entry",
      { operation: "CreateAccessEntry", ...UNREAD, ...place, groups: [] },
      ["first"],
    ],
    [
      "an entry with groups",
      { operation: "CreateAccessEntry", ...UNREAD, ...place, groups: ["system:masters"] },
      undefined,
    ],
    ["a wider scope", { scope: { type: "cluster" } }, undefined],
    ["another policy", { policyArn: ADMIN }, undefined],
    ["another principal", { principalArn: BOB }, undefined],
    ["another cluster", { clusterArn: `${CLUSTER}-2` }, undefined],
    ["another operation", { operation: "DisassociateAccessPolicy", scope: null }, undefined],
    ["another session", { caller: { ...OURS, sessionName: `${SESSION}0` } }, undefined],
    ["the same second by a fast clock", at("09:59:50"), [GRANT]],
    ["a time before the intent", at("09:59:49"), undefined],
    ["the last moment", at("10:06:10"), [GRANT]],
    ["a time after it", at("10:06:11"), undefined],
    ["a call refused before it was read", { ...UNREAD, errorCode: "AccessDenied" }, [GRANT]],
    [
      "another refused call",
      { ...UNREAD, errorCode: "X", operation: "DeleteAccessEntry" },
      undefined,
    ],
    ["no parameters without an error", UNREAD, undefined],
  ])("An intent is held against %s", (_, changes, requestIds) => {
    expect(intendedBy([intent], anEvent(changes), UNUSED, TIMES)?.requestIds).toEqual(requestIds);
  });
});

describe("An intent that calls use up", () => {
  const scope = { type: "namespace", namespaces: ["payments"] } as const;
  const step = { kind: "associate", target: VIEW, scope, absorbed: [] } as const;
  const intent = (from: string, until: string, ids: readonly string[] = [GRANT]): CallIntent => ({
    ...place,
    sessionName: SESSION,
    calls: [intendedCall(step, ids)],
    owners: {},
    from: at(from).eventTime,
    until: at(until).eventTime,
  });
  const made = (time: string) => ({ ...madeCall(anEvent(at(time))), eksRequestId: time });
  const explains = (intents: readonly CallIntent[], time: string, used: Partial<IntentFacts>) =>
    intendedBy(intents, anEvent(at(time)), { ...UNUSED, ...used }, TIMES) !== undefined;

  const first = intent("10:00:00", "10:06:00");
  const second = intent("10:03:00", "10:09:00");
  it.each<[string, string]>([
    ["before the later run", "10:01:00"],
    ["after the earlier run", "10:08:00"],
  ])("Of two runs, each explains a call, in any order: one %s", (_, time) => {
    for (const intents of [
      [first, second],
      [second, first],
    ]) {
      expect(explains(intents, time, { spent: [made("10:04:00")] })).toBe(true);
      expect(explains(intents, time, { spent: [made("10:04:00"), made("10:05:00")] })).toBe(false);
    }
  });

  const notYet = { errorCode: "ResourceNotFoundException" };
  const maybe = { errorCode: "ServerException" };
  const failed = (time: string, error: typeof notYet) => ({
    ...madeCall(anEvent({ ...at(time), ...error })),
    eksRequestId: time,
  });

  it("Attempts that EKS refused leave it to the next one, and it explains each of them", () => {
    const refused = [failed("10:00:01", notYet), failed("10:00:02", notYet)];
    const event = anEvent({ ...at("10:00:03"), ...notYet });
    expect(explains([first], "10:00:04", { spent: refused })).toBe(true);
    expect(explains([first], "10:00:04", { spent: [...refused, made("10:00:03")] })).toBe(false);
    for (const spent of [refused, [made("10:00:04")]])
      expect(intendedBy([first], event, { spent, ended: {} }, TIMES)?.requestIds).toEqual([GRANT]);
  });

  it("An attempt that may have been carried out uses it up", () => {
    expect(explains([first], "10:00:04", { spent: [failed("10:00:01", maybe)] })).toBe(false);
    const unsure = { ...made("10:00:01"), result: "IncompleteAnswer" };
    expect(explains([first], "10:00:04", { spent: [unsure] })).toBe(false);
  });

  it("It explains a call for two grants until both have ended", () => {
    const both = [intent("10:00:00", "10:06:00", [GRANT, "other"])];
    const end = at("10:02:00").eventTime;
    expect(explains(both, "10:03:00", { ended: { [GRANT]: end } })).toBe(true);
    expect(explains(both, "10:03:00", { ended: { [GRANT]: end, other: end } })).toBe(false);
  });

  it("A call on record uses it up, also in the second of the grant's end", () => {
    const used = { spent: [made("10:02:00")], ended: { [GRANT]: "2026-11-24T10:02:00.900Z" } };
    expect(explains([first], "10:01:00", used)).toBe(false);
  });

  it("A removal on record that sets the same for other grants leaves it", () => {
    const spentBy = (requestIds: readonly string[]) => ({
      spent: [{ ...made("10:02:00"), requestIds }],
    });
    const both = [intent("10:00:00", "10:06:00", [GRANT, "other"])];
    expect(explains(both, "10:01:00", spentBy(["other", GRANT]))).toBe(false);
    expect(explains(both, "10:01:00", spentBy([GRANT]))).toBe(true);
    expect(explains(both, "10:01:00", spentBy([GRANT, "third"]))).toBe(true);
    expect(explains([first], "10:01:00", spentBy([GRANT, "other"]))).toBe(true);
  });
});

describe("Removals of what was lent", () => {
  const lent: LentAccess = {
    ...place,
    requestId: GRANT,
    target: VIEW,
    sessionNames: [SESSION, "timelatch-b-1"],
    overFrom: "2026-11-24T10:00:00.000Z",
    mustStay: [],
    mayStay: [],
  };
  const shared = { ...lent, mustStay: ["ns/orders"], mayStay: ["ns/orders", "ns/stock"] };
  const disassociate = { operation: "DisassociateAccessPolicy", scope: null } as const;
  const remove = { operation: "DeleteAccessEntry", policyArn: null, scope: null } as const;
  const narrow = (...namespaces: string[]) => ({
    scope: { type: "namespace", namespaces } as const,
  });

  it.each<[string, LentAccess, Partial<TrailEvent>, boolean]>([
    ["the last of a policy", lent, disassociate, true],
    [
      "in the binding's session",
      lent,
      { ...disassociate, caller: { ...OURS, sessionName: "timelatch-b-1" } },
      true,
    ],
    ["in another session", lent, { ...disassociate, caller: { ...OURS, sessionName: "x" } }, false],
    ["without a session", lent, { ...disassociate, caller: { ...OURS, sessionName: null } }, false],
    ["of another policy", lent, { ...disassociate, policyArn: ADMIN }, false],
    ["from another principal", lent, { ...disassociate, principalArn: BOB }, false],
    ["before the grant was over", lent, { ...disassociate, ...at("09:59:48") }, false],
    ["as the grant ended, by a fast clock", lent, { ...disassociate, ...at("09:59:49") }, true],
    ["while the grant runs", { ...lent, overFrom: null }, disassociate, false],
    ["of more than the grant's own", shared, disassociate, false],
    ["that leaves the rest", shared, narrow("orders"), true],
    ["that leaves what is removed next", shared, narrow("orders", "stock"), true],
    ["that leaves too little", shared, narrow("stock"), false],
    ["that adds something", shared, narrow("orders", "kube-system"), false],
    ["that widens", shared, { scope: { type: "cluster" } }, false],
    ["that leaves nothing by a scope", lent, narrow(), false],
    ["of the entry", lent, remove, true],
    ["of an entry that others need", shared, remove, false],
    ["by making an entry", lent, { ...remove, operation: "CreateAccessEntry", groups: [] }, false],
    [
      "of groups",
      { ...lent, target: "groups" },
      { ...remove, operation: "UpdateAccessEntry", groups: [] },
      true,
    ],
    [
      "that adds a group",
      { ...lent, target: "groups" },
      { ...remove, operation: "UpdateAccessEntry", groups: ["a"] },
      false,
    ],
    [
      "that only names a user",
      { ...lent, target: "groups" },
      { ...remove, operation: "UpdateAccessEntry", username: "eve" },
      false,
    ],
    [
      "that was refused unread",
      shared,
      { ...UNREAD, operation: "DisassociateAccessPolicy", errorCode: "X" },
      true,
    ],
  ])("A removal %s is held against what was lent", (_, was, changes, isTaken) => {
    const taken = takenAway([was], anEvent(changes), TIMES);
    expect(taken).toEqual(isTaken ? [was] : []);
  });

  it("One removal serves every grant that was over, in the session of one of them", () => {
    const other = { ...lent, requestId: "other", sessionNames: ["timelatch-other"] };
    expect(takenAway([other, lent], anEvent(disassociate), TIMES)).toEqual([other, lent]);
  });

  it("An entry is not deleted while a grant on it runs, on whatever target", () => {
    const running = { ...lent, requestId: "other", target: ADMIN, overFrom: null };
    expect(takenAway([running, lent], anEvent(remove), TIMES)).toEqual([]);
    expect(takenAway([running, lent], anEvent(disassociate), TIMES)).toEqual([lent]);
  });
});

describe("Fuses", () => {
  const fuse: ArmedFuse = {
    ...place,
    target: VIEW,
    roleArn: OURS.roleArn ?? "",
    at: "2026-11-24T10:00:00.000Z",
    until: "2026-11-24T11:00:00.000Z",
    requestIds: [GRANT],
  };
  const groups = { ...fuse, target: "groups" };
  const fired = { operation: "DisassociateAccessPolicy", scope: null } as const;
  const deleted = { operation: "DeleteAccessEntry", policyArn: null, scope: null } as const;

  it.each<[string, ArmedFuse, Partial<TrailEvent>, boolean]>([
    ["its policy", fuse, fired, true],
    ["another policy", fuse, { ...fired, policyArn: ADMIN }, false],
    ["an addition", fuse, {}, false],
    ["the entry", groups, deleted, true],
    ["the entry in place of a policy", fuse, deleted, false],
    ["a policy in place of the entry", groups, fired, false],
    ["another principal", fuse, { ...fired, principalArn: BOB }, false],
    ["another role", fuse, { ...fired, caller: MALLORY }, false],
    ["too early", fuse, { ...fired, ...at("09:59:48") }, false],
    ["when Scheduler gives up", fuse, { ...fired, ...at("11:00:10") }, true],
    ["after that", fuse, { ...fired, ...at("11:00:11") }, false],
    [
      "a target that is gone",
      fuse,
      { ...UNREAD, operation: "DisassociateAccessPolicy", errorCode: "X" },
      true,
    ],
  ])("A fuse is held against a call about %s", (_, armed, changes, isFired) => {
    expect(isFiredBy(armed, anEvent(changes), TIMES)).toBe(isFired);
  });
});

describe("Expected principals", () => {
  const is = (principal: string, caller: TrailEvent["caller"]) =>
    isExpected({ principal, reason: "" }, caller);
  const service = { ...MALLORY, roleArn: null, arn: null, invokedBy: "eks.amazonaws.com" };

  it("A role is expected in all of its sessions, and a user by name", () => {
    const user = { ...MALLORY, roleArn: null, arn: "arn:aws:iam::111122223333:user/ci" };
    expect(is(MALLORY.roleArn ?? "", MALLORY)).toBe(true);
    expect(is(`${MALLORY.roleArn}2`, MALLORY)).toBe(false);
    expect(is(MALLORY.arn ?? "", MALLORY)).toBe(false);
    expect(is(user.arn, user)).toBe(true);
  });

  it("A service is expected where it acts for itself, not where it acts for a person", () => {
    expect(is("eks.amazonaws.com", { ...service, type: "AWSService" })).toBe(true);
    expect(is("eks.amazonaws.com", service)).toBe(false);
  });
});
