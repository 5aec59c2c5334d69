import { describe, expect, it } from "vitest";
import { ALICE, aPolicy, T0 } from "../../../../lab/fakes/builders.ts";
import { withAdmins } from "../../../../lab/fakes/two-admins.ts";
import {
  accessBlocks,
  type BlockedSight,
} from "../../../../shared/domain/entries/access-blocks.ts";
import type { Rule } from "../../../../shared/domain/policy/policy.ts";
import { ruleNamed } from "../../../../shared/domain/policy/policy-index.ts";
import type { Stopped } from "../../../../shared/domain/stops/stops.ts";

const BY_CAROL = { by: "carol", at: "2026-11-24T09:00:00.000Z", reason: "laptop stolen" };
const NOBODY: Stopped = { people: {}, drain: null };

/** T0 is a Tuesday, 10:00 UTC. */
const AT_NIGHT: Rule = {
  ...(ruleNamed(aPolicy(), "payments-edit") as Rule),
  hours: { days: ["tue"], from: "20:00", to: "22:00", timezone: "UTC" },
};

const blocks = (stopped: Stopped, over: Partial<BlockedSight> = {}, policy = withAdmins()) =>
  accessBlocks(
    policy,
    stopped,
    { person: "alice", principals: [ALICE], reader: "dora", seesReasons: true, rules: [], ...over },
    T0,
  );

describe("Blocks that keep access from a person", () => {
  it("Nothing does while only others are suspended, and rules are open", () => {
    const rule = { ...AT_NIGHT, hours: null };
    expect(blocks({ ...NOBODY, people: { bob: BY_CAROL } }, { rules: [rule] })).toEqual([]);
  });

  it.each([
    ["dora", true],
    ["carol", false],
    ["alice", false],
  ])("On a suspension, %s reads who may lift it, and whether they may: %s", (reader, mayLift) => {
    expect(blocks({ ...NOBODY, people: { alice: BY_CAROL } }, { reader })).toEqual([
      {
        code: "suspended",
        person: "alice",
        principalArn: null,
        ...BY_CAROL,
        liftedBy: ["dora", "erin"],
        mayLift,
      },
    ]);
  });

  it("A person who may not see the reason reads the suspension without it", () => {
    const seen = blocks({ ...NOBODY, people: { alice: BY_CAROL } }, { seesReasons: false });
    expect(seen).toMatchObject([{ code: "suspended", by: "carol", reason: null }]);
  });

  it("A drain blocks everyone, beside a suspension", () => {
    const stopped = { people: { alice: BY_CAROL }, drain: BY_CAROL };
    expect(blocks(stopped).map(({ code }) => code)).toEqual(["suspended", "drained"]);
  });

  it("The suspension of another holder blocks what both hold, and no other principal", () => {
    const policy = withAdmins();
    const { bob } = policy.people;
    if (!bob) throw new Error("There is no bob.");
    const shared = {
      ...policy,
      people: { ...policy.people, bob: { ...bob, principals: [ALICE] } },
    };
    const stopped = { ...NOBODY, people: { bob: BY_CAROL } };
    const expected = [{ code: "suspended", person: "bob", principalArn: ALICE }];
    expect(blocks(stopped, {}, shared)).toMatchObject(expected);
    expect(blocks(stopped, { principals: [`${ALICE}-2`] }, shared)).toEqual([]);
  });

  it("A rule outside of its hours is named, with when it opens", () => {
    expect(blocks(NOBODY, { rules: [AT_NIGHT] })).toEqual([
      { code: "outside-hours", rule: "payments-edit", opensAt: "2026-11-24T20:00:00.000Z" },
    ]);
  });
});
