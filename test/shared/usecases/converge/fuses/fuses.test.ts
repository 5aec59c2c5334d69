/** The existence of fuses, their times, and the fate of grants that cannot have a fuse. */
import { describe, expect, it } from "vitest";
import { forge, ns } from "../../../../../lab/fakes/broker-sights.ts";
import { ALICE, STAGING } from "../../../../../lab/fakes/builders.ts";
import { aFailedCall } from "../../../../../lab/fakes/faults.ts";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
  VIEW,
  view,
} from "../../../../../lab/fakes/memory-broker.ts";
import { GROUPS, groupElements } from "../../../../../shared/domain/entries/access.ts";
import { bindingKey } from "../../../../../shared/domain/entries/binding.ts";
import type { FuseOrder } from "../../../../../shared/domain/entries/fuse-schedule.ts";
import type { Ask } from "../../../../../shared/domain/requests/ask.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

const STAGED = bindingKey(STAGING.arn, ALICE);
const LONG = { durationSeconds: 7_200 } as const;
const VIEW_ALL = { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } } as const;
const ON_STAGING: Partial<Ask> = { cluster: "staging", access: { groups: ["eks-admins"] } };

/** When the fuse of a grant fires: five minutes after it has ended. */
const fuseOf = ({ expiresAt }: { readonly expiresAt: string | null }) =>
  plusSeconds(expiresAt ?? "", 300);

/** Makes arming a fuse for this target fail, until the returned function is called. */
const breakFuses = (broker: MemoryBroker, target: string) =>
  broker.breakPort(
    "schedules.armFuse",
    aFailedCall("CreateSchedule"),
    ([order]) => (order as FuseOrder).target === target,
  );

describe("A fuse", () => {
  it("Each association has a fuse that fires after the last of its grants", async () => {
    const broker = memoryBroker();
    const short = await broker.grant();
    const long = await broker.activeGrant({ access: view("payments-api"), ...LONG });
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(short), [VIEW]: fuseOf(long) });
  });

  it("An association of ours has a fuse, even if the entry belongs to others", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [VIEW]: ns("theirs") });
    const grant = await broker.activeGrant();
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(grant) });
    await broker.settle(60);
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(grant) });
  });

  it("An association with a baseline has no fuse, because the fuse would remove it too", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("base") });
    const grant = await broker.activeGrant();
    expect(grant).toMatchObject({ state: "active" });
    expect(broker.fuses()).toEqual({});
  });

  it("A fuse is deleted once others use the association", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(grant) });
    broker.clock.advance(60);
    broker.othersPut({ [EDIT]: ns("payments-api", "theirs") });
    await broker.converge();
    expect(broker.fuses()).toEqual({});
    expect((await broker.ledger())?.fuses).toEqual([]);
  });

  it("A fuse is armed again once others no longer use the association", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    broker.othersPut({ [EDIT]: ns("payments-api", "theirs") });
    await broker.converge();
    broker.clock.advance(60);
    broker.othersPut({ [EDIT]: ns("payments-api") });
    await broker.converge();
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(grant) });
  });

  it("A fuse is armed again by the drift check that finds that others no longer use the association", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const check = () => {
      broker.clock.advance(300);
      return broker.converge(broker.binding, { isDriftCheck: true });
    };
    broker.othersPut({ [EDIT]: ["ns/own", "ns/payments-api"] });
    await check();
    expect(broker.fuses()).toEqual({});
    broker.othersPut({ [EDIT]: ["ns/payments-api"] });
    await check();
    await check();
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(grant) });
  });

  it("A fuse that may have fired early is armed again under another name, once its access is back", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const [fired] = (await broker.ledger())?.fuses ?? [];
    broker.clock.advance(60);
    broker.schedules.timers.delete(fired?.name ?? "");
    broker.othersPut({ [EDIT]: [] });
    await broker.settle(60);
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(grant) });
    const [armed, ...others] = (await broker.ledger())?.fuses ?? [];
    expect(armed).toMatchObject({ sure: true, at: fuseOf(grant) });
    expect(armed?.name).not.toBe(fired?.name);
    expect(others).toEqual([]);
  });

  it("A fuse stays where others took a part of what it guards, for no fuse takes a part", async () => {
    const broker = memoryBroker();
    await broker.activeGrant({ access: edit("payments-api", "payments-web") });
    const fuses = (await broker.ledger())?.fuses;
    broker.clock.advance(60);
    broker.othersPut({ [EDIT]: ns("payments-api") });
    await broker.settle(60);
    expect((await broker.ledger())?.fuses).toEqual(fuses);
  });

  it("A fuse moves to the later end if a longer grant joins the association", async () => {
    const broker = memoryBroker();
    await broker.activeGrant();
    const long = await broker.activeGrant({ access: edit("payments-web"), ...LONG });
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(long) });
    expect((await broker.ledger())?.fuses).toMatchObject([{ at: fuseOf(long), sure: true }]);
  });

  it("A fuse moves back if the longer grant ends early, and then stays", async () => {
    const broker = memoryBroker();
    const short = await broker.activeGrant();
    const long = await broker.activeGrant({ access: edit("payments-web"), ...LONG });
    broker.clock.advance(60);
    await broker.end(long, "revoke", "bob");
    await broker.converge();
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(short) });
    const before = broker.calls.length;
    await broker.settle(60);
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(short) });
    expect(broker.calls.slice(before).filter((site) => site.startsWith("schedules."))).toEqual([]);
  });

  it("A fuse moves back if the longer grant ends early, also of a grant whose record others altered", async () => {
    const broker = memoryBroker();
    const short = await broker.activeGrant();
    const long = await broker.activeGrant({ ...LONG, access: edit("payments-web") });
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(long) });
    forge(broker, short, { digest: "x" });
    await broker.end(long, "return");
    await broker.converge();
    await broker.settle(60);
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(short) });
  });

  it("A fuse is moved into the past by no record that claims an earlier end", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    forge(broker, grant, { expiresAt: "2000-01-01T00:00:00.000Z" });
    const other = await broker.activeGrant({ access: view("payments-web") });
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(grant), [VIEW]: fuseOf(other) });
  });

  it("A fuse stays until the end of its grant is proven, because the removal may have failed", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    await broker.convergeAtEnd(grant);
    expect(await broker.states(grant)).toEqual(["ending"]);
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(grant) });
    await broker.settle(60);
    expect(await broker.states(grant)).toEqual(["ended"]);
    expect(broker.fuses()).toEqual({});
  });

  it("A fuse goes with its grant, even if another grant of the same access starts later", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    await broker.grant({ startsAt: plusSeconds(broker.clock.now(), 7_200) });
    broker.clock.advance(60);
    await broker.end(grant, "return");
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["ended"]);
    expect([...broker.schedules.timers]).toEqual([]);
  });
});

describe("A fuse for groups, which deletes the whole entry", () => {
  it("A fuse for groups exists while only we use the entry", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant(ON_STAGING);
    const lent = await broker.grant({ cluster: "staging", access: VIEW_ALL });
    const both = { [GROUPS]: fuseOf(grant), [VIEW]: fuseOf(lent) };
    await broker.converge(STAGED);
    expect(broker.fuses()).toEqual(both);
    await broker.settle(60, STAGED);
    expect(broker.fuses()).toEqual(both);
  });

  it.each([
    ["empty", {}],
    ["with groups of its own", { [GROUPS]: groupElements(["theirs"]) }],
  ])("A fuse for groups does not exist on someone else's entry, %s", async (_, targets) => {
    const broker = memoryBroker();
    broker.othersHad(targets, STAGING.arn);
    const grant = await broker.activeGrant(ON_STAGING);
    expect(grant).toMatchObject({ state: "active" });
    expect(broker.fuses()).toEqual({});
    await broker.settle(60, STAGED);
    expect(broker.fuses()).toEqual({});
  });

  it("A fuse for groups is deleted once others put something on the entry", async () => {
    const broker = memoryBroker();
    await broker.activeGrant(ON_STAGING);
    expect(Object.keys(broker.fuses())).toEqual([GROUPS]);
    broker.clock.advance(60);
    const targets = broker.entries.peek(broker.addressOf(STAGING.arn))?.targets;
    broker.othersPut({ ...targets, [VIEW]: ns("theirs") }, STAGING.arn);
    await broker.converge(STAGED);
    expect(broker.fuses()).toEqual({});
  });

  it("A fuse for groups is deleted once others use an association that we lend too", async () => {
    const broker = memoryBroker();
    await broker.grant(ON_STAGING);
    await broker.activeGrant({ cluster: "staging", access: VIEW_ALL });
    broker.clock.advance(60);
    const targets = broker.entries.peek(broker.addressOf(STAGING.arn))?.targets;
    broker.othersPut({ ...targets, [VIEW]: ns("theirs") }, STAGING.arn);
    await broker.converge(STAGED);
    expect(broker.fuses()).toEqual({});
  });
});

describe("A fuse that cannot be armed", () => {
  it("A fuse that Scheduler refuses permanently delays nothing and leaves the ledger", async () => {
    const broker = memoryBroker({ takesFuses: () => false });
    const grant = await broker.grant();
    expect(await broker.converge()).toMatchObject({ fusesRefused: 1 });
    expect(await broker.states(grant)).toEqual(["active"]);
    expect((await broker.ledger())?.fuses).toEqual([]);
    expect(broker.head()?.dueAt).toBe(grant.revokeAt);
  });

  it("A fuse that could not be armed delays only its own grants", async () => {
    const broker = memoryBroker();
    const repair = breakFuses(broker, VIEW);
    const grant = await broker.grant();
    const other = await broker.activeGrant({ access: view("payments-api") });
    expect(await broker.states(grant, other)).toEqual(["active", "approved"]);
    expect(broker.actual()?.targets).toEqual({ [EDIT]: ns("payments-api") });
    expect((await broker.ledger())?.begun).not.toHaveProperty(other.id);
    expect(broker.isDueSoon()).toBe(true);
    repair();
    await broker.converge();
    expect(await broker.states(grant, other)).toEqual(["active", "active"]);
  });

  it("A begun grant whose access others took gets it back, although its next fuse cannot be armed", async () => {
    const broker = memoryBroker();
    await broker.activeGrant();
    broker.clock.advance(60);
    broker.othersPut({});
    breakFuses(broker, EDIT);
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(broker.isDueSoon()).toBe(true);
  });

  it("A fuse that could not be armed affects no begun grant, but the one that joins it waits", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const repair = breakFuses(broker, EDIT);
    const longer = await broker.activeGrant({ access: edit("payments-web"), ...LONG });
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(await broker.states(grant, longer)).toEqual(["active", "approved"]);
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(grant) });
    repair();
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api", "payments-web"]);
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(longer) });
  });
});
