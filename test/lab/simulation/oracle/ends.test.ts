/** By which bound the end of a grant is judged, and that every end is. */
import { describe, expect, it } from "vitest";
import { aFirstStep } from "../../../../lab/fakes/builders.ts";
import { goneBy } from "../../../../lab/simulation/oracle/deadlines.ts";
import { EndWatch } from "../../../../lab/simulation/oracle/ends.ts";
import { Facts } from "../../../../lab/simulation/oracle/facts.ts";
import { keyOf } from "../../../../lab/simulation/oracle/truth.ts";
import type { Profile } from "../../../../lab/simulation/profile.ts";
import { addressOf, bindingAt, CLUSTERS, EDIT } from "../../../../lab/simulation/sim-policy.ts";
import { instantOf } from "../../../../lab/simulation/virtual-time.ts";
import { makeWorld } from "../../../../lab/simulation/world.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";

const ADDRESS = addressOf("one", "oncall");
const BINDING = bindingAt(ADDRESS);
const ELEMENT = "ns/app-a";
const CALM = { sweep: true, readLagSeconds: 0, deadConnection: 0 };

/** A grant that began and has just ended, on an entry that still has its access. */
function ended(own: Partial<Profile> = {}, namespaces = ["app-a"]) {
  const options = { without: new Set<never>(), slack: "healthy", evidence: "absent" } as const;
  const { oracle, entries, tables, time, profile, tally } = makeWorld(1, options, () => undefined);
  oracle.watchOver(BINDING, "one/oncall", ADDRESS);
  const truth = oracle.truths.get(BINDING);
  if (!truth) throw new Error("The oracle watches over nothing.");
  const facts = new Facts({ ...oracle.facts.options, profile: { ...profile, ...CALM, ...own } });
  facts.truths.set(BINDING, truth);
  const { request } = aFirstStep();
  const grant: AccessRequest = {
    ...request,
    cluster: { ...request.cluster, name: "one", arn: CLUSTERS["one"] ?? "" },
    principalArn: ADDRESS.principalArn,
    access: { policy: "AmazonEKSEditPolicy", scope: { type: "namespace", namespaces } },
    state: "ending",
    revokeAt: instantOf(time.now),
  };
  tables.requests.set(grant.id, grant);
  facts.begun.add(grant.id);
  entries.edit(ADDRESS, () => ({ targets: { [EDIT]: namespaces.map((each) => `ns/${each}`) } }));
  const ends = new EndWatch(facts);
  const set = (elements: readonly string[]) => {
    const before = facts.actual(truth);
    entries.edit(ADDRESS, () => ({ targets: { [EDIT]: elements } }));
    return before;
  };
  return {
    facts,
    truth,
    ends,
    grant,
    /** Looks at the entry while nothing changes. */
    look: () => ends.inspect(truth, facts.actual(truth)),
    /** Looks at the entry right after this change. */
    lookAfter: (elements: readonly string[]) => ends.inspect(truth, set(elements)),
    counts: () => tally.counts["ends"],
    takenAway: () => set([]),
  };
}

describe("the end of a grant", () => {
  it("An end is judged once its access is gone, strictly where nothing went wrong", () => {
    const { ends, look, counts, takenAway } = ended();
    look();
    expect(counts()).toBeUndefined();
    takenAway();
    look();
    look();
    ends.conclude();
    expect(counts()).toEqual({ strictly: 1 });
  });

  it("An end is judged loosely where a fault may have an effect", () => {
    const { facts, truth, look, counts, takenAway } = ended();
    facts.disturb(truth, facts.now);
    takenAway();
    look();
    expect(counts()).toEqual({ looselyAfterFault: 1 });
  });

  it("An end is judged loosely where others changed the same element, once its owner is clear", () => {
    const { truth, look, counts, takenAway } = ended();
    truth.ambiguous.set(keyOf(EDIT, ELEMENT), 0);
    takenAway();
    look();
    expect(counts()).toBeUndefined();
    truth.ambiguous.clear();
    look();
    expect(counts()).toEqual({ looselyAfterEdit: 1 });
  });

  it("An end is judged by nobody where its owner never becomes clear", () => {
    const { ends, truth, look, counts, takenAway } = ended();
    truth.entryAmbiguous = true;
    takenAway();
    look();
    ends.conclude();
    expect(counts()).toEqual({ byNobody: 1 });
  });

  it("Without a sweep and with reads that lag, access must be gone once sweeps are back", () => {
    const { facts, truth, look, counts, takenAway } = ended({ sweep: false, readLagSeconds: 45 });
    expect(goneBy(facts, truth, facts.now)).toBe(Number.POSITIVE_INFINITY);
    facts.sweptFrom = facts.now;
    expect(goneBy(facts, truth, facts.now)).toBe(facts.now + facts.bounds.recovery);
    takenAway();
    look();
    expect(counts()).toEqual({ looselyWithoutSweep: 1 });
  });

  it("With sweeps, access must be gone within the tight bound", () => {
    const { facts, truth } = ended({ readLagSeconds: 45 });
    expect(goneBy(facts, truth, facts.now)).toBe(facts.now + facts.bounds.tight);
  });

  it("Access that is left after an end is kept with its time", () => {
    const { ends, facts, grant, look } = ended();
    look();
    expect(ends.leftAt.get(grant.id)).toBe(facts.now);
  });

  it("An element that was gone and is there again is not the grant's, though another one is left", () => {
    const { ends, grant, lookAfter } = ended({}, ["app-a", "app-b"]);
    lookAfter([ELEMENT]);
    ends.leftAt.clear();
    lookAfter(["ns/app-b"]);
    expect(ends.leftAt.has(grant.id)).toBe(false);
  });

  it("Access that was gone before the first change after the end is not the grant's", () => {
    const { ends, grant, lookAfter, takenAway } = ended();
    takenAway();
    lookAfter([ELEMENT]);
    expect(ends.leftAt.has(grant.id)).toBe(false);
  });
});
