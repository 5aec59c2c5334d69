/** Delegations as their records make them up, and what they are at an instant. */
import { describe, expect, it } from "vitest";
import { T0 } from "../../../../lab/fakes/builders.ts";
import { countedId } from "../../../../lab/fakes/counted-ids.ts";
import { delegationOf, stateOf } from "../../../../shared/domain/delegations/delegation.ts";
import {
  type DelegationRecord,
  endRecord,
  madeRecord,
} from "../../../../shared/domain/delegations/delegation-record.ts";
import { linked } from "../../../../shared/domain/values/hash-chain.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const ID = countedId(1);
const at = (seconds: number) => plusSeconds(T0, seconds);
const happened = (actor: string, seconds: number) => ({
  delegationId: ID,
  actor,
  at: at(seconds),
  policyHash: "a".repeat(64),
});
const BY = { surface: "api", proof: {} } as const;
const made = madeRecord(happened("bob", 0), { to: "erin", from: at(10), until: at(20), ...BY });
const end = endRecord(happened("carol", 15), BY, made);

/** The record with other members, and a hash that fits them. */
const forged = (record: DelegationRecord, changes: object) => {
  const { hash: _, ...body } = { ...record, ...changes };
  return linked(body) as DelegationRecord;
};

describe("A delegation by its records", () => {
  const whole = { id: ID, by: "bob", to: "erin", from: at(10), until: at(20), createdAt: T0 };

  it("One record makes it, and a second ends it", () => {
    expect(delegationOf(ID, [made])).toEqual({ ...whole, ended: null });
    expect(delegationOf(ID, [made, end])).toEqual({
      ...whole,
      ended: { person: "carol", at: at(15) },
    });
  });

  it.each<[string, readonly DelegationRecord[]]>([
    ["none", []],
    ["only an end", [end]],
    ["an end before it was made", [end, made]],
    ["two that make it", [made, forged(end, { type: "delegate", details: made.details })]],
    ["a third", [made, end, forged(end, { seq: 3, previousHash: end.hash })]],
    ["another one's", [forged(made, { delegationId: countedId(2) })]],
    ["another one's end", [made, forged(end, { delegationId: countedId(2) })]],
    ["one whose hash does not fit", [{ ...made, actor: "mallory" }]],
    ["an end that follows something else", [made, forged(end, { previousHash: "b".repeat(64) })]],
    ["no instant of its making", [forged(made, { at: "soon" })]],
    ["no instant of its beginning", [forged(made, { details: { ...made.details, from: "soon" } })]],
    ["no instant of its end", [forged(made, { details: { ...made.details, until: "late" } })]],
    ["no instant at which it was ended", [made, forged(end, { at: "soon" })]],
  ])("There is none where the records are: %s", (_, records) => {
    expect(delegationOf(ID, records)).toBeUndefined();
  });

  it("There is none of another id", () => {
    expect(delegationOf(countedId(2), [made])).toBeUndefined();
  });
});

describe("The state of a delegation at an instant", () => {
  const times = [9, 10, 14, 15, 19, 20] as const;
  const states = (more: object, until = at(20)) => {
    const one = { id: ID, by: "bob", to: "erin", from: at(10), until: at(20), createdAt: T0 };
    return times.map((seconds) => stateOf({ ...one, ended: null, ...more }, until, at(seconds)));
  };

  it("It is in force from its beginning until just before its end", () => {
    expect(states({})).toEqual(["coming", ...Array(4).fill("in-force"), "over"]);
    expect(states({}, at(15))).toEqual([
      ...["coming", "in-force", "in-force", "over", "over", "over"],
    ]);
  });

  it("It is in force no earlier than it was made, whatever it claims", () => {
    expect(states({ createdAt: at(15) })).toEqual([
      ...["coming", "coming", "coming", "in-force", "in-force", "over"],
    ]);
  });

  it("It is ended from when somebody ended it, and not before", () => {
    expect(states({ ended: { person: "bob", at: at(15) } })).toEqual([
      ...["coming", "in-force", "in-force", "ended", "ended", "ended"],
    ]);
  });
});
