import { describe, expect, it } from "vitest";
import { GROUPS, groupElements } from "../../../shared/domain/access.ts";
import { verifyChains } from "../../../shared/domain/audit-chain.ts";
import { bindingKey } from "../../../shared/domain/binding.ts";
import { BrokerError } from "../../../shared/domain/errors.ts";
import { plusSeconds } from "../../../shared/domain/instant.ts";
import { TAG_TOKEN } from "../../../shared/domain/ledger.ts";
import type { Rule } from "../../../shared/domain/policy.ts";
import { scopeElements } from "../../../shared/domain/scope.ts";
import { checkCluster } from "../../../shared/usecases/check-cluster.ts";
import { converge } from "../../../shared/usecases/converge/converge.ts";
import { ALICE, aPolicy, PROD, STAGING } from "../../fakes/builders.ts";
import { aFailedCall, type CallFault } from "../../fakes/memory-access-entries.ts";
import { EDIT, edit, memoryBroker, VIEW, view } from "../../fakes/memory-broker.ts";

const ns = (...namespaces: string[]) => scopeElements({ type: "namespace", namespaces });
const operations = (broker: ReturnType<typeof memoryBroker>) =>
  broker.entries.calls.map(({ operation }) => operation);
/** What stands of calls in a grant's history, in order. */
const recordedCalls = async (broker: ReturnType<typeof memoryBroker>, id: string) =>
  (await broker.ports.requests.history(id)).flatMap(({ details }) =>
    ((details["calls"] ?? []) as { operation: string }[]).map(({ operation }) => operation),
  );
const once = (operation: string, fault: CallFault) => {
  let left = 1;
  return (call: { readonly operation: string }) => {
    if (call.operation !== operation || left === 0) return undefined;
    left -= 1;
    return fault;
  };
};

const isDueSoon = ({ tables, binding, chance }: ReturnType<typeof memoryBroker>) => {
  const due = tables.heads.get(binding)?.dueAt ?? "";
  return due >= chance.now() && due <= plusSeconds(chance.now(), 60);
};

describe("a grant", () => {
  it("gets its access, then ends, and leaves nothing behind", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.converge();
    const active = await broker.now(grant);
    expect(active).toMatchObject({ state: "active", effectiveAt: broker.chance.now() });
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    broker.chance.set(active.revokeAt ?? "");
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({
      state: "ended",
      outcome: { code: "expired" },
      endedAt: active.revokeAt,
    });
    expect(broker.actual()).toBeUndefined();
    expect(await broker.ledgers.load(broker.binding)).toBeUndefined();
    expect([...broker.schedules.timers]).toEqual([]);
    expect(operations(broker)).toEqual([
      "CreateAccessEntry",
      "AssociateAccessPolicy",
      "DeleteAccessEntry",
    ]);
  });

  it("ends a whole minute, rounded down, and access goes a margin before", async () => {
    const broker = memoryBroker();
    broker.chance.set("2026-11-24T10:00:42.500Z");
    const grant = await broker.grant();
    expect(grant.expiresAt).toBe("2026-11-24T11:00:00.000Z");
    expect(grant.revokeAt).toBe("2026-11-24T10:58:00.000Z");
  });

  it("has its schedule and its fuse before its entry is created", async () => {
    const seen: string[] = [];
    const broker = memoryBroker({
      wrap: (ports) => ({
        ...ports,
        schedules: {
          ...ports.schedules,
          armRevocation: async (...args) => {
            seen.push("revocation");
            return ports.schedules.armRevocation(...args);
          },
          armFuse: async (...args) => {
            seen.push("fuse");
            return ports.schedules.armFuse(...args);
          },
        },
        ledgers: {
          ...ports.ledgers,
          save: async (ledger) => {
            seen.push("ledger");
            return ports.ledgers.save(ledger);
          },
        },
        entries: {
          ...ports.entries,
          create: async (...args) => {
            seen.push("create");
            return ports.entries.create(...args);
          },
        },
      }),
    });
    const grant = await broker.grant();
    await broker.converge();
    // The ledger knows of the fuse before there is one, and of the change before it is made.
    expect(seen.slice(0, 5)).toEqual(["revocation", "ledger", "fuse", "ledger", "create"]);
    expect([...broker.schedules.timers.values()].map(({ kind, at }) => [kind, at])).toEqual([
      ["revocation", grant.revokeAt],
      ["fuse", plusSeconds(grant.expiresAt ?? "", 300)],
    ]);
  });

  it("gets nothing while its schedule cannot be made", async () => {
    let down = true;
    const broker = memoryBroker({
      wrap: (ports) => ({
        ...ports,
        schedules: {
          ...ports.schedules,
          armRevocation: async (...args) => {
            if (down) throw aFailedCall("CreateSchedule");
            return ports.schedules.armRevocation(...args);
          },
        },
      }),
    });
    const grant = await broker.grant();
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
    expect(await broker.now(grant)).toMatchObject({ state: "approved" });
    expect(isDueSoon(broker)).toBe(true);
    down = false;
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "active" });
  });

  it("is given back early and its end is seen before it is told", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.converge();
    expect(await broker.end(grant, "return")).toMatchObject({ state: "ending" });
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({
      state: "ended",
      outcome: { code: "returned" },
    });
    expect(broker.actual()).toBeUndefined();
  });

  it("that nobody approved gets nothing, whatever is sent to converge", async () => {
    const broker = memoryBroker();
    await broker.ask();
    await broker.converge();
    expect(broker.entries.calls).toEqual([]);
  });

  it("starts later where it was asked for later", async () => {
    const broker = memoryBroker();
    const startsAt = plusSeconds(broker.chance.now(), 7_200);
    const grant = await broker.grant({ startsAt });
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
    expect(broker.tables.heads.get(broker.binding)?.dueAt).toBe(startsAt);
    broker.chance.set(startsAt);
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "active", effectiveAt: startsAt });
    expect(grant.expiresAt).toBe(plusSeconds(startsAt, 3_600));
  });

  it("that was approved by a clock ahead of converge's starts as soon as both agree", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    broker.chance.advance(-5);
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "approved" });
    expect(broker.tables.heads.get(broker.binding)?.dueAt).toBe(grant.approvedAt);
    broker.chance.set(grant.approvedAt ?? "");
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "active" });
  });

  it("keeps its access when the next run's clock is behind the one that began it", async () => {
    const broker = memoryBroker();
    await broker.grant();
    await broker.converge();
    broker.chance.advance(-5);
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
  });

  it("is looked at again at once when its time comes while converge is at work", async () => {
    const broker = memoryBroker({
      wrap: (ports) => ({
        ...ports,
        entries: {
          ...ports.entries,
          read: async (...args) => {
            broker.chance.advance(2);
            return ports.entries.read(...args);
          },
        },
      }),
    });
    const grant = await broker.grant();
    await broker.converge();
    broker.chance.set(plusSeconds(grant.revokeAt ?? "", -1));
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "active" });
    expect(broker.tables.heads.get(broker.binding)?.dueAt).toBe(grant.revokeAt);
  });

  it("fails as too late when hardly anything of it is left", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    broker.chance.set(plusSeconds(grant.revokeAt ?? "", -89));
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({
      state: "failed",
      outcome: { code: "too-late" },
    });
    expect(broker.entries.calls).toEqual([]);
  });

  it("keeps a chain of evidence in which every call stands with its session", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.converge();
    broker.chance.set(grant.revokeAt ?? "");
    await broker.converge();
    const history = await broker.ports.requests.history(grant.id);
    expect(verifyChains(history)).toEqual([]);
    expect(history.map(({ type }) => type)).toEqual([
      "request",
      "approve",
      "activate",
      "expire",
      "settle",
    ]);
    const calls = history.flatMap(
      ({ details }) => (details["calls"] ?? []) as { sessionName: string }[],
    );
    expect(calls).toHaveLength(3);
    expect(new Set(calls.map(({ sessionName }) => sessionName))).toEqual(
      new Set([`timelatch-${grant.id}`]),
    );
  });
});

describe("overlapping grants", () => {
  it("of one policy are united, and each ends at its own time", async () => {
    const broker = memoryBroker();
    const short = await broker.grant();
    await broker.converge();
    const long = await broker.grant({ access: edit("payments-web"), durationSeconds: 7_200 });
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api", "payments-web"]);
    broker.chance.set(short.revokeAt ?? "");
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-web"]);
    expect(await broker.now(short)).toMatchObject({ state: "ended" });
    expect(await broker.now(long)).toMatchObject({ state: "active" });
    broker.chance.set(long.revokeAt ?? "");
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
    expect(operations(broker)).not.toContain("DisassociateAccessPolicy");
  });

  it("have each call on record with the grants that it served, and its session", async () => {
    const broker = memoryBroker();
    const first = await broker.grant();
    await broker.converge();
    const second = await broker.grant({ access: edit("payments-web"), durationSeconds: 7_200 });
    await broker.converge();
    const third = await broker.grant({ access: view("payments-web"), durationSeconds: 7_200 });
    await broker.converge();
    await broker.end(first, "return");
    await broker.converge();
    await broker.end(third, "return");
    await broker.converge();
    await broker.end(second, "return");
    await broker.converge();
    const [associate, create] = ["AssociateAccessPolicy", "CreateAccessEntry"];
    expect(await recordedCalls(broker, first.id)).toEqual([create, associate, associate]);
    expect(await recordedCalls(broker, second.id)).toEqual([associate, "DeleteAccessEntry"]);
    expect(await recordedCalls(broker, third.id)).toEqual([associate, "DisassociateAccessPolicy"]);
    expect(broker.entries.calls.map(({ sessionName }) => sessionName)).toEqual(
      [first, first, second, third, first, third, second].map(({ id }) => `timelatch-${id}`),
    );
  });

  it("of two policies leave exactly the other", async () => {
    const broker = memoryBroker();
    const first = await broker.grant();
    const second = await broker.grant({ access: view("payments-api"), durationSeconds: 7_200 });
    await broker.converge();
    broker.chance.set(first.revokeAt ?? "");
    await broker.converge();
    expect(broker.actual()?.targets).toEqual({ [VIEW]: ns("payments-api") });
    expect(await broker.now(second)).toMatchObject({ state: "active" });
  });

  it("of the same access: the second needs no call, and says what covers it", async () => {
    const broker = memoryBroker();
    const first = await broker.grant();
    await broker.converge();
    const second = await broker.grant({ durationSeconds: 7_200 });
    const before = broker.entries.calls.length;
    await broker.converge();
    expect(broker.entries.calls).toHaveLength(before);
    const history = await broker.ports.requests.history(second.id);
    expect(history.at(-1)).toMatchObject({ type: "activate", details: { coveredBy: [first.id] } });
    const fuse = [...broker.schedules.timers.values()].find(({ kind }) => kind === "fuse");
    expect(fuse?.at).toBe(plusSeconds(second.expiresAt ?? "", 300));
  });

  it("of the same access: the second has begun also where the run ends as it is told", async () => {
    let down = false;
    const broker = memoryBroker({
      wrap: (ports) => ({
        ...ports,
        requests: {
          ...ports.requests,
          save: async (step) => {
            await ports.requests.save(step);
            if (down) throw new Error("The run is over.");
          },
        },
      }),
    });
    await broker.grant();
    await broker.converge();
    const second = await broker.grant({ durationSeconds: 7_200 });
    down = true;
    await expect(broker.converge()).rejects.toThrow("The run is over.");
    down = false;
    await broker.converge();
    expect(await broker.now(second)).toMatchObject({ state: "active" });
  });
});

const EDITED = [
  { code: "entry-deleted" },
  { code: "entry-edited", target: EDIT, expected: ns("payments-api"), found: [] },
];

describe("a grant in its last minute", () => {
  it("gets back what others took", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.converge();
    broker.entries.edit(broker.addressOf(), () => undefined);
    broker.chance.set(plusSeconds(grant.revokeAt ?? "", -30));
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    const last = (await broker.ports.requests.history(grant.id)).at(-1);
    expect(last).toMatchObject({ type: "evidence", details: { findings: EDITED } });
    expect(await recordedCalls(broker, grant.id)).toEqual(operations(broker));
  });

  it.each([
    ["no time is left", undefined, 1_000],
    ["the answer cannot be read back", "DescribeAccessEntry", 8_000],
    ["AWS is busy", "AssociateAccessPolicy", 8_000],
  ])("is looked at again soon where others took it and %s", async (_, failing, millis) => {
    const broker = memoryBroker();
    await broker.grant();
    await broker.converge();
    broker.entries.edit(broker.addressOf(), (entry) => ({ tags: entry?.tags ?? {}, targets: {} }));
    let reads = 0;
    broker.faults.push(({ operation }) => {
      reads += Number(operation === "DescribeAccessEntry");
      const first = operation === "DescribeAccessEntry" && reads === 1;
      return operation === failing && !first ? { failure: "busy", code: "Busy" } : undefined;
    });
    await converge(broker.ports, broker.binding, {
      millisLeft: () => (reads === 0 ? 8_000 : millis),
      log: () => undefined,
    });
    expect(isDueSoon(broker)).toBe(true);
  });
});

describe("a fuse", () => {
  /** Whatever stores the ledger fails from the next touch of a fuse on, until the run is over. */
  const crashingAfter = (touch: "armFuse" | "disarmFuse") => {
    const crash = { planned: false, now: false };
    const unlessCrashed = async <Result>(store: () => Promise<Result>) => {
      if (crash.now) throw new Error("The run is over.");
      return store();
    };
    const broker = memoryBroker({
      wrap: (ports) => ({
        ...ports,
        schedules: {
          ...ports.schedules,
          [touch]: async (...args: never[]) => {
            const touched = await (ports.schedules[touch] as (...a: never[]) => unknown)(...args);
            crash.now = crash.planned;
            return touched;
          },
        },
        ledgers: {
          ...ports.ledgers,
          save: (ledger) => unlessCrashed(() => ports.ledgers.save(ledger)),
          remove: (binding) => unlessCrashed(() => ports.ledgers.remove(binding)),
        },
      }),
    });
    const crashes = async (binding = broker.binding) => {
      crash.planned = true;
      await expect(broker.converge(binding)).rejects.toThrow("The run is over.");
      crash.planned = false;
      crash.now = false;
    };
    const fuseAt = () =>
      [...broker.schedules.timers.values()].find(({ kind }) => kind === "fuse")?.at;
    return { broker, crashes, fuseAt };
  };
  const delayed = (expiresAt: string | null) => plusSeconds(expiresAt ?? "", 300);

  it("is armed anew for the next grant, where a run ended when it had taken it down", async () => {
    const { broker, crashes, fuseAt } = crashingAfter("disarmFuse");
    const grant = await broker.grant();
    await broker.converge();
    await broker.end(grant, "return");
    await crashes();
    expect(fuseAt()).toBeUndefined();
    const next = await broker.grant();
    await broker.converge();
    expect(await broker.now(next)).toMatchObject({ state: "active" });
    expect(fuseAt()).toBe(delayed(next.expiresAt));
  });

  it("is armed anew once others have gone, where a run ended when it had made way for them", async () => {
    const { broker, crashes, fuseAt } = crashingAfter("disarmFuse");
    const grant = await broker.grant();
    await broker.converge();
    const uses = (...theirs: string[]) =>
      broker.entries.edit(broker.addressOf(), (entry) => ({
        tags: entry?.tags ?? {},
        targets: { [EDIT]: ns("payments-api", ...theirs) },
      }));
    uses("theirs");
    await crashes();
    expect(fuseAt()).toBeUndefined();
    uses();
    await broker.converge();
    expect(fuseAt()).toBe(delayed(grant.expiresAt));
  });

  it("is moved again, where a run ended when it had moved it for a grant that is over since", async () => {
    const { broker, crashes, fuseAt } = crashingAfter("armFuse");
    const grant = await broker.grant();
    await broker.converge();
    const longer = await broker.grant({ durationSeconds: 7_200 });
    await crashes();
    expect(fuseAt()).toBe(delayed(longer.expiresAt));
    await broker.end(longer, "revoke", "bob");
    await broker.converge();
    expect(fuseAt()).toBe(delayed(grant.expiresAt));
  });
});

describe("what the policy no longer lends", () => {
  /** Converges under another policy than people went by. */
  const under = (broker: ReturnType<typeof memoryBroker>, change: Partial<Rule> | undefined) => {
    const { rules, ...policy } = broker.front.policy;
    const changed = change ? rules.map((rule) => ({ ...rule, ...change })) : [];
    const ports = { ...broker.ports, policy: { ...policy, hash: "later", rules: changed } };
    return converge(ports, broker.binding, { millisLeft: () => 8_000, log: () => undefined });
  };
  const fuseAt = ({ schedules }: ReturnType<typeof memoryBroker>, of: string) =>
    [...schedules.timers.values()].find((timer) => timer.kind === "fuse" && timer.target === of)
      ?.at;

  it("stays until its end, with its fuse, and then goes", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.converge();
    const before = [...broker.schedules.timers];
    const calls = broker.entries.calls.length;
    await under(broker, undefined);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(await broker.now(grant)).toMatchObject({ state: "active" });
    expect([...broker.schedules.timers]).toEqual(before);
    expect(broker.entries.calls).toHaveLength(calls);
    broker.chance.set(grant.revokeAt ?? "");
    await under(broker, undefined);
    expect(broker.actual()).toBeUndefined();
    expect(await broker.now(grant)).toMatchObject({ state: "ended" });
  });

  it("is not given back where others took a part or all of it", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant({ access: edit("payments-api", "payments-web") });
    await broker.converge();
    broker.entries.edit(broker.addressOf(), (entry) => ({
      tags: entry?.tags ?? {},
      targets: { [EDIT]: ns("payments-web") },
    }));
    await under(broker, undefined);
    expect(broker.namespaces(EDIT)).toEqual(["payments-web"]);
    broker.entries.edit(broker.addressOf(), (entry) => ({ tags: entry?.tags ?? {}, targets: {} }));
    await under(broker, undefined);
    expect(broker.namespaces(EDIT)).toEqual([]);
    broker.chance.set(grant.revokeAt ?? "");
    await under(broker, undefined);
    expect(await broker.now(grant)).toMatchObject({ state: "ended" });
  });

  it("is refused ten minutes after it was approved, since policies may differ while one is deployed", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    for (const seconds of [0, 599]) {
      broker.chance.set(plusSeconds(grant.approvedAt ?? "", seconds));
      await under(broker, undefined);
      expect(await broker.now(grant)).toMatchObject({ state: "approved" });
      expect(isDueSoon(broker)).toBe(true);
    }
    broker.chance.advance(1);
    await under(broker, undefined);
    expect(await broker.now(grant)).toMatchObject({
      state: "failed",
      outcome: { code: "unknown-rule" },
    });
    expect(broker.entries.calls).toEqual([]);
  });

  it("stays, and its fuse where it was, beside what is lent anew on the same association", async () => {
    const broker = memoryBroker();
    const long = await broker.grant({ durationSeconds: 7_200 });
    await broker.converge();
    const short = await broker.grant({ access: edit("payments-web"), durationSeconds: 1_800 });
    await under(broker, { duration: { maxSeconds: 3_600, defaultSeconds: null } });
    expect(await broker.now(short)).toMatchObject({ state: "active" });
    expect(broker.namespaces(EDIT)).toEqual(["payments-api", "payments-web"]);
    expect(fuseAt(broker, EDIT)).toBe(plusSeconds(long.expiresAt ?? "", 300));
  });
});

describe("where there is a fuse", () => {
  const STAGED = bindingKey(STAGING.arn, ALICE);
  const VIEW_ALL = { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } } as const;
  const fuses = ({ schedules }: ReturnType<typeof memoryBroker>) =>
    Object.fromEntries(
      [...schedules.timers.values()].flatMap((timer) =>
        timer.kind === "fuse" ? [[timer.target, timer.at]] : [],
      ),
    );
  const later = (expiresAt: string | null) => plusSeconds(expiresAt ?? "", 300);
  const lendGroups = (broker: ReturnType<typeof memoryBroker>) =>
    broker.grant({ cluster: "staging", access: { groups: ["eks-admins"] } });

  it("each association has its own, after the last of its own grants", async () => {
    const broker = memoryBroker();
    const short = await broker.grant();
    const long = await broker.grant({ access: view("payments-api"), durationSeconds: 7_200 });
    await broker.converge();
    expect(fuses(broker)).toEqual({
      [EDIT]: later(short.expiresAt),
      [VIEW]: later(long.expiresAt),
    });
  });

  it("an association that is ours has one, though the entry is others'", async () => {
    const broker = memoryBroker();
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [VIEW]: ns("theirs") } }));
    const grant = await broker.grant();
    for (const _ of [1, 2]) {
      await broker.converge();
      expect(fuses(broker)).toEqual({ [EDIT]: later(grant.expiresAt) });
    }
  });

  it("groups have one while the entry is ours alone, look after look", async () => {
    const broker = memoryBroker();
    const grant = await lendGroups(broker);
    const lent = await broker.grant({ cluster: "staging", access: VIEW_ALL });
    for (const _ of [1, 2]) {
      await broker.converge(STAGED);
      expect(fuses(broker)).toEqual({
        [GROUPS]: later(grant.expiresAt),
        [VIEW]: later(lent.expiresAt),
      });
    }
  });

  it.each([
    ["empty", {}],
    ["with groups of its own", { [GROUPS]: groupElements(["theirs"]) }],
  ])("groups have none on an entry of others', %s", async (_, targets) => {
    const broker = memoryBroker();
    broker.entries.edit(broker.addressOf(STAGING.arn), () => ({ targets }));
    await lendGroups(broker);
    for (const _ of [1, 2]) {
      await broker.converge(STAGED);
      expect(fuses(broker)).toEqual({});
    }
  });

  it("groups have none once others put something on an association that we lend too", async () => {
    const broker = memoryBroker();
    await lendGroups(broker);
    await broker.grant({ cluster: "staging", access: VIEW_ALL });
    await broker.converge(STAGED);
    broker.entries.edit(broker.addressOf(STAGING.arn), (entry) => ({
      tags: entry?.tags ?? {},
      targets: { ...entry?.targets, [VIEW]: ns("theirs") },
    }));
    await broker.converge(STAGED);
    expect(fuses(broker)).toEqual({});
  });

  it("a grant that has begun keeps its access, where the fuse cannot be moved for another", async () => {
    let down = false;
    const broker = memoryBroker({
      wrap: (ports) => ({
        ...ports,
        schedules: {
          ...ports.schedules,
          armFuse: async (...args) => {
            if (down) throw aFailedCall("UpdateSchedule");
            return ports.schedules.armFuse(...args);
          },
        },
      }),
    });
    const grant = await broker.grant();
    await broker.converge();
    down = true;
    const longer = await broker.grant({ access: edit("payments-web"), durationSeconds: 7_200 });
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(await broker.now(grant)).toMatchObject({ state: "active" });
    expect(await broker.now(longer)).toMatchObject({ state: "approved" });
    down = false;
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api", "payments-web"]);
    expect(fuses(broker)).toEqual({ [EDIT]: later(longer.expiresAt) });
  });
});

describe("a fuse that cannot be", () => {
  it("holds up nothing, and is not kept in mind", async () => {
    const broker = memoryBroker({
      wrap: (ports) => ({
        ...ports,
        schedules: { ...ports.schedules, armFuse: async () => false },
      }),
    });
    const grant = await broker.grant();
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "active" });
    expect((await broker.ledgers.load(broker.binding))?.fuses).toEqual({});
    expect(broker.tables.heads.get(broker.binding)?.dueAt).toBe(grant.revokeAt);
  });

  it("holds up its own grants alone, where the call for it failed", async () => {
    const broker = memoryBroker({
      wrap: (ports) => ({
        ...ports,
        schedules: {
          ...ports.schedules,
          armFuse: async (...args) => {
            if (args[2] === VIEW) throw aFailedCall("CreateSchedule");
            return ports.schedules.armFuse(...args);
          },
        },
      }),
    });
    const grant = await broker.grant();
    const other = await broker.grant({ access: view("payments-api") });
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "active" });
    expect(await broker.now(other)).toMatchObject({ state: "approved" });
    expect(broker.actual()?.targets).toEqual({ [EDIT]: ns("payments-api") });
  });
});

describe("a look that finds nothing amiss", () => {
  it("touches no timer and no queue, changes nothing at EKS, and writes the ledger once", async () => {
    const touched: string[] = [];
    const noting =
      <Args extends unknown[], Result>(name: string, call: (...args: Args) => Result) =>
      (...args: Args) => {
        touched.push(name);
        return call(...args);
      };
    const broker = memoryBroker({
      wrap: ({ schedules, ledgers, ...ports }) => ({
        ...ports,
        schedules: {
          armRevocation: noting("armRevocation", schedules.armRevocation),
          disarmRevocation: noting("disarmRevocation", schedules.disarmRevocation),
          armFuse: noting("armFuse", schedules.armFuse),
          disarmFuse: noting("disarmFuse", schedules.disarmFuse),
        },
        ledgers: { ...ledgers, save: noting("ledger", ledgers.save) },
      }),
    });
    const grant = await broker.grant();
    const other = await broker.grant({ access: view("payments-api") });
    await broker.converge();
    const before = broker.entries.calls.length;
    touched.length = 0;
    await broker.converge();
    expect(touched).toEqual(["ledger"]);
    expect(broker.entries.calls).toHaveLength(before);
    expect(broker.queue.sent.map(({ cause }) => cause)).not.toContain("crowded");
    await broker.end(grant, "return");
    await broker.end(other, "return");
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
  });
});

describe("timers that cannot be taken down", () => {
  const stuck = (touch: "disarmFuse" | "disarmRevocation", failing: () => boolean) =>
    memoryBroker({
      wrap: (ports) => ({
        ...ports,
        schedules: {
          ...ports.schedules,
          [touch]: async (...args: never[]) => {
            if (failing()) throw aFailedCall("DeleteSchedule");
            return (ports.schedules[touch] as (...a: never[]) => unknown)(...args);
          },
        },
      }),
    });

  it("keep no end from being told; a fuse is taken down soon after, and with it the ledger", async () => {
    let down = true;
    const broker = stuck("disarmFuse", () => down);
    const grant = await broker.grant();
    await broker.converge();
    await broker.end(grant, "return");
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "ended" });
    expect(await broker.ledgers.load(broker.binding)).toBeDefined();
    expect(isDueSoon(broker)).toBe(true);
    down = false;
    await broker.converge();
    expect([...broker.schedules.timers]).toEqual([]);
    expect(await broker.ledgers.load(broker.binding)).toBeUndefined();
    expect(broker.tables.heads.get(broker.binding)?.dueAt).toBeNull();
  });

  it("are taken down soon after, also where something else is lent still", async () => {
    let down = false;
    const broker = stuck("disarmFuse", () => down);
    const grant = await broker.grant();
    await broker.grant({ access: view("payments-api") });
    await broker.converge();
    down = true;
    await broker.end(grant, "return");
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "ended" });
    expect(isDueSoon(broker)).toBe(true);
    down = false;
    await broker.converge();
    const fuses = [...broker.schedules.timers.values()].filter(({ kind }) => kind === "fuse");
    expect(fuses).toMatchObject([{ target: VIEW }]);
  });

  it("are taken down soon after, where they must make way for others", async () => {
    let down = true;
    const broker = stuck("disarmFuse", () => down);
    const grant = await broker.grant();
    await broker.converge();
    broker.entries.edit(broker.addressOf(), (entry) => ({
      tags: entry?.tags ?? {},
      targets: { [EDIT]: ns("payments-api", "theirs") },
    }));
    for (const _ of [1, 2]) {
      await broker.converge();
      expect(isDueSoon(broker)).toBe(true);
    }
    down = false;
    await broker.converge();
    expect([...broker.schedules.timers.values()].map(({ kind }) => kind)).toEqual(["revocation"]);
    expect(broker.tables.heads.get(broker.binding)?.dueAt).toBe(grant.revokeAt);
  });

  it("are left to fire for nothing, where it is a grant's own schedule", async () => {
    const broker = stuck("disarmRevocation", () => true);
    const grant = await broker.grant();
    await broker.converge();
    await broker.end(grant, "return");
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "ended" });
    expect(broker.tables.heads.get(broker.binding)?.dueAt).toBeNull();
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
  });
});

describe("an entry that was there before", () => {
  const standing = async (targets: Record<string, readonly string[]>) => {
    const broker = memoryBroker();
    broker.entries.edit(broker.addressOf(), () => ({ targets }));
    return broker;
  };

  it("is restored exactly and never deleted", async () => {
    const broker = await standing({ [EDIT]: ns("base"), [VIEW]: ns("other") });
    const before = broker.actual();
    const grant = await broker.grant();
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["base", "payments-api"]);
    broker.chance.set(grant.revokeAt ?? "");
    await broker.converge();
    expect(broker.actual()).toEqual(before);
    expect(operations(broker)).toEqual(["AssociateAccessPolicy", "AssociateAccessPolicy"]);
  });

  it("keeps what its owner gives by hand once a grant of the same is over, whatever run ended when", async () => {
    let over = false;
    const unlessOver = async <Result>(store: () => Promise<Result>) => {
      if (over) throw new Error("The run is over.");
      return store();
    };
    const broker = memoryBroker({
      wrap: (ports) => ({
        ...ports,
        requests: {
          ...ports.requests,
          save: async (step) => {
            await ports.requests.save(step);
            over = step.event.type === "settle";
          },
        },
        ledgers: {
          ...ports.ledgers,
          save: (ledger) => unlessOver(() => ports.ledgers.save(ledger)),
          remove: (binding) => unlessOver(() => ports.ledgers.remove(binding)),
        },
      }),
    });
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [EDIT]: ns("base") } }));
    const grant = await broker.grant();
    await broker.converge();
    await broker.end(grant, "return");
    await expect(broker.converge()).rejects.toThrow("The run is over.");
    over = false;
    expect(await broker.now(grant)).toMatchObject({ state: "ended" });
    broker.entries.edit(broker.addressOf(), () => ({
      targets: { [EDIT]: ns("base", "payments-api") },
    }));
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["base", "payments-api"]);
    expect(await broker.ledgers.load(broker.binding)).toBeUndefined();
  });

  it("has no fuse on an association that has a baseline", async () => {
    const broker = await standing({ [EDIT]: ns("base") });
    await broker.grant();
    await broker.converge();
    expect([...broker.schedules.timers.values()].map(({ kind }) => kind)).toEqual(["revocation"]);
  });

  it("loses its fuse once its owner uses the very association", async () => {
    const broker = memoryBroker();
    await broker.grant();
    await broker.converge();
    expect([...broker.schedules.timers.values()].map(({ kind }) => kind)).toContain("fuse");
    broker.entries.edit(broker.addressOf(), (entry) => ({
      tags: entry?.tags ?? {},
      targets: { [EDIT]: ns("payments-api", "theirs") },
    }));
    await broker.converge();
    expect([...broker.schedules.timers.values()].map(({ kind }) => kind)).toEqual(["revocation"]);
  });

  it("loses the fuse for groups once anybody else uses the entry, which it would delete", async () => {
    const broker = memoryBroker();
    const binding = bindingKey(STAGING.arn, ALICE);
    const address = broker.addressOf(STAGING.arn);
    await broker.grant({ cluster: "staging", access: { groups: ["eks-admins"] } });
    await broker.converge(binding);
    expect([...broker.schedules.timers.values()].map(({ kind }) => kind)).toContain("fuse");
    broker.entries.edit(address, (entry) => ({
      tags: entry?.tags ?? {},
      targets: { ...entry?.targets, [VIEW]: ns("theirs") },
    }));
    await broker.converge(binding);
    expect([...broker.schedules.timers.values()].map(({ kind }) => kind)).toEqual(["revocation"]);
  });

  it("keeps no fuse of a grant that is over, though another of the same is to begin later", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.converge();
    await broker.grant({ startsAt: plusSeconds(broker.chance.now(), 7_200) });
    await broker.end(grant, "return");
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "ended" });
    expect([...broker.schedules.timers]).toEqual([]);
  });

  it("keeps no fuse that was armed though the answer was lost, while nothing is lent", async () => {
    let lost = true;
    const broker = memoryBroker({
      wrap: (ports) => ({
        ...ports,
        schedules: {
          ...ports.schedules,
          armFuse: async (...args) => {
            const armed = await ports.schedules.armFuse(...args);
            if (!lost) return armed;
            lost = false;
            throw aFailedCall("CreateSchedule");
          },
        },
      }),
    });
    const grant = await broker.grant();
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "approved" });
    expect([...broker.schedules.timers.values()].map(({ kind }) => kind)).toEqual(["revocation"]);
  });

  it("keeps what its owner added, and is not given back what they removed", async () => {
    const broker = await standing({ [EDIT]: ns("base") });
    const grant = await broker.grant();
    await broker.converge();
    broker.entries.edit(broker.addressOf(), (entry) => ({
      targets: { ...entry?.targets, [EDIT]: ns("payments-api", "added") },
    }));
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["added", "payments-api"]);
    broker.chance.set(grant.revokeAt ?? "");
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["added"]);
    const history = await broker.ports.requests.history(grant.id);
    expect(history.some(({ details }) => "findings" in details)).toBe(true);
  });

  it("is not taken for ours when it comes between our look and our create", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    broker.faults.push((call) => {
      if (call.operation === "CreateAccessEntry" && !broker.actual())
        broker.entries.edit(broker.addressOf(), () => ({ targets: { [VIEW]: ns("theirs") } }));
      return undefined;
    });
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "active" });
    expect((await broker.ledgers.load(broker.binding))?.owned).toBe(false);
    broker.chance.set(grant.revokeAt ?? "");
    await broker.converge();
    expect(broker.actual()?.targets).toEqual({ [VIEW]: ns("theirs") });
  });
});

describe("a grant of what others have already", () => {
  it("is over when it ends before it began, and takes nothing", async () => {
    const broker = memoryBroker();
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [EDIT]: ns("payments-api") } }));
    const before = broker.actual();
    const grant = await broker.grant();
    await broker.end(grant, "revoke", "bob");
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "ended" });
    expect(broker.actual()).toEqual(before);
  });
});

describe("a grant of what others have already, or lend already", () => {
  it("is not told to have begun before its time", async () => {
    const broker = memoryBroker();
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [EDIT]: ns("payments-api") } }));
    const startsAt = plusSeconds(broker.chance.now(), 600);
    const grant = await broker.grant({ startsAt });
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "approved" });
    broker.chance.set(startsAt);
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "active", effectiveAt: startsAt });
  });

  it("says what covers it: what stood there, and what is lent on the same association", async () => {
    const broker = memoryBroker();
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [EDIT]: ns("payments-api") } }));
    const coverOf = async (grant: { readonly id: string }) =>
      (await broker.ports.requests.history(grant.id)).at(-1)?.details["coveredBy"];
    const other = await broker.grant({ access: view("payments-api") });
    const first = await broker.grant();
    await broker.converge();
    expect(await coverOf(other)).toBeUndefined();
    expect(await coverOf(first)).toEqual(["standing access"]);
    const second = await broker.grant();
    await broker.converge();
    expect(await coverOf(second)).toEqual([first.id, "standing access"]);
  });

  it("is not over for either of two of the same, while the access of both is there", async () => {
    const broker = memoryBroker();
    const grants = [await broker.grant(), await broker.grant()];
    await broker.converge();
    broker.chance.set(grants[0]?.revokeAt ?? "");
    broker.faults.push(
      once("DeleteAccessEntry", { failure: "throttled", code: "ThrottlingException" }),
    );
    const states = () => Promise.all(grants.map(async (each) => (await broker.now(each)).state));
    await broker.converge();
    expect(await states()).toEqual(["ending", "ending"]);
    await broker.converge();
    expect(await states()).toEqual(["ended", "ended"]);
  });
});

describe("a grant that is refused after a call of its was not heard of", () => {
  it("fails once nothing can land any more, and nothing of it is there", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const lost: CallFault = { failure: "unknown", code: "TimeoutError", applied: "later" };
    broker.faults.push(once("AssociateAccessPolicy", lost));
    await broker.converge();
    broker.createdAt.set(ALICE, plusSeconds(broker.chance.now(), 1));
    await broker.converge();
    // Once more, since a call failed; there is nothing to do.
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "approved" });
    const { uncertainUntil } = (await broker.ledgers.load(broker.binding)) ?? {};
    expect(broker.tables.heads.get(broker.binding)?.dueAt).toBe(uncertainUntil);
    // Somebody makes an entry in its place, so that the addition has something to land on.
    broker.chance.advance(2);
    broker.entries.edit(broker.addressOf(), () => ({ targets: {} }));
    broker.entries.applyLate();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    broker.chance.set(uncertainUntil ?? "");
    const throttle: CallFault = { failure: "throttled", code: "ThrottlingException" };
    broker.faults.push(({ operation }) =>
      ["DisassociateAccessPolicy", "DeleteAccessEntry"].includes(operation) ? throttle : undefined,
    );
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "approved" });
    broker.faults.length = 0;
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual([]);
    expect(await broker.now(grant)).toMatchObject({ state: "failed" });
    expect((await broker.ports.requests.history(grant.id)).at(-1)).toMatchObject({
      type: "refuse",
      details: { code: "principal-recreated" },
    });
  });
});

describe("what is put on record", () => {
  const evidence = async (broker: ReturnType<typeof memoryBroker>, { id }: { id: string }) =>
    (await broker.ports.requests.history(id)).filter(({ type }) => type === "evidence");

  it("is nothing where nothing was done, and no call that AWS turned away alone", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const other = await broker.grant({ access: view("payments-api") });
    const throttle: CallFault = { failure: "throttled", code: "ThrottlingException" };
    broker.faults.push(({ operation, session }) =>
      operation === "AssociateAccessPolicy" && session.sessionName.includes(other.id)
        ? throttle
        : undefined,
    );
    // The first made the entry, which served both; the second did nothing.
    await broker.converge();
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "active" });
    expect(await evidence(broker, grant)).toEqual([]);
    expect((await evidence(broker, other)).map(({ details }) => details)).toMatchObject([
      { calls: [{ operation: "CreateAccessEntry" }, { operation: "AssociateAccessPolicy" }] },
    ]);
    expect(Object.keys((await evidence(broker, other))[0]?.details ?? {})).toEqual(["calls"]);
  });

  it("is an edit by others also where it came between our call and the look after it", async () => {
    const broker = memoryBroker({
      wrap: (ports) => ({
        ...ports,
        entries: {
          ...ports.entries,
          associate: async (...args) => {
            const record = await ports.entries.associate(...args);
            broker.entries.edit(broker.addressOf(), (entry) => ({
              tags: entry?.tags ?? {},
              targets: { [EDIT]: ns("payments-api", "theirs") },
            }));
            return record;
          },
        },
      }),
    });
    const grant = await broker.grant();
    await broker.converge();
    expect((await broker.ports.requests.history(grant.id)).at(-1)).toMatchObject({
      type: "activate",
      details: { findings: [{ code: "entry-edited", found: ns("payments-api", "theirs") }] },
    });
  });

  it("is an edit by others with those alone whose association it was", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const other = await broker.grant({ access: view("payments-api") });
    await broker.converge();
    broker.entries.edit(broker.addressOf(), (entry) => ({
      tags: entry?.tags ?? {},
      targets: { ...entry?.targets, [EDIT]: ns("payments-api", "theirs") },
    }));
    await broker.converge();
    expect(await evidence(broker, grant)).toMatchObject([
      { details: { findings: [{ code: "entry-edited", target: EDIT }] } },
    ]);
    expect(await evidence(broker, other)).toEqual([]);
  });
});

describe("the ledger", () => {
  it("holds nothing of a grant that is over, beside one that is not", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const other = await broker.grant({ access: view("payments-api") });
    await broker.converge();
    await broker.end(grant, "return");
    await broker.converge();
    const { targets, deadlines, fuses } = (await broker.ledgers.load(broker.binding)) ?? {};
    expect([targets, fuses, deadlines].map((each) => Object.keys(each ?? {}))).toEqual([
      [VIEW],
      [VIEW],
      [other.id],
    ]);
  });

  it("outlives a deletion that was not heard of, until it can land no more", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.converge();
    broker.entries.edit(broker.addressOf(), (entry) => ({ tags: entry?.tags ?? {}, targets: {} }));
    await broker.end(grant, "return");
    broker.faults.push(
      once("DeleteAccessEntry", { failure: "throttled", code: "ThrottlingException" }),
    );
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "ended" });
    broker.faults.push(
      once("DeleteAccessEntry", { failure: "unknown", code: "TimeoutError", applied: "yes" }),
    );
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
    const { uncertainUntil } = (await broker.ledgers.load(broker.binding)) ?? {};
    expect(uncertainUntil).toBeDefined();
    broker.chance.set(uncertainUntil ?? "");
    await broker.converge();
    expect(await broker.ledgers.load(broker.binding)).toBeUndefined();
    expect(broker.tables.heads.get(broker.binding)?.dueAt).toBeNull();
  });
});

describe("our own entry", () => {
  it("is theirs once others use it", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.converge();
    broker.entries.edit(broker.addressOf(), (entry) => ({
      tags: entry?.tags ?? {},
      targets: { ...entry?.targets, [VIEW]: ns("theirs") },
    }));
    broker.chance.set(grant.revokeAt ?? "");
    await broker.converge();
    expect(broker.actual()?.targets).toEqual({ [VIEW]: ns("theirs") });
    expect(await broker.now(grant)).toMatchObject({ state: "ended" });
    expect(await broker.ledgers.load(broker.binding)).toBeUndefined();
    expect((await broker.ports.requests.history(grant.id)).at(-1)).toMatchObject({
      type: "settle",
      details: { findings: [{ code: "entry-adopted" }] },
    });
  });

  it("keeps its token while the answer to its create is unheard of, and the next has one of its own", async () => {
    const tokens: string[] = [];
    const broker = memoryBroker({
      wrap: (ports) => ({
        ...ports,
        entries: {
          ...ports.entries,
          create: (address, session, entry) => {
            tokens.push(entry.token);
            return ports.entries.create(address, session, entry);
          },
        },
      }),
    });
    const lost = { failure: "unknown", code: "TimeoutError" } as const;
    await broker.grant();
    for (const _ of [1, 2]) {
      for (const fault of [lost, undefined]) {
        if (fault) broker.faults.push(once("CreateAccessEntry", fault));
        await broker.converge();
      }
      const [token] = tokens.splice(0);
      expect(broker.actual()?.tags[TAG_TOKEN]).toBe(token);
      await broker.grant({ access: edit("payments-web"), durationSeconds: 1_800 });
      await broker.converge();
      expect((await broker.ledgers.load(broker.binding))?.token).toBe(token);
      broker.entries.edit(broker.addressOf(), () => undefined);
    }
  });

  it("is made again when somebody deletes it during a grant, with a token of its own", async () => {
    const broker = memoryBroker();
    await broker.grant();
    await broker.converge();
    const first = broker.actual()?.tags[TAG_TOKEN];
    broker.entries.edit(broker.addressOf(), () => undefined);
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(broker.actual()?.tags[TAG_TOKEN]).not.toBe(first);
  });

  it("is known by its token though that was given up before its create landed", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    broker.faults.push(
      once("CreateAccessEntry", { failure: "unknown", code: "TimeoutError", applied: "later" }),
    );
    await broker.converge();
    // Others' comes, is seen, and goes: the next entry of ours would have a token of its own.
    broker.entries.edit(broker.addressOf(), () => ({}));
    await broker.converge();
    broker.entries.edit(broker.addressOf(), () => undefined);
    broker.faults.push(
      once("CreateAccessEntry", { failure: "throttled", code: "ThrottlingException" }),
    );
    await broker.converge();
    broker.entries.applyLate();
    expect(broker.actual()).toBeDefined();
    broker.chance.set(grant.revokeAt ?? "");
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "ended" });
    expect(broker.actual()).toBeUndefined();
    expect(await broker.ledgers.load(broker.binding)).toBeUndefined();
  });

  it("is not the one that others made just before, with the very access that we were to lend", async () => {
    const broker = memoryBroker({
      wrap: (ports) => ({
        ...ports,
        ledgers: {
          ...ports.ledgers,
          save: async (ledger) => {
            await ports.ledgers.save(ledger);
            if (ledger.uncertainUntil !== null && !broker.actual())
              broker.entries.edit(broker.addressOf(), () => ({
                targets: { [EDIT]: ns("payments-api") },
              }));
          },
        },
      }),
    });
    const grant = await broker.grant();
    await broker.converge();
    const theirs = broker.actual();
    expect(theirs?.tags).toEqual({});
    expect(await broker.now(grant)).toMatchObject({ state: "active" });
    broker.chance.set(grant.revokeAt ?? "");
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "ended" });
    expect(broker.actual()).toEqual(theirs);
  });

  it("is theirs once they have put something on the very association that we lent", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.converge();
    broker.entries.edit(broker.addressOf(), (entry) => ({
      tags: entry?.tags ?? {},
      targets: { [EDIT]: ns("payments-api", "theirs") },
    }));
    broker.chance.set(grant.revokeAt ?? "");
    await broker.converge();
    expect(broker.actual()?.targets).toEqual({ [EDIT]: ns("theirs") });
    expect(await broker.ledgers.load(broker.binding)).toBeUndefined();
  });

  it("goes in the end, even where its access went before and the deletion failed once", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.converge();
    broker.entries.edit(broker.addressOf(), (entry) => ({ tags: entry?.tags ?? {}, targets: {} }));
    broker.chance.set(grant.revokeAt ?? "");
    broker.faults.push(
      once("DeleteAccessEntry", { failure: "throttled", code: "ThrottlingException" }),
    );
    await broker.converge();
    expect(broker.actual()?.targets).toEqual({});
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
    expect(await broker.ledgers.load(broker.binding)).toBeUndefined();
  });

  it("is known by its token after a create whose answer was lost", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    broker.faults.push(
      once("CreateAccessEntry", { failure: "unknown", code: "TimeoutError", applied: "yes" }),
    );
    await broker.converge();
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "active" });
    expect((await broker.ledgers.load(broker.binding))?.owned).toBe(true);
  });
});

describe("the report of converge", () => {
  it("counts the grants whose time is over and whose end was not seen", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    expect(await broker.converge()).toEqual({ overdueGrants: 0 });
    broker.faults.push(() => ({ failure: "refused", code: "AccessDeniedException" }));
    broker.chance.set(plusSeconds(grant.expiresAt ?? "", -1));
    expect(await broker.converge()).toEqual({ overdueGrants: 0 });
    broker.chance.advance(2);
    expect(await broker.converge()).toEqual({ overdueGrants: 1 });
    broker.faults.length = 0;
    expect(await broker.converge()).toEqual({ overdueGrants: 0 });
  });
});

describe("an end that cannot be seen yet", () => {
  const ending = async (fault: CallFault) => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.converge();
    broker.chance.set(grant.revokeAt ?? "");
    broker.faults.push(once("DeleteAccessEntry", fault));
    await broker.converge();
    return { broker, grant };
  };

  it("is retried soon after a throttle", async () => {
    const { broker, grant } = await ending({
      failure: "throttled",
      code: "ThrottlingException",
      applied: "no",
    });
    expect(await broker.now(grant)).toMatchObject({ state: "ending" });
    const due = broker.tables.heads.get(broker.binding)?.dueAt ?? "";
    expect(due > broker.chance.now() && due <= plusSeconds(broker.chance.now(), 60)).toBe(true);
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "ended" });
  });

  it("is told in the next run where all calls were answered and none could be read back", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.converge();
    broker.chance.set(grant.revokeAt ?? "");
    const calls: string[] = [];
    broker.faults.push(({ operation }) => {
      calls.push(operation);
      const readBack = operation === "DescribeAccessEntry" && calls.includes("DeleteAccessEntry");
      return readBack ? { failure: "throttled", code: "ThrottlingException" } : undefined;
    });
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "ending" });
    expect(await broker.ledgers.load(broker.binding)).toMatchObject({ uncertainUntil: null });
    broker.faults.length = 0;
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "ended" });
    expect(await broker.ledgers.load(broker.binding)).toBeUndefined();
  });

  it("is not told while a call without an answer may still land", async () => {
    const { broker, grant } = await ending({
      failure: "unknown",
      code: "TimeoutError",
      applied: "yes",
    });
    expect(broker.actual()).toBeUndefined();
    expect(await broker.now(grant)).toMatchObject({ state: "ending" });
    const { uncertainUntil } = (await broker.ledgers.load(broker.binding)) ?? {};
    // Once more since a call failed; then there is nothing to do until it is certain.
    await broker.converge();
    expect(broker.tables.heads.get(broker.binding)?.dueAt).toBe(uncertainUntil);
    broker.chance.set(uncertainUntil ?? "");
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "ended", endedAt: uncertainUntil });
  });

  it("is not told on a read that is older than the last moment at which a call may land", async () => {
    let beforeLanding = "";
    const broker = memoryBroker({
      wrap: (ports) => ({
        ...ports,
        entries: {
          ...ports.entries,
          read: async (...args) => {
            const found = await ports.entries.read(...args);
            if (broker.chance.now() === beforeLanding) {
              broker.entries.applyLate();
              broker.chance.advance(1);
            }
            return found;
          },
        },
      }),
    });
    // Others' entry, so that the addition that is under way has something to land on.
    broker.entries.edit(broker.addressOf(), () => ({ targets: {} }));
    const grant = await broker.grant();
    broker.faults.push(
      once("AssociateAccessPolicy", {
        failure: "unknown",
        code: "TimeoutError",
        applied: "later",
      }),
    );
    await broker.converge();
    await broker.end(grant, "revoke", "bob");
    const { uncertainUntil } = (await broker.ledgers.load(broker.binding)) ?? {};
    beforeLanding = plusSeconds(uncertainUntil ?? "", -1);
    broker.chance.set(beforeLanding);
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(await broker.now(grant)).toMatchObject({ state: "ending" });
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual([]);
    expect(await broker.now(grant)).toMatchObject({ state: "ended" });
  });

  it("undoes an addition that lands after it was given up", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    broker.faults.push(
      once("AssociateAccessPolicy", { failure: "unknown", code: "TimeoutError", applied: "later" }),
    );
    await broker.converge();
    await broker.end(grant, "revoke", "bob");
    await broker.converge();
    broker.entries.edit(broker.addressOf(), (entry) => ({ tags: entry?.tags ?? {}, targets: {} }));
    broker.entries.applyLate();
    broker.chance.advance(200);
    await broker.converge();
    expect(broker.actual()?.targets[EDIT] ?? []).toEqual([]);
    expect(await broker.now(grant)).toMatchObject({ state: "ended" });
  });
});

