/** A ledger that is older than the head of its binding, while it knows every grant that is lent. */
import { describe, expect, it } from "vitest";
import { forge, ns } from "../../../../../lab/fakes/broker-sights.ts";
import { EDIT, edit, memoryBroker, view } from "../../../../../lab/fakes/memory-broker.ts";
import { tablesAsOf } from "../../../../../lab/fakes/restored-tables.ts";
import { knowsFrom } from "../../../../../shared/domain/entries/unknown-ledger.ts";
import { findingsIn } from "../../../../../shared/domain/requests/audit-event.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

const LONG = { durationSeconds: 7_200 } as const;

describe("A ledger that was restored to before a grant which is over", () => {
  it("adds nothing before a read shows every call that it may have forgotten", async () => {
    const broker = memoryBroker();
    await broker.activeGrant(LONG);
    const { ledgers } = tablesAsOf(broker);
    broker.clock.advance(60);
    await broker.end(await broker.activeGrant({ access: view("payments-api") }), "return");
    await broker.settle();
    ledgers();
    const since = broker.clock.now();
    const next = await broker.activeGrant({ access: edit("payments-web") });
    expect((await broker.ledger())?.unsureSince).toBe(since);
    const knows = knowsFrom(since, broker.ports.settings);
    broker.clock.set(plusSeconds(knows, -1));
    await broker.converge();
    expect(await broker.states(next)).toEqual(["approved"]);
    expect((await broker.ledger())?.unsureSince).toBe(since);
    broker.clock.set(knows);
    await broker.converge();
    expect((await broker.ledger())?.unsureSince).toBeUndefined();
    expect(await broker.states(next)).toEqual(["active"]);
  });

  it("is a finding once in a run that begins again", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant(LONG);
    const brief = await broker.activeGrant({ access: edit("payments-web") });
    const { ledgers } = tablesAsOf(broker);
    broker.clock.advance(60);
    await broker.end(await broker.activeGrant({ access: view("payments-api") }), "return");
    await broker.settle();
    ledgers();
    broker.clock.set(brief.revokeAt ?? "");
    broker.before("requests.save", () => broker.end(brief, "return"));
    await broker.converge();
    const found = (await broker.history(grant)).flatMap(findingsIn);
    expect(found.map(({ code }) => code)).toEqual(["ledger-behind"]);
  });

  it("is not taken for the newest by a run that reads no entry, so a later run notices it", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant(LONG);
    const { ledgers } = tablesAsOf(broker);
    broker.clock.advance(60);
    await broker.end(await broker.activeGrant({ access: view("payments-api") }), "return");
    await broker.settle();
    const newest = broker.head()?.ledgerRevision;
    ledgers();
    await broker.converge(broker.binding, { waitedSeconds: 31 });
    expect(broker.head()?.ledgerRevision).toBe(newest);
    await broker.converge();
    expect((await broker.ledger())?.unsureSince).toBe(broker.clock.now());
    const found = (await broker.history(grant)).flatMap(findingsIn);
    expect(found.map(({ code }) => code)).toEqual(["ledger-behind"]);
  });
});

describe("A grant that only a Query of the partition still shows, while its end is being stored", () => {
  /** A broker whose views show the grants of a moment before, as far as `stale` says so. */
  const withStaleViews = () => {
    let past: readonly AccessRequest[] | undefined;
    const broker = memoryBroker({
      wrap: (ports) => ({
        ...ports,
        bindings: {
          ...ports.bindings,
          async view(binding) {
            const seen = await ports.bindings.view(binding);
            return past ? { ...seen, grants: past } : seen;
          },
        },
      }),
    });
    const keep = async () => {
      const { grants } = await broker.ports.bindings.view(broker.binding);
      return () => {
        past = grants;
      };
    };
    return { broker, keep, catchUp: () => (past = undefined) };
  };

  it("is over, and is not taken for one that the ledger forgot", async () => {
    const { broker, keep, catchUp } = withStaleViews();
    const lasting = await broker.activeGrant(LONG);
    const over = await broker.activeGrant({ access: view("payments-api") });
    broker.clock.advance(60);
    const showPast = await keep();
    await broker.end(over, "return");
    await broker.settle();
    expect(await broker.states(over)).toEqual(["ended"]);
    showPast();
    await broker.converge().catch(() => undefined);
    catchUp();
    await broker.converge();
    expect((await broker.ledger())?.unsureSince).toBeUndefined();
    expect((await broker.history(lasting)).flatMap(findingsIn)).toEqual([]);
    expect((await broker.activeGrant({ access: edit("payments-web") })).state).toBe("active");
  });

  it("counts as forgotten where the table does not answer a read by its key", async () => {
    const { broker, keep } = withStaleViews();
    await broker.activeGrant(LONG);
    const over = await broker.activeGrant({ access: view("payments-api") });
    broker.clock.advance(60);
    const showPast = await keep();
    await broker.end(over, "return");
    await broker.settle();
    showPast();
    broker.breakPort("bindings.named", new Error("throttled"));
    await broker.converge().catch(() => undefined);
    expect((await broker.ledger())?.unsureSince).toBeDefined();
  });
});

describe("An emptied ledger that DynamoDB deleted after a day", () => {
  it("is not taken for one that was lost: the next grant there waits for nothing", async () => {
    const broker = memoryBroker();
    await broker.end(await broker.activeGrant(), "return");
    await broker.settle(600);
    expect(await broker.isAtRest()).toBe(true);
    broker.clock.advance(2 * 86_400);
    broker.ledgers.ledgers.delete(broker.binding);
    expect((await broker.activeGrant()).state).toBe("active");
    expect((await broker.ledger())?.unsureSince).toBeUndefined();
  });
});

it("Access that the first reads after a restore do not show is found, and is no baseline", async () => {
  const broker = memoryBroker();
  broker.othersHad({ [EDIT]: ns("base") });
  const first = await broker.activeGrant();
  const older = tablesAsOf(broker).ledgers;
  await broker.convergeAtEnd(first);
  await broker.settle();
  const lent = await broker.grant({ access: edit("payments-web") });
  broker.entries.lag = { list: 40_000 };
  await broker.converge();
  expect(broker.namespaces(EDIT)).toEqual(["base", "payments-web"]);
  expect(await broker.states(lent)).toEqual(["approved"]);
  older();
  broker.clock.advance(20);
  await broker.converge();
  broker.clock.advance(60);
  await broker.settle(600);
  expect(broker.namespaces(EDIT)).toEqual(["base"]);
  expect(await broker.reload(lent)).toMatchObject({
    state: "failed",
    outcome: { code: "ledger-behind" },
  });
});

it("Access is no baseline either where others took the head away, and forged the record as not begun", async () => {
  const broker = memoryBroker();
  broker.othersHad({ [EDIT]: ns("base") });
  await broker.activeGrant({ access: edit("payments-web"), ...LONG });
  const older = tablesAsOf(broker).ledgers;
  const lent = await broker.activeGrant();
  older();
  broker.tables.heads.delete(broker.binding);
  forge(broker, lent, { state: "approved", effectiveAt: null });
  await broker.converge();
  expect(broker.namespaces(EDIT)).toEqual(["base", "payments-web"]);
  await broker.settle(900);
  expect(await broker.reload(lent)).toMatchObject({ outcome: { code: "ledger-behind" } });
});

it.each([
  ["of an active grant", {}],
  ["of one that seems not to have begun", { state: "approved", effectiveAt: null }],
] as const)("Nor where they forged which access a record is about: %s", async (_, change) => {
  const broker = memoryBroker();
  broker.othersHad({ [EDIT]: ns("base") });
  await broker.activeGrant({ access: edit("payments-web"), ...LONG });
  const older = tablesAsOf(broker).ledgers;
  const lent = await broker.activeGrant();
  older();
  forge(broker, lent, { access: edit("payments-zzz"), ...change });
  await broker.converge();
  await broker.settle(900);
  expect(broker.namespaces(EDIT)).toEqual(["base", "payments-web"]);
});
