/** Additions that AWS refuses, for a while or permanently. */
import { describe, expect, it } from "vitest";
import {
  failCalls,
  isDueSoon,
  isLedgerEmpty,
  ns,
  REFUSED,
  refusedWith,
} from "../../../../../lab/fakes/broker-sights.ts";
import { ALICE, STAGING } from "../../../../../lab/fakes/builders.ts";
import { EDIT, edit, memoryBroker, VIEW, view } from "../../../../../lab/fakes/memory-broker.ts";
import { GROUPS, groupElements } from "../../../../../shared/domain/entries/access.ts";
import { bindingKey } from "../../../../../shared/domain/entries/binding.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

const PASSING = ["AccessDenied", "InvalidPrincipal", "InvalidRequestException"];

describe("An addition that AWS refuses permanently", () => {
  it("A refused addition fails its own grant, and no other", async () => {
    const broker = memoryBroker();
    const good = await broker.grant();
    const bad = await broker.grant({ access: view("payments-api") });
    failCalls(broker, "AssociateAccessPolicy", REFUSED, {
      matches: ({ session }) => session.sessionName.includes(bad.id),
    });
    await broker.converge();
    expect(await broker.reload(good)).toMatchObject({ state: "active" });
    await broker.settle();
    expect(await broker.reload(bad)).toMatchObject({
      state: "failed",
      outcome: { code: "refused-by-aws" },
    });
    expect(broker.actual()?.targets).toEqual({ [EDIT]: ns("payments-api") });
  });

  it("A refused addition does not touch other access on the same association", async () => {
    const broker = memoryBroker();
    const good = await broker.activeGrant();
    const bad = await broker.grant({ access: edit("payments-web") });
    const before = broker.entries.calls.length;
    failCalls(broker, "AssociateAccessPolicy", REFUSED, { times: 1 });
    await broker.converge();
    await broker.settle();
    expect(broker.operations(before)).toEqual(["AssociateAccessPolicy"]);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(await broker.reload(good)).toMatchObject({ state: "active" });
    expect(await broker.reload(bad)).toMatchObject({ state: "failed" });
  });

  it("A refused addition leaves no entry behind, and its grant's history says why", async () => {
    const broker = memoryBroker();
    failCalls(broker, "AssociateAccessPolicy", REFUSED);
    const grant = await broker.grant();
    await broker.converge();
    await broker.settle(400);
    expect(await broker.reload(grant)).toMatchObject({
      state: "failed",
      outcome: {
        code: "refused-by-aws",
        detail: expect.stringContaining("AssociateAccessPolicy with InvalidParameterException"),
      },
    });
    expect(broker.actual()).toBeUndefined();
    expect(await isLedgerEmpty(broker)).toBe(true);
    expect(await broker.recordedCalls(grant)).toEqual([
      "CreateAccessEntry",
      "AssociateAccessPolicy",
      "DeleteAccessEntry",
    ]);
  });

  it("A refused addition fails in the next run if no time is left for another pass", async () => {
    const broker = memoryBroker();
    failCalls(broker, "AssociateAccessPolicy", REFUSED);
    const grant = await broker.grant();
    const millisLeft = () => (broker.operations().length < 2 ? 8_000 : 1_900);
    await broker.converge(broker.binding, { millisLeft });
    expect(await broker.reload(grant)).toMatchObject({ state: "approved" });
    expect(isDueSoon(broker)).toBe(true);
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({ state: "failed" });
    expect(broker.operations()).toEqual([
      "CreateAccessEntry",
      "AssociateAccessPolicy",
      "DeleteAccessEntry",
    ]);
  });
});

describe("An addition that AWS refuses for a while", () => {
  it.each(PASSING)("An addition is retried if AWS refuses it with %s", async (code) => {
    const broker = memoryBroker();
    failCalls(broker, "AssociateAccessPolicy", refusedWith(code));
    const grant = await broker.grant();
    await broker.converge();
    expect(isDueSoon(broker)).toBe(true);
    await broker.settle(580);
    expect(await broker.reload(grant)).toMatchObject({ state: "approved" });
    broker.clearFaults();
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });

  it.each(PASSING)(
    "A grant fails once AWS has refused its addition for ten minutes: %s",
    async (code) => {
      const broker = memoryBroker();
      failCalls(broker, "AssociateAccessPolicy", refusedWith(code));
      const grant = await broker.grant();
      await broker.converge();
      await broker.settle(700);
      expect(await broker.reload(grant)).toMatchObject({
        state: "failed",
        outcome: { code: "refused-by-aws" },
      });
      expect(broker.actual()).toBeUndefined();
    },
  );

  it("A grant fails if its entry cannot be created for ten minutes", async () => {
    const broker = memoryBroker();
    failCalls(broker, "CreateAccessEntry", refusedWith("InvalidPrincipal"));
    const grant = await broker.grant();
    await broker.converge();
    await broker.settle(580);
    expect(await broker.reload(grant)).toMatchObject({ state: "approved" });
    await broker.settle(120);
    expect(await broker.reload(grant)).toMatchObject({ state: "failed" });
    expect(new Set(broker.operations())).toEqual(new Set(["CreateAccessEntry"]));
  });

  it("The ten minutes until a grant fails start again once an addition has succeeded", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    failCalls(broker, "AssociateAccessPolicy", refusedWith("AccessDenied"), { times: 1 });
    await broker.converge();
    failCalls(broker, "DescribeAccessEntry", refusedWith("AccessDenied"), { spared: 1, times: 1 });
    broker.clock.advance(20);
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    const ledger = await broker.ledgers.load(broker.binding);
    expect(ledger?.begun[grant.id]).toMatchObject({ refusedSince: null });
  });
});

describe("A repair that AWS refuses", () => {
  it("A refused repair leaves what is there, and is retried soon but not at once", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant({ access: edit("payments-api", "payments-web") });
    broker.clock.advance(60);
    broker.entries.edit(broker.addressOf(), (entry) => ({
      tags: entry?.tags ?? {},
      targets: { [EDIT]: ns("payments-web") },
    }));
    failCalls(broker, "AssociateAccessPolicy", REFUSED);
    const before = broker.entries.calls.length;
    await broker.converge();
    expect(broker.operations(before)).toEqual(["AssociateAccessPolicy"]);
    expect(broker.namespaces(EDIT)).toEqual(["payments-web"]);
    expect(isDueSoon(broker)).toBe(true);
    await broker.settle(700);
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
    broker.clearFaults();
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api", "payments-web"]);
  });
});

describe("Groups", () => {
  const STAGED = bindingKey(STAGING.arn, ALICE);
  const lend = async (username?: string) => {
    const broker = memoryBroker();
    const address = broker.addressOf(STAGING.arn);
    if (username !== undefined)
      broker.entries.edit(address, () => ({
        username,
        targets: { [GROUPS]: groupElements(["theirs"]) },
      }));
    broker.clock.advance(60);
    const grant = await broker.grant({ cluster: "staging", access: { groups: ["eks-admins"] } });
    await broker.converge(STAGED);
    return { broker, grant, entry: () => broker.entries.peek(address) };
  };

  it("Groups are added beside existing ones and removed again, with the same username", async () => {
    const { broker, grant, entry } = await lend("alice-by-hand");
    expect(entry()).toMatchObject({
      username: "alice-by-hand",
      targets: { [GROUPS]: groupElements(["eks-admins", "theirs"]) },
    });
    broker.clock.set(grant.revokeAt ?? "");
    await broker.converge(STAGED);
    expect(entry()).toMatchObject({
      username: "alice-by-hand",
      targets: { [GROUPS]: groupElements(["theirs"]) },
    });
    await broker.settle(120, STAGED);
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
  });

  it("Groups are added by an update of an empty entry, so a late create gives no access", async () => {
    const { broker, grant, entry } = await lend();
    expect(broker.operations()).toEqual(["CreateAccessEntry", "UpdateAccessEntry"]);
    expect(entry()?.targets[GROUPS]).toEqual(groupElements(["eks-admins"]));
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
    broker.clock.set(grant.revokeAt ?? "");
    await broker.converge(STAGED);
    expect(entry()).toBeUndefined();
  });

  it("Groups on someone else's entry stay without a read, because the username is unknown", async () => {
    const { broker, grant, entry } = await lend("alice-by-hand");
    failCalls(broker, "DescribeAccessEntry", REFUSED);
    const before = broker.entries.calls.length;
    broker.clock.set(grant.revokeAt ?? "");
    await broker.converge(STAGED);
    expect(broker.operations(before)).toEqual([]);
    broker.clearFaults();
    broker.clock.set(plusSeconds(grant.revokeAt ?? "", 20));
    await broker.converge(STAGED);
    expect(entry()?.targets[GROUPS]).toEqual(groupElements(["theirs"]));
  });

  it("Groups on our own entry are removed even if no read is answered", async () => {
    const { broker, grant, entry } = await lend();
    failCalls(broker, "DescribeAccessEntry", REFUSED);
    broker.clock.set(grant.revokeAt ?? "");
    await broker.converge(STAGED);
    expect(entry()?.targets[GROUPS]).toBeUndefined();
    expect(broker.namespaces(VIEW)).toEqual([]);
  });
});
