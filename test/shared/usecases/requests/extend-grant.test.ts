/** An extension as people ask for it, decide on it, and end it. */
import { describe, expect, it } from "vitest";
import { aPolicy } from "../../../../lab/fakes/builders.ts";
import { edit, memoryBroker, view } from "../../../../lab/fakes/memory-broker.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { decideRequest } from "../../../../shared/usecases/requests/decide-request.ts";
import { extendGrant } from "../../../../shared/usecases/requests/extend-grant.ts";

const GROUPS = { cluster: "staging", access: { groups: ["eks-admins"] } } as const;
const later = (instant: string | null, seconds: number) => plusSeconds(instant ?? "", seconds);

describe("Asking for an extension", () => {
  it("An extension is a request of its own, for the same access, that ends its duration later", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const extension = await broker.extend(grant, { durationSeconds: 1_800 });
    const { requester, cluster, principalArn, access, rule, reason } = grant;
    expect(extension).toMatchObject({
      ...{ requester, cluster, principalArn, access, rule, reason },
      state: "pending",
      extends: grant.id,
      until: later(grant.expiresAt, 1_800),
      durationSeconds: 1_800,
      lapsesAt: grant.revokeAt,
      requirements: grant.requirements,
    });
    expect(extension.digest).not.toBe(grant.digest);
    const [asked] = await broker.history(extension);
    expect(asked).toMatchObject({ details: { extends: grant.id, until: extension.until } });
  });

  it("An extension has a reason of its own where one is given, and the rule judges it", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    await expect(broker.extend(grant, { reason: "short" })).rejects.toMatchObject({
      code: "policy-denied",
    });
    const extension = await broker.extend(grant, { reason: "INC-4711 not done yet" });
    expect(extension.reason).toBe("INC-4711 not done yet");
  });

  it("The policy approves an extension at once where the rule asks nobody, and the grant shows it", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant(GROUPS);
    const extension = await broker.extend(grant);
    expect(extension).toMatchObject({ state: "approved", approvals: [] });
    expect(extension.requirements).toEqual(grant.requirements);
    expect(await broker.reload(grant)).toMatchObject({
      state: "active",
      extendedBy: extension.id,
      extendedUntil: extension.until,
      expiresAt: grant.expiresAt,
    });
    expect((await broker.history(grant)).at(-1)).toMatchObject({
      type: "extend",
      actor: "policy:staging-groups",
      details: { extension: extension.id, until: extension.until },
    });
    expect((await broker.history(extension)).at(-1)?.actor).toBe("policy:staging-groups");
  });

  it.each([
    ["by somebody else", "carol", "forbidden"],
    ["by an approver", "bob", "forbidden"],
  ])("A grant is extended only by its requester, not %s", async (_, by, code) => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    await expect(broker.extend(grant, {}, by)).rejects.toMatchObject({ code });
  });

  it("Only active access can be extended: nothing pending, approved, ending or over", async () => {
    const broker = memoryBroker();
    const pending = await broker.ask();
    const early = (state: string) => ({ code: "not-active-yet", facts: { state } });
    await expect(broker.extend(pending)).rejects.toMatchObject(early("pending"));
    const approved = await broker.approve(pending);
    await expect(broker.extend(approved)).rejects.toMatchObject(early("approved"));
    await broker.converge();
    broker.clock.set(approved.revokeAt ?? "");
    const { revokeAt } = approved;
    const late = { code: "too-late-to-extend", facts: { state: "active", revokeAt } };
    await expect(broker.extend(approved)).rejects.toMatchObject(late);
    await broker.converge();
    const over = (state: string) => ({ code: "grant-over", facts: { state } });
    await expect(broker.extend(approved)).rejects.toMatchObject(over("ending"));
    await broker.settle();
    await expect(broker.extend(approved)).rejects.toMatchObject(over("ended"));
  });

  it("A rule without the key lets nobody extend a grant", async () => {
    const broker = memoryBroker();
    const access = { policy: "AmazonEKSClusterAdminPolicy", scope: { type: "cluster" } } as const;
    const grant = await broker.ask({ access, durationSeconds: 1_200 }, "carol");
    const binding = [...broker.tables.heads.keys()][0] ?? "";
    await broker.converge(binding);
    await expect(broker.extend(grant)).rejects.toMatchObject({
      code: "policy-denied",
      facts: { refusals: [{ rule: "break-glass", objections: [{ code: "not-extendable" }] }] },
    });
  });

  it("A grant has one extension at a time, and one that was approved", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const first = await broker.extend(grant);
    const open = { code: "extension-open", facts: { id: first.id } };
    await expect(broker.extend(grant)).rejects.toMatchObject(open);
    await broker.approve(first);
    await expect(broker.extend(grant)).rejects.toMatchObject(open);
  });

  it("A grant can be extended again once an extension of it was denied, cancelled or lapsed", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const first = await broker.extend(grant);
    await broker.end(first, "cancel");
    expect(await broker.states(grant, first)).toEqual(["active", "cancelled"]);
    const second = await broker.extend(grant);
    expect(second.state).toBe("pending");
  });

  it("Two extensions of a grant at the same moment are one, and the other is refused", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const results = await Promise.allSettled([1, 2, 3].map(() => broker.extend(grant)));
    const refused = results.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
    expect(refused).toMatchObject([{ code: "extension-open" }, { code: "extension-open" }]);
  });

  it("The same call twice under one key is one extension", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const extend = (durationSeconds: number, id = grant.id) =>
      extendGrant(
        broker.front,
        broker.actor("alice"),
        id,
        { durationSeconds, reason: null },
        "key-1",
      );
    const first = await extend(1_800);
    expect(await extend(1_800)).toEqual(first);
    await expect(extend(2_400)).rejects.toMatchObject({ code: "idempotency-mismatch" });
    const second = await broker.activeGrant({ access: view("payments-api") });
    await expect(extend(1_800, second.id)).rejects.toMatchObject({ code: "idempotency-mismatch" });
  });

  it("An extension that is pending is no obstacle for a request of the same access, nor the reverse", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    await broker.extend(grant);
    const plain = await broker.ask();
    expect(plain.state).toBe("pending");
  });
});

describe("How far a chain may be extended", () => {
  /** Extends a grant once for each number of seconds. */
  const extended = async (broker: ReturnType<typeof memoryBroker>, ...by: number[]) => {
    let last = await broker.activeGrant();
    for (const durationSeconds of by) {
      await broker.approve(await broker.extend(last, { durationSeconds }));
      await broker.converge();
      last = await broker.reload({ ...last, id: (await broker.reload(last)).extendedBy ?? "" });
    }
    return last;
  };

  it("A chain has as many extensions as the rule says", async () => {
    const broker = memoryBroker();
    const last = await extended(broker, 600, 600);
    await expect(broker.extend(last, { durationSeconds: 600 })).rejects.toMatchObject({
      code: "policy-denied",
      facts: { refusals: [{ objections: [{ code: "extended-enough" }] }] },
    });
  });

  it("A chain lasts as long as the rule says from its first start, and the refusal says what is left", async () => {
    const broker = memoryBroker();
    const last = await extended(broker, 4 * 3_600);
    await expect(broker.extend(last, { durationSeconds: 3 * 3_600 + 60 })).rejects.toMatchObject({
      code: "duration-too-long",
      facts: { max: "3h", maxSeconds: 3 * 3_600 },
    });
    expect(await broker.extend(last, { durationSeconds: 3 * 3_600 })).toMatchObject({
      until: later(last.expiresAt, 3 * 3_600),
    });
  });

  it("An extension without a duration takes the rule's default, or what is left if that is less", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant({ durationSeconds: 4 * 3_600 });
    const first = await broker.extend(grant);
    expect(first.durationSeconds).toBe(3_600);
    await broker.end(first, "cancel");
    await broker.approve(await broker.extend(grant, { durationSeconds: 4 * 3_600 - 1_200 }));
    await broker.converge();
    const second = await broker.reload({
      ...grant,
      id: (await broker.reload(grant)).extendedBy ?? "",
    });
    expect((await broker.extend(second)).durationSeconds).toBe(1_200);
  });

  it("Nothing is left to extend where less than the shortest duration is left", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant({ durationSeconds: 4 * 3_600 });
    const first = await broker.extend(grant, { durationSeconds: 4 * 3_600 - 60 });
    await broker.approve(first);
    await broker.converge();
    await expect(broker.extend(first)).rejects.toMatchObject({
      code: "policy-denied",
      message: expect.stringContaining("payments-edit leaves no time for an extension."),
    });
    await expect(broker.extend(first, { durationSeconds: 600 })).rejects.toMatchObject({
      code: "policy-denied",
      message: expect.stringContaining("payments-edit lends access for 8h in all"),
    });
  });

  it("An extension is no longer than the rule's longest duration", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    await expect(broker.extend(grant, { durationSeconds: 4 * 3_600 + 60 })).rejects.toMatchObject({
      code: "duration-too-long",
      facts: { max: "4h" },
    });
  });
});

describe("Deciding on an extension", () => {
  it("Nobody approves their own extension", async () => {
    const broker = memoryBroker();
    const extension = await broker.extend(await broker.activeGrant());
    await expect(broker.approve(extension, "alice")).rejects.toMatchObject({
      code: "self-approval",
    });
  });

  it("An approval gives the extension its end, and hands the grant's place on", async () => {
    const broker = memoryBroker({
      settings: { openGrantsPerPerson: 3, reservedGrantsPerPerson: 1 },
    });
    const grant = await broker.activeGrant();
    const other = await broker.activeGrant({ access: edit("payments-web") });
    const extension = await broker.approve(await broker.extend(grant));
    expect(extension).toMatchObject({
      state: "approved",
      expiresAt: extension.until,
      revokeAt: later(extension.until ?? null, -120),
    });
    expect(await broker.reload(grant)).toMatchObject({ extendedBy: extension.id });
    await broker.approve(await broker.extend(other));
    await broker.converge();
    const third = await broker.ask({ access: edit("payments-db") });
    await expect(broker.approve(third)).rejects.toMatchObject({ code: "too-many-grants" });
    await broker.convergeAtEnd(grant);
    await broker.settle(120);
    await expect(broker.approve(third)).rejects.toMatchObject({ code: "too-many-grants" });
  });

  it.each([
    ["lets nobody extend a grant", undefined, "does not let a grant be extended"],
    ["allows fewer extensions", { times: 0, totalSeconds: 8 * 3_600 }, "be extended 0 times"],
    ["allows less time in all", { times: 2, totalSeconds: 5_400 }, "lends access for 1h30m in all"],
  ])(
    "An approval under a rule that now %s is refused, and changes nothing",
    async (_, now, why) => {
      const broker = memoryBroker();
      const grant = await broker.activeGrant();
      const { id, digest } = await broker.extend(grant);
      const rules = aPolicy().rules.map(({ extend: _extend, ...rule }) =>
        now ? { ...rule, extend: { ...now, approval: "same" as const } } : rule,
      );
      const front = { ...broker.front, policy: { ...aPolicy(), rules } };
      const decision = { verdict: "approve", digest } as const;
      await expect(decideRequest(front, broker.actor("bob"), id, decision)).rejects.toMatchObject({
        code: "policy-denied",
        message: expect.stringContaining(why),
      });
      expect(await broker.states(grant, { ...grant, id })).toEqual(["active", "pending"]);
      expect((await broker.reload(grant)).extendedBy).toBeUndefined();
    },
  );

  it("An extension lapses when its grant is over, whoever approves it then", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const extension = await broker.extend(grant);
    broker.clock.set(grant.revokeAt ?? "");
    await expect(broker.approve(extension)).rejects.toMatchObject({ code: "illegal-transition" });
    expect(await broker.reload(extension)).toMatchObject({ state: "lapsed" });
  });

  it("An extension lapses once its grant ended early by itself", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const extension = await broker.extend(grant);
    broker.principals.delete(grant.principalArn);
    await broker.converge();
    await broker.settle(120);
    expect((await broker.reload(grant)).state).not.toBe("active");
    await expect(broker.approve(extension)).rejects.toMatchObject({ code: "illegal-transition" });
    expect((await broker.reload(extension)).outcome?.detail).toContain("the grant that it extends");
  });

  it("A grant that is returned at the same moment is not extended", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const extension = await broker.extend(grant);
    const { save } = broker.front.requests;
    let isFirst = true;
    const requests = {
      ...broker.front.requests,
      save: async (...args: Parameters<typeof save>) => {
        if (isFirst) {
          isFirst = false;
          await broker.end(grant, "return");
        }
        await save(...args);
      },
    };
    const slow = { ...broker.front, requests };
    await expect(
      decideRequest(slow, broker.actor("bob"), extension.id, {
        verdict: "approve",
        digest: extension.digest,
      }),
    ).rejects.toMatchObject({ code: "illegal-transition" });
    expect(await broker.states(grant, extension)).toEqual(["ending", "cancelled"]);
  });
});

describe("Ending a chain", () => {
  const chain = async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const extension = await broker.approve(await broker.extend(grant));
    await broker.converge();
    return { broker, grant, extension };
  };

  it.each(["return", "revoke"] as const)(
    "A person who ends a grant early ends its extension with it: %s",
    async (verb) => {
      const { broker, grant, extension } = await chain();
      const by = verb === "return" ? "alice" : "bob";
      await broker.end(grant, verb, by, "done");
      expect(await broker.states(grant, extension)).toEqual(["ending", "ending"]);
      const { outcome } = await broker.reload(extension);
      expect(outcome?.detail).toMatch(new RegExp(`^(Returned|Revoked) by ${by}: done$`));
      await broker.converge();
      expect(broker.actual()).toBeUndefined();
    },
  );

  it.each(["return", "revoke"] as const)(
    "A person who ends an extension early ends the grant that it extends with it: %s",
    async (verb) => {
      const { broker, grant, extension } = await chain();
      await broker.end(extension, verb, verb === "return" ? "alice" : "bob");
      expect(await broker.states(grant, extension)).toEqual(["ending", "ending"]);
    },
  );

  it.each(["return", "revoke"] as const)(
    "An extension that is pending is cancelled with its grant: %s",
    async (verb) => {
      const broker = memoryBroker();
      const grant = await broker.activeGrant();
      const extension = await broker.extend(grant);
      const by = verb === "return" ? "alice" : "bob";
      await broker.end(grant, verb, by);
      expect(await broker.states(grant, extension)).toEqual(["ending", "cancelled"]);
      expect((await broker.history(extension)).at(-1)).toMatchObject({ type: "cancel", actor: by });
    },
  );

  it("A person who cancels an extension that was approved keeps the grant until its own end", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const extension = await broker.approve(await broker.extend(grant));
    await broker.end(extension, "cancel");
    await broker.converge();
    expect(await broker.states(grant, extension)).toEqual(["active", "ended"]);
    await expect(broker.extend(grant)).rejects.toMatchObject({ code: "extension-open" });
  });

  it("All grants of a long chain end together", async () => {
    const { broker, grant, extension } = await chain();
    const last = await broker.approve(await broker.extend(extension, { durationSeconds: 600 }));
    await broker.converge();
    const pendingOnLast = broker.extend(last);
    await expect(pendingOnLast).rejects.toMatchObject({ code: "policy-denied" });
    await broker.end(extension, "revoke", "bob");
    expect(await broker.states(grant, extension, last)).toEqual(["ending", "ending", "ending"]);
  });
});
