/** By when an open grant must have begun and ended, and the facts that excuse a delay. */
import { describe, expect, it } from "vitest";
import { aFirstStep } from "../../../../lab/fakes/builders.ts";
import { checkTimes } from "../../../../lab/simulation/oracle/deadlines.ts";
import { Facts } from "../../../../lab/simulation/oracle/facts.ts";
import type { Profile } from "../../../../lab/simulation/profile.ts";
import { addressOf, bindingAt, CLUSTERS } from "../../../../lab/simulation/sim-policy.ts";
import { keyOfTicket } from "../../../../lab/simulation/ticket-policy.ts";
import { instantOf } from "../../../../lab/simulation/virtual-time.ts";
import { makeWorld } from "../../../../lab/simulation/world.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";

const ADDRESS = addressOf("one", "oncall");
const BINDING = bindingAt(ADDRESS);
const MINUTE = 60_000;
const CALM = { sweep: true, readLagSeconds: 0, deadConnection: 0, skewSeconds: 0 };

/** An approved grant of ten minutes that nothing has begun, and what the oracle finds a while after its start. */
function approved(own: Partial<Profile> = {}) {
  const options = { without: new Set<never>(), slack: "healthy", evidence: "absent" } as const;
  const { oracle, time, profile, startedAt } = makeWorld(1, options, () => undefined);
  oracle.watchOver(BINDING, "one/oncall", ADDRESS);
  const truth = oracle.truths.get(BINDING);
  if (!truth) throw new Error("The oracle watches over nothing.");
  const facts = new Facts({ ...oracle.facts.options, profile: { ...profile, ...CALM, ...own } });
  facts.truths.set(BINDING, truth);
  const { request } = aFirstStep();
  const at = (minutes: number) => instantOf(startedAt + minutes * MINUTE);
  const grant: AccessRequest = {
    ...request,
    cluster: { ...request.cluster, name: "one", arn: CLUSTERS["one"] ?? "" },
    principalArn: ADDRESS.principalArn,
    rule: "edit",
    state: "approved",
    approvedAt: at(0),
    revokeAt: at(10),
    expiresAt: at(12),
  };
  return {
    facts,
    truth,
    grant,
    at,
    /** The broken rules, a number of minutes after the approval. */
    foundAfter: async (minutes: number, over: Partial<AccessRequest> = {}) => {
      let isOver = false;
      time.at(startedAt + minutes * MINUTE, () => {
        checkTimes(facts, truth, { ...grant, ...over });
        isOver = true;
      });
      await time.run(() => isOver);
      return facts.violations.map(({ invariant }) => invariant);
    },
  };
}

describe("the start of a grant whose approver was suspended", () => {
  const CAT = {
    person: "cat",
    surface: "api",
    at: "2026-11-24T10:00:00.000Z",
    proof: {},
  } as const;
  const EARLIER = { at: 0, lends: () => true };

  /** After a deployment, where converge waits with a refusal. */
  function suspended(names: readonly string[]) {
    const life = approved();
    life.facts.deployments.push(EARLIER);
    for (const name of names) life.facts.stoppedAt.set(name, Date.parse(life.at(1)));
    return life;
  }
  const APPROVED = { approvals: [CAT], revokeAt: "2026-11-24T12:00:00.000Z" };

  it("A grant waits with its refusal while the policy may be on its way", async () => {
    expect(await suspended(["cat"]).foundAfter(9, APPROVED)).toEqual([]);
  });

  it("A grant is refused once the policy has arrived everywhere", async () => {
    expect(await suspended(["cat"]).foundAfter(20, APPROVED)).toEqual(["starts-in-time"]);
  });

  it("A grant waits for nobody once the stop was lifted", async () => {
    const { facts, foundAfter, at } = suspended(["cat"]);
    facts.liftedAt.set("cat", Date.parse(at(2)));
    expect(await foundAfter(9, APPROVED)).toEqual(["starts-in-time"]);
  });

  it("A grant waits for nobody who did not approve it", async () => {
    expect(await suspended(["dan"]).foundAfter(9, APPROVED)).toEqual(["starts-in-time"]);
  });

  it("A grant waits for nobody whose approval is one too many", async () => {
    const approvals = [CAT, { ...CAT, person: "dan" }];
    expect(await suspended(["cat"]).foundAfter(9, { ...APPROVED, approvals })).toEqual([
      "starts-in-time",
    ]);
  });
});

describe("the start of a grant whose ticket was read as closed", () => {
  const TICKETED = { ticket: "PAY-1", revokeAt: "2026-11-24T12:00:00.000Z" };

  function closed(ticket: string, isDeployed: boolean) {
    const life = approved();
    if (isDeployed) life.facts.deployments.push({ at: 0, lends: () => true });
    life.facts.closedTickets.add(keyOfTicket(ticket));
    return life;
  }

  it("A grant waits with its refusal while the policy may be on its way, and no longer", async () => {
    expect(await closed("PAY-1", true).foundAfter(9, TICKETED)).toEqual([]);
    expect(await closed("PAY-1", true).foundAfter(20, TICKETED)).toEqual(["starts-in-time"]);
  });

  it("A grant waits for no ticket of another grant, and not without a deployment", async () => {
    expect(await closed("PAY-2", true).foundAfter(9, TICKETED)).toEqual(["starts-in-time"]);
    expect(await closed("PAY-1", false).foundAfter(9, TICKETED)).toEqual(["starts-in-time"]);
  });
});

describe("the end of a grant that has not begun", () => {
  it("A grant that was to start at once is final in time, also where no sweep runs", async () => {
    expect(await approved({ sweep: false }).foundAfter(30)).toContain("final-in-time");
  });

  it("A grant with a later start waits for a run, where no sweep starts one", async () => {
    const { foundAfter, at } = approved({ sweep: false });
    expect(await foundAfter(30, { startsAt: at(5) })).toEqual([]);
  });

  it("A grant with a later start is final in time where a run has looked since", async () => {
    const { foundAfter, at, truth } = approved({ sweep: false });
    truth.lookedAt = Date.parse(at(6));
    expect(await foundAfter(30, { startsAt: at(5) })).toEqual(["final-in-time"]);
  });

  it("A grant with a later start is final in time where a sweep runs", async () => {
    const { foundAfter, at } = approved();
    expect(await foundAfter(30, { startsAt: at(5) })).toContain("final-in-time");
  });
});
