/** A cluster that is gone, was created again, takes no entries, or cannot be described. */
import { describe, expect, it } from "vitest";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { checkCluster } from "../../../../shared/usecases/clusters/check-cluster.ts";
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
} from "../../../fakes/broker-sights.ts";
import { PROD } from "../../../fakes/builders.ts";
import { EDIT, memoryBroker, VIEW, view } from "../../../fakes/memory-broker.ts";

describe("a cluster that is gone", () => {
  it("a cluster that is gone ends its grants at the second look, and says why", async () => {
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

  it("a cluster that is gone fails what has not begun at the second look", async () => {
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

  it("a cluster that only DescribeCluster misses fails what has not begun, at the second look", async () => {
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

  it("a cluster that is gone is asked for no change, also where others had an entry there", async () => {
    const broker = memoryBroker();
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [EDIT]: ns("base") } }));
    broker.clock.advance(60);
    const grant = await broker.activeGrant();
    const calls = broker.entries.calls.length;
    broker.clusters.delete(PROD.arn);
    await broker.settle();
    expect(broker.entries.calls).toHaveLength(calls);
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
    // What the second look found gone may still be seen, until a read lag has passed.
    expect(await isLedgerEmpty(broker)).toBe(false);
    await broker.settle(VISIBLE_SECONDS);
    expect(broker.entries.calls).toHaveLength(calls);
    expect(await isLedgerEmpty(broker)).toBe(true);
  });

  it("one answer that a cluster is gone, taken back within the lag, ends no grant", async () => {
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

  it("a grant whose time is over goes blind where one answer says that its cluster is gone", async () => {
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

describe("a cluster that was created again under the same name", () => {
  it("a cluster that was created again inherits nothing, and takes new grants", async () => {
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

  it("a cluster whose creation is a second off by rounding is the same", async () => {
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

describe("a cluster whose authentication mode is CONFIG_MAP", () => {
  it("a cluster that takes no entries is refused at the request once it was looked at", async () => {
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
    expect(history.at(-1)?.details["authenticationMode"]).toBe("API_AND_CONFIG_MAP");
  });

  it("a grant fails at the second look that finds CONFIG_MAP, and says what to do", async () => {
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

  it("two different obstacles do not confirm each other", async () => {
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

describe("a cluster that cannot be described", () => {
  it("a cluster that cannot be described gets nothing new, and what is over is taken away", async () => {
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

  it("a check of a cluster that does not answer keeps what was known, and logs it", async () => {
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

  it("a check asks EKS nothing of a cluster that the policy no longer names", async () => {
    const broker = memoryBroker();
    const asked = watchAws(broker);
    await broker.checkCluster("none");
    expect(asked).toEqual([]);
  });

  it("a check that fails otherwise than a call does throws, so that it is repeated", async () => {
    const broker = memoryBroker();
    broker.before("entries.cluster", () => {
      throw new Error("a bug");
    });
    await expect(broker.checkCluster("prod")).rejects.toThrow("a bug");
  });
});

describe("what converge asks of a cluster", () => {
  it("a cluster is described where a grant begins, and where another entry took ours' place", async () => {
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

  it("a cluster is not described while a grant is only to come", async () => {
    const broker = memoryBroker();
    const asked = watchAws(broker);
    await broker.grant({ startsAt: plusSeconds(broker.clock.now(), 600) });
    await broker.converge();
    expect(asked).not.toContain("DescribeCluster");
    expect(asked).not.toContain("GetRole");
  });

  it.each(["principal", "cluster", "read"])(
    "a run ends where entries.%s fails otherwise than a call does",
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
