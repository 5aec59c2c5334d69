/**
 * If a ledger has no room for a removal's save, the removal goes on without it, and gives nothing.
 */
import { beforeEach, describe, expect, it } from "vitest";
import { ns } from "../../../../../lab/fakes/broker-sights.ts";
import { LOST } from "../../../../../lab/fakes/faults.ts";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
  VIEW,
  view,
} from "../../../../../lab/fakes/memory-broker.ts";
import { longNames } from "../../../../../lab/fakes/shared-entry.ts";
import { storedLedger } from "../../../../../shared/aws/dynamodb/ledger/ledger-item.ts";
import { ITEM_BYTES } from "../../../../../shared/domain/entries/bounds.ts";
import type { ElementKnowledge, Ledger } from "../../../../../shared/domain/entries/ledger.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";
import { itemBytes } from "../../../../../shared/domain/values/item-bytes.ts";
import { LedgerTooLarge } from "../../../../../shared/ports/ledger-store.ts";

const OTHER = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAdminPolicy";
const LONG = { durationSeconds: 7_200 } as const;

let broker: MemoryBroker;
beforeEach(() => {
  broker = memoryBroker();
});

/** Elements of another policy that nothing forgets for a day: the ledger is larger than any item. */
function swollen(ledger: Ledger, now: string, count = 2_300): Ledger {
  const later = plusSeconds(now, 86_400);
  const element: ElementKnowledge = {
    state: "absent",
    absenceFrom: later,
    presenceFrom: now,
    carriedUntil: later,
    openUntil: null,
  };
  const elements = Object.fromEntries(
    longNames("old", count).map((name) => [`ns/${name}`, element]),
  );
  return { ...ledger, targets: { ...ledger.targets, [OTHER]: elements } };
}

/** From now on the stored ledger is too large to be saved again. @returns takes that back */
async function swell(count?: number): Promise<() => Promise<void>> {
  const ledger = await broker.ledger();
  if (!ledger) throw new Error("There is no ledger yet.");
  broker.ledgers.ledgers.set(broker.binding, swollen(ledger, broker.clock.now(), count));
  return async () => {
    const stored = await broker.ledger();
    const { [OTHER]: _old, ...targets } = stored?.targets ?? {};
    broker.ledgers.ledgers.set(broker.binding, { ...(stored as Ledger), targets });
  };
}

/** Bytes for the times of one element, and not for those of fifty. */
const ROOM_FOR_ONE = 800;

/** The same, until at least this number of bytes is left. */
async function swellTo(left: number): Promise<void> {
  const ledger = (await broker.ledger()) as Ledger;
  const bytes = (count: number) =>
    itemBytes({ ledger: storedLedger(swollen(ledger, broker.clock.now(), count)) });
  const each = (bytes(2_000) - bytes(1_900)) / 100;
  await swell(2_000 + Math.floor((ITEM_BYTES - 300 - left - bytes(2_000)) / each));
}

const atEnd = (grant: AccessRequest) => broker.convergeAtEnd(grant);

describe("A removal whose save has no room", () => {
  it("Our own entry is deleted, an alarm says so, and the grant ends once a save has room", async () => {
    const grant = await broker.activeGrant();
    const shrink = await swell();
    const before = broker.operations().length;
    expect(await atEnd(grant)).toMatchObject({ ledgersTooLarge: 1 });
    expect(broker.operations(before)).toEqual(["DeleteAccessEntry"]);
    expect(broker.actual()).toBeUndefined();
    expect(await broker.states(grant)).toEqual(["ending"]);
    expect(broker.isDueSoon()).toBe(true);
    await broker.settle(120);
    expect(await broker.states(grant)).toEqual(["ending"]);
    await shrink();
    await broker.settle(120);
    expect(await broker.states(grant)).toEqual(["ended"]);
    expect(await broker.isAtRest()).toBe(true);
  });

  it("The alarm says so also where another run saves a ledger with room meanwhile", async () => {
    const grant = await broker.activeGrant();
    const shrink = await swell();
    broker.after("entries.remove", async () => {
      await shrink();
      const ledger = (await broker.ledger()) as Ledger;
      broker.ledgers.ledgers.set(broker.binding, { ...ledger, revision: ledger.revision + 1 });
    });
    expect(await atEnd(grant)).toMatchObject({ ledgersTooLarge: 1 });
    expect(broker.actual()).toBeUndefined();
  });

  it("The calls without a save are in the grant's history", async () => {
    const grant = await broker.activeGrant();
    await swell();
    await atEnd(grant);
    expect((await broker.recordedCalls(grant)).at(-1)).toBe("DeleteAccessEntry");
  });

  it("An association of ours goes as a whole, also what is still lent there, which comes back with room", async () => {
    const short = await broker.activeGrant();
    const long = await broker.activeGrant({ access: edit("payments-web"), ...LONG });
    const shrink = await swell();
    const before = broker.operations().length;
    await atEnd(short);
    expect(broker.operations(before)).toEqual(["DisassociateAccessPolicy"]);
    expect(broker.namespaces(EDIT)).toEqual([]);
    await shrink();
    await broker.settle(120);
    expect(await broker.states(short, long)).toEqual(["ended", "active"]);
    expect(broker.namespaces(EDIT)).toEqual(["payments-web"]);
  });

  it("A baseline stays, and with it the access beside it, until a save has room", async () => {
    broker.othersHad({ [EDIT]: ns("theirs") });
    const beside = await broker.grant();
    const alone = await broker.activeGrant({ access: view("payments-api") });
    const shrink = await swell();
    const before = broker.operations().length;
    expect(await atEnd(alone)).toMatchObject({ ledgersTooLarge: 1 });
    expect(broker.operations(before)).toEqual(["DisassociateAccessPolicy"]);
    expect(broker.namespaces(VIEW)).toEqual([]);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api", "theirs"]);
    expect(await broker.states(beside, alone)).toEqual(["ending", "ending"]);
    await shrink();
    await broker.settle(20);
    expect(broker.namespaces(EDIT)).toEqual(["theirs"]);
  });

  it("Nothing is added, and a grant that has begun stays as it is", async () => {
    const grant = await broker.activeGrant({ access: view("payments-api"), ...LONG });
    await swell();
    const next = await broker.grant();
    const before = broker.operations().length;
    await broker.converge();
    expect(broker.operations(before)).toEqual([]);
    expect(await broker.states(grant, next)).toEqual(["active", "approved"]);
  });
});

describe("A ledger that is full of what its owner has removed", () => {
  it("It is saved without that, and grants end as ever", async () => {
    const many = longNames("theirs", 2_600);
    broker.othersHad({ [EDIT]: ns(...many.slice(0, 5)) });
    const grant = await broker.activeGrant();
    broker.othersPut({ [EDIT]: ns("payments-api", ...many) });
    broker.clock.advance(60);
    await broker.converge();
    broker.othersPut({ [EDIT]: ns("payments-api") });
    broker.clock.advance(60);
    await broker.end(grant, "return");
    expect(await broker.converge()).toMatchObject({ ledgersTooLarge: 0 });
    expect(broker.namespaces(EDIT)).toEqual([]);
    await broker.settle(120);
    expect(await broker.states(grant)).toEqual(["ended"]);
  });
});

describe("A removal without a save, and other runs", () => {
  it("A run that was overtaken makes no call", async () => {
    const grant = await broker.activeGrant();
    await swell();
    broker.before("ledgers.save", () => {
      broker.before("ledgers.load", async () => {
        const stored = (await broker.ledger()) as Ledger;
        broker.ledgers.ledgers.set(broker.binding, { ...stored, revision: stored.revision + 1 });
      });
    });
    const before = broker.calls.length;
    await atEnd(grant);
    const calls = broker.calls.slice(before).filter((call) => /ledgers|remove/.test(call));
    expect(calls.slice(0, 6)).toEqual([
      "ledgers.load",
      "ledgers.save",
      "ledgers.load",
      "ledgers.load",
      "ledgers.save",
      "ledgers.load",
    ]);
    expect(calls.filter((call) => call === "entries.remove")).toHaveLength(1);
    expect(broker.logs.map(({ message }) => message)).toContain("another run saved first");
  });

  it("A run that lost its message makes no call", async () => {
    const grant = await broker.activeGrant();
    await swell();
    broker.clock.set(grant.revokeAt ?? "");
    const before = broker.operations().length;
    const hold = { extend: async () => false };
    await broker.converge(broker.binding, { hold, isDriftCheck: true });
    expect(broker.operations(before)).toEqual([]);
  });

  it("A removal without an answer is made again", async () => {
    const grant = await broker.activeGrant();
    await swell();
    broker.failNext("DeleteAccessEntry", LOST);
    await atEnd(grant);
    expect(broker.actual()).toBeDefined();
    broker.clock.advance(20);
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
  });
});

describe("Removals with a save", () => {
  it("Calls that carry nothing have a save of their own, before those that carry what stays", async () => {
    const whole = await broker.activeGrant({ access: view("payments-api") });
    const part = await broker.grant();
    await broker.activeGrant({ access: edit("payments-web"), ...LONG });
    const before = broker.calls.length;
    await broker.end(part, "return");
    await atEnd(whole);
    const changes = /^(ledgers\.save|entries\.(associate|disassociate))$/;
    expect(
      broker.calls
        .slice(before)
        .filter((call) => changes.test(call))
        .slice(0, 6),
    ).toEqual([
      "ledgers.save",
      "entries.disassociate",
      "ledgers.save",
      "ledgers.save",
      "entries.associate",
      "ledgers.save",
    ]);
  });

  it("Where only the second has no room, the first is saved as ever", async () => {
    const whole = await broker.activeGrant({ access: view("payments-api") });
    const part = await broker.grant({ access: edit("payments-api", "payments-web") });
    await broker.activeGrant({ access: edit(...longNames("stays", 50)), ...LONG });
    await swellTo(ROOM_FOR_ONE);
    const { revision } = (await broker.ledger()) as Ledger;
    await broker.end(part, "return");
    const before = broker.operations().length;
    await atEnd(whole);
    expect(broker.operations(before)).toEqual([
      "DisassociateAccessPolicy",
      "DisassociateAccessPolicy",
    ]);
    const stored = (await broker.ledger()) as Ledger;
    expect(stored.revision).toBeGreaterThan(revision);
    // The call that carries them was never made, so nothing of it can land.
    const open = Object.values(stored.targets[EDIT] ?? {}).filter(
      (each) => each.openUntil !== null,
    );
    expect(open).toEqual([]);
  });

  it("Where an outcome has no room, its intent stands, and no call is made twice", async () => {
    const grant = await broker.activeGrant({ access: view("payments-api") });
    await broker.activeGrant({ access: edit("payments-web"), ...LONG });
    broker.after("entries.disassociate", () =>
      broker.before("ledgers.save", () => {
        throw new LedgerTooLarge("It has no room.");
      }),
    );
    const before = broker.operations().length;
    expect(await atEnd(grant)).toMatchObject({ ledgersTooLarge: 1 });
    expect(broker.operations(before)).toEqual(["DisassociateAccessPolicy"]);
    await broker.settle(120);
    expect(await broker.states(grant)).toEqual(["ended"]);
  });
});
