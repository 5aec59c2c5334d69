/** Fuses in runs that add nothing: of grants that are only kept, whatever is judged of their records. */
import { describe, expect, it } from "vitest";
import { ns } from "../../../../../lab/fakes/broker-sights.ts";
import { aFailedCall } from "../../../../../lab/fakes/faults.ts";
import { EDIT, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

const fuseOf = ({ expiresAt }: { readonly expiresAt: string | null }) =>
  plusSeconds(expiresAt ?? "", 300);

describe("A drift check that finds no fuse for what is lent", () => {
  /** A broker whose grant has no fuse, because others had something on its target for a while. */
  async function unfused() {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const check = async () => {
      broker.clock.advance(300);
      const before = broker.calls.length;
      await broker.converge(broker.binding, { isDriftCheck: true });
      return broker.calls.slice(before);
    };
    broker.othersPut({ [EDIT]: ns("own", "payments-api") });
    await check();
    await check();
    expect(broker.fuses()).toEqual({});
    broker.othersPut({ [EDIT]: ns("payments-api") });
    return { broker, grant, check };
  }

  it("It orders the fuse, reads no history for that, and later ones write nothing", async () => {
    const { broker, grant, check } = await unfused();
    const calls = await check();
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(grant) });
    expect(calls).not.toContain("requests.historyPage");
    const changes = /^entries\.(create|associate|disassociate|update|remove)/;
    expect(calls.filter((site) => changes.test(site))).toEqual([]);
    // This one forgets what others had there.
    await check();
    expect((await check()).filter((site) => /save|park|send|schedules/.test(site))).toEqual([]);
  });

  it("It is repeated soon where Scheduler does not answer", async () => {
    const { broker, grant, check } = await unfused();
    const repair = broker.breakPort("schedules.armFuse", aFailedCall("CreateSchedule"));
    await check();
    expect(broker.isDueSoon()).toBe(true);
    repair();
    await broker.converge();
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(grant) });
  });
});

describe("A drift check where Scheduler takes no fuses at all", () => {
  it("It tries once for all that is lent, counts the refusal, and is not repeated before its turn", async () => {
    const broker = memoryBroker({ takesFuses: () => false });
    const grant = await broker.activeGrant();
    broker.clock.advance(300);
    const before = broker.calls.length;
    const report = await broker.converge(broker.binding, { isDriftCheck: true });
    expect(report).toMatchObject({ fusesRefused: 1, timersRefused: 0 });
    const writes = broker.calls.slice(before).filter((site) => /save|park|schedules/.test(site));
    expect(writes).toEqual(["ledgers.save", "schedules.armFuse", "ledgers.save", "bindings.park"]);
    expect(broker.head()?.dueAt).toBe(grant.revokeAt);
  });
});
