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

describe("what the front may have forged", () => {
  const forged = async (change: Record<string, unknown>) => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const stored = broker.tables.grants.get(broker.binding)?.get(grant.id);
    const forgery = { ...stored, ...change } as typeof grant;
    broker.tables.grants.get(broker.binding)?.set(grant.id, forgery);
    broker.tables.requests.set(grant.id, forgery);
    await broker.converge();
    return { broker, after: await broker.now(grant) };
  };

  it.each([
    [
      "an approval by the requester",
      { approvals: [{ person: "alice", at: "x", proof: {} }] },
      "self-approval",
    ],
    [
      "an approval by somebody who may not",
      { approvals: [{ person: "carol", at: "x", proof: {} }] },
      "not-approved",
    ],
    ["no approval at all", { approvals: [] }, "not-approved"],
    ["a later end", { expiresAt: "2027-01-01T00:00:00.000Z" }, "wrong-deadline"],
    ["another access than was shown", { access: edit("payments-web") }, "digest-mismatch"],
    ["another rule", { rule: "break-glass" }, "digest-mismatch"],
    ["a rule that does not exist", { rule: "none" }, "unknown-rule"],
    ["another requester", { requester: "carol" }, "digest-mismatch"],
  ])("gains nothing: %s", async (_, change, code) => {
    const { broker, after } = await forged(change);
    expect(broker.entries.calls).toEqual([]);
    expect(after).toMatchObject({ state: "failed", outcome: { code } });
  });

  /** A grant that is active, and whose record was changed since. */
  const forgedSince = async (change: Record<string, unknown>) => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.converge();
    const forgery = { ...(await broker.now(grant)), ...change };
    broker.tables.grants.get(broker.binding)?.set(grant.id, forgery);
    broker.tables.requests.set(grant.id, forgery);
    await broker.converge();
    return { broker, grant };
  };

  const FAR = { revokeAt: "2026-12-24T10:00:00.000Z", expiresAt: "2026-12-24T10:02:00.000Z" };

  it("gains nothing: a later end of a grant that is active, under whatever rule", async () => {
    for (const change of [
      FAR,
      { ...FAR, rule: "none" },
      { ...FAR, approvals: [] },
      { expiresAt: FAR.expiresAt },
      { revokeAt: null, expiresAt: null },
    ]) {
      const { broker, grant } = await forgedSince(change);
      const fuse = [...broker.schedules.timers.values()].find(({ kind }) => kind === "fuse");
      expect(fuse?.at).toBe(plusSeconds(grant.expiresAt ?? "", 300));
      broker.chance.set(grant.revokeAt ?? "");
      await broker.converge();
      expect(broker.actual()).toBeUndefined();
      expect(await broker.now(grant)).toMatchObject({ state: "ended", revokeAt: grant.revokeAt });
    }
  });

  it("loses at once what its record says is over", async () => {
    const { broker, grant } = await forgedSince({ revokeAt: "2026-11-24T10:00:00.000Z" });
    expect(broker.actual()).toBeUndefined();
    expect(await broker.now(grant)).toMatchObject({ state: "ended" });
  });

  it("gains nothing: a well-formed grant that claims to be active, but never began", async () => {
    const { broker, after } = await forged({ state: "active" });
    expect(broker.entries.calls).toEqual([]);
    expect(after).toMatchObject({ state: "ended", outcome: { code: "never-begun" } });
  });

  it("gains nothing: a grant that claims to be active already", async () => {
    const { broker } = await forged({ state: "active", approvals: [] });
    expect(broker.entries.calls).toEqual([]);
    expect(broker.actual()).toBeUndefined();
  });
});

describe("a principal", () => {
  it.each([
    ["", undefined],
    [", also where IAM did not say who it was in between", "GetRole"],
  ])("that was deleted and created anew inherits nothing%s", async (_, failing) => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.converge();
    broker.faults.push(once(failing ?? "", { failure: "unknown", code: "Timeout" }));
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    broker.principals.set(ALICE, "AROASUCCESSOR");
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({
      state: "ended",
      outcome: { code: "principal-recreated" },
    });
    expect(broker.actual()).toBeUndefined();
  });

  it.each([
    ["the principal", ALICE, "principal-recreated"],
    ["the cluster", PROD.arn, "cluster-gone"],
  ])("gets nothing that was asked for before %s was created anew", async (_, arn, code) => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    broker.chance.advance(60);
    broker.createdAt.set(arn, broker.chance.now());
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "failed", outcome: { code } });
    expect(broker.entries.calls).toEqual([]);
    const next = await broker.grant();
    await broker.converge();
    expect(await broker.now(next)).toMatchObject({ state: "active" });
  });

  it("is served though EKS's clock makes our entry older than it, and its making was unheard of", async () => {
    const broker = memoryBroker({
      wrap: (ports) => ({
        ...ports,
        entries: {
          ...ports.entries,
          create: async (...args) => {
            broker.chance.advance(-1);
            await ports.entries.create(...args).finally(() => broker.chance.advance(1));
            broker.faults.push(once("DescribeAccessEntry", NO_ANSWER));
            throw aFailedCall("CreateAccessEntry");
          },
        },
      }),
    });
    const NO_ANSWER = { failure: "unknown", code: "TimeoutError" } as const;
    broker.createdAt.set(ALICE, broker.chance.now());
    const grant = await broker.grant();
    await broker.converge();
    expect(broker.actual()?.createdAt).toBe(plusSeconds(broker.chance.now(), -1));
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "active" });
  });

  it("that IAM does not know gets nothing", async () => {
    const broker = memoryBroker();
    broker.principals.delete(ALICE);
    const grant = await broker.grant();
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({
      state: "failed",
      outcome: { code: "principal-gone" },
    });
  });

  it("whose id cannot be read gets nothing new, and what is over still ends", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.converge();
    broker.faults.push((call) =>
      call.operation === "GetRole" ? { failure: "refused", code: "AccessDenied" } : undefined,
    );
    const second = await broker.grant({
      access: view("payments-api"),
      durationSeconds: 7_200,
    });
    broker.chance.set(grant.revokeAt ?? "");
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "ended" });
    expect(await broker.now(second)).toMatchObject({ state: "approved" });
    expect(broker.actual()).toBeUndefined();
    expect(isDueSoon(broker)).toBe(true);
  });
});

describe("a cluster", () => {
  it("that is gone ends its grants, and says why", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.converge();
    broker.clusters.delete(PROD.arn);
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({
      state: "ended",
      outcome: { code: "cluster-gone" },
    });
  });

  it("that was created anew under the same name inherits nothing", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.converge();
    // A look, which does not ask for the cluster.
    await broker.converge();
    broker.entries.edit(broker.addressOf(), () => undefined);
    broker.createdAt.set(PROD.arn, broker.chance.now());
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
    expect(await broker.now(grant)).toMatchObject({
      state: "ended",
      outcome: { code: "cluster-gone" },
    });
    const next = await broker.grant();
    await broker.converge();
    expect(await broker.now(next)).toMatchObject({ state: "active" });
  });

  it("that is gone is asked for nothing, also where others had an entry there", async () => {
    const broker = memoryBroker();
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [EDIT]: ns("base") } }));
    const grant = await broker.grant();
    await broker.converge();
    const calls = broker.entries.calls.length;
    broker.clusters.delete(PROD.arn);
    await broker.converge();
    expect(broker.entries.calls).toHaveLength(calls);
    expect(await broker.now(grant)).toMatchObject({ state: "ended" });
    expect(await broker.ledgers.load(broker.binding)).toBeUndefined();
  });

  it("that goes between two questions fails what has not begun", async () => {
    const broker = memoryBroker({
      wrap: (ports) => ({
        ...ports,
        entries: { ...ports.entries, cluster: async () => undefined },
      }),
    });
    const grant = await broker.grant();
    await broker.converge();
    expect(broker.entries.calls).toEqual([]);
    expect(await broker.now(grant)).toMatchObject({
      state: "failed",
      outcome: { code: "cluster-gone" },
    });
  });

  it("that is gone fails what has not begun", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    broker.clusters.delete(PROD.arn);
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({
      state: "failed",
      outcome: { code: "cluster-gone" },
    });
  });

  it("is looked at from time to time, and refused at the request once it takes no entries", async () => {
    const broker = memoryBroker();
    broker.modes.set(PROD.arn, "CONFIG_MAP");
    await broker.checkCluster("prod");
    await expect(broker.ask()).rejects.toMatchObject({
      code: "cluster-not-ready",
      message: expect.stringContaining(
        "aws eks update-cluster-config --name prod --access-config authenticationMode=API_AND_CONFIG_MAP",
      ),
    });
    broker.modes.set(PROD.arn, "API_AND_CONFIG_MAP");
    await broker.checkCluster("prod");
    const grant = await broker.grant();
    await broker.converge();
    const history = await broker.ports.requests.history(grant.id);
    expect(history.at(-1)?.details["authenticationMode"]).toBe("API_AND_CONFIG_MAP");
  });

  it("that cannot be described gets nothing new, and what is over still ends", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.converge();
    broker.faults.push(({ operation }) =>
      operation === "DescribeCluster" ? { failure: "refused", code: "AccessDenied" } : undefined,
    );
    const second = await broker.grant({ access: view("payments-api"), durationSeconds: 7_200 });
    broker.chance.set(grant.revokeAt ?? "");
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "ended" });
    expect(await broker.now(second)).toMatchObject({ state: "approved" });
    expect(broker.actual()).toBeUndefined();
    expect(isDueSoon(broker)).toBe(true);
  });

  it("that does not answer keeps what was known of it, and the log says so", async () => {
    const broker = memoryBroker();
    await broker.checkCluster("prod");
    broker.faults.push(() => ({ failure: "unknown", code: "TimeoutError" }));
    broker.modes.set(PROD.arn, "CONFIG_MAP");
    const lines: unknown[] = [];
    await checkCluster(broker.ports, "prod", { log: (...line) => void lines.push(line) });
    expect(lines).toEqual([
      [
        "cluster not described",
        expect.objectContaining({ cluster: "prod", failure: "unknown", code: "TimeoutError" }),
      ],
    ]);
    await expect(broker.ask()).resolves.toMatchObject({ state: "pending" });
  });

  it("that the policy no longer names is not looked at", async () => {
    const broker = memoryBroker();
    const asked: string[] = [];
    broker.faults.push(({ operation }) => void asked.push(operation));
    await broker.checkCluster("none");
    expect(asked).toEqual([]);
  });

  it("is looked at once more where the look fails otherwise than a call does", async () => {
    const broker = memoryBroker({
      wrap: (ports) => ({
        ...ports,
        entries: { ...ports.entries, cluster: () => Promise.reject(new Error("a bug")) },
      }),
    });
    await expect(broker.checkCluster("prod")).rejects.toThrow("a bug");
  });

  it("that fails again and again is left alone for a while, and then tried anew", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    let reads = 0;
    broker.faults.push(({ operation }) => {
      if (operation !== "DescribeAccessEntry") return undefined;
      reads += 1;
      return { failure: "unknown", code: "TimeoutError" };
    });
    for (let pass = 1; pass <= 20; pass += 1) await broker.converge();
    expect(reads).toBe(5);
    const due = broker.tables.heads.get(broker.binding)?.dueAt ?? "";
    expect(due).toBe(plusSeconds(broker.chance.now(), 30));
    broker.chance.set(due);
    await broker.converge();
    await broker.converge();
    expect(reads).toBe(6);
    broker.faults.length = 0;
    broker.chance.advance(30);
    await broker.converge();
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "active" });
  });
});

describe("what converge asks AWS for", () => {
  const asking = (options: Parameters<typeof memoryBroker>[0] = {}) => {
    const broker = memoryBroker(options);
    const asked: string[] = [];
    broker.faults.push(({ operation }) => void asked.push(operation));
    const asks = async (operation: string, binding = broker.binding) => {
      asked.length = 0;
      await broker.converge(binding);
      return asked.includes(operation);
    };
    return { broker, asks };
  };

  it("is the cluster only where a grant begins, or where the entry is not the one that it knows", async () => {
    const { broker, asks } = asking();
    const asksForCluster = () => asks("DescribeCluster");
    const startsAt = plusSeconds(broker.chance.now(), 600);
    await broker.grant({ startsAt, access: view("payments-web") });
    expect(await asksForCluster()).toBe(false);
    const grant = await broker.grant();
    expect(await asksForCluster()).toBe(true);
    expect(await asksForCluster()).toBe(false);
    await broker.grant({ access: view("payments-api") });
    expect(await asksForCluster()).toBe(true);
    expect(await asksForCluster()).toBe(false);
    broker.entries.edit(broker.addressOf(), () => undefined);
    expect(await asksForCluster()).toBe(true);
    await broker.end(grant, "return");
    expect(await asksForCluster()).toBe(false);
  });

  it("is not the principal where that is of another account, which may be lent to all the same", async () => {
    const foreign = "arn:aws:iam::999988887777:role/alice";
    const plain = aPolicy();
    const { alice } = plain.people;
    if (!alice) throw new Error("alice is not in the policy");
    const { broker, asks } = asking({
      policy: {
        ...plain,
        people: { ...plain.people, alice: { ...alice, principals: [foreign] } },
        rules: plain.rules.map((rule) => ({ ...rule, foreignPrincipals: true })),
      },
    });
    broker.principals.set(foreign, "AROAFOREIGN");
    const grant = await broker.grant({ principalArn: foreign });
    expect(await asks("GetRole", bindingKey(PROD.arn, foreign))).toBe(false);
    expect(await broker.now(grant)).toMatchObject({ state: "active" });
  });

  it.each(["principal", "cluster", "read"] as const)(
    "ends the run where asking for it (%s) fails otherwise than a call does",
    async (method) => {
      const broker = memoryBroker({
        wrap: (ports) => ({
          ...ports,
          entries: { ...ports.entries, [method]: () => Promise.reject(new Error("a bug")) },
        }),
      });
      const grant = await broker.grant();
      await expect(broker.converge()).rejects.toThrow("a bug");
      expect(await broker.now(grant)).toMatchObject({ state: "approved" });
      expect(broker.entries.calls).toEqual([]);
    },
  );
});

describe("an entry that is older than its principal", () => {
  it("is dead: nothing is granted on it, and it is left to whoever made it", async () => {
    const broker = memoryBroker();
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [VIEW]: ns("old") } }));
    const before = broker.actual();
    broker.createdAt.set(ALICE, plusSeconds(broker.chance.now(), 1));
    broker.chance.advance(60);
    const grant = await broker.grant();
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({
      state: "failed",
      outcome: { code: "entry-dead" },
    });
    expect(broker.actual()).toEqual(before);
  });

  it("is dead for every grant, also where the first was refused and another is to come", async () => {
    const broker = memoryBroker();
    broker.entries.edit(broker.addressOf(), () => ({ targets: {} }));
    broker.createdAt.set(ALICE, plusSeconds(broker.chance.now(), 1));
    broker.chance.advance(60);
    await broker.grant({
      startsAt: plusSeconds(broker.chance.now(), 7_200),
      access: view("payments-api"),
    });
    for (const _ of [1, 2]) {
      const grant = await broker.grant();
      await broker.converge();
      expect(await broker.now(grant)).toMatchObject({ outcome: { code: "entry-dead" } });
    }
    expect(broker.entries.calls).toEqual([]);
  });

  it("is not one that is as old as its principal", async () => {
    const broker = memoryBroker();
    broker.entries.edit(broker.addressOf(), () => ({ targets: {} }));
    broker.createdAt.set(ALICE, broker.chance.now());
    const grant = await broker.grant();
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "active" });
  });

  it("is alive where it is ours by EKS's clock, though somebody took our tag off", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.converge();
    broker.createdAt.set(ALICE, plusSeconds(broker.chance.now(), 1));
    broker.entries.edit(broker.addressOf(), (entry) => ({ ...entry, tags: {} }));
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "active" });
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
  });
});

describe("an addition that AWS refuses", () => {
  it("fails its own grant, and no other", async () => {
    const broker = memoryBroker();
    const good = await broker.grant();
    const bad = await broker.grant({ access: view("payments-api") });
    broker.faults.push((call) =>
      call.operation === "AssociateAccessPolicy" && call.session.sessionName.includes(bad.id)
        ? { failure: "refused", code: "InvalidParameterException" }
        : undefined,
    );
    await broker.converge();
    expect(await broker.now(good)).toMatchObject({ state: "active" });
    expect(await broker.now(bad)).toMatchObject({
      state: "failed",
      outcome: { code: "refused-by-aws" },
    });
    expect(broker.actual()?.targets).toEqual({ [EDIT]: ns("payments-api") });
  });

  it.each(["InvalidParameterException", "ResourceInUseException"])(
    "leaves alone what is lent on the same association: %s",
    async (code) => {
      const broker = memoryBroker();
      const good = await broker.grant();
      await broker.converge();
      const bad = await broker.grant({ access: edit("payments-web") });
      const before = broker.entries.calls.length;
      broker.faults.push(once("AssociateAccessPolicy", { failure: "refused", code }));
      await broker.converge();
      expect(operations(broker).slice(before)).toEqual(["AssociateAccessPolicy"]);
      expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
      expect(await broker.now(good)).toMatchObject({ state: "active" });
      expect(await broker.now(bad)).toMatchObject({ state: "failed" });
    },
  );
});

describe("a call that fails", () => {
  const throttle: CallFault = { failure: "throttled", code: "ThrottlingException" };
  const timeout: CallFault = { failure: "unknown", code: "TimeoutError" };
  const busy: CallFault = { failure: "busy", code: "ServiceUnavailable" };
  const crowded = ({ queue }: ReturnType<typeof memoryBroker>) =>
    queue.sent.filter(({ cause }) => cause === "crowded").length;

  it("and was to make the entry lets none be tried that needs it", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    broker.faults.push(once("CreateAccessEntry", throttle));
    await broker.converge();
    expect(operations(broker)).toEqual(["CreateAccessEntry"]);
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "active" });
  });

  it("stays open, and stays for want of room, whatever comes of the next", async () => {
    const outcome = async (first: CallFault, second: CallFault) => {
      const broker = memoryBroker();
      await broker.grant();
      await broker.grant({ access: view("payments-api") });
      const left = [first, second];
      broker.faults.push(({ operation }) =>
        operation === "AssociateAccessPolicy" ? left.shift() : undefined,
      );
      await broker.converge();
      const { uncertainUntil } = (await broker.ledgers.load(broker.binding)) ?? {};
      return { isOpen: uncertainUntil !== null, isCrowded: crowded(broker) > 0 };
    };
    expect(await outcome(timeout, throttle)).toEqual({ isOpen: true, isCrowded: true });
    expect(await outcome(throttle, timeout)).toEqual({ isOpen: true, isCrowded: true });
    expect(await outcome(busy, busy)).toEqual({ isOpen: false, isCrowded: false });
  });

  it.each([
    ["the call", throttle, timeout],
    ["the look afterwards", busy, throttle],
  ])("goes to the end of the queue where there was no room for %s", async (_, call, look) => {
    const broker = memoryBroker();
    await broker.grant();
    let reads = 0;
    broker.faults.push(({ operation }) => {
      if (operation === "AssociateAccessPolicy") return call;
      if (operation !== "DescribeAccessEntry") return undefined;
      reads += 1;
      return reads === 1 ? undefined : look;
    });
    await broker.converge();
    expect(crowded(broker)).toBe(1);
  });

  it("leaves all untold, also what was there before, until the entry is read back", async () => {
    const broker = memoryBroker();
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [VIEW]: ns("payments-api") } }));
    const covered = await broker.grant({ access: view("payments-api") });
    await broker.grant();
    let reads = 0;
    broker.faults.push(({ operation }) => {
      reads += Number(operation === "DescribeAccessEntry");
      return operation === "DescribeAccessEntry" && reads === 2 ? throttle : undefined;
    });
    await broker.converge();
    expect(await broker.now(covered)).toMatchObject({ state: "approved" });
    await broker.converge();
    expect(await broker.now(covered)).toMatchObject({
      state: "active",
    });
  });

  it("leaves untold also the end of what never began, until the entry is read back", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.end(grant, "cancel");
    await broker.grant({ access: view("payments-api") });
    let reads = 0;
    broker.faults.push(({ operation }) => {
      reads += Number(operation === "DescribeAccessEntry");
      return operation === "DescribeAccessEntry" && reads === 2 ? throttle : undefined;
    });
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "ending" });
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "ended" });
  });

  it("takes nothing away twice: a removal that AWS refuses is tried again in a later run", async () => {
    const broker = memoryBroker();
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [VIEW]: ns("theirs") } }));
    const grant = await broker.grant();
    await broker.converge();
    await broker.end(grant, "return");
    const before = broker.entries.calls.length;
    broker.faults.push(
      once("DisassociateAccessPolicy", { failure: "refused", code: "AccessDeniedException" }),
    );
    await broker.converge();
    expect(operations(broker).slice(before)).toEqual(["DisassociateAccessPolicy"]);
    expect(await broker.now(grant)).toMatchObject({ state: "ending" });
    expect(isDueSoon(broker)).toBe(true);
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "ended" });
  });
});

describe("a repair that AWS refuses", () => {
  it("leaves of the access what is there, is not repeated at once, and is tried again soon", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant({ access: edit("payments-api", "payments-web") });
    await broker.converge();
    broker.entries.edit(broker.addressOf(), (entry) => ({
      tags: entry?.tags ?? {},
      targets: { [EDIT]: ns("payments-web") },
    }));
    broker.faults.push(({ operation }) =>
      operation === "AssociateAccessPolicy"
        ? { failure: "refused", code: "InvalidParameterException" }
        : undefined,
    );
    const before = broker.entries.calls.length;
    await broker.converge();
    expect(operations(broker).slice(before)).toEqual(["AssociateAccessPolicy"]);
    expect(broker.namespaces(EDIT)).toEqual(["payments-web"]);
    expect(await broker.now(grant)).toMatchObject({ state: "active" });
    expect(isDueSoon(broker)).toBe(true);
    broker.faults.length = 0;
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api", "payments-web"]);
  });
});

describe("a scope that AWS does not let us narrow", () => {
  const noNarrowing = (broker: ReturnType<typeof memoryBroker>) =>
    broker.faults.push((call) =>
      call.operation === "AssociateAccessPolicy"
        ? { failure: "refused", code: "AccessDeniedException" }
        : undefined,
    );

  it("goes as a whole, and what still may be lent comes back", async () => {
    const broker = memoryBroker();
    const short = await broker.grant();
    const long = await broker.grant({ access: edit("payments-web"), durationSeconds: 7_200 });
    await broker.converge();
    broker.chance.set(short.revokeAt ?? "");
    noNarrowing(broker);
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual([]);
    expect(await broker.now(short)).toMatchObject({ state: "ended" });
    broker.faults.length = 0;
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-web"]);
    expect(await broker.now(long)).toMatchObject({ state: "active" });
    const history = await broker.ports.requests.history(long.id);
    expect(JSON.stringify(history)).not.toContain("entry-edited");
  });

  it("is narrowed later where AWS only asks for patience", async () => {
    const broker = memoryBroker();
    const short = await broker.grant();
    await broker.grant({ access: edit("payments-web"), durationSeconds: 7_200 });
    await broker.converge();
    await broker.end(short, "return");
    broker.faults.push(
      once("AssociateAccessPolicy", { failure: "throttled", code: "ThrottlingException" }),
    );
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api", "payments-web"]);
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-web"]);
    expect(operations(broker)).not.toContain("DisassociateAccessPolicy");
  });

  it("is in the ledger before it goes as a whole, beside all else that is lent", async () => {
    const known: unknown[] = [];
    const broker = memoryBroker({
      wrap: (ports) => ({
        ...ports,
        entries: {
          ...ports.entries,
          disassociate: async (...args) => {
            const { targets = {} } = (await ports.ledgers.load(broker.binding)) ?? {};
            known.push(
              Object.entries(targets).map(([target, { attempted }]) => [target, attempted]),
            );
            return ports.entries.disassociate(...args);
          },
        },
      }),
    });
    const short = await broker.grant();
    await broker.grant({ access: edit("payments-web"), durationSeconds: 7_200 });
    const other = await broker.grant({ access: view("payments-api"), durationSeconds: 7_200 });
    await broker.converge();
    await broker.end(short, "return");
    broker.faults.push(
      once("AssociateAccessPolicy", { failure: "refused", code: "AccessDeniedException" }),
    );
    await broker.converge();
    expect(known).toEqual([
      [
        [EDIT, []],
        [VIEW, ns("payments-api")],
      ],
    ]);
    broker.chance.set(other.revokeAt ?? "");
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
  });

  it("stays, and is tried again, where others' access would go with it", async () => {
    const broker = memoryBroker();
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [EDIT]: ns("base") } }));
    const grant = await broker.grant();
    await broker.converge();
    broker.chance.set(grant.revokeAt ?? "");
    noNarrowing(broker);
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["base", "payments-api"]);
    expect(await broker.now(grant)).toMatchObject({ state: "ending" });
    expect(broker.tables.heads.get(broker.binding)?.dueAt).not.toBeNull();
    broker.faults.length = 0;
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["base"]);
  });
});

describe("an addition that AWS refuses, with an entry made for it alone", () => {
  it("leaves no entry, and says so in one history", async () => {
    const broker = memoryBroker();
    broker.faults.push((call) =>
      call.operation === "AssociateAccessPolicy"
        ? { failure: "refused", code: "InvalidParameterException" }
        : undefined,
    );
    const grant = await broker.grant();
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({
      state: "failed",
      outcome: { code: "refused-by-aws" },
    });
    expect(broker.actual()).toBeUndefined();
    expect(await broker.ledgers.load(broker.binding)).toBeUndefined();
    expect(await recordedCalls(broker, grant.id)).toEqual([
      "CreateAccessEntry",
      "AssociateAccessPolicy",
      "DeleteAccessEntry",
    ]);
  });
});

describe("access that others take away before it is read back", () => {
  it("is looked at again soon, and not at the grant's end", async () => {
    let taken = false;
    const broker = memoryBroker({
      wrap: (ports) => ({
        ...ports,
        entries: {
          ...ports.entries,
          associate: async (...args) => {
            const record = await ports.entries.associate(...args);
            if (!taken)
              broker.entries.edit(broker.addressOf(), (entry) => ({ tags: entry?.tags ?? {} }));
            taken = true;
            return record;
          },
        },
      }),
    });
    const grant = await broker.grant();
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "approved" });
    const due = broker.tables.heads.get(broker.binding)?.dueAt ?? "";
    expect(due <= plusSeconds(broker.chance.now(), 60)).toBe(true);
    broker.chance.set(due);
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "active" });
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
  });
});

describe("access that others give back before its end is read back", () => {
  it("is looked at again soon, and ends then", async () => {
    let given = false;
    const broker = memoryBroker({
      wrap: (ports) => ({
        ...ports,
        entries: {
          ...ports.entries,
          disassociate: async (...args) => {
            const before = broker.actual();
            const record = await ports.entries.disassociate(...args);
            if (!given && before) broker.entries.edit(broker.addressOf(), () => before);
            given = true;
            return record;
          },
        },
      }),
    });
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [VIEW]: ns("theirs") } }));
    const grant = await broker.grant();
    await broker.converge();
    await broker.end(grant, "return");
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "ending" });
    expect(isDueSoon(broker)).toBe(true);
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "ended" });
    expect(broker.actual()?.targets).toEqual({ [VIEW]: ns("theirs") });
  });
});

describe("an addition that AWS refuses when no time is left for another pass", () => {
  it("is retried soon, and not at the grant's end", async () => {
    const broker = memoryBroker();
    broker.faults.push((call) =>
      call.operation === "AssociateAccessPolicy"
        ? { failure: "refused", code: "InvalidParameterException" }
        : undefined,
    );
    const grant = await broker.grant();
    let reads = 0;
    const ports = {
      ...broker.ports,
      entries: {
        ...broker.ports.entries,
        read: (...args: Parameters<typeof broker.ports.entries.read>) => {
          reads += 1;
          return broker.ports.entries.read(...args);
        },
      },
    };
    // The time is over once the entry was read back.
    const millisLeft = () => (reads < 2 ? 8_000 : 1_000);
    await converge(ports, broker.binding, { millisLeft, log: () => undefined });
    expect(await broker.now(grant)).toMatchObject({ state: "approved" });
    const due = broker.tables.heads.get(broker.binding)?.dueAt ?? "";
    expect(due <= plusSeconds(broker.chance.now(), 60)).toBe(true);
  });
});

describe("groups", () => {
  it("are lent beside those that were there, and taken back", async () => {
    const broker = memoryBroker();
    const address = broker.addressOf(STAGING.arn);
    broker.entries.edit(address, () => ({ targets: { [GROUPS]: groupElements(["theirs"]) } }));
    const binding = bindingKey(STAGING.arn, ALICE);
    const grant = await broker.grant({ cluster: "staging", access: { groups: ["eks-admins"] } });
    await broker.converge(binding);
    expect(broker.entries.peek(address)?.targets[GROUPS]).toEqual(
      groupElements(["eks-admins", "theirs"]),
    );
    broker.chance.set(grant.revokeAt ?? "");
    await broker.converge(binding);
    expect(broker.entries.peek(address)?.targets[GROUPS]).toEqual(groupElements(["theirs"]));
  });
});

describe("a revocation while converge is at work", () => {
  it("at the very moment of its expiry takes away its access, and leaves others theirs", async () => {
    let revoked = false;
    const broker = memoryBroker({
      wrap: (ports) => ({
        ...ports,
        requests: {
          ...ports.requests,
          save: async (step) => {
            if (step.event.type === "expire" && !revoked) {
              revoked = true;
              await broker.end(grant, "revoke", "bob");
            }
            return ports.requests.save(step);
          },
        },
      }),
    });
    const grant = await broker.grant();
    const other = await broker.grant({ access: edit("payments-web"), durationSeconds: 7_200 });
    await broker.converge();
    broker.entries.edit(broker.addressOf(), (entry) => ({
      tags: entry?.tags ?? {},
      targets: { [EDIT]: ns("payments-api", "payments-web", "theirs") },
    }));
    broker.chance.set(grant.revokeAt ?? "");
    const asked: string[] = [];
    broker.faults.push(({ operation }) => void asked.push(operation));
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "ended", outcome: { code: "revoked" } });
    expect(await broker.now(other)).toMatchObject({ state: "active" });
    expect(broker.namespaces(EDIT)).toEqual(["payments-web", "theirs"]);
    // The pass that lost sight of the grant asks EKS nothing; the next one reads, and reads back.
    expect(asked.filter((operation) => operation === "DescribeAccessEntry")).toHaveLength(2);
  });

  it("at the very moment of its withdrawal takes away its access, and leaves others theirs", async () => {
    let revoked = false;
    const broker = memoryBroker({
      wrap: (ports) => ({
        ...ports,
        requests: {
          ...ports.requests,
          save: async (step) => {
            if (step.event.type === "withdraw" && !revoked) {
              revoked = true;
              await broker.end(grant, "revoke", "bob");
            }
            return ports.requests.save(step);
          },
        },
      }),
    });
    const grant = await broker.grant();
    await broker.converge();
    broker.entries.edit(broker.addressOf(), (entry) => ({
      tags: entry?.tags ?? {},
      targets: { [EDIT]: ns("payments-api", "theirs") },
    }));
    broker.principals.set(ALICE, "AROASUCCESSOR");
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "ended", outcome: { code: "revoked" } });
    expect(broker.namespaces(EDIT)).toEqual(["theirs"]);
  });

  it("is not lost, every call stays on record, and the fuse stays until its end", async () => {
    let revoked = false;
    const there: boolean[] = [];
    const broker = memoryBroker({
      wrap: (ports) => ({
        ...ports,
        schedules: {
          ...ports.schedules,
          disarmFuse: async (...args) => {
            there.push(broker.actual() !== undefined);
            return ports.schedules.disarmFuse(...args);
          },
        },
        entries: {
          ...ports.entries,
          associate: async (...args) => {
            const record = await ports.entries.associate(...args);
            if (!revoked) {
              revoked = true;
              await broker.end(grant, "revoke", "bob");
            }
            return record;
          },
        },
      }),
    });
    const grant = await broker.grant();
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "ended", outcome: { code: "revoked" } });
    expect(broker.actual()).toBeUndefined();
    // No fuse goes before the access that it is to end.
    expect(there).toEqual([false]);
    expect(await recordedCalls(broker, grant.id)).toEqual(operations(broker));
  });

  it("puts no call on record twice for those whom it does not concern", async () => {
    let revoked = false;
    const broker = memoryBroker({
      wrap: (ports) => ({
        ...ports,
        entries: {
          ...ports.entries,
          associate: async (...args) => {
            const record = await ports.entries.associate(...args);
            if (!revoked) await broker.end(grant, "revoke", "bob");
            revoked = true;
            return record;
          },
        },
      }),
    });
    const grant = await broker.grant();
    const other = await broker.grant({ access: view("payments-api") });
    await broker.converge();
    expect(await broker.now(other)).toMatchObject({ state: "active" });
    expect(await recordedCalls(broker, other.id)).toEqual([
      "CreateAccessEntry",
      "AssociateAccessPolicy",
    ]);
  });
});

describe("a step that cannot be stored", () => {
  it.each([
    new Error("The table does not answer."),
    new BrokerError("dependency-unavailable", "The table does not answer."),
  ])("ends the run, so that its message comes back: $name", async (error) => {
    let down = false;
    const broker = memoryBroker({
      wrap: (ports) => ({
        ...ports,
        requests: {
          ...ports.requests,
          save: async (step) => {
            if (down) throw error;
            return ports.requests.save(step);
          },
        },
      }),
    });
    const grant = await broker.grant();
    await broker.converge();
    broker.chance.set(grant.revokeAt ?? "");
    down = true;
    await expect(broker.converge()).rejects.toThrow(error);
    expect(await broker.now(grant)).toMatchObject({ state: "active" });
    down = false;
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "ended" });
  });
});

describe("the log", () => {
  const logged = (broker: ReturnType<typeof memoryBroker>, message: string) =>
    broker.logs.filter((line) => line.message === message).map(({ facts }) => facts);

  it.each([
    ["entry unreadable", "DescribeAccessEntry", 0],
    ["not read back", "DescribeAccessEntry", 1],
    ["step failed", "AssociateAccessPolicy", 0],
  ])("says what came of a call that failed: %s", async (message, failing, spared) => {
    const broker = memoryBroker();
    await broker.grant();
    let left = spared;
    broker.faults.push(({ operation }) => {
      if (operation !== failing) return undefined;
      left -= 1;
      return left < 0 ? { failure: "throttled", code: "ThrottlingException" } : undefined;
    });
    await broker.converge();
    expect(logged(broker, message)).toEqual([
      expect.objectContaining({
        binding: broker.binding,
        operation: failing,
        failure: "throttled",
        code: "ThrottlingException",
      }),
    ]);
  });

  it.each([
    ["armRevocation", "schedule not armed"],
    ["armFuse", "schedule not armed"],
    ["disarmRevocation", "revocation not disarmed"],
    ["disarmFuse", "fuse not disarmed"],
  ] as const)("says what came of a timer: %s", async (touch, message) => {
    const broker = memoryBroker({
      wrap: (ports) => ({
        ...ports,
        schedules: {
          ...ports.schedules,
          [touch]: () => Promise.reject(aFailedCall(touch)),
        },
      }),
    });
    const grant = await broker.grant();
    await broker.converge();
    await broker.end(grant, "revoke", "bob");
    await broker.converge();
    const { binding } = broker;
    expect(logged(broker, message)).toContainEqual(
      expect.objectContaining({ binding, operation: touch, code: "ThrottlingException" }),
    );
  });
});

describe("a cluster's circuit", () => {
  /** Converges so often while every read fails. */
  const failing = async (fault: CallFault, times: number) => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.converge();
    broker.chance.set(grant.revokeAt ?? "");
    broker.faults.push(({ operation }) =>
      operation === "DescribeAccessEntry" ? fault : undefined,
    );
    for (let time = 0; time < times; time += 1) await broker.converge();
    broker.faults.length = 0;
    await broker.converge();
    return broker.now(grant);
  };

  it.each(["unknown", "busy"] as const)(
    "opens after five calls in a row that come to nothing (%s): nobody calls for a while",
    async (failure) => {
      const fault: CallFault = { failure, code: "ServiceUnavailable" };
      expect(await failing(fault, 4)).toMatchObject({ state: "ended" });
      expect(await failing(fault, 5)).toMatchObject({ state: "ending" });
    },
  );

  it("begins to count anew with each answer, and is not written to while there are answers", async () => {
    const saved: number[] = [];
    const broker = memoryBroker({
      wrap: (ports) => ({
        ...ports,
        circuits: {
          ...ports.circuits,
          save: async (arn, circuit) => {
            saved.push(circuit.failures);
            return ports.circuits.save(arn, circuit);
          },
        },
      }),
    });
    await broker.grant();
    const timeout: CallFault = { failure: "unknown", code: "Timeout" };
    for (const failures of [2, 0, 1, 0, 0]) {
      for (let left = failures; left > 0; left -= 1) {
        broker.faults.push(once("DescribeAccessEntry", timeout));
        await broker.converge();
      }
      await broker.converge();
    }
    expect(saved).toEqual([1, 2, 0, 1, 0]);
  });

  it("stays closed while AWS only asks for patience, which is no fault of the cluster's", async () => {
    const throttle: CallFault = { failure: "throttled", code: "ThrottlingException" };
    expect(await failing(throttle, 20)).toMatchObject({ state: "ended" });
  });
});

describe("an end that finds no room", () => {
  const throttle: CallFault = { failure: "throttled", code: "ThrottlingException" };

  /** Converges so often while one operation fails; answers how often it went to the queue's end. */
  const resent = async (operation: string, fault: CallFault, times: number) => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.converge();
    broker.chance.set(grant.revokeAt ?? "");
    broker.faults.push((call) => (call.operation === operation ? fault : undefined));
    for (let time = 0; time < times; time += 1) await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "ending" });
    expect(broker.tables.heads.get(broker.binding)?.dueAt).not.toBeNull();
    return broker.queue.sent.filter(({ cause }) => cause === "crowded").length;
  };

  it.each(["DescribeAccessEntry", "DeleteAccessEntry"])(
    "as %s is throttled goes to the end of the queue, without waiting for a sweep",
    async (operation) => {
      expect(await resent(operation, throttle, 1)).toBe(1);
    },
  );

  it("is left to the sweep after eight turns, so that no function calls itself without end", async () => {
    expect(await resent("DescribeAccessEntry", throttle, 20)).toBe(8);
  });

  it("is left to the sweep at once where it is not for want of room", async () => {
    const timeout: CallFault = { failure: "unknown", code: "Timeout" };
    expect(await resent("DescribeAccessEntry", timeout, 1)).toBe(0);
  });

  it("goes to the end of the queue where the run's own time was over", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.converge();
    broker.chance.set(grant.revokeAt ?? "");
    await converge(broker.ports, broker.binding, { millisLeft: () => 1_000, log: () => undefined });
    expect(await broker.now(grant)).toMatchObject({ state: "ending" });
    expect(broker.queue.sent.at(-1)).toEqual({ subject: broker.binding, cause: "crowded" });
  });

  it("stays due where the queue does not take it", async () => {
    const broker = memoryBroker({
      wrap: (ports) => ({ ...ports, queue: { send: () => Promise.reject(new Error("down")) } }),
    });
    const grant = await broker.grant();
    await broker.converge();
    broker.chance.set(grant.revokeAt ?? "");
    broker.faults.push(once("DescribeAccessEntry", throttle));
    await broker.converge();
    expect(broker.tables.heads.get(broker.binding)?.dueAt).not.toBeNull();
  });
});

describe("a message that waited long, as others wait behind it", () => {
  const late = (broker: ReturnType<typeof memoryBroker>, waitedSeconds = 31) =>
    converge(broker.ports, broker.binding, {
      millisLeft: () => 8_000,
      waitedSeconds,
      log: () => undefined,
    });

  it("adds nothing: removals go first, and the next sweep sends it again", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await late(broker);
    expect(await broker.now(grant)).toMatchObject({ state: "approved" });
    expect(broker.entries.calls).toEqual([]);
    expect(broker.tables.heads.get(broker.binding)?.dueAt).toBe(broker.chance.now());
    expect(broker.queue.sent.map(({ cause }) => cause)).not.toContain("crowded");
    await late(broker, 30);
    expect(await broker.now(grant)).toMatchObject({ state: "active" });
  });

  it("does not look at what is lent", async () => {
    const broker = memoryBroker();
    await broker.grant();
    await broker.converge();
    const calls: string[] = [];
    broker.faults.push(({ operation }) => void calls.push(operation));
    await late(broker);
    expect(calls).toEqual([]);
    await late(broker, 0);
    expect(calls).toContain("DescribeAccessEntry");
  });

  it("still deletes an entry of ours that outlived its last grant", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.converge();
    broker.entries.edit(broker.addressOf(), (entry) => ({ tags: entry?.tags ?? {}, targets: {} }));
    broker.chance.set(grant.revokeAt ?? "");
    broker.faults.push(once("DeleteAccessEntry", { failure: "throttled", code: "Throttling" }));
    await broker.converge();
    expect(await broker.now(grant)).toMatchObject({ state: "ended" });
    expect(broker.actual()).toBeDefined();
    expect(isDueSoon(broker)).toBe(true);
    await late(broker);
    expect(broker.actual()).toBeUndefined();
  });

  it("still takes away what is over, and gives in the same run what is not", async () => {
    const broker = memoryBroker();
    const first = await broker.grant();
    await broker.converge();
    broker.chance.set(first.revokeAt ?? "");
    const second = await broker.grant({ access: view("payments-web") });
    await late(broker);
    expect(await broker.now(first)).toMatchObject({ state: "ended" });
    expect(await broker.now(second)).toMatchObject({ state: "active" });
  });
});
