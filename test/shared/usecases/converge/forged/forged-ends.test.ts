/** A record whose ends are later than those in the ledger, beside another grant on the same policy. */
import { describe, expect, it } from "vitest";
import { forge, VISIBLE_SECONDS } from "../../../../../lab/fakes/broker-sights.ts";
import { EDIT, edit, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import type { TypedDetails } from "../../../../../shared/domain/requests/audit-event.ts";
import { transition } from "../../../../../shared/domain/requests/lifecycle.ts";
import { MOST_EVENTS } from "../../../../../shared/domain/requests/on-record.ts";
import type { State } from "../../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";
import { BROKER } from "../../../../../shared/usecases/converge/binding-grants.ts";

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

describe("A record of the longest history that is read, put back after its end", () => {
  it("Nothing of it begins, though the event that ended it comes after a thousand others", async () => {
    const broker = memoryBroker();
    let grant = await broker.grant();
    const step = async (occurrence: TypedDetails & { readonly to?: State }) => {
      const by = { actor: BROKER, at: broker.clock.now(), policyHash: grant.policyHash };
      const next = transition(grant, { ...occurrence, ...by });
      await broker.ports.requests.save(next);
      return next.request;
    };
    while (grant.version < MOST_EVENTS)
      grant = await step({ type: "evidence", details: { calls: [] } });
    const before = grant;
    grant = await step({ type: "withdraw", details: { calls: [] } });
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["ended"]);
    broker.tables.grants.get(broker.binding)?.set(grant.id, before);
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
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

describe("A record that was taken away after its access began, and put back", () => {
  it.each(["approved", "active"] as const)(
    "It begins no more as %s, since its history shows that it did",
    async (state) => {
      const broker = memoryBroker();
      broker.othersHad({ [EDIT]: ["ns/own"] });
      const grant = await broker.activeGrant();
      broker.tables.grants.get(broker.binding)?.delete(grant.id);
      await broker.converge();
      expect(broker.namespaces(EDIT)).toEqual(["own"]);
      forge(broker, grant, { state, ...(state === "approved" ? { effectiveAt: null } : {}) });
      await broker.converge();
      broker.clock.advance(60);
      await broker.converge();
      expect(broker.namespaces(EDIT)).toEqual(["own"]);
    },
  );
});
