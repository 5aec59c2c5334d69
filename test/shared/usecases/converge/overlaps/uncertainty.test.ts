/** Unanswered calls. A call that may still land keeps an end open, but never keeps access. */
import { describe, expect, it } from "vitest";
import {
  APPLIED_UNANSWERED,
  LANDS_LATE,
  LOST,
  THROTTLED,
} from "../../../../../lab/fakes/faults.ts";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
} from "../../../../../lab/fakes/memory-broker.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

/** A run has 8 s. Its calls land within 300 s more, by a clock that is 10 s off. */
const LANDS_WITHIN = 318;
/** A read shows them 45 s later, by a clock that is 10 s off. */
const VISIBLE_WITHIN = LANDS_WITHIN + 55;

/** A grant on someone else's entry whose Associate is unanswered, and which is revoked at once. */
async function revokedAfter(fault: typeof LOST) {
  const broker = memoryBroker();
  broker.othersHad({});
  broker.failNext("AssociateAccessPolicy", fault);
  const begunAt = broker.clock.now();
  const grant = await broker.activeGrant();
  await broker.end(grant, "revoke", "bob");
  await broker.converge();
  return { broker, grant, begunAt };
}

const stateAt = async (broker: MemoryBroker, grant: AccessRequest, at: string) => {
  broker.clock.set(at);
  await broker.converge();
  return (await broker.states(grant))[0];
};

describe("An end after an unanswered addition", () => {
  it("An end waits until an unanswered addition has landed or never will, and is visible", async () => {
    const { broker, grant, begunAt } = await revokedAfter(LOST);
    expect(await broker.states(grant)).toEqual(["ending"]);
    const provenAt = plusSeconds(begunAt, VISIBLE_WITHIN);
    expect(await stateAt(broker, grant, plusSeconds(provenAt, -1))).toBe("ending");
    expect(broker.head()).toMatchObject({ dueAt: provenAt, dueFor: "confirmation" });
    expect(await stateAt(broker, grant, provenAt)).toBe("ended");
    expect(await broker.reload(grant)).toMatchObject({ endedAt: provenAt });
  });

  it("An end repeats the removal in every run until then, even if EKS finds nothing to remove", async () => {
    const { broker, grant } = await revokedAfter(LOST);
    const removals = () =>
      broker.operations().filter((each) => each === "DisassociateAccessPolicy").length;
    const before = removals();
    expect(before).toBeGreaterThan(0);
    await broker.settle(300);
    expect(removals() - before).toBe(15);
    expect(await broker.states(grant)).toEqual(["ending"]);
    await broker.settle(100);
    const after = removals();
    await broker.settle(100);
    expect(removals()).toBe(after);
  });

  it.each([1, 150, 317])(
    "An end removes access that lands %i s late, within one run",
    async (late) => {
      const { broker, grant, begunAt } = await revokedAfter(LANDS_LATE);
      broker.clock.set(plusSeconds(begunAt, late));
      broker.entries.applyLate();
      expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
      await broker.converge();
      expect(broker.namespaces(EDIT)).toEqual([]);
      expect(await broker.states(grant)).toEqual(["ending"]);
      await broker.settle(VISIBLE_WITHIN + 20);
      expect(await broker.states(grant)).toEqual(["ended"]);
      expect(broker.actual()?.targets).toEqual({});
      // A stale read may still show it, so it stays known for one more read lag.
      await broker.settle(55);
      expect(await broker.isAtRest()).toBe(true);
    },
  );

  it("An end is not reported on a read that began before the addition must have landed", async () => {
    const { broker, grant, begunAt } = await revokedAfter(LANDS_LATE);
    broker.clock.set(plusSeconds(begunAt, LANDS_WITHIN));
    broker.after("entries.read", () => {
      broker.entries.applyLate();
      broker.clock.advance(60);
      broker.failNext("DescribeAccessEntry", THROTTLED);
    });
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["ending"]);
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual([]);
    await broker.settle(60);
    expect(await broker.states(grant)).toEqual(["ended"]);
  });

  it("An end stays open because of the first call, even if a later one was answered", async () => {
    const broker = memoryBroker();
    broker.othersHad({});
    broker.failNext("AssociateAccessPolicy", LANDS_LATE);
    const begunAt = broker.clock.now();
    const grant = await broker.activeGrant();
    broker.clock.advance(20);
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["active"]);
    broker.clock.set(plusSeconds(begunAt, 200));
    await broker.end(grant, "return");
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual([]);
    expect(await broker.states(grant)).toEqual(["ending"]);
    broker.entries.applyLate();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual([]);
    expect(await stateAt(broker, grant, plusSeconds(begunAt, VISIBLE_WITHIN - 1))).toBe("ending");
    expect(await stateAt(broker, grant, plusSeconds(begunAt, VISIBLE_WITHIN))).toBe("ended");
  });

  it("An end does not wait for a call that AWS refused or that was never made", async () => {
    const broker = memoryBroker();
    broker.othersHad({});
    broker.failNext("AssociateAccessPolicy", THROTTLED);
    const grant = await broker.activeGrant();
    await broker.end(grant, "revoke", "bob");
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["ended"]);
  });

  it("An end removes an addition from an entry that somebody recreated, once it lands there", async () => {
    const broker = memoryBroker();
    const begunAt = broker.clock.now();
    broker.failNext("AssociateAccessPolicy", LANDS_LATE);
    const grant = await broker.activeGrant();
    await broker.end(grant, "revoke", "bob");
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
    broker.clock.advance(2);
    broker.othersPut({});
    broker.entries.applyLate();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    await broker.settle(60);
    expect(broker.namespaces(EDIT)).toEqual([]);
    expect(broker.actual()).toBeDefined();
    expect(await stateAt(broker, grant, plusSeconds(begunAt, VISIBLE_WITHIN))).toBe("ended");
    expect(broker.actual()?.targets).toEqual({});
  });
});

describe("A refusal after an unanswered addition", () => {
  it("A refused grant fails once nothing can land any more and its access is gone", async () => {
    const broker = memoryBroker();
    broker.othersHad({});
    const begunAt = broker.clock.now();
    broker.failNext("AssociateAccessPolicy", LANDS_LATE);
    const grant = await broker.activeGrant();
    const refused = { failure: "refused", code: "InvalidParameterException" } as const;
    broker.failNext("AssociateAccessPolicy", refused);
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["approved"]);
    broker.entries.applyLate();
    broker.failNext("DisassociateAccessPolicy", THROTTLED);
    expect(await stateAt(broker, grant, plusSeconds(begunAt, VISIBLE_WITHIN))).toBe("approved");
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    await broker.settle(80);
    expect(broker.namespaces(EDIT)).toEqual([]);
    expect((await broker.history(grant)).at(-1)).toMatchObject({
      type: "refuse",
      details: { code: "refused-by-aws" },
    });
  });
});

describe("An end whose removal is unanswered", () => {
  const endingBy = async (fault: typeof LOST) => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.failNext("DeleteAccessEntry", fault);
    await broker.convergeAtEnd(grant);
    expect(await broker.states(grant)).toEqual(["ending"]);
    return { broker, grant };
  };

  it("An end is retried soon after a throttled removal", async () => {
    const { broker, grant } = await endingBy(THROTTLED);
    expect(broker.isDueSoon()).toBe(true);
    expect(broker.queue.sent.at(-1)).toMatchObject({ cause: "yield" });
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
    await broker.settle(60);
    expect(await broker.states(grant)).toEqual(["ended"]);
  });

  it("An end is proven by a read without the access, because a late removal adds nothing", async () => {
    const { broker, grant } = await endingBy(APPLIED_UNANSWERED);
    expect(broker.actual()).toBeUndefined();
    broker.clock.advance(1);
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["ended"]);
  });

  it("An end keeps the ledger until its removal must have landed and be visible", async () => {
    const { broker, grant } = await endingBy(APPLIED_UNANSWERED);
    broker.clock.advance(1);
    await broker.converge();
    const quietFrom = plusSeconds(grant.revokeAt ?? "", VISIBLE_WITHIN);
    expect(broker.head()).toMatchObject({ dueAt: quietFrom, dueFor: "confirmation" });
    broker.clock.set(plusSeconds(quietFrom, -1));
    await broker.converge();
    expect(await broker.isAtRest()).toBe(false);
    broker.clock.set(quietFrom);
    await broker.converge();
    expect(await broker.isAtRest()).toBe(true);
  });

  it("A ledger of an empty entry is kept while a late deletion may still land", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    broker.othersPut({});
    broker.failNext("DeleteAccessEntry", THROTTLED, 4);
    await broker.end(grant, "return");
    await broker.converge();
    await broker.settle(60);
    expect(await broker.states(grant)).toEqual(["ended"]);
    broker.failNext("DeleteAccessEntry", LANDS_LATE);
    const calledAt = plusSeconds(broker.clock.now(), 20);
    await broker.settle(20);
    broker.othersDelete();
    await broker.settle(LANDS_WITHIN);
    expect(await broker.isAtRest()).toBe(false);
    broker.clock.set(plusSeconds(calledAt, VISIBLE_WITHIN));
    await broker.converge();
    expect(await broker.isAtRest()).toBe(true);
  });

  it("An end whose calls were answered but not read back is reported in the next run", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    await broker.end(grant, "return");
    broker.after("entries.remove", () => broker.failNext("DescribeAccessEntry", THROTTLED));
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
    expect(await broker.states(grant)).toEqual(["ending"]);
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["ended"]);
  });

  it("An end is not undone by a late narrowing that carries what a later removal took", async () => {
    const broker = memoryBroker();
    broker.othersHad({});
    const short = await broker.activeGrant();
    const long = await broker.activeGrant({
      access: edit("payments-web"),
      durationSeconds: 7_200,
    });
    broker.failNext("AssociateAccessPolicy", LANDS_LATE);
    await broker.convergeAtEnd(short);
    const narrowedAt = broker.clock.now();
    broker.clock.advance(20);
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-web"]);
    await broker.end(long, "return");
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual([]);
    expect(await broker.states(short, long)).toEqual(["ended", "ending"]);
    broker.clock.advance(100);
    broker.entries.applyLate();
    expect(broker.namespaces(EDIT)).toEqual(["payments-web"]);
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual([]);
    expect(await stateAt(broker, long, plusSeconds(narrowedAt, VISIBLE_WITHIN - 1))).toBe("ending");
    expect(await stateAt(broker, long, plusSeconds(narrowedAt, VISIBLE_WITHIN))).toBe("ended");
  });
});

describe("A removal that EKS answers with a 404", () => {
  it("A 404 to a removal proves no end while an addition may still land", async () => {
    const { broker, grant } = await revokedAfter(LANDS_LATE);
    expect(broker.entries.calls.at(-1)).toMatchObject({
      operation: "DisassociateAccessPolicy",
      result: "ResourceNotFoundException",
    });
    expect(await broker.states(grant)).toEqual(["ending"]);
    expect(broker.isDueSoon()).toBe(true);
  });

  it("A stale 404 to a removal does not count as done, and the removal is repeated", async () => {
    const broker = memoryBroker();
    broker.othersHad({});
    const grant = await broker.activeGrant();
    broker.clock.advance(1);
    broker.entries.lag = { judge: 5_000 };
    await broker.end(grant, "return");
    await broker.converge();
    expect(broker.entries.calls.at(-1)).toMatchObject({ result: "ResourceNotFoundException" });
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(await broker.states(grant)).toEqual(["ending"]);
    await broker.settle(20);
    expect(broker.namespaces(EDIT)).toEqual([]);
    await broker.settle(60);
    expect(await broker.states(grant)).toEqual(["ended"]);
  });
});
