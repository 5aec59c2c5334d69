/** People decide on what machines and agents ask for, below what the API refuses a machine at once. */
import { describe, expect, it } from "vitest";
import { aPolicy, PROD } from "../../../../lab/fakes/builders.ts";
import { BOT, policyWithMachine } from "../../../../lab/fakes/machine-policy.ts";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { bindingKey } from "../../../../shared/domain/entries/binding.ts";
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import type { Ask } from "../../../../shared/domain/requests/ask.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { endDelegation } from "../../../../shared/usecases/delegations/end-delegation.ts";
import { decideRequest } from "../../../../shared/usecases/requests/decide-request.ts";
import { escalateRequest } from "../../../../shared/usecases/requests/escalate-request.ts";
import { listAccess } from "../../../../shared/usecases/requests/list-access.ts";
import { listToApprove } from "../../../../shared/usecases/requests/read-requests.ts";

const VIA = { protocol: "mcp", client: "some-agent 1.0" } as const;
const VIEW_STAGING: Partial<Ask> = {
  cluster: "staging",
  access: { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } },
};

/** The policy of tests, whose rule view-staging wants payments-leads to agree with agents. */
const withAgents = (policy: AccessPolicy): AccessPolicy => ({
  ...policy,
  rules: policy.rules.map((rule) =>
    rule.name === "view-staging"
      ? { ...rule, agents: [{ groups: ["payments-leads"], count: 1 }] }
      : rule,
  ),
});

const refused = (code: string) => expect.objectContaining({ code });

describe("A machine's decision", () => {
  it("It is refused for approval and denial, as itself and for a delegator", async () => {
    const broker = memoryBroker({ policy: policyWithMachine() });
    const asked = await broker.ask();
    for (const verdict of ["approve", "deny"] as const)
      for (const onBehalfOf of [undefined, "bob"])
        await expect(
          decideRequest(broker.front, broker.actor("deploy-bot"), asked.id, {
            verdict,
            digest: asked.digest,
            ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
          }),
        ).rejects.toThrow(refused("request-not-found"));
    const own = await broker.ask({}, "deploy-bot");
    await expect(broker.approve(own, "deploy-bot")).rejects.toThrow(refused("machine-asks-only"));
    const escalating = escalateRequest(broker.front, broker.actor("deploy-bot"), own.id, null);
    await expect(escalating).rejects.toThrow(refused("machine-asks-only"));
    await expect(broker.delegate("deploy-bot", "carol")).rejects.toThrow(
      refused("machine-asks-only"),
    );
    await expect(broker.delegate("bob", "deploy-bot")).rejects.toThrow(refused("not-a-delegate"));
    const given = await broker.delegate("bob", "carol");
    await expect(endDelegation(broker.front, broker.actor("deploy-bot"), given.id)).rejects.toThrow(
      refused("delegation-not-found"),
    );
  });

  it("Nothing waits for it, whatever groups it is in", async () => {
    const broker = memoryBroker({ policy: policyWithMachine() });
    await broker.ask();
    const waiting = async (name: string) =>
      (await listToApprove(broker.front, broker.actor(name), { limit: 10 })).items.length;
    expect(await waiting("twin")).toBe(1);
    expect(await waiting("deploy-bot")).toBe(0);
  });

  it("It is offered no rule for break-glass", () => {
    const broker = memoryBroker({ policy: policyWithMachine() });
    const glass = (name: string) =>
      listAccess(broker.front, broker.actor(name)).filter(({ rule }) => rule.breakGlass).length;
    expect(glass("twin")).toBe(2);
    expect(glass("deploy-bot")).toBe(0);
  });
});

describe("An owner of the machine that asks", () => {
  it("They may not decide, are not asked to, and may end its grant", async () => {
    const broker = memoryBroker({ policy: policyWithMachine() });
    broker.principals.set(BOT, "AROABOT");
    const asked = await broker.ask({}, "deploy-bot");
    expect(asked.machine).toBe(true);
    const approving = broker.approve(asked, "otto");
    await expect(approving).rejects.toThrow(/You own the machine deploy-bot/);
    const waiting = await listToApprove(broker.front, broker.actor("otto"), { limit: 10 });
    expect(waiting.items).toEqual([]);
    await broker.approve(asked, "bob");
    await broker.converge(bindingKey(PROD.arn, BOT));
    const ended = await broker.end(asked, "revoke", "olga");
    expect(ended).toMatchObject({ state: "ending", outcome: { detail: "Revoked by olga." } });
  });

  it("They decide where the policy says ownersApprove", async () => {
    const policy = policyWithMachine({ machine: { ownersApprove: true } });
    const broker = memoryBroker({ policy });
    const asked = await broker.ask({}, "deploy-bot");
    expect(await broker.approve(asked, "otto")).toMatchObject({ state: "approved" });
  });

  it("Others read who may end a machine's grant", async () => {
    const broker = memoryBroker({ policy: policyWithMachine() });
    const asked = await broker.ask({}, "deploy-bot");
    const approved = await broker.approve(asked, "bob");
    const revoking = broker.end(approved, "revoke", "deploy-bot");
    await expect(revoking).rejects.toThrow(
      "Only an approver of it, an owner of deploy-bot or an admin may revoke this.",
    );
  });
});

describe("A rule that wants an approval of agents", () => {
  const policy = withAgents(policyWithMachine({ policy: aPolicy() }));
  const needs = ({ state, requirements }: AccessRequest) => [state, requirements.length];

  it("A person gets it at once, and whoever asks through an agent, and a machine, wait", async () => {
    const broker = memoryBroker({ policy });
    expect(needs(await broker.ask({ ...VIEW_STAGING }))).toEqual(["approved", 0]);
    expect(needs(await broker.ask({ ...VIEW_STAGING, via: VIA }, "bob"))).toEqual(["pending", 1]);
    const asked = await broker.ask({ ...VIEW_STAGING }, "deploy-bot");
    expect(needs(asked)).toEqual(["pending", 1]);
    expect(needs(await broker.approve(asked, "bob"))).toEqual(["approved", 1]);
  });

  it("A machine's extension waits too, also where the rule lets the policy approve extensions", async () => {
    const extend = { times: 1, totalSeconds: 14_400, approval: "none" } as const;
    const rules = policy.rules.map((rule) =>
      rule.name === "view-staging" ? { ...rule, clusters: ["prod"], extend } : rule,
    );
    const broker = memoryBroker({ policy: { ...policy, rules } });
    broker.principals.set(BOT, "AROABOT");
    const extended = async (by: string) =>
      needs(
        await broker.extend(await broker.activeGrant({ ...VIEW_STAGING, cluster: "prod" }, by)),
      );
    expect(await extended("alice")).toEqual(["approved", 0]);
    expect(await extended("deploy-bot")).toEqual(["pending", 1]);
  });

  it("Converge counts no approval by the policy for them", async () => {
    const lax = memoryBroker({ policy: policyWithMachine({ policy: aPolicy() }) });
    for (const [over, by] of [
      [{ via: VIA }, "alice"],
      [{}, "deploy-bot"],
    ] as const) {
      const grant = await lax.ask({ ...VIEW_STAGING, ...over }, by);
      expect(grant.state).toBe("approved");
      expect(lax.judge(grant)).toEqual({ admitted: true });
      expect(lax.judge(grant, policy)).toMatchObject({ code: "not-approved" });
    }
  });

  it("Its record cannot lose that an agent asked: converge finds the digest changed", async () => {
    const broker = memoryBroker({ policy });
    const asked = await broker.ask({ ...VIEW_STAGING, via: VIA });
    const approved = await broker.approve(asked, "bob");
    const { via: _, ...hidden } = approved;
    expect(broker.judge(approved)).toEqual({ admitted: true });
    expect(broker.judge(hidden)).toMatchObject({ code: "digest-mismatch" });
    await broker.converge(bindingKey(asked.cluster.arn, asked.principalArn));
    expect((await broker.reload(asked)).state).toBe("active");
  });
});
