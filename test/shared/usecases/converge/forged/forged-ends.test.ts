/** A record whose ends are later than those in the ledger, beside another grant on the same policy. */
import { describe, expect, it } from "vitest";
import { forge, VISIBLE_SECONDS } from "../../../../../lab/fakes/broker-sights.ts";
import { EDIT, edit, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

const FAR = "2026-12-24T10:00:00.000Z";

describe("A second end that was made later while the grant was active", () => {
  it("The fuse that replaces its own follows the ends that the ledger holds", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    forge(broker, grant, { expiresAt: FAR });
    broker.clock.advance(VISIBLE_SECONDS);
    const longer = { access: edit("payments-web"), durationSeconds: 7_200 };
    const other = await broker.activeGrant(longer);
    expect(broker.fuses()).toEqual({ [EDIT]: plusSeconds(other.expiresAt ?? "", 300) });
  });

  it("A grant whose end is not proven counts as overdue from the end that the ledger holds", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    forge(broker, grant, { expiresAt: FAR });
    await broker.convergeAtEnd(grant);
    broker.clock.set(plusSeconds(grant.expiresAt ?? "", 1));
    broker.entries.lag = { describe: 600_000, list: 600_000 };
    expect(await broker.converge()).toMatchObject({ overdueGrants: 1 });
  });
});

describe("A record that was forged as ending, and put back once its end was proven", () => {
  it("Nothing of it begins again", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    forge(broker, grant, { state: "ending" });
    await broker.converge();
    await broker.settle();
    const ended = await broker.reload(grant);
    expect(ended).toMatchObject({ state: "ended" });
    const again = { ...ended, state: "approved", effectiveAt: null, endedAt: null } as const;
    broker.tables.grants.get(broker.binding)?.set(grant.id, again);
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
  });
});
