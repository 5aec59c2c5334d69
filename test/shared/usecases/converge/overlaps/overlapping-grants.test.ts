/** Several grants on one entry: each has what it asked for, and removes nothing of the others. */
import { describe, expect, it } from "vitest";
import { ns } from "../../../../../lab/fakes/broker-sights.ts";
import { THROTTLED } from "../../../../../lab/fakes/faults.ts";
import { EDIT, edit, memoryBroker, VIEW, view } from "../../../../../lab/fakes/memory-broker.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

const LONG = { durationSeconds: 7_200 } as const;

describe("Overlapping grants", () => {
  it("Grants of one policy share an association, and each loses its own access at its own end", async () => {
    const broker = memoryBroker();
    const short = await broker.activeGrant();
    const long = await broker.activeGrant({ access: edit("payments-web"), ...LONG });
    expect(broker.namespaces(EDIT)).toEqual(["payments-api", "payments-web"]);
    await broker.convergeAtEnd(short);
    expect(broker.namespaces(EDIT)).toEqual(["payments-web"]);
    expect(broker.head()).toMatchObject({
      dueAt: plusSeconds(short.revokeAt ?? "", 55),
      dueFor: "confirmation",
    });
    await broker.settle(60);
    expect(await broker.states(short, long)).toEqual(["ended", "active"]);
    await broker.convergeAtEnd(long);
    expect(broker.actual()).toBeUndefined();
    expect(broker.operations()).not.toContain("DisassociateAccessPolicy");
  });

  it("A grant of one policy leaves the grant of another policy unchanged when it ends", async () => {
    const broker = memoryBroker();
    const first = await broker.grant();
    const second = await broker.activeGrant({ access: view("payments-api"), ...LONG });
    await broker.convergeAtEnd(first);
    expect(broker.actual()?.targets).toEqual({ [VIEW]: ns("payments-api") });
    expect(await broker.states(second)).toEqual(["active"]);
  });

  it("A longer grant keeps the namespaces that it shares with a grant that is over", async () => {
    const broker = memoryBroker();
    const short = await broker.activeGrant({ access: edit("payments-api", "payments-web") });
    const long = await broker.activeGrant({ access: edit("payments-web", "payments-db"), ...LONG });
    await broker.convergeAtEnd(short);
    expect(broker.namespaces(EDIT)).toEqual(["payments-db", "payments-web"]);
    await broker.settle(60);
    expect(await broker.states(short, long)).toEqual(["ended", "active"]);
  });

  it("Each call is recorded for the grants that it served, with its session", async () => {
    const broker = memoryBroker();
    const first = await broker.activeGrant();
    const second = await broker.activeGrant({ access: edit("payments-web"), ...LONG });
    const third = await broker.activeGrant({ access: view("payments-web"), ...LONG });
    for (const grant of [first, third, second]) {
      broker.clock.advance(60);
      await broker.end(grant, "return");
      await broker.converge();
    }
    const [associate, create] = ["AssociateAccessPolicy", "CreateAccessEntry"];
    expect(await broker.recordedCalls(first)).toEqual([create, associate, associate]);
    expect(await broker.recordedCalls(second)).toEqual([associate, "DeleteAccessEntry"]);
    expect(await broker.recordedCalls(third)).toEqual([associate, "DisassociateAccessPolicy"]);
    expect(broker.entries.calls.map(({ sessionName }) => sessionName)).toEqual(
      [first, first, second, third, first, third, second].map(({ id }) => `timelatch-${id}`),
    );
  });

  it("A second grant of the same access needs no call, and records what covers it", async () => {
    const broker = memoryBroker();
    const first = await broker.activeGrant();
    const before = broker.operations().length;
    const second = await broker.activeGrant(LONG);
    expect(broker.operations()).toHaveLength(before);
    expect((await broker.history(second)).at(-1)).toMatchObject({
      type: "activate",
      details: { coveredBy: [first.id] },
    });
    expect(broker.fuses()).toEqual({ [EDIT]: plusSeconds(second.expiresAt ?? "", 300) });
  });

  it("A second grant of the same access has begun, even if its run ends while reporting it", async () => {
    const broker = memoryBroker();
    const first = await broker.activeGrant();
    const second = await broker.grant(LONG);
    broker.after("requests.save", () => {
      throw new Error("The run is over.");
    });
    await expect(broker.converge()).rejects.toThrow("The run is over.");
    await broker.converge();
    expect(await broker.states(second)).toEqual(["active"]);
    await broker.convergeAtEnd(first);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
  });

  it("Grants of the same access end together, and not while the access is still there", async () => {
    const broker = memoryBroker();
    const first = await broker.grant();
    const second = await broker.activeGrant();
    broker.failNext("DeleteAccessEntry", THROTTLED);
    await broker.convergeAtEnd(first);
    broker.clock.advance(55);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(await broker.states(first, second)).toEqual(["ending", "ending"]);
    await broker.converge();
    await broker.settle(60);
    expect(await broker.states(first, second)).toEqual(["ended", "ended"]);
  });

  it("A whole cluster of others hides no namespace from a grant that ends", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ["cluster"] });
    const grant = await broker.activeGrant();
    expect(broker.operations()).toEqual([]);
    expect(await broker.states(grant)).toEqual(["active"]);
    await broker.convergeAtEnd(grant);
    await broker.settle(60);
    expect(await broker.states(grant)).toEqual(["ended"]);
    expect(broker.actual()?.targets).toEqual({ [EDIT]: ["cluster"] });
  });
});

describe("A grant of access that others gave already", () => {
  it("A grant of existing access that ends before it began removes nothing", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("payments-api") });
    const before = broker.actual();
    const grant = await broker.grant();
    await broker.end(grant, "revoke", "bob");
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["ended"]);
    expect(broker.actual()).toEqual(before);
    expect(broker.operations()).toEqual([]);
  });

  it("A grant of existing access is not reported as active before its start", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("payments-api") });
    const startsAt = plusSeconds(broker.clock.now(), 600);
    const grant = await broker.activeGrant({ startsAt });
    expect(grant).toMatchObject({ state: "approved" });
    broker.clock.set(startsAt);
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "active", effectiveAt: startsAt });
  });

  it("A grant of existing access records what covers it: standing access and other grants", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("payments-api") });
    const coverOf = async (grant: Awaited<ReturnType<typeof broker.grant>>) => {
      const last = (await broker.history(grant)).at(-1);
      return last?.type === "activate" ? last.details.coveredBy : undefined;
    };
    const other = await broker.grant({ access: view("payments-api") });
    const first = await broker.activeGrant();
    expect(await coverOf(other)).toBeUndefined();
    expect(await coverOf(first)).toEqual(["standing access"]);
    const second = await broker.activeGrant();
    expect(await coverOf(second)).toEqual([first.id, "standing access"]);
  });

  it("A grant of existing access leaves it in place when the grant ends", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("payments-api") });
    const before = broker.actual();
    const grant = await broker.activeGrant();
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect(broker.actual()).toEqual(before);
    expect(broker.operations()).toEqual([]);
    expect(await broker.isAtRest()).toBe(true);
  });
});
