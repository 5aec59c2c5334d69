/** The proof of a grant's end, as converge stores it with the end. */
import { describe, expect, it } from "vitest";
import {
  failCalls,
  refusedWith,
  timesOf,
  VISIBLE_SECONDS,
} from "../../../../../lab/fakes/broker-sights.ts";
import { ALICE, aPolicy, STAGING } from "../../../../../lab/fakes/builders.ts";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
  VIEW,
  view,
} from "../../../../../lab/fakes/memory-broker.ts";
import { bindingKey } from "../../../../../shared/domain/entries/binding.ts";
import type { Access, AccessRequest } from "../../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

/** Ends a grant, and runs converge until its end is stored. */
async function ended(broker: MemoryBroker, grant: AccessRequest, binding?: string) {
  await broker.end(grant, "return");
  for (let run = 0; run < 3; run += 1) {
    await broker.converge(binding);
    broker.clock.advance(VISIBLE_SECONDS);
  }
  const request = await broker.ports.requests.load(grant.id);
  expect(request.state).toBe("ended");
  const events = await broker.ports.requests.history(grant.id);
  expect(events.at(-1)).toMatchObject({ type: "settle", details: { proof: request.endProof } });
  return request.endProof;
}

describe("The end of a grant", () => {
  it("It rests on a read that began after the removal, and that shows nothing of it", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(VISIBLE_SECONDS);
    const endedFrom = broker.clock.now();
    const proof = await ended(broker, grant);
    expect(proof).toMatchObject({ hadBegun: true, stayed: [], stayedBy: [] });
    expect((proof?.readAt ?? "") >= endedFrom).toBe(true);
    expect(broker.entries.peek(broker.addressOf())).toBeUndefined();
  });

  it("It names what another grant goes on lending, and that grant", async () => {
    const broker = memoryBroker();
    const first = await broker.activeGrant({ access: edit("payments-api", "payments-web") });
    broker.clock.advance(VISIBLE_SECONDS);
    const second = await broker.activeGrant({ access: edit("payments-web") });
    broker.clock.advance(VISIBLE_SECONDS);
    expect(await ended(broker, first)).toMatchObject({
      hadBegun: true,
      stayed: ["ns/payments-web"],
      stayedBy: [second.id],
    });
    expect(broker.namespaces(EDIT)).toEqual(["payments-web"]);
  });

  it("It names standing access that gave the same before", async () => {
    const broker = memoryBroker();
    const before = plusSeconds(broker.clock.now(), -86_400);
    broker.entries.edit(
      broker.addressOf(),
      () => ({ targets: { [EDIT]: ["ns/payments-api"] } }),
      before,
    );
    const grant = await broker.activeGrant();
    broker.clock.advance(VISIBLE_SECONDS);
    expect(await ended(broker, grant)).toMatchObject({
      hadBegun: true,
      stayed: ["ns/payments-api"],
      stayedBy: ["standing access"],
    });
  });

  it("It names what others added meanwhile, although the grant's own access is gone", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(VISIBLE_SECONDS);
    broker.entries.edit(broker.addressOf(), (entry) => ({
      ...(entry ?? {}),
      targets: { ...entry?.targets, [EDIT]: ["cluster"] },
    }));
    const proof = await ended(broker, grant);
    expect(proof).toMatchObject({ stayed: ["ns/payments-api"], stayedBy: ["standing access"] });
    expect(broker.entries.peek(broker.addressOf())?.targets).toEqual({ [EDIT]: ["cluster"] });
  });

  it("A grant that was ended before it began lent nothing", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.end(grant, "cancel");
    await broker.converge();
    const request = await broker.ports.requests.load(grant.id);
    expect(request).toMatchObject({ state: "ended", endProof: { hadBegun: false, readAt: null } });
  });

  it("A grant that was active has no proof where ledger and stored calls were lost", async () => {
    const broker = memoryBroker({
      wrap: (ports) => ({ ...ports, evidence: { ...ports.evidence, intents: async () => [] } }),
    });
    const grant = await broker.activeGrant();
    broker.clock.advance(VISIBLE_SECONDS);
    broker.entries.edit(broker.addressOf(), () => undefined);
    broker.ledgers.ledgers.clear();
    await broker.end(grant, "return");
    for (let run = 0; run < 3; run += 1) {
      await broker.converge();
      broker.clock.advance(600);
    }
    const { state, endProof } = await broker.ports.requests.load(grant.id);
    expect({ state, endProof }).toEqual({ state: "ended", endProof: undefined });
  });
});

describe("The end of a grant beside a wider one", () => {
  const STAGED = bindingKey(STAGING.arn, ALICE);

  /** Alice may view all or parts of staging, and patterns of its namespaces. */
  function staging() {
    const plain = aPolicy();
    const rules = plain.rules.map((rule) =>
      rule.name === "payments-edit"
        ? {
            ...rule,
            name: "view-part",
            clusters: ["staging"],
            approval: [],
            access: { ...rule.access, wildcards: true },
          }
        : rule,
    );
    const broker = memoryBroker({ policy: { ...plain, rules } });
    const lend = async (access: Access) => {
      const grant = await broker.grant({ cluster: "staging", access });
      await broker.converge(STAGED);
      broker.clock.advance(VISIBLE_SECONDS);
      return grant;
    };
    return { broker, lend };
  }

  it("It names a grant whose namespace pattern permits the same", async () => {
    const { broker, lend } = staging();
    const first = await lend(view("payments-api"));
    const second = await lend(view("payments-*"));
    expect(await ended(broker, first, STAGED)).toMatchObject({
      hadBegun: true,
      stayed: ["ns/payments-api"],
      stayedBy: [second.id],
    });
  });

  it("It names a wider grant although somebody had taken that access away", async () => {
    const { broker, lend } = staging();
    const first = await lend(view("payments-api"));
    const second = await lend({ policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } });
    const address = broker.addressOf(STAGING.arn);
    broker.entries.edit(address, (entry) => entry && { ...entry, targets: {} });
    expect(await ended(broker, first, STAGED)).toMatchObject({
      hadBegun: true,
      stayed: ["ns/payments-api"],
      stayedBy: [second.id],
    });
    expect(broker.entries.peek(address)?.targets).toEqual({ [VIEW]: ["cluster"] });
  });
});

describe("The end of a grant that a lost ledger does not know", () => {
  /** A run stored its call and broke off; then the ledger was lost, the grant returned, and the cluster deleted. */
  async function afterItsCluster() {
    const broker = memoryBroker();
    const grant = await broker.grant();
    broker.breakPort("entries.create", new Error("The run broke off."));
    await broker.converge().catch(() => undefined);
    broker.ledgers.ledgers.clear();
    await broker.end(grant, "cancel");
    return { broker, grant };
  }

  it("It ends once its cluster is certainly gone, and nothing is claimed", async () => {
    const { broker, grant } = await afterItsCluster();
    failCalls(broker, "DescribeAccessEntry", refusedWith("ClusterNotFound"));
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "ending" });
    broker.clock.advance(VISIBLE_SECONDS);
    await broker.converge();
    const { state, endProof } = await broker.reload(grant);
    expect({ state, endProof }).toEqual({ state: "ended", endProof: undefined });
  });

  it("It is due for no removal at its own time, since it is ending already", async () => {
    const { broker, grant } = await afterItsCluster();
    failCalls(broker, "DescribeAccessEntry", refusedWith("ClusterNotFound"));
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["ending"]);
    expect(timesOf(broker)).toMatchObject({ dueFor: "confirmation", removeAt: null });
  });

  it("Where a read shows nothing of it, nobody knows whether it had begun", async () => {
    const { broker, grant } = await afterItsCluster();
    for (let run = 0; run < 3; run += 1) {
      await broker.converge();
      broker.clock.advance(600);
    }
    const { state, endProof } = await broker.reload(grant);
    expect({ state, endProof }).toEqual({ state: "ended", endProof: undefined });
  });
});
