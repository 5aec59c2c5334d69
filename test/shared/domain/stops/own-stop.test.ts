/** The view of a stopped person, and the admins who may lift it. */
import { describe, expect, it } from "vitest";
import { aPolicy } from "../../../../lab/fakes/builders.ts";
import { withAdmins } from "../../../../lab/fakes/two-admins.ts";
import { liftClause } from "../../../../shared/domain/stops/lifters.ts";
import { ownStop } from "../../../../shared/domain/stops/own-stop.ts";
import type { Stopped } from "../../../../shared/domain/stops/stops.ts";

const BY_CAROL = { by: "carol", at: "2026-11-24T10:00:00.000Z", reason: "an incident" };
const DRAINED: Stopped = { people: {}, drain: BY_CAROL };
const suspended = (...names: readonly string[]): Stopped => ({
  people: Object.fromEntries(names.map((name) => [name, BY_CAROL])),
  drain: null,
});
const said = (name: string, stopped: Stopped, policy = withAdmins()) => {
  const stop = ownStop(policy, stopped, name);
  return stop && `${stop.code}: ${liftClause(stop)}`;
};

describe("The stop that keeps somebody from asking", () => {
  it("Nothing does while only others are suspended", () => {
    expect(said("alice", suspended("bob"))).toBeUndefined();
  });

  it.each([
    ["alice", "dora or erin can lift it"],
    ["carol", "dora or erin can lift it"],
    ["dora", "you can lift it"],
  ])("While the broker is drained, %s reads: %s", (name, way) => {
    expect(said(name, DRAINED)).toBe(`drained: ${way}`);
  });

  it("A suspended person reads which admins may lift it, and an admin never lifts their own", () => {
    expect(said("alice", suspended("alice"))).toBe("suspended: dora or erin can lift it");
    expect(said("dora", suspended("dora"))).toContain("erin can lift it");
  });

  it("Where a person is suspended and everyone is drained, the suspension is named", () => {
    const both = { ...suspended("dora"), drain: BY_CAROL };
    expect(said("dora", both)).toBe("suspended: erin can lift it");
    expect(said("erin", both)).toContain("you can lift it");
  });

  it("Where no other admin is left, the text says that access.yaml needs one", () => {
    expect(said("alice", DRAINED, aPolicy())).toContain(
      "nobody can lift it until access.yaml has another admin",
    );
  });
});
