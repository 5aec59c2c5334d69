import { describe, expect, it } from "vitest";
import { aPolicy, PROD } from "../../../../lab/fakes/builders.ts";
import { memoryClusterFactsStore } from "../../../../lab/fakes/memory-cluster-stores.ts";
import {
  listClusters,
  readClusterStanding,
} from "../../../../shared/usecases/clusters/read-clusters.ts";
import { standingWorld } from "./standing-fixture.ts";

/** Carol administers and audits; alice does neither. */
function asked(count = 3) {
  const reading = standingWorld(count);
  const facts = memoryClusterFactsStore();
  const ports = {
    policy: aPolicy(),
    standing: reading.store,
    clusters: facts,
    clock: reading.clock,
  };
  const actor = (name: string) => {
    const person = ports.policy.people[name];
    if (!person) throw new Error(`No ${name}.`);
    return { member: { name, ...person } } as Parameters<typeof listClusters>[1];
  };
  return {
    ...reading,
    facts,
    list: (by = "carol") => listClusters(ports, actor(by)),
    read: (name: string, page: { limit: number; after?: string } = { limit: 100 }, by = "carol") =>
      readClusterStanding(ports, actor(by), name, page),
  };
}

describe("Reading what stands on clusters", () => {
  it("Only admins and auditors may read it, whether or not the cluster exists", async () => {
    const { list, read } = asked();
    await expect(list("alice")).rejects.toMatchObject({ code: "forbidden" });
    for (const name of ["prod", "nope"])
      await expect(read(name, { limit: 1 }, "alice")).rejects.toMatchObject({ code: "forbidden" });
  });

  it("A misspelt cluster is refused with the one that was meant", async () => {
    await expect(asked().read("prdo")).rejects.toThrow("Did you mean prod?");
  });

  it.each(["nope", "", "constructor", "__proto__", PROD.arn])(
    "A cluster %j that access.yaml does not name is not found",
    async (name) => {
      await expect(asked().read(name)).rejects.toMatchObject({ code: "cluster-not-found" });
    },
  );

  it("Before anything was read, the answer is empty and says so", async () => {
    const { read } = asked();
    expect(await read("prod")).toMatchObject({
      items: [],
      cluster: { record: undefined, shown: undefined, facts: undefined, unread: undefined },
    });
  });

  it("Pages cover what was read once, and all of it", async () => {
    const { run, read } = asked(7);
    await run();
    const first = await read("prod", { limit: 4 });
    const second = await read("prod", { limit: 4, after: first.next ?? "" });
    expect([...first.items, ...second.items]).toHaveLength(7);
    expect(second.next).toBeUndefined();
  });

  it("A page after the cluster was read again is refused, so no list mixes two readings", async () => {
    const { run, read, clock } = asked(7);
    await run();
    const { next = "" } = await read("prod", { limit: 4 });
    clock.set("2026-11-24T17:00:00.000Z");
    await run();
    await expect(read("prod", { limit: 4, after: next })).rejects.toMatchObject({
      code: "invalid-cursor",
    });
  });

  it("A reading of a week ago is not shown", async () => {
    const { run, read, clock } = asked();
    await run();
    clock.set("2026-12-01T10:00:00.000Z");
    expect(await read("prod")).toMatchObject({ items: [], cluster: { shown: undefined } });
  });

  it("The answer has what converge saw, and what the rules lend there", async () => {
    const { facts, list } = asked();
    const checkedAt = "2026-11-24T09:59:00.000Z";
    await facts.save({ clusterArn: PROD.arn, description: null, checkedAt });
    const [prod, staging] = await list();
    expect(prod).toMatchObject({
      name: "prod",
      facts: { checkedAt },
      lends: {
        onCluster: ["AmazonEKSClusterAdminPolicy"],
        inNamespaces: [
          { policy: "AmazonEKSEditPolicy", namespaces: ["payments-*"] },
          { policy: "AmazonEKSViewPolicy", namespaces: ["payments-*"] },
        ],
        groups: [],
      },
    });
    expect(staging?.lends).toMatchObject({
      onCluster: ["AmazonEKSViewPolicy"],
      inNamespaces: [],
      groups: ["eks-admins"],
    });
  });
});
