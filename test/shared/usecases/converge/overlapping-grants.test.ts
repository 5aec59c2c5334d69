/** Several grants on one entry: each has what it asked for, and takes nothing of another's. */
import { describe, expect, it } from "vitest";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { THROTTLED } from "../../../fakes/faults.ts";
import { EDIT, edit, memoryBroker, ns, VIEW, view } from "../../../fakes/memory-broker.ts";

const LONG = { durationSeconds: 7_200 } as const;

describe("overlapping grants", () => {
  it("of one policy are united, and each loses its own access at its own end", async () => {
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

  it("of two policies leave exactly the other's", async () => {
    const broker = memoryBroker();
    const first = await broker.grant();
    const second = await broker.activeGrant({ access: view("payments-api"), ...LONG });
    await broker.convergeAtEnd(first);
    expect(broker.actual()?.targets).toEqual({ [VIEW]: ns("payments-api") });
    expect(await broker.states(second)).toEqual(["active"]);
  });

  it("keep the union's namespaces that a longer grant shares with one that is over", async () => {
    const broker = memoryBroker();
    const short = await broker.activeGrant({ access: edit("payments-api", "payments-web") });
    const long = await broker.activeGrant({ access: edit("payments-web", "payments-db"), ...LONG });
    await broker.convergeAtEnd(short);
    expect(broker.namespaces(EDIT)).toEqual(["payments-db", "payments-web"]);
    await broker.settle(60);
    expect(await broker.states(short, long)).toEqual(["ended", "active"]);
  });

  it("have each call on record with the grants that it served, and its session", async () => {
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

  it("of the same access need no second call, and the second says what covers it", async () => {
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

  it("of the same access: the second has begun also where its run ends as it is reported", async () => {
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

  it("of the same access end together, and not while the access of both is still there", async () => {
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

  it("hide no namespace from a grant that ends beside one for the whole cluster", async () => {
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

describe("a grant of what others gave already", () => {
  it("is over where it ends before it began, and takes nothing", async () => {
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

  it("is not reported as active before its start", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("payments-api") });
    const startsAt = plusSeconds(broker.clock.now(), 600);
    const grant = await broker.activeGrant({ startsAt });
    expect(grant).toMatchObject({ state: "approved" });
    broker.clock.set(startsAt);
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "active", effectiveAt: startsAt });
  });

  it("says what covers it: standing access, and what is lent on the same association", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("payments-api") });
    const coverOf = async (grant: Awaited<ReturnType<typeof broker.grant>>) =>
      (await broker.history(grant)).at(-1)?.details["coveredBy"];
    const other = await broker.grant({ access: view("payments-api") });
    const first = await broker.activeGrant();
    expect(await coverOf(other)).toBeUndefined();
    expect(await coverOf(first)).toEqual(["standing access"]);
    const second = await broker.activeGrant();
    expect(await coverOf(second)).toEqual([first.id, "standing access"]);
  });

  it("leaves it where it is when the grant ends", async () => {
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
