/** The effect of a changed policy on grants: it decides about additions, and removes nothing. */
import { describe, expect, it } from "vitest";
import { ns } from "../../../../../lab/fakes/broker-sights.ts";
import { DENIED } from "../../../../../lab/fakes/faults.ts";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
} from "../../../../../lab/fakes/memory-broker.ts";
import type { Rule } from "../../../../../shared/domain/policy/policy.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";
import { converge } from "../../../../../shared/usecases/converge/converge.ts";

/** Converges under a different policy than the request: with changed rules, or with none. */
function under(broker: MemoryBroker, change: Partial<Rule> | undefined) {
  const { rules, ...policy } = broker.front.policy;
  const changed = change ? rules.map((rule) => ({ ...rule, ...change })) : [];
  const ports = { ...broker.ports, policy: { ...policy, hash: "later", rules: changed } };
  return converge(ports, broker.binding, {
    millisLeft: () => 8_000,
    hold: { extend: async () => true },
    log: () => undefined,
  });
}

describe("Access that the policy no longer lends", () => {
  it("Lent access stays until its end, with its fuse, even if the policy no longer lends it", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const timers = [...broker.schedules.timers];
    const calls = broker.operations().length;
    await under(broker, undefined);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(await broker.states(grant)).toEqual(["active"]);
    expect([...broker.schedules.timers]).toEqual(timers);
    expect(broker.operations()).toHaveLength(calls);
    broker.clock.set(grant.revokeAt ?? "");
    await under(broker, undefined);
    expect(broker.actual()).toBeUndefined();
    broker.clock.advance(55);
    await under(broker, undefined);
    expect(await broker.states(grant)).toEqual(["ended"]);
  });

  it("Access that the policy no longer lends is not restored if others removed it", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant({ access: edit("payments-api", "payments-web") });
    broker.clock.advance(60);
    broker.othersPut({ [EDIT]: ns("payments-web") });
    await under(broker, undefined);
    expect(broker.namespaces(EDIT)).toEqual(["payments-web"]);
    broker.clock.advance(60);
    broker.othersPut({});
    await under(broker, undefined);
    expect(broker.namespaces(EDIT)).toEqual([]);
    expect(await broker.states(grant)).toEqual(["active"]);
    broker.clock.set(grant.revokeAt ?? "");
    await under(broker, undefined);
    broker.clock.advance(55);
    await under(broker, undefined);
    expect(await broker.states(grant)).toEqual(["ended"]);
  });

  it("A grant fails ten minutes after approval if the policy no longer allows it, whenever it was asked for", async () => {
    const broker = memoryBroker();
    const asked = await broker.ask();
    broker.clock.advance(3_600);
    const grant = await broker.approve(asked);
    for (const seconds of [0, 599]) {
      broker.clock.set(plusSeconds(grant.approvedAt ?? "", seconds));
      await under(broker, undefined);
      expect(await broker.states(grant)).toEqual(["approved"]);
      expect(broker.isDueSoon()).toBe(true);
    }
    broker.clock.advance(1);
    await under(broker, undefined);
    expect(await broker.reload(grant)).toMatchObject({
      state: "failed",
      outcome: { code: "unknown-rule" },
    });
    expect(broker.operations()).toEqual([]);
  });

  it("A grant that begins too late fails at once after a deployment too, since no policy gives back the time", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant({ durationSeconds: 600 });
    broker.clock.set(plusSeconds(grant.revokeAt ?? "", -80));
    await under(broker, {});
    expect(await broker.reload(grant)).toMatchObject({
      state: "failed",
      outcome: { code: "too-late" },
    });
    expect(broker.operations()).toEqual([]);
  });

  it("Access that the policy no longer lends stays, with its fuse, beside newly lent access", async () => {
    const broker = memoryBroker();
    const long = await broker.activeGrant({ durationSeconds: 7_200 });
    const short = await broker.grant({ access: edit("payments-web"), durationSeconds: 1_800 });
    await under(broker, { duration: { maxSeconds: 3_600, defaultSeconds: null } });
    expect(await broker.states(long, short)).toEqual(["active", "active"]);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api", "payments-web"]);
    expect(broker.fuses()).toEqual({ [EDIT]: plusSeconds(long.expiresAt ?? "", 300) });
  });

  it("The fuse of access that the policy no longer lends moves back if a longer grant ends early", async () => {
    const broker = memoryBroker();
    const short = await broker.activeGrant();
    const long = await broker.activeGrant({ access: edit("payments-web"), durationSeconds: 7_200 });
    await under(broker, undefined);
    expect(broker.fuses()).toEqual({ [EDIT]: plusSeconds(long.expiresAt ?? "", 300) });
    await broker.end(long, "return");
    await under(broker, undefined);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(broker.fuses()).toEqual({ [EDIT]: plusSeconds(short.expiresAt ?? "", 300) });
  });

  it("A newer grant on the same association does not restore access that is no longer allowed", async () => {
    const broker = memoryBroker();
    await broker.activeGrant({ durationSeconds: 7_200 });
    broker.clock.advance(60);
    broker.othersPut({});
    await broker.grant({ access: edit("payments-web"), durationSeconds: 1_800 });
    await under(broker, { duration: { maxSeconds: 3_600, defaultSeconds: null } });
    expect(broker.namespaces(EDIT)).toEqual(["payments-web"]);
  });

  it("Access begun for a grant that is not active yet is removed if the policy refuses it", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    broker.after("entries.associate", () => {
      broker.entries.lag = { describe: 60_000, list: 60_000 };
    });
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(await broker.states(grant)).toEqual(["approved"]);
    broker.entries.lag = {};
    broker.clock.set(plusSeconds(grant.approvedAt ?? "", 600));
    await under(broker, undefined);
    expect(broker.actual()).toBeUndefined();
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({
      state: "failed",
      outcome: { code: "unknown-rule" },
    });
  });
});

describe("An addition that IAM denies", () => {
  it("An addition that IAM denies is retried for ten minutes, and then its grant fails", async () => {
    const broker = memoryBroker();
    broker.failNext("AssociateAccessPolicy", DENIED, Number.POSITIVE_INFINITY);
    const grant = await broker.grant();
    await broker.converge();
    const first = broker.clock.now();
    broker.clock.set(plusSeconds(first, 599));
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["approved"]);
    expect(broker.isDueSoon()).toBe(true);
    broker.clock.set(plusSeconds(first, 600));
    await broker.converge();
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({
      state: "failed",
      outcome: { code: "refused-by-aws" },
    });
    expect(broker.actual()).toBeUndefined();
  });

  it("An answer between two refusals restarts the ten minutes", async () => {
    const broker = memoryBroker();
    broker.failNext("AssociateAccessPolicy", DENIED);
    const grant = await broker.grant();
    await broker.converge();
    expect((await broker.ledger())?.begun[grant.id]?.refusedSince).toBe(broker.clock.now());
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["active"]);
    expect((await broker.ledger())?.begun[grant.id]?.refusedSince).toBeNull();
  });

  it("A grant fails at once if the refusal cannot pass", async () => {
    const broker = memoryBroker();
    const refused = { failure: "refused", code: "InvalidParameterException" } as const;
    broker.failNext("AssociateAccessPolicy", refused);
    const grant = await broker.grant();
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({
      state: "failed",
      outcome: { code: "refused-by-aws" },
    });
  });

  it("An active grant keeps running if AWS refuses an addition, which is retried until its end", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    broker.othersPut({ [EDIT]: [] });
    broker.failNext("AssociateAccessPolicy", DENIED, Number.POSITIVE_INFINITY);
    for (let passed = 0; passed < 1_200; passed += 300) {
      await broker.converge();
      expect(await broker.states(grant)).toEqual(["active"]);
      broker.clock.advance(300);
    }
    broker.faults.length = 0;
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
  });
});

describe("A grant in its last minutes", () => {
  it.each([
    [91, ["payments-api"]],
    [90, ["payments-api"]],
    [89, []],
  ])(
    "A grant %i seconds before its end gets back what others removed as %j",
    async (left, expected) => {
      const broker = memoryBroker();
      const grant = await broker.activeGrant();
      broker.othersDelete();
      broker.clock.set(plusSeconds(grant.revokeAt ?? "", -left));
      await broker.converge();
      expect(broker.namespaces(EDIT)).toEqual(expected);
      expect(await broker.states(grant)).toEqual(["active"]);
      const last = (await broker.history(grant)).at(-1);
      expect(last).toMatchObject({
        type: "evidence",
        details: { findings: [{ code: "entry-deleted" }] },
      });
    },
  );

  it.each([
    ["no time is left", undefined, 1_000],
    ["AWS is busy", "AssociateAccessPolicy", 8_000],
  ])(
    "A grant that lost its access to others is looked at again soon if %s",
    async (_, failing, millis) => {
      const broker = memoryBroker();
      await broker.activeGrant();
      broker.clock.advance(60);
      broker.othersPut({});
      if (failing) broker.failNext(failing, { failure: "busy", code: "ServiceUnavailable" });
      let isRead = false;
      broker.after("entries.read", () => {
        isRead = true;
      });
      await broker.converge(broker.binding, { millisLeft: () => (isRead ? millis : 8_000) });
      expect(broker.isDueSoon()).toBe(true);
      expect(broker.namespaces(EDIT)).toEqual([]);
    },
  );
});
