/** What converge leaves the sweep to take, and when. */
import { describe, expect, it } from "vitest";
import { plusSeconds, secondsBetween } from "../../../shared/domain/instant.ts";
import type { CallFault } from "../../fakes/memory-access-entries.ts";
import { EDIT, memoryBroker } from "../../fakes/memory-broker.ts";

type Broker = ReturnType<typeof memoryBroker>;

const TIMEOUT: CallFault = { failure: "unknown", code: "Timeout" };
const THROTTLE: CallFault = { failure: "throttled", code: "ThrottlingException" };

/** After so long a read shows what a call did, however far two clocks are apart. */
const VISIBLE_SECONDS = 55;

/** Every call of that name fails from now on, but for the first `spared`. */
const fail = (broker: Broker, operation: string, fault: CallFault, spared = 0) => {
  let left = spared;
  broker.faults.push((call) => {
    if (call.operation !== operation) return undefined;
    left -= 1;
    return left < 0 ? fault : undefined;
  });
};

const times = ({ tables, binding }: Broker) => {
  const { dueAt = null, driftCheckAt = null } = tables.heads.get(binding) ?? {};
  return { dueAt, driftCheckAt };
};

const soonAfter = (now: string, at: string | null) =>
  at !== null && now <= at && at <= plusSeconds(now, 60);

/** A broker with a grant that was lent, at the time of its first drift check. */
const lent = async () => {
  const broker = memoryBroker();
  const grant = await broker.grant();
  await broker.converge();
  broker.chance.advance(300);
  return { broker, revokeAt: grant.revokeAt ?? "" };
};

describe("what is lent", () => {
  it("has work when it is to end, and a drift check before", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.converge();
    const driftCheckAt = plusSeconds(broker.chance.now(), 300);
    expect(times(broker)).toEqual({ dueAt: grant.revokeAt, driftCheckAt });
  });

  it("is checked for drift again and again while nothing is amiss", async () => {
    const { broker, revokeAt } = await lent();
    for (const _ of [1, 2, 3]) {
      await broker.converge();
      const driftCheckAt = plusSeconds(broker.chance.now(), 300);
      expect(times(broker)).toEqual({ dueAt: revokeAt, driftCheckAt });
      broker.chance.set(driftCheckAt);
    }
  });

  it("has a confirmation a read lag after its removal, and neither once that is done", async () => {
    const { broker, revokeAt } = await lent();
    broker.chance.set(revokeAt);
    await broker.converge();
    const confirmAt = plusSeconds(revokeAt, VISIBLE_SECONDS);
    expect(times(broker)).toEqual({ dueAt: confirmAt, driftCheckAt: null });
    expect(broker.head()).toMatchObject({ dueFor: "confirmation", removeAt: null });
    broker.chance.set(confirmAt);
    await broker.converge();
    expect(times(broker)).toEqual({ dueAt: null, driftCheckAt: null });
  });

  it("has a removal at every sweep while a call without an answer may still land", async () => {
    const broker = memoryBroker();
    fail(broker, "AssociateAccessPolicy", { ...TIMEOUT, applied: "no" });
    const grant = await broker.grant();
    await broker.converge();
    await broker.end(grant, "cancel");
    const calls = () => broker.operations().length;
    for (const _ of [1, 2, 3]) {
      const before = calls();
      await broker.converge();
      expect(calls()).toBeGreaterThan(before);
      expect(broker.head()?.removeAt).toBe(broker.chance.now());
      broker.chance.advance(60);
    }
  });
});

describe("a repair that fails", () => {
  it("is work, and comes back soon", async () => {
    const { broker } = await lent();
    broker.entries.edit(broker.addressOf(), (entry) => ({ ...entry, targets: {} }));
    fail(broker, "AssociateAccessPolicy", THROTTLE);
    await broker.converge();
    expect(soonAfter(broker.chance.now(), times(broker).dueAt)).toBe(true);
  });
});

describe("what fails again and again", () => {
  it("comes back after pauses that double, up to a minute", async () => {
    const broker = memoryBroker();
    await broker.grant();
    fail(broker, "DescribeAccessEntry", THROTTLE);
    const pauses: number[] = [];
    for (let run = 1; run <= 8; run += 1) {
      await broker.converge();
      const { dueAt } = times(broker);
      pauses.push(secondsBetween(broker.chance.now(), dueAt ?? ""));
      broker.chance.set(dueAt ?? "");
    }
    // Three quarters of 2, 4, 8 and so on, as the jitter of these tests is half of its half.
    expect(pauses).toEqual([1.5, 3, 6, 12, 24, 45, 45, 45]);
  });
});

describe("a drift check that could not read the entry", () => {
  it.each([TIMEOUT, THROTTLE])("stays a drift check, and comes back soon: $code", async (fault) => {
    const { broker, revokeAt } = await lent();
    fail(broker, "DescribeAccessEntry", fault);
    await broker.converge();
    expect(times(broker).dueAt).toBe(revokeAt);
    expect(soonAfter(broker.chance.now(), times(broker).driftCheckAt)).toBe(true);
    expect(broker.queue.sent.filter(({ cause }) => cause === "yield")).toEqual([]);
  });

  it("stays a drift check while nobody calls the cluster", async () => {
    const { broker, revokeAt } = await lent();
    fail(broker, "DescribeAccessEntry", TIMEOUT);
    for (let run = 1; run <= 6; run += 1) await broker.converge();
    const driftCheckAt = plusSeconds(broker.chance.now(), 30);
    expect(times(broker)).toEqual({ dueAt: revokeAt, driftCheckAt });
  });

  it("stays a drift check where it makes room for ends that wait behind it", async () => {
    const { broker, revokeAt } = await lent();
    await broker.converge(broker.binding, { waitedSeconds: 31 });
    expect(times(broker)).toEqual({ dueAt: revokeAt, driftCheckAt: broker.chance.now() });
  });

  it("is work where an earlier pass of its run had found something to do", async () => {
    const { broker } = await lent();
    broker.entries.edit(broker.addressOf(), (entry) => ({ ...entry, targets: {} }));
    fail(broker, "AssociateAccessPolicy", { failure: "refused", code: "InvalidParameter" });
    // One to find it, one to read back; then none.
    fail(broker, "DescribeAccessEntry", TIMEOUT, 2);
    await broker.converge();
    expect(soonAfter(broker.chance.now(), times(broker).dueAt)).toBe(true);
  });
});

describe("a drift check that finds the entry gone, and is refused when it creates it again", () => {
  const refused = async () => {
    const { broker } = await lent();
    broker.othersDelete();
    fail(broker, "CreateAccessEntry", { failure: "refused", code: "ResourceInUseException" });
    return { broker, before: broker.operations().length };
  };

  it("asks once in a run, and is work from then on", async () => {
    const { broker, before } = await refused();
    await broker.converge();
    expect(broker.operations().slice(before)).toEqual(["CreateAccessEntry"]);
    expect(soonAfter(broker.chance.now(), times(broker).dueAt)).toBe(true);
  });

  it("is work too where the run had no time left after it", async () => {
    const { broker, before } = await refused();
    const millisLeft = () => (broker.operations().length === before ? 8_000 : 1_000);
    await broker.converge(broker.binding, { millisLeft });
    expect(broker.operations().slice(before)).toEqual(["CreateAccessEntry"]);
    expect(soonAfter(broker.chance.now(), times(broker).dueAt)).toBe(true);
  });
});

describe("an end that cannot read the entry", () => {
  it("stays work, run after run, whether its time has come again or not", async () => {
    const { broker, revokeAt } = await lent();
    broker.chance.set(revokeAt);
    fail(broker, "DescribeAccessEntry", THROTTLE);
    for (const _ of [1, 2, 3]) {
      await broker.converge();
      expect(soonAfter(revokeAt, times(broker).dueAt)).toBe(true);
      expect(times(broker).driftCheckAt).toBeNull();
    }
    broker.faults.length = 0;
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual([]);
  });

  it("is work also where its record says later that it ends sooner", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant({ durationSeconds: 7_200 });
    await broker.grant();
    await broker.converge();
    const sooner = { ...(await broker.now(grant)), revokeAt: broker.chance.now() };
    broker.tables.grants.get(broker.binding)?.set(grant.id, sooner);
    broker.tables.requests.set(grant.id, sooner);
    fail(broker, "DescribeAccessEntry", TIMEOUT);
    await broker.converge();
    expect(soonAfter(broker.chance.now(), times(broker).dueAt)).toBe(true);
  });
});
