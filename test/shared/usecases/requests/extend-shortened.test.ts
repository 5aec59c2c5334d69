/** An extension of access whose time an approver cut: the rule asks nobody, and somebody is asked all the same. */
import { describe, expect, it } from "vitest";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { requestAnswer } from "../../../../shared/http/server/request-answer.ts";
import { decideRequest } from "../../../../shared/usecases/requests/decide-request.ts";
import { extendGrant } from "../../../../shared/usecases/requests/extend-grant.ts";

const GROUPS = { cluster: "staging", access: { groups: ["eks-admins"] } } as const;

/** A grant of a rule whose extensions need nobody, approved for half of what was asked for. */
async function cutGrant() {
  const broker = memoryBroker();
  const { id, digest } = await broker.ask({ ...GROUPS, durationSeconds: 3_600 });
  const less = { durationSeconds: 1_800 };
  const grant = await decideRequest(broker.front, broker.actor("bob"), id, {
    verdict: "approve",
    digest,
    less,
  });
  const binding = [...broker.tables.heads.keys()][0] ?? "";
  await broker.converge(binding);
  return { broker, binding, grant: await broker.reload(grant) };
}

describe("An extension of access whose time an approver cut", () => {
  it("It waits for an approver, who finds it and extends the access", async () => {
    const { broker, binding, grant } = await cutGrant();
    expect(grant.state).toBe("active");
    const extension = await broker.extend(grant, { durationSeconds: 600 });
    expect(extension).toMatchObject({ state: "pending", shortened: true });
    const [need] = requestAnswer(extension, broker.front.policy).needs;
    expect(need?.people).toContain("bob");
    await broker.approve(extension);
    await broker.converge(binding);
    expect(await broker.states(extension)).toEqual(["active"]);
  });

  it("So does an extension of that extension", async () => {
    const { broker, binding, grant } = await cutGrant();
    const first = await broker.extend(grant, { durationSeconds: 600 });
    await broker.approve(first);
    await broker.converge(binding);
    const longer = { ...broker.front, policy: twice(broker.front.policy) };
    const ask = { durationSeconds: 300, reason: null };
    const second = await extendGrant(longer, broker.actor("alice"), first.id, ask, undefined);
    expect(second).toMatchObject({ state: "pending", shortened: true });
  });

  it("Its approver reads before how far it could be extended, and afterwards that each extension asks", async () => {
    const broker = memoryBroker();
    const { policy } = broker.front;
    const pending = await broker.ask(GROUPS);
    const extend = { times: 1, total: "2h", totalSeconds: 7_200 };
    expect(requestAnswer(pending, policy).extend).toEqual({ ...extend, approval: "none" });
    const { grant } = await cutGrant();
    expect(requestAnswer(grant, policy).extend).toEqual({ ...extend, approval: "same" });
  });
});

type Policy = Awaited<ReturnType<typeof cutGrant>>["broker"]["front"]["policy"];

/** The same policy, whose rule lets a grant be extended twice. */
const twice = (policy: Policy): Policy => ({
  ...policy,
  rules: policy.rules.map((rule) =>
    rule.name === "staging-groups" && rule.extend
      ? { ...rule, extend: { ...rule.extend, times: 2 } }
      : rule,
  ),
});
