import { describe, expect, it } from "vitest";
import { GROUPS } from "../../../../../shared/domain/entries/access.ts";
import {
  changedFrom,
  type Explanation,
  explainEvent,
  type KnownFacts,
} from "../../../../../shared/domain/evidence/calls/explain-event.ts";
import type { RecordedCall } from "../../../../../shared/domain/evidence/calls/recorded-call.ts";
import {
  changeOf,
  type EntryOperation,
  type TrailCaller,
  type TrailEvent,
} from "../../../../../shared/domain/evidence/trail/trail-event.ts";
import { ALICE, aCall, anEvent, CLUSTER, GRANT, MALLORY, OURS, SESSION, VIEW } from "../samples.ts";

const FUSE_ROLE = "arn:aws:iam::111122223333:role/timelatch-fuse";
const TIMES = {
  evidenceSettleSeconds: 600,
  evidenceMissingSeconds: 86_400,
  clockDifferenceSeconds: 10,
  readLagSeconds: 45,
};
const SOON = "2026-11-24T10:10:00.999Z";
const LATER = "2026-11-24T10:10:01.000Z";

const FUSE: TrailCaller = { ...OURS, roleArn: FUSE_ROLE, sessionName: "scheduler" };
const CALLERS = { grantor: OURS, fuse: FUSE, other: MALLORY } as const;

const ENTRY_ALONE = { policyArn: null, scope: null, groups: null };
const OPERATIONS: Readonly<Record<EntryOperation, Partial<TrailEvent>>> = {
  CreateAccessEntry: { ...ENTRY_ALONE, groups: [] },
  UpdateAccessEntry: { ...ENTRY_ALONE, groups: ["ops"] },
  DeleteAccessEntry: ENTRY_ALONE,
  AssociateAccessPolicy: {},
  DisassociateAccessPolicy: { scope: null },
};

const SOURCES = ["absent", "equal", "different"] as const;
type Source = (typeof SOURCES)[number];

interface Case {
  readonly operation: EntryOperation;
  readonly caller: keyof typeof CALLERS;
  readonly isFailed: boolean;
  readonly isSettled: boolean;
  readonly recorded: Source;
  readonly intent: Source;
  readonly lent: Source;
  readonly fuse: Source;
  readonly expected: Source;
}

function* allCases(): Generator<Case> {
  for (const operation of Object.keys(OPERATIONS) as EntryOperation[])
    for (const caller of Object.keys(CALLERS) as (keyof typeof CALLERS)[])
      for (const isFailed of [false, true])
        for (const isSettled of [false, true])
          for (const recorded of SOURCES)
            for (const intent of SOURCES)
              for (const lent of SOURCES)
                for (const fuse of SOURCES)
                  for (const expected of SOURCES)
                    yield {
                      operation,
                      caller,
                      isFailed,
                      isSettled,
                      recorded,
                      intent,
                      lent,
                      fuse,
                      expected,
                    };
}

const eventOf = ({ operation, caller, isFailed }: Case) =>
  anEvent({
    operation,
    ...OPERATIONS[operation],
    caller: CALLERS[caller],
    errorCode: isFailed ? "ThrottlingException" : null,
  });

function factsOf(each: Case, event: TrailEvent): KnownFacts {
  const place = { clusterArn: CLUSTER, principalArn: ALICE };
  const elsewhere = (source: Source) => (source === "different" ? { principalArn: FUSE_ROLE } : {});
  const listed = <T>(source: Source, one: T): readonly T[] => (source === "absent" ? [] : [one]);
  const change = changeOf(event);
  const target = change.target ?? GROUPS;
  const recorded: RecordedCall = aCall({
    ...change,
    operation: event.operation,
    roleArn: event.caller.roleArn ?? "",
    sessionName: event.caller.sessionName ?? "",
    result: event.errorCode ?? "ok",
    ...elsewhere(each.recorded),
  });
  const left = event.operation === "DeleteAccessEntry" ? [] : change.elements;
  return {
    call: each.recorded === "absent" ? undefined : recorded,
    intents: listed(each.intent, {
      ...place,
      ...elsewhere(each.intent),
      sessionName: SESSION,
      calls: [{ ...change, operation: event.operation, requestIds: ["intended"] }],
      owners: {},
      from: "2026-11-24T10:00:00.000Z",
      until: "2026-11-24T10:06:00.000Z",
    }),
    lent: listed(each.lent, {
      ...place,
      ...elsewhere(each.lent),
      requestId: GRANT,
      target,
      sessionNames: [SESSION],
      overFrom: "2026-11-24T10:00:00.000Z",
      mustStay: left,
      mayStay: left,
    }),
    fuses: listed(each.fuse, {
      ...place,
      ...elsewhere(each.fuse),
      target: event.policyArn ?? GROUPS,
      roleArn: FUSE_ROLE,
      at: "2026-11-24T10:00:00.000Z",
      until: "2026-11-24T11:00:00.000Z",
      requestIds: ["fused"],
    }),
    expected: listed(each.expected, {
      principal: each.expected === "equal" ? (event.caller.roleArn ?? "") : "somebody",
      reason: "Terraform",
    }),
    fuseRoleArn: FUSE_ROLE,
  };
}

/** The rules once more, as a reader would write them down: the first that holds decides. */
function outcomeOf(each: Case): string {
  const { operation, caller, isFailed } = each;
  const removes = operation !== "CreateAccessEntry";
  const fires = operation === "DeleteAccessEntry" || operation === "DisassociateAccessPolicy";
  const rules: readonly (readonly [boolean, string])[] = [
    [each.recorded === "equal" && caller === "grantor", "confirmed"],
    [each.recorded === "different", "forged-request-id"],
    [caller === "other" && isFailed, "unchanged"],
    [caller === "other" && each.expected === "equal", "expected"],
    [caller === "other", "outside-change"],
    [!each.isSettled, "wait"],
    [caller === "grantor" && each.intent === "equal", "intent"],
    [caller === "grantor" && removes && each.lent === "equal", "removal"],
    [caller === "grantor", "grantor-outside-call"],
    [fires && each.fuse === "equal", "fuse"],
    [true, "fuse-outside-schedule"],
  ];
  return rules.find(([holds]) => holds)?.[1] ?? "";
}

function nameOf(explanation: Explanation): string {
  if (explanation.outcome === "ours") return explanation.why;
  return explanation.outcome === "finding" ? explanation.finding.code : explanation.outcome;
}

describe("The order of explanations", () => {
  it("Every combination of what happened and what is known has the first explanation that holds", () => {
    const seen = new Set<string>();
    let cases = 0;
    for (const each of allCases()) {
      const event = eventOf(each);
      const now = each.isSettled ? LATER : SOON;
      const name = nameOf(explainEvent(event, factsOf(each, event), now, TIMES));
      if (name !== outcomeOf(each)) expect({ ...each, name }).toEqual(outcomeOf(each));
      seen.add(name);
      cases += 1;
    }
    expect(cases).toBe(5 * 3 * 2 * 2 * 3 ** 5);
    expect(seen.size).toBe(11);
  });
});

const explain = (event: TrailEvent, known: Partial<KnownFacts> = {}, now = LATER) =>
  explainEvent(event, { fuseRoleArn: FUSE_ROLE, ...known }, now, TIMES);

function findingOf(event: TrailEvent, now = LATER) {
  const explanation = explain(event, {}, now);
  if (explanation.outcome !== "finding") throw new Error(`It is ${explanation.outcome}.`);
  return explanation.finding;
}

describe("Explanations", () => {
  it("A finding says who did what to which target, with the elements before and after", () => {
    const event = anEvent({ caller: MALLORY, scope: { type: "cluster" } });
    expect(changedFrom(["ns/payments"], findingOf(event, SOON))).toEqual({
      code: "outside-change",
      eventKey: event.eventId,
      event,
      target: VIEW,
      before: ["ns/payments"],
      after: ["cluster"],
      differs: [],
    });
  });

  it("A failed call of the grantor role that nothing explains is a finding that changed nothing", () => {
    const event = anEvent({ errorCode: "AccessDenied" });
    expect(changedFrom(["ns/other"], findingOf(event))).toMatchObject({
      code: "grantor-outside-call",
      before: ["ns/other"],
      after: ["ns/other"],
    });
  });

  it("A finding about a request id that is another call's says in what they differ", () => {
    const call = aCall({ principalArn: FUSE_ROLE, target: "groups" });
    expect(explain(anEvent(), { call })).toMatchObject({
      finding: { code: "forged-request-id", differs: ["principalArn", "target"] },
    });
  });

  it("A call with another request id explains nothing", () => {
    expect(explain(anEvent({ eksRequestId: null }), { call: aCall() })).toMatchObject({
      finding: { code: "grantor-outside-call" },
    });
  });

  it("An event of our role waits until it has settled, and says until when", () => {
    expect(explain(anEvent(), {}, SOON)).toEqual({ outcome: "wait", until: LATER });
  });

  it("A session that imitates ours under another role is an outside change at once", () => {
    const caller = { ...MALLORY, sessionName: SESSION, sourceIdentity: "alice" };
    expect(explain(anEvent({ caller }), {}, SOON)).toMatchObject({
      finding: { code: "outside-change" },
    });
  });

  it("To one deployment, the grantor role of another one is a stranger", () => {
    const caller = { ...OURS, roleArn: "arn:aws:iam::111122223333:role/beta-grantor" };
    expect(explain(anEvent({ caller }))).toMatchObject({ finding: { code: "outside-change" } });
    expect(explain(anEvent({ caller }), { deployment: "beta" })).toMatchObject({
      finding: { code: "grantor-outside-call" },
    });
    expect(explain(anEvent(), { deployment: "beta" })).toMatchObject({
      finding: { code: "outside-change" },
    });
  });

  it("A grantor role of another account or in a path is judged by account and name", () => {
    const foreign = { ...OURS, roleArn: "arn:aws:iam::999999999999:role/timelatch-grantor" };
    const groups = {
      ...OURS,
      roleArn: "arn:aws:iam::111122223333:role/x/timelatch-grantor-groups",
    };
    expect(explain(anEvent({ caller: foreign }))).toMatchObject({
      finding: { code: "outside-change" },
    });
    expect(explain(anEvent({ caller: groups }))).toMatchObject({
      finding: { code: "grantor-outside-call" },
    });
  });

  it("What a deletion took is a finding before its caller is expected, and names the deletion", () => {
    const deletion = {
      eksRequestId: "deletion",
      sessionName: SESSION,
      at: SOON,
      requestIds: [GRANT],
    };
    const taken = { ...deletion, at: "2026-11-24T10:00:31.000Z" };
    const expected = [{ principal: MALLORY.roleArn ?? "", reason: "Terraform" }];
    const added = anEvent({ caller: MALLORY });
    expect(explain(added, { deletions: [deletion, taken], expected })).toMatchObject({
      finding: { code: "taken-with-entry", taken },
    });
    expect(explain(added, { deletions: [deletion], expected })).toMatchObject({
      outcome: "expected",
    });
    expect(explain(added, { ends: [null], expected }, added.eventTime)).toEqual({
      outcome: "wait",
      until: "2026-11-24T10:01:07.000Z",
    });
  });

  it("A corrected record is explained under the key of the first", () => {
    const addendum = { reason: "UPDATED_DATA", originalRequestId: null, originalEventId: "first" };
    expect(explain(anEvent({ caller: MALLORY, addendum }))).toMatchObject({
      finding: { eventKey: "first" },
    });
  });
});

describe("An error that does not say whether the call was carried out", () => {
  const byAdministrator = (errorCode: string) =>
    explainEvent(
      anEvent({ caller: CALLERS.other, errorCode }),
      { fuseRoleArn: FUSE_ROLE },
      LATER,
      TIMES,
    );

  it.each(["ServerException", "InternalFailure", "ServiceUnavailable", "RequestTimeout"])(
    "%s of an unknown caller's call is a change that nothing explains",
    (errorCode) => {
      expect(nameOf(byAdministrator(errorCode))).toBe("outside-change");
    },
  );

  it.each(["AccessDenied", "InvalidParameterException", "ResourceLimitExceededException"])(
    "%s is a refusal, which changed nothing",
    (errorCode) => {
      expect(nameOf(byAdministrator(errorCode))).toBe("unchanged");
    },
  );
});
