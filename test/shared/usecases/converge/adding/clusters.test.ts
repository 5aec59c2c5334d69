/** Clusters that are gone, were recreated, take no entries, or cannot be described. */
import { describe, expect, it } from "vitest";
import {
  failCalls,
  isDueSoon,
  isLedgerEmpty,
  ns,
  refusedWith,
  timesOf,
  UNANSWERED,
  VISIBLE_SECONDS,
  watchAws,
} from "../../../../../lab/fakes/broker-sights.ts";
import { PROD } from "../../../../../lab/fakes/builders.ts";
import { EDIT, memoryBroker, VIEW, view } from "../../../../../lab/fakes/memory-broker.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";
import { checkCluster } from "../../../../../shared/usecases/clusters/check-cluster.ts";

describe("A cluster that is gone", () => {
  it("A deleted cluster ends its grants at the second look, with the reason", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clusters.delete(PROD.arn);
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
    const again = plusSeconds(broker.clock.now(), VISIBLE_SECONDS);
    expect(timesOf(broker)).toMatchObject({ dueAt: grant.revokeAt, driftCheckAt: again });
    broker.clock.set(again);
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({
      state: "ended",
      outcome: { code: "cluster-gone" },
    });
    await broker.settle();
    expect(await isLedgerEmpty(broker)).toBe(true);
    expect(timesOf(broker).dueAt).toBeNull();
  });

  it("A deleted cluster fails grants that have not begun, at the second look", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    broker.clusters.delete(PROD.arn);
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "approved" });
    broker.clock.advance(VISIBLE_SECONDS);
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({
      state: "failed",
      outcome: { code: "cluster-gone" },
    });
    expect(broker.entries.calls).toEqual([]);
  });

  it("A cluster that only DescribeCluster misses fails grants at the second look", async () => {
    const broker = memoryBroker({
      wrap: (ports) => ({
        ...ports,
        entries: { ...ports.entries, cluster: async () => undefined },
      }),
    });
    const grant = await broker.grant();
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "approved" });
    await broker.settle();
    expect(broker.entries.calls).toEqual([]);
    expect(await broker.reload(grant)).toMatchObject({
      state: "failed",
      outcome: { code: "cluster-gone" },
    });
  });

  it("A deleted cluster gets no calls, even if others had an entry there", async () => {
    const broker = memoryBroker();
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [EDIT]: ns("base") } }));
    broker.clock.advance(60);
    const grant = await broker.activeGrant();
    const calls = broker.entries.calls.length;
    broker.clusters.delete(PROD.arn);
    await broker.settle();
    expect(broker.entries.calls).toHaveLength(calls);
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
    // A stale read may still show what the second look found gone, for one read lag.
    expect(await isLedgerEmpty(broker)).toBe(false);
    await broker.settle(VISIBLE_SECONDS);
    expect(broker.entries.calls).toHaveLength(calls);
    expect(await isLedgerEmpty(broker)).toBe(true);
  });

  it("A single answer that a cluster is gone ends no grant", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    failCalls(broker, "DescribeAccessEntry", refusedWith("ClusterNotFound"), { times: 1 });
    await broker.converge();
    await broker.settle();
    failCalls(broker, "DescribeAccessEntry", refusedWith("ClusterNotFound"), { times: 1 });
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
  });

  it("A grant that is over is removed without a read if one answer says that its cluster is gone", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    failCalls(broker, "DescribeAccessEntry", refusedWith("ClusterNotFound"), { times: 1 });
    await broker.convergeAtEnd(grant);
    expect(broker.namespaces(EDIT)).toEqual([]);
    expect(await broker.reload(grant)).toMatchObject({ state: "ending" });
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
    expect(broker.actual()).toBeUndefined();
  });
});

describe("A recreated cluster", () => {
  it("A recreated cluster inherits nothing and takes new grants", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    broker.entries.edit(broker.addressOf(), () => undefined);
    broker.createdAt.set(PROD.arn, broker.clock.now());
    const second = await broker.grant({ access: view("payments-api") });
    await broker.settle();
    expect(broker.namespaces(EDIT)).toEqual([]);
    expect(broker.namespaces(VIEW)).toEqual([]);
    for (const each of [grant, second])
      expect(await broker.reload(each)).toMatchObject({ outcome: { code: "cluster-gone" } });
    await broker.settle(600);
    broker.clock.advance(60);
    expect(await broker.activeGrant()).toMatchObject({ state: "active" });
  });

  it("A cluster whose creation time differs by a second of rounding is the same", async () => {
    const stateAfter = async (seconds: number) => {
      const broker = memoryBroker();
      broker.createdAt.set(PROD.arn, plusSeconds(broker.clock.now(), -600));
      await broker.activeGrant();
      broker.createdAt.set(PROD.arn, plusSeconds(broker.clock.now(), -600 + seconds));
      const second = await broker.grant({ access: view("payments-api") });
      await broker.settle();
      return (await broker.reload(second)).state;
    };
    expect(await stateAfter(1)).toBe("active");
    expect(await stateAfter(2)).toBe("failed");
    expect(await stateAfter(-2)).toBe("failed");
  });
});

describe("A cluster in the mode CONFIG_MAP", () => {
  it("A request for a cluster that takes no entries is refused once the cluster was checked", async () => {
    const broker = memoryBroker();
    broker.modes.set(PROD.arn, "CONFIG_MAP");
    await broker.checkCluster("prod");
    await expect(broker.ask()).rejects.toMatchObject({
      code: "cluster-not-ready",
      message: expect.stringContaining(
        "aws eks update-cluster-config --name prod --access-config authenticationMode=API_AND_CONFIG_MAP",
      ),
    });
    broker.modes.set(PROD.arn, "API_AND_CONFIG_MAP");
    await broker.checkCluster("prod");
    const grant = await broker.activeGrant();
    const history = await broker.ports.requests.history(grant.id);
    expect(history.at(-1)?.details).toMatchObject({ authenticationMode: "API_AND_CONFIG_MAP" });
  });

  it("A grant fails at the second look that finds CONFIG_MAP, and says what to do", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    failCalls(broker, "DescribeAccessEntry", refusedWith("AuthenticationModeConfigMap"));
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "approved" });
    broker.clock.advance(VISIBLE_SECONDS);
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({
      state: "failed",
      outcome: { code: "authentication-mode" },
    });
  });

  it("Two different obstacles do not confirm each other", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    failCalls(broker, "DescribeAccessEntry", refusedWith("ClusterNotFound"), { times: 1 });
    await broker.converge();
    broker.clock.advance(VISIBLE_SECONDS);
    failCalls(broker, "DescribeAccessEntry", refusedWith("AuthenticationModeConfigMap"));
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "approved" });
  });
});

describe("A cluster that cannot be described", () => {
  it("A cluster that cannot be described gets no new access, but access that is over is removed", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    failCalls(broker, "DescribeCluster", refusedWith("AccessDenied"));
    const second = await broker.grant({ access: view("payments-api"), durationSeconds: 7_200 });
    await broker.convergeAtEnd(grant);
    expect(broker.namespaces(EDIT)).toEqual([]);
    expect(isDueSoon(broker)).toBe(true);
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
    expect(await broker.reload(second)).toMatchObject({ state: "approved" });
    expect(broker.namespaces(VIEW)).toEqual([]);
  });

  it("A failed check of a cluster keeps the known facts and logs the failure", async () => {
    const broker = memoryBroker();
    await broker.checkCluster("prod");
    broker.faults.push(() => UNANSWERED);
    broker.modes.set(PROD.arn, "CONFIG_MAP");
    const lines: unknown[] = [];
    await checkCluster(broker.ports, "prod", { log: (...line) => void lines.push(line) });
    expect(lines).toEqual([
      [
        "cluster not described",
        expect.objectContaining({ cluster: "prod", failure: "unknown", code: "TimeoutError" }),
      ],
    ]);
    await expect(broker.ask()).resolves.toMatchObject({ state: "pending" });
  });

  it("A check calls EKS for no cluster that the policy no longer names", async () => {
    const broker = memoryBroker();
    const asked = watchAws(broker);
    await broker.checkCluster("none");
    expect(asked).toEqual([]);
  });

  it("A check with an unexpected error throws, so that it is repeated", async () => {
    const broker = memoryBroker();
    broker.before("entries.cluster", () => {
      throw new Error("a bug");
    });
    await expect(broker.checkCluster("prod")).rejects.toThrow("a bug");
  });
});

describe("When converge describes a cluster", () => {
  it("A cluster is described when a grant begins, and when another entry has replaced ours", async () => {
    const broker = memoryBroker();
    const asked = watchAws(broker);
    const asksForCluster = async () => {
      asked.length = 0;
      await broker.converge();
      return asked.includes("DescribeCluster");
    };
    const grant = await broker.grant();
    expect(await asksForCluster()).toBe(true);
    expect(await asksForCluster()).toBe(false);
    await broker.grant({ access: view("payments-api") });
    expect(await asksForCluster()).toBe(true);
    expect(await asksForCluster()).toBe(false);
    broker.entries.edit(broker.addressOf(), () => undefined);
    broker.entries.edit(broker.addressOf(), () => ({ targets: {} }));
    broker.clock.advance(VISIBLE_SECONDS);
    expect(await asksForCluster()).toBe(true);
    await broker.end(grant, "return");
    expect(await asksForCluster()).toBe(false);
  });

  it("A cluster is not described while a grant only waits for its start", async () => {
    const broker = memoryBroker();
    const asked = watchAws(broker);
    await broker.grant({ startsAt: plusSeconds(broker.clock.now(), 600) });
    await broker.converge();
    expect(asked).not.toContain("DescribeCluster");
    expect(asked).not.toContain("GetRole");
  });

  it.each(["principal", "cluster", "read"])(
    "A run ends if entries.%s fails with an unexpected error",
    async (method) => {
      const broker = memoryBroker();
      const grant = await broker.grant();
      broker.before(`entries.${method}`, () => {
        throw new Error("a bug");
      });
      await expect(broker.converge()).rejects.toThrow("a bug");
      expect(await broker.reload(grant)).toMatchObject({ state: "approved" });
      expect(broker.entries.calls).toEqual([]);
    },
  );
});
