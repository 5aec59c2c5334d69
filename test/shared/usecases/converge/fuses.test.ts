/** Where there is a fuse, when it fires, and what holds for grants where there can be none. */
import { describe, expect, it } from "vitest";
import { GROUPS, groupElements } from "../../../../shared/domain/entries/access.ts";
import { bindingKey } from "../../../../shared/domain/entries/binding.ts";
import type { Ask } from "../../../../shared/domain/requests/ask.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import type { FuseOrder } from "../../../../shared/ports/schedules.ts";
import { ALICE, STAGING } from "../../../fakes/builders.ts";
import { aFailedCall } from "../../../fakes/memory-access-entries.ts";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
  ns,
  VIEW,
  view,
} from "../../../fakes/memory-broker.ts";

const STAGED = bindingKey(STAGING.arn, ALICE);
const LONG = { durationSeconds: 7_200 } as const;
const VIEW_ALL = { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } } as const;
const ON_STAGING: Partial<Ask> = { cluster: "staging", access: { groups: ["eks-admins"] } };

/** When the fuse of a grant fires: five minutes after it has ended. */
const fuseOf = ({ expiresAt }: { readonly expiresAt: string | null }) =>
  plusSeconds(expiresAt ?? "", 300);

/** Arming a fuse for this target fails, until the answer is called. */
const breakFuses = (broker: MemoryBroker, target: string) =>
  broker.breakPort(
    "schedules.armFuse",
    aFailedCall("CreateSchedule"),
    ([order]) => (order as FuseOrder).target === target,
  );

describe("a fuse", () => {
  it("is there for each association, after the last of its own grants", async () => {
    const broker = memoryBroker();
    const short = await broker.grant();
    const long = await broker.activeGrant({ access: view("payments-api"), ...LONG });
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(short), [VIEW]: fuseOf(long) });
  });

  it("is there for an association that is ours, though the entry is others'", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [VIEW]: ns("theirs") });
    const grant = await broker.activeGrant();
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(grant) });
    await broker.settle(60);
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(grant) });
  });

  it("is not there for an association that has a baseline, which it would take too", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("base") });
    const grant = await broker.activeGrant();
    expect(grant).toMatchObject({ state: "active" });
    expect(broker.fuses()).toEqual({});
  });

  it("goes once others use the association", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(grant) });
    broker.clock.advance(60);
    broker.othersPut({ [EDIT]: ns("payments-api", "theirs") });
    await broker.converge();
    expect(broker.fuses()).toEqual({});
    expect((await broker.ledger())?.fuses).toEqual([]);
  });

  it("is there again once others are gone from the association", async () => {
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

  it("moves to the later end where a longer grant joins the association", async () => {
    const broker = memoryBroker();
    await broker.activeGrant();
    const long = await broker.activeGrant({ access: edit("payments-web"), ...LONG });
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(long) });
    expect((await broker.ledger())?.fuses).toMatchObject([{ at: fuseOf(long), sure: true }]);
  });

  it("moves back where the longer grant ends early, and stays there look after look", async () => {
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

  it("stays until the end of its grant is proven, since the removal may have failed", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    await broker.convergeAtEnd(grant);
    expect(await broker.states(grant)).toEqual(["ending"]);
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(grant) });
    await broker.settle(60);
    expect(await broker.states(grant)).toEqual(["ended"]);
    expect(broker.fuses()).toEqual({});
  });

  it("goes with its grant, though another of the same access is to begin later", async () => {
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

describe("a fuse for groups, which takes the whole entry", () => {
  it("is there while the entry is ours alone, look after look", async () => {
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
  ])("is not there on an entry of others', %s", async (_, targets) => {
    const broker = memoryBroker();
    broker.othersHad(targets, STAGING.arn);
    const grant = await broker.activeGrant(ON_STAGING);
    expect(grant).toMatchObject({ state: "active" });
    expect(broker.fuses()).toEqual({});
    await broker.settle(60, STAGED);
    expect(broker.fuses()).toEqual({});
  });

  it("goes once others put something on the entry", async () => {
    const broker = memoryBroker();
    await broker.activeGrant(ON_STAGING);
    expect(Object.keys(broker.fuses())).toEqual([GROUPS]);
    broker.clock.advance(60);
    const targets = broker.entries.peek(broker.addressOf(STAGING.arn))?.targets;
    broker.othersPut({ ...targets, [VIEW]: ns("theirs") }, STAGING.arn);
    await broker.converge(STAGED);
    expect(broker.fuses()).toEqual({});
  });

  it("goes once others put something on an association of the entry that we lend too", async () => {
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

describe("a fuse that cannot be armed", () => {
  it("holds up nothing where Scheduler refuses it for good, and the ledger forgets it", async () => {
    const broker = memoryBroker({ takesFuses: () => false });
    const grant = await broker.grant();
    expect(await broker.converge()).toMatchObject({ fusesRefused: 1 });
    expect(await broker.states(grant)).toEqual(["active"]);
    expect((await broker.ledger())?.fuses).toEqual([]);
    expect(broker.head()?.dueAt).toBe(grant.revokeAt);
  });

  it("holds up its own grants alone where the call for it failed", async () => {
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

  it("costs a grant that has begun nothing, and the one that joins it waits", async () => {
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
