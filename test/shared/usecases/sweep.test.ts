/** What the sweep takes first, and what converge leaves it to take, and when. */
import { describe, expect, it } from "vitest";
import { plusSeconds, secondsBetween } from "../../../shared/domain/instant.ts";
import { converge } from "../../../shared/usecases/converge/converge.ts";
import type { CallFault } from "../../fakes/memory-access-entries.ts";
import { EDIT, memoryBroker } from "../../fakes/memory-broker.ts";

type Broker = ReturnType<typeof memoryBroker>;

const TIMEOUT: CallFault = { failure: "unknown", code: "Timeout" };
const THROTTLE: CallFault = { failure: "throttled", code: "ThrottlingException" };

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
  const { dueAt = null, lookAt = null } = tables.heads.get(binding) ?? {};
  return { dueAt, lookAt };
};

const soonAfter = (now: string, at: string | null) =>
  at !== null && now <= at && at <= plusSeconds(now, 60);

/** A broker with a grant that was lent, at the time of its first look. */
const lent = async () => {
  const broker = memoryBroker();
  const grant = await broker.grant();
  await broker.converge();
  broker.chance.advance(300);
  return { broker, revokeAt: grant.revokeAt ?? "" };
};

describe("what is lent", () => {
  it("has work when it is to end, and a look before", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.converge();
    const lookAt = plusSeconds(broker.chance.now(), 300);
    expect(times(broker)).toEqual({ dueAt: grant.revokeAt, lookAt });
  });

  it("is looked at again and again while nothing is amiss", async () => {
    const { broker, revokeAt } = await lent();
    for (const _ of [1, 2, 3]) {
      await broker.converge();
      const lookAt = plusSeconds(broker.chance.now(), 300);
      expect(times(broker)).toEqual({ dueAt: revokeAt, lookAt });
      broker.chance.set(lookAt);
    }
  });

  it("has neither once it is over", async () => {
    const { broker, revokeAt } = await lent();
    broker.chance.set(revokeAt);
    await broker.converge();
    expect(times(broker)).toEqual({ dueAt: null, lookAt: null });
  });

  it("has work as soon as a call without an answer can take effect no more", async () => {
    const broker = memoryBroker();
    fail(broker, "AssociateAccessPolicy", { ...TIMEOUT, applied: "yes" });
    const grant = await broker.grant();
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "active" });
    // Once more since a call failed; there is nothing to do.
    await broker.converge();
    const { uncertainUntil } = (await broker.ledgers.load(broker.binding)) ?? {};
    expect(times(broker).dueAt).toBe(uncertainUntil);
    broker.chance.set(uncertainUntil ?? "");
    await broker.converge();
    expect(times(broker).dueAt).toBe(grant.revokeAt);
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

describe("a look that does not come to read the entry", () => {
  it.each([TIMEOUT, THROTTLE])("stays a look, and comes back soon: $code", async (fault) => {
    const { broker, revokeAt } = await lent();
    fail(broker, "DescribeAccessEntry", fault);
    await broker.converge();
    expect(times(broker).dueAt).toBe(revokeAt);
    expect(soonAfter(broker.chance.now(), times(broker).lookAt)).toBe(true);
    expect(broker.queue.sent.filter(({ cause }) => cause === "crowded")).toEqual([]);
  });

  it("stays a look while nobody calls the cluster", async () => {
    const { broker, revokeAt } = await lent();
    fail(broker, "DescribeAccessEntry", TIMEOUT);
    for (let run = 1; run <= 6; run += 1) await broker.converge();
    const lookAt = plusSeconds(broker.chance.now(), 30);
    expect(times(broker)).toEqual({ dueAt: revokeAt, lookAt });
  });

  it("stays a look where it makes room for ends that wait behind it", async () => {
    const { broker, revokeAt } = await lent();
    await converge(broker.ports, broker.binding, {
      millisLeft: () => 8_000,
      waitedSeconds: 31,
      log: () => undefined,
    });
    expect(times(broker)).toEqual({ dueAt: revokeAt, lookAt: broker.chance.now() });
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

describe("a look that finds the entry gone, and is told that there is one when it makes it anew", () => {
  it("tries three times at once, and is work from then on", async () => {
    const { broker } = await lent();
    broker.entries.edit(broker.addressOf(), () => undefined);
    fail(broker, "CreateAccessEntry", { failure: "refused", code: "ResourceInUseException" });
    const before = broker.entries.calls.length;
    await broker.converge();
    expect(broker.entries.calls.slice(before).map(({ operation }) => operation)).toEqual([
      "CreateAccessEntry",
      "CreateAccessEntry",
      "CreateAccessEntry",
    ]);
    expect(soonAfter(broker.chance.now(), times(broker).dueAt)).toBe(true);
  });

  it("is work too where no time was left for a second try", async () => {
    const { broker } = await lent();
    broker.entries.edit(broker.addressOf(), () => undefined);
    fail(broker, "CreateAccessEntry", { failure: "refused", code: "ResourceInUseException" });
    const before = broker.entries.calls.length;
    const millisLeft = () => (broker.entries.calls.length === before ? 8_000 : 1_000);
    await converge(broker.ports, broker.binding, { millisLeft, log: () => undefined });
    expect(broker.entries.calls).toHaveLength(before + 1);
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
      expect(times(broker).lookAt).toBeNull();
    }
    broker.faults.length = 0;
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual([]);
  });

  it("is work also where its record came to say that it ends sooner", async () => {
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
