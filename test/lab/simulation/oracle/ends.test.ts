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
function ended(own: Partial<Profile> = {}) {
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
    access: { policy: "AmazonEKSEditPolicy", scope: { type: "namespace", namespaces: ["app-a"] } },
    state: "ending",
    revokeAt: instantOf(time.now),
  };
  tables.requests.set(grant.id, grant);
  facts.begun.add(grant.id);
  entries.edit(ADDRESS, () => ({ targets: { [EDIT]: [ELEMENT] } }));
  return {
    facts,
    truth,
    ends: new EndWatch(facts),
    counts: () => tally.counts["ends"],
    takenAway: () => entries.edit(ADDRESS, () => ({ targets: {} })),
  };
}

describe("the end of a grant", () => {
  it("An end is judged once its access is gone, strictly where nothing went wrong", () => {
    const { ends, truth, counts, takenAway } = ended();
    ends.inspect(truth);
    expect(counts()).toBeUndefined();
    takenAway();
    ends.inspect(truth);
    ends.inspect(truth);
    ends.conclude();
    expect(counts()).toEqual({ strictly: 1 });
  });

  it("An end is judged loosely where a fault may have an effect", () => {
    const { ends, facts, truth, counts, takenAway } = ended();
    facts.disturb(truth, facts.now);
    takenAway();
    ends.inspect(truth);
    expect(counts()).toEqual({ looselyAfterFault: 1 });
  });

  it("An end is judged loosely where others changed the same element, once its owner is clear", () => {
    const { ends, truth, counts, takenAway } = ended();
    truth.ambiguous.set(keyOf(EDIT, ELEMENT), 0);
    takenAway();
    ends.inspect(truth);
    expect(counts()).toBeUndefined();
    truth.ambiguous.clear();
    ends.inspect(truth);
    expect(counts()).toEqual({ looselyAfterEdit: 1 });
  });

  it("An end is judged by nobody where its owner never becomes clear", () => {
    const { ends, truth, counts, takenAway } = ended();
    truth.entryAmbiguous = true;
    takenAway();
    ends.inspect(truth);
    ends.conclude();
    expect(counts()).toEqual({ byNobody: 1 });
  });

  it("Without a sweep and with reads that lag, access must be gone once sweeps are back", () => {
    const { ends, facts, truth, counts, takenAway } = ended({ sweep: false, readLagSeconds: 45 });
    expect(goneBy(facts, truth, facts.now)).toBe(Number.POSITIVE_INFINITY);
    facts.sweptFrom = facts.now;
    expect(goneBy(facts, truth, facts.now)).toBe(facts.now + facts.bounds.recovery);
    takenAway();
    ends.inspect(truth);
    expect(counts()).toEqual({ looselyWithoutSweep: 1 });
  });

  it("With sweeps, access must be gone within the tight bound", () => {
    const { facts, truth } = ended({ readLagSeconds: 45 });
    expect(goneBy(facts, truth, facts.now)).toBe(facts.now + facts.bounds.tight);
  });
});
