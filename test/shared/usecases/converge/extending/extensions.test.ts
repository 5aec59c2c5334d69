/** An extension continues the access of its predecessor, without a moment in between. */
import { describe, expect, it } from "vitest";
import { ns } from "../../../../../lab/fakes/broker-sights.ts";
import { EDIT, edit, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

const chainOf = async (by = 1_800) => {
  const broker = memoryBroker();
  const grant = await broker.activeGrant();
  const extension = await broker.approve(await broker.extend(grant, { durationSeconds: by }));
  await broker.converge();
  return { broker, grant, extension };
};

describe("An extension", () => {
  it("An extension begins without a call to EKS, and says which grant covers it", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    await broker.approve(await broker.extend(grant));
    const before = broker.operations().length;
    await broker.converge();
    const extension = await broker.reload({
      ...grant,
      id: (await broker.reload(grant)).extendedBy ?? "",
    });
    expect(extension.state).toBe("active");
    expect(broker.operations(before)).toEqual([]);
    expect((await broker.history(extension)).at(-1)).toMatchObject({
      type: "activate",
      details: { coveredBy: [grant.id] },
    });
  });

  it("The end of the first grant removes nothing that its extension continues", async () => {
    const { broker, grant, extension } = await chainOf();
    const before = broker.operations().length;
    await broker.convergeAtEnd(grant);
    expect(broker.operations(before)).toEqual([]);
    expect(broker.actual()?.targets).toEqual({ [EDIT]: ns("payments-api") });
    await broker.settle(120);
    expect(broker.operations(before)).toEqual([]);
    expect(await broker.states(grant, extension)).toEqual(["ended", "active"]);
  });

  it("The access ends with the extension, and its fuse moves with it", async () => {
    const { broker, grant, extension } = await chainOf();
    expect(broker.fuses()).toEqual({ [EDIT]: plusSeconds(extension.expiresAt ?? "", 300) });
    await broker.convergeAtEnd(grant);
    await broker.settle(120);
    await broker.convergeAtEnd(extension);
    expect(broker.actual()).toBeUndefined();
    await broker.settle(120);
    expect(await broker.states(grant, extension)).toEqual(["ended", "ended"]);
    expect(await broker.isAtRest()).toBe(true);
  });

  it("Access that others remove is added again under the extension, after the first grant has ended", async () => {
    const { broker, grant } = await chainOf();
    await broker.convergeAtEnd(grant);
    await broker.settle(120);
    broker.othersPut({});
    await broker.settle(60);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
  });

  it("A chain is extended again while its last grant lasts, and the first one has ended", async () => {
    const { broker, grant, extension } = await chainOf();
    await broker.convergeAtEnd(grant);
    await broker.settle(120);
    const next = await broker.approve(await broker.extend(extension, { durationSeconds: 600 }));
    await broker.converge();
    await broker.convergeAtEnd(extension);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(await broker.states(next)).toEqual(["active"]);
    expect((await broker.ledger())?.begun[next.id]?.chain).toMatchObject({
      since: grant.approvedAt,
      extensions: 2,
      extends: extension.id,
    });
  });

  it("An extension that converge takes up in the last second begins, and one at the end fails", async () => {
    const begin = async (seconds: number) => {
      const broker = memoryBroker();
      const grant = await broker.activeGrant();
      broker.clock.set(plusSeconds(grant.revokeAt ?? "", -2));
      const extension = await broker.approve(await broker.extend(grant));
      broker.clock.advance(seconds);
      await broker.converge();
      return { broker, extension: await broker.reload(extension) };
    };
    const last = await begin(1);
    expect(last.extension.state).toBe("active");
    expect(last.broker.namespaces(EDIT)).toEqual(["payments-api"]);
    const late = await begin(2);
    expect(late.extension).toMatchObject({
      state: "failed",
      outcome: { code: "predecessor-over" },
    });
    expect(late.broker.namespaces(EDIT)).toEqual([]);
    await late.broker.settle(60);
    expect(late.broker.actual()).toBeUndefined();
  });

  it("A run that is overtaken at the end adds no extension after the removal", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.set(plusSeconds(grant.revokeAt ?? "", -1));
    const extension = await broker.approve(await broker.extend(grant));
    broker.before("schedules.armRevocation", async () => {
      broker.clock.advance(1);
      await broker.converge();
    });
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
    await broker.settle(120);
    expect(await broker.states(grant, extension)).toEqual(["ended", "failed"]);
  });

  it("A grant of other access on the entry keeps its own end beside a chain", async () => {
    const { broker, grant } = await chainOf();
    const other = await broker.activeGrant({
      access: edit("payments-web"),
      durationSeconds: 3_600,
    });
    await broker.convergeAtEnd(grant);
    await broker.convergeAtEnd(other);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
  });

  it.each(["schedules.armRevocation", "schedules.armFuse", "ledgers.save", "requests.save"])(
    "A crash at %s leaves the first grant's access as it was",
    async (site) => {
      for (const when of ["before", "after"] as const) {
        const broker = memoryBroker();
        const grant = await broker.activeGrant();
        const extension = await broker.approve(await broker.extend(grant));
        broker[when](site, () => {
          throw new Error("crash");
        });
        await broker.converge().catch(() => undefined);
        expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
        await broker.settle(60);
        expect(await broker.states(grant, extension)).toEqual(["active", "active"]);
      }
    },
  );
});
