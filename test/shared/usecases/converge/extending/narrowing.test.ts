/** Access that shares an association with other access: it is narrowed, or all removed. */
import { describe, expect, it } from "vitest";
import {
  failCalls,
  isDueSoon,
  ns,
  refusedWith,
  THROTTLED,
} from "../../../../../lab/fakes/broker-sights.ts";
import { ALICE, aPolicy, STAGING } from "../../../../../lab/fakes/builders.ts";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
  VIEW,
  view,
} from "../../../../../lab/fakes/memory-broker.ts";
import { bindingKey } from "../../../../../shared/domain/entries/binding.ts";
import type { Access } from "../../../../../shared/domain/requests/request.ts";

const DENIED = refusedWith("AccessDenied");

/** Two grants on one association. The first has ended. */
const shortAndLong = async () => {
  const broker = memoryBroker();
  const short = await broker.grant();
  const long = await broker.grant({ access: edit("payments-web"), durationSeconds: 7_200 });
  await broker.converge();
  await broker.end(short, "return");
  return { broker, short, long, before: broker.entries.calls.length };
};

const knownOn = async ({ ledgers, binding }: MemoryBroker, target: string) => {
  const { targets = {} } = (await ledgers.load(binding)) ?? {};
  return Object.entries(targets[target] ?? {}).map(([name, { state }]) => [name, state]);
};

describe("A scope that AWS refuses to narrow", () => {
  it("A narrowing that AWS refuses twice removes the whole association, in the same run", async () => {
    const { broker, short, before } = await shortAndLong();
    failCalls(broker, "AssociateAccessPolicy", DENIED);
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual([]);
    expect(broker.operations(before)).toEqual([
      "AssociateAccessPolicy",
      "AssociateAccessPolicy",
      "DisassociateAccessPolicy",
      "AssociateAccessPolicy",
    ]);
    await broker.settle();
    expect(await broker.reload(short)).toMatchObject({ state: "ended" });
  });

  it("Access that is still lent comes back after its association was removed, without a finding", async () => {
    const { broker, short, long } = await shortAndLong();
    failCalls(broker, "AssociateAccessPolicy", DENIED);
    await broker.converge();
    broker.clearFaults();
    await broker.settle();
    expect(broker.namespaces(EDIT)).toEqual(["payments-web"]);
    expect(await broker.reload(short)).toMatchObject({ state: "ended" });
    expect(await broker.reload(long)).toMatchObject({ state: "active" });
    const history = await broker.ports.requests.history(long.id);
    expect(JSON.stringify(history)).not.toContain("entry-edited");
  });

  it("A narrowing that AWS refuses once succeeds at the second try", async () => {
    const { broker, before } = await shortAndLong();
    failCalls(broker, "AssociateAccessPolicy", DENIED, { times: 1 });
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-web"]);
    expect(broker.operations(before)).toEqual(["AssociateAccessPolicy", "AssociateAccessPolicy"]);
  });

  it("A narrowing that is throttled waits for the next run, and the association stays", async () => {
    const { broker } = await shortAndLong();
    failCalls(broker, "AssociateAccessPolicy", THROTTLED, { times: 1 });
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api", "payments-web"]);
    expect(isDueSoon(broker)).toBe(true);
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-web"]);
    expect(broker.operations()).not.toContain("DisassociateAccessPolicy");
  });

  it("The ledger records the removal of a whole association first, and other lent access stays", async () => {
    const { broker } = await shortAndLong();
    await broker.grant({ access: view("payments-api"), durationSeconds: 7_200 });
    failCalls(broker, "AssociateAccessPolicy", DENIED, { times: 2 });
    const presenceFrom: unknown[] = [];
    broker.before("entries.disassociate", async () => {
      const { targets = {} } = (await broker.ledgers.load(broker.binding)) ?? {};
      for (const element of Object.values(targets[EDIT] ?? {}))
        presenceFrom.push(element.presenceFrom > broker.clock.now());
    });
    await broker.converge();
    expect(presenceFrom).toEqual([true, true]);
    await broker.settle();
    expect(await knownOn(broker, VIEW)).toEqual([["ns/payments-api", "lent"]]);
    expect(broker.namespaces(EDIT)).toEqual(["payments-web"]);
  });

  it("A refusal counts although the narrowing of another association goes through after it", async () => {
    const { broker } = await shortAndLong();
    await broker.activeGrant({ access: view("payments-web"), durationSeconds: 7_200 });
    const jobs = await broker.activeGrant({ access: view("payments-jobs") });
    await broker.settle();
    const more = await broker.activeGrant();
    for (const each of [jobs, more]) await broker.end(each, "return");
    let calls = 0;
    const matches = () => {
      calls += 1;
      return calls === 1 || calls === 3;
    };
    failCalls(broker, "AssociateAccessPolicy", DENIED, { matches });
    await broker.converge();
    expect(broker.operations()).toContain("DisassociateAccessPolicy");
    expect(broker.namespaces(VIEW)).toEqual(["payments-web"]);
  });

  it("An association with someone else's access stays if AWS refuses to narrow it, and is retried", async () => {
    const broker = memoryBroker();
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [EDIT]: ns("base") } }));
    broker.clock.advance(60);
    const grant = await broker.activeGrant();
    failCalls(broker, "AssociateAccessPolicy", DENIED);
    await broker.convergeAtEnd(grant);
    expect(broker.namespaces(EDIT)).toEqual(["base", "payments-api"]);
    expect(broker.operations()).not.toContain("DisassociateAccessPolicy");
    expect(await broker.reload(grant)).toMatchObject({ state: "ending" });
    expect(isDueSoon(broker)).toBe(true);
    broker.clearFaults();
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["base"]);
  });

  it("Two narrowings refused in separate runs do not add up", async () => {
    const { broker } = await shortAndLong();
    const oneRefused = async () => {
      failCalls(broker, "AssociateAccessPolicy", DENIED, { times: 1 });
      failCalls(broker, "AssociateAccessPolicy", THROTTLED);
      await broker.converge();
      broker.clearFaults();
    };
    await oneRefused();
    await oneRefused();
    expect(broker.operations()).not.toContain("DisassociateAccessPolicy");
  });
});

describe("A whole cluster that is narrowed to namespaces", () => {
  const STAGED = bindingKey(STAGING.arn, ALICE);
  const WHOLE: Access = { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } };

  /** Alice may view all or parts of staging without an approver. */
  const staging = () => {
    const plain = aPolicy();
    const rules = plain.rules.map((rule) =>
      rule.name === "payments-edit"
        ? { ...rule, name: "view-part", clusters: ["staging"], approval: [] }
        : rule,
    );
    const broker = memoryBroker({ policy: { ...plain, rules } });
    const address = broker.addressOf(STAGING.arn);
    const viewed = () => broker.entries.peek(address)?.targets[VIEW];
    const lend = (access: Access, durationSeconds = 3_600) =>
      broker.grant({ cluster: "staging", access, durationSeconds });
    return { broker, address, viewed, lend };
  };

  it("A whole cluster is narrowed to the namespaces still lent, before anything is armed", async () => {
    const { broker, viewed, lend } = staging();
    const whole = await lend(WHOLE);
    await lend(view("payments-api"), 7_200);
    await broker.converge(STAGED);
    expect(viewed()).toEqual(["cluster"]);
    await broker.end(whole, "return");
    await lend(view("payments-web"));
    const before = broker.calls.length;
    await broker.converge(STAGED);
    const calls = broker.calls.slice(before);
    expect(calls.indexOf("entries.associate")).toBeLessThan(
      calls.indexOf("schedules.armRevocation"),
    );
    expect(viewed()).toEqual(ns("payments-api", "payments-web"));
    expect(broker.operations()).not.toContain("DisassociateAccessPolicy");
    await broker.settle(120, STAGED);
    expect(await broker.reload(whole)).toMatchObject({ state: "ended" });
  });

  it("A whole cluster is narrowed to its owner's namespaces, which it had absorbed", async () => {
    const { broker, address, viewed, lend } = staging();
    broker.entries.edit(address, () => ({ targets: { [VIEW]: ns("theirs") } }));
    broker.clock.advance(60);
    const whole = await lend(WHOLE);
    await broker.converge(STAGED);
    expect(viewed()).toEqual(["cluster"]);
    await broker.settle(120, STAGED);
    await broker.end(whole, "return");
    await broker.converge(STAGED);
    expect(viewed()).toEqual(ns("theirs"));
    await broker.settle(120, STAGED);
    expect(await broker.reload(whole)).toMatchObject({ state: "ended" });
    expect(viewed()).toEqual(ns("theirs"));
  });
});
