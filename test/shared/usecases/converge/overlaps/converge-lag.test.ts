/** EKS reads are eventually consistent. A stale read must neither end a grant nor keep access. */
import { describe, expect, it } from "vitest";
import { EDIT, edit, memoryBroker, VIEW, view } from "../../../../../lab/fakes/memory-broker.ts";
import type { CallFault } from "../../../../../lab/fakes/memory-eks-calls.ts";
import { scopeElements } from "../../../../../shared/domain/entries/scope.ts";
import { isFinal } from "../../../../../shared/domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";

type Broker = ReturnType<typeof memoryBroker>;

const base = scopeElements({ type: "namespace", namespaces: ["base"] });
const LONG_AGO = "2026-11-01T00:00:00.000Z";
const STEP_SECONDS = 20;

/** Makes both read calls stale by this many seconds. */
const behind = (seconds: number) => ({ describe: seconds * 1_000, list: seconds * 1_000 });

/** The namespaces that are lent now; the policy only lends those that start with payments-. */
const lent = (broker: Broker) =>
  [EDIT, VIEW].flatMap((target) =>
    broker.namespaces(target).filter((name) => name.startsWith("payments-")),
  );

/** Converges for this many minutes. Returns what was still lent when all grants were final. */
async function settle(
  broker: Broker,
  minutes: number,
  grants: readonly AccessRequest[],
): Promise<readonly string[]> {
  const left = new Set<string>();
  for (let passed = 0; passed < minutes * 60; passed += STEP_SECONDS) {
    broker.clock.advance(STEP_SECONDS);
    await broker.converge();
    const now = await Promise.all(grants.map((grant) => broker.reload(grant)));
    if (now.every(({ state }) => isFinal(state))) for (const name of lent(broker)) left.add(name);
  }
  return [...left];
}

/** Lets the grants expire. Returns the same as `settle`. */
function outlive(broker: Broker, grants: readonly AccessRequest[]): Promise<readonly string[]> {
  const ends = grants.map(({ expiresAt }) => expiresAt ?? "").toSorted();
  broker.clock.set(ends.at(-1) ?? "");
  return settle(broker, 20, grants);
}

const states = async (broker: Broker, grants: readonly AccessRequest[]) =>
  (await Promise.all(grants.map((grant) => broker.reload(grant)))).map(({ state }) => state);

/** Fails the calls of one operation this many times. */
function failing(broker: Broker, operation: string, fault: CallFault, times: number): void {
  let left = times;
  broker.faults.push((call) => {
    if (call.operation !== operation || left === 0) return undefined;
    left -= 1;
    return fault;
  });
}

/** An older entry of someone else, with their own content. */
const standing = (broker: Broker) =>
  broker.entries.edit(broker.addressOf(), () => ({ targets: { [EDIT]: base } }), LONG_AGO);

describe("A grant that is cancelled before a read could show its access", () => {
  it("A grant cancelled before a read shows its access leaves no access and no entry", async () => {
    const broker = memoryBroker();
    broker.entries.lag = behind(2);
    const grant = await broker.grant();
    await broker.converge();
    expect(lent(broker)).toEqual(["payments-api"]);
    broker.clock.advance(0.5);
    await broker.end(grant, "cancel");
    await broker.converge();
    expect(await settle(broker, 20, [grant])).toEqual([]);
    expect(await states(broker, [grant])).toEqual(["ended"]);
    expect(broker.actual()).toBeUndefined();
  });

  it("A cancelled grant leaves someone else's entry unchanged if only the list of policies is stale", async () => {
    const broker = memoryBroker();
    standing(broker);
    broker.entries.lag = { list: 2_000 };
    const grant = await broker.grant();
    await broker.converge();
    expect(lent(broker)).toEqual(["payments-api"]);
    broker.clock.advance(0.5);
    await broker.end(grant, "cancel");
    await broker.converge();
    expect(await settle(broker, 20, [grant])).toEqual([]);
    expect(await states(broker, [grant])).toEqual(["ended"]);
    expect(broker.actual()?.targets).toEqual({ [EDIT]: base });
  });

  it("A cancelled grant leaves no access, even if its call lands four minutes late", async () => {
    const broker = memoryBroker();
    standing(broker);
    const grant = await broker.grant();
    const timeout = { failure: "unknown", code: "Timeout", applied: "later" } as const;
    failing(broker, "AssociateAccessPolicy", timeout, 1);
    await broker.converge();
    await broker.end(grant, "cancel");
    await broker.converge();
    const before = await settle(broker, 4, [grant]);
    broker.entries.applyLate();
    expect([...before, ...(await settle(broker, 20, [grant]))]).toEqual([]);
    expect(await states(broker, [grant])).toEqual(["ended"]);
    expect(broker.actual()?.targets).toEqual({ [EDIT]: base });
  });
});

describe("A grant that AWS refuses", () => {
  it("A grant that AWS refuses leaves no entry behind that a stale read did not show", async () => {
    const broker = memoryBroker();
    broker.entries.lag = behind(2);
    const grant = await broker.grant();
    const refused = { failure: "refused", code: "InvalidParameterException" } as const;
    failing(broker, "AssociateAccessPolicy", refused, Number.POSITIVE_INFINITY);
    await broker.converge();
    await settle(broker, 5, [grant]);
    await outlive(broker, [grant]);
    const [state] = await states(broker, [grant]);
    expect(["failed", "ended"]).toContain(state);
    expect(broker.actual()).toBeUndefined();
  });
});

describe("An entry of ours that reads do not show yet", () => {
  it("An entry of ours stays ours if a second grant comes within the read lag", async () => {
    const broker = memoryBroker();
    broker.entries.lag = behind(3);
    const first = await broker.grant();
    await broker.converge();
    broker.clock.advance(1);
    const second = await broker.grant({ access: view("payments-web") });
    await broker.converge();
    expect(await settle(broker, 5, [first, second])).toEqual([]);
    expect(await states(broker, [first, second])).toEqual(["active", "active"]);
    expect(lent(broker)).toEqual(["payments-api", "payments-web"]);
    expect(await outlive(broker, [first, second])).toEqual([]);
    expect(await states(broker, [first, second])).toEqual(["ended", "ended"]);
    expect(broker.actual()).toBeUndefined();
  });

  it("An entry of ours stays ours after one stale read of an active grant", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.converge();
    expect(await states(broker, [grant])).toEqual(["active"]);
    broker.clock.advance(30);
    broker.entries.lag = behind(40);
    await broker.converge();
    broker.entries.lag = {};
    await settle(broker, 5, [grant]);
    expect(await states(broker, [grant])).toEqual(["active"]);
    expect(lent(broker)).toEqual(["payments-api"]);
    expect(await outlive(broker, [grant])).toEqual([]);
    expect(await states(broker, [grant])).toEqual(["ended"]);
    expect(broker.actual()).toBeUndefined();
  });

  it("An entry of ours stays ours while no read shows it for six seconds", async () => {
    const broker = memoryBroker();
    broker.entries.lag = behind(6);
    const grant = await broker.grant();
    for (let second = 0; second < 10; second += 1) {
      await broker.converge();
      broker.clock.advance(1);
    }
    await settle(broker, 5, [grant]);
    expect(await states(broker, [grant])).toEqual(["active"]);
    expect(await outlive(broker, [grant])).toEqual([]);
    expect(await states(broker, [grant])).toEqual(["ended"]);
    expect(broker.actual()).toBeUndefined();
  });

  it("A grant gets its access even if EKS checks changes against a stale state", async () => {
    const broker = memoryBroker();
    broker.entries.lag = { ...behind(6), judge: 6_000 };
    const grant = await broker.grant();
    await broker.converge();
    await settle(broker, 5, [grant]);
    expect(await states(broker, [grant])).toEqual(["active"]);
    expect(lent(broker)).toEqual(["payments-api"]);
    expect(await outlive(broker, [grant])).toEqual([]);
    expect(await states(broker, [grant])).toEqual(["ended"]);
    expect(broker.actual()).toBeUndefined();
  });
});

describe("A late call on an entry that an administrator recreated", () => {
  it("A late call on an entry that an administrator recreated ends with its grant", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const timeout = { failure: "unknown", code: "Timeout", applied: "later" } as const;
    failing(broker, "AssociateAccessPolicy", timeout, 1);
    await broker.converge();
    broker.clock.advance(1);
    broker.entries.edit(broker.addressOf(), () => undefined);
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [VIEW]: base } }));
    broker.clock.advance(1);
    broker.entries.applyLate();
    await settle(broker, 5, [grant]);
    expect(await states(broker, [grant])).toEqual(["active"]);
    expect(await outlive(broker, [grant])).toEqual([]);
    expect(await states(broker, [grant])).toEqual(["ended"]);
    expect(broker.actual()?.targets).toEqual({ [VIEW]: base });
  });

  it("A late call ends with its grant if the recreated entry was never read before", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const timeout = { failure: "unknown", code: "Timeout", applied: "later" } as const;
    failing(broker, "AssociateAccessPolicy", timeout, 1);
    let created = false;
    broker.faults.push(({ operation }) => {
      created ||= operation === "CreateAccessEntry";
      const unread = created && operation === "DescribeAccessEntry";
      return unread ? { failure: "unknown", code: "Timeout" } : undefined;
    });
    await broker.converge();
    broker.clock.advance(1);
    broker.entries.edit(broker.addressOf(), () => undefined);
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [VIEW]: base } }));
    broker.clock.advance(1);
    broker.entries.applyLate();
    broker.faults.length = 0;
    await settle(broker, 5, [grant]);
    expect(await states(broker, [grant])).toEqual(["active"]);
    expect(await outlive(broker, [grant])).toEqual([]);
    expect(await states(broker, [grant])).toEqual(["ended"]);
    expect(broker.actual()?.targets).toEqual({ [VIEW]: base });
  });
});

describe("A single answer that a cluster is gone", () => {
  it("A single answer that a cluster is gone ends no grant and forgets nothing", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.converge();
    await settle(broker, 5, [grant]);
    const gone = { failure: "refused", code: "ClusterNotFound" } as const;
    failing(broker, "DescribeAccessEntry", gone, 1);
    await broker.converge();
    expect(await settle(broker, 5, [grant])).toEqual([]);
    expect(await states(broker, [grant])).toEqual(["active"]);
    expect(await outlive(broker, [grant])).toEqual([]);
    expect(await states(broker, [grant])).toEqual(["ended"]);
    expect(broker.actual()).toBeUndefined();
  });
});

describe("A read that goes back in time after an end", () => {
  it("A read that goes back in time does not restore ended access with the next grant", async () => {
    const broker = memoryBroker();
    standing(broker);
    const first = await broker.grant();
    await broker.converge();
    await settle(broker, 5, [first]);
    expect(await states(broker, [first])).toEqual(["active"]);
    await broker.end(first, "return");
    await broker.converge();
    broker.clock.advance(10);
    const second = await broker.grant({ access: edit("payments-web") });
    broker.entries.lag = behind(30);
    await broker.converge();
    broker.entries.lag = {};
    await settle(broker, 5, [first, second]);
    expect(await states(broker, [first, second])).toEqual(["ended", "active"]);
    expect(lent(broker)).toEqual(["payments-web"]);
    expect(await outlive(broker, [second])).toEqual([]);
    expect(broker.actual()?.targets).toEqual({ [EDIT]: base });
  });
});
