/** Fuses in runs that add nothing: of grants that are only kept, whatever is judged of their records. */
import { beforeEach, describe, expect, it } from "vitest";
import { forge, ns } from "../../../../../lab/fakes/broker-sights.ts";
import { aFailedCall } from "../../../../../lab/fakes/faults.ts";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
} from "../../../../../lab/fakes/memory-broker.ts";
import type { Ledger } from "../../../../../shared/domain/entries/ledger.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";
import { LedgerTooLarge } from "../../../../../shared/ports/ledger-store.ts";

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

describe("A fuse whose longest grant ended early", () => {
  let broker: MemoryBroker;
  const lend = async () => {
    broker = memoryBroker();
    const short = await broker.activeGrant();
    const long = await broker.activeGrant({ access: edit("payments-web"), durationSeconds: 7_200 });
    forge(broker, short, { digest: "x" });
    await broker.end(long, "return");
    return { short, long };
  };
  let grants: Awaited<ReturnType<typeof lend>>;
  beforeEach(async () => {
    grants = await lend();
  });

  it("It moves back once the access is gone, and no sooner", async () => {
    const before = broker.calls.length;
    await broker.converge();
    const calls = broker.calls.slice(before);
    expect(calls).toContain("schedules.armFuse");
    expect(calls.indexOf("schedules.armFuse")).toBeGreaterThan(calls.indexOf("entries.associate"));
  });

  it("It moves back while others make the ledger look older than it is", async () => {
    const head = broker.head();
    if (head) broker.tables.heads.set(broker.binding, { ...head, ledgerRevision: 1_000 });
    await broker.converge();
    expect((await broker.ledger())?.unsureSince).toBeDefined();
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(grants.short) });
  });

  it("Without room for its name the other grant ends all the same, and it moves back once there is room", async () => {
    const { short, long } = grants;
    const names = ({ fuses }: Ledger) => fuses.some(({ at }) => at === fuseOf(short));
    const full = new LedgerTooLarge("It has no room.");
    const repair = broker.breakPort("ledgers.save", full, ([ledger]) => names(ledger as Ledger));
    expect(await broker.converge()).toMatchObject({ ledgersTooLarge: 1 });
    await broker.settle(60);
    expect(await broker.states(short, long)).toEqual(["active", "ended"]);
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(long) });
    expect(broker.isDueSoon()).toBe(true);
    repair();
    await broker.settle(60);
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(short) });
  });
});
