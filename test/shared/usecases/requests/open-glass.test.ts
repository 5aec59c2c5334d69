/** A break-glass starts now, and a person has one at a time on a cluster. */
import { describe, expect, it } from "vitest";
import { ALICE } from "../../../../lab/fakes/builders.ts";
import { PAYMENTS_GLASS, policyWithGlass } from "../../../../lab/fakes/glass-policy.ts";
import { ASK, edit, memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import type { Rule } from "../../../../shared/domain/policy/policy.ts";
import type { Ask } from "../../../../shared/domain/requests/ask.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { escalateRequest } from "../../../../shared/usecases/requests/escalate-request.ts";
import { previewRequest } from "../../../../shared/usecases/requests/preview-request.ts";

const GLASS = { rule: PAYMENTS_GLASS, durationSeconds: 1_800 } as const;
const OPS = `${ALICE}-ops`;
const OTHER = { ...GLASS, access: edit("payments-web") };

function world(over: Partial<Rule> = {}) {
  const broker = memoryBroker({ policy: policyWithGlass(over) });
  return {
    broker,
    glass: (more: Partial<Ask> = {}) => broker.ask({ ...GLASS, ...more }),
    refused: (id: string) =>
      expect.objectContaining({ code: "break-glass-open", facts: expect.objectContaining({ id }) }),
  };
}

describe("A break-glass that is asked for", () => {
  it("It starts now: one with a start is refused in words of its own, and stores nothing", async () => {
    const { broker, glass } = world();
    const startsAt = plusSeconds(broker.clock.now(), 1_800);
    await expect(glass({ startsAt })).rejects.toMatchObject({
      code: "policy-denied",
      message: expect.stringContaining("its access starts now"),
      facts: { refusals: [{ objections: [{ code: "break-glass-later" }] }] },
    });
    expect(broker.tables.requests.size).toBe(0);
  });

  it("It is refused while another one of the person is open on the cluster, also in a preview", async () => {
    const { broker, glass, refused } = world();
    const first = await glass();
    await expect(glass(OTHER)).rejects.toEqual(refused(first.id));
    const preview = await previewRequest(broker.front, broker.actor("alice"), { ...ASK, ...OTHER });
    expect(preview).toMatchObject({ allowed: false, code: "break-glass-open" });
  });

  it("It is refused also where the open one is for another principal of the person", async () => {
    const policy = policyWithGlass();
    const { alice } = policy.people;
    if (!alice) throw new Error("The policy of tests lacks alice.");
    const principals = [...alice.principals, OPS];
    const people = { ...policy.people, alice: { ...alice, principals } };
    const broker = memoryBroker({ policy: { ...policy, people } });
    const first = await broker.ask({ ...GLASS, principalArn: OPS });
    const refusal = { code: "break-glass-open", facts: { id: first.id } };
    for (const principalArn of principals)
      await expect(broker.ask({ ...OTHER, principalArn })).rejects.toMatchObject(refusal);
  });

  it("It is lent again once the time of the first one is over, or somebody ended it", async () => {
    const { broker, glass } = world();
    const first = await glass();
    broker.clock.set(first.revokeAt ?? "");
    const second = await glass(OTHER);
    expect(second.state).toBe("approved");
    await broker.end(second, "cancel");
    expect((await glass({ access: edit("payments-3") })).state).toBe("approved");
  });

  it("An ordinary grant of the person neither blocks it nor is blocked", async () => {
    const { broker, glass } = world();
    const grant = await broker.grant();
    const first = await glass();
    expect([grant.state, first.state]).toEqual(["approved", "approved"]);
    const later = await broker.ask({ access: edit("payments-web") });
    expect((await broker.approve(later)).state).toBe("approved");
  });

  it("A pending request does not become one beside it", async () => {
    const { broker, glass, refused } = world();
    const first = await glass();
    const { id } = await broker.ask({ access: edit("payments-web") });
    const escalated = escalateRequest(broker.front, broker.actor("alice"), id, null);
    await expect(escalated).rejects.toEqual(refused(first.id));
  });

  it("Where people approve it, the second one stays pending beside the first", async () => {
    const { broker, glass, refused } = world({
      approval: [{ groups: ["payments-leads"], count: 1 }],
    });
    const [one, two] = [await glass(), await glass(OTHER)];
    await broker.approve(one);
    await expect(broker.approve(two)).rejects.toEqual(refused(one.id));
    expect((await broker.reload(two)).state).toBe("pending");
  });

  it("Of two that were asked for at the same moment, converge begins one and fails the other", async () => {
    const { broker, glass } = world();
    const both = await Promise.all([glass(), glass(OTHER)]);
    await broker.converge();
    const states = await broker.states(...both);
    expect(states.toSorted()).toEqual(["active", "failed"]);
    const lost = both[states.indexOf("failed")];
    if (!lost) throw new Error("Both began.");
    expect((await broker.reload(lost)).outcome?.code).toBe("break-glass-open");
  });

  it("Converge fails one that was asked for beside another that has begun", async () => {
    const { broker, glass } = world();
    const both = await Promise.all([glass(), glass(OTHER)]);
    const [first, second] = both;
    const grants = broker.tables.grants.get(broker.binding);
    const hidden = grants?.get(second.id);
    grants?.delete(second.id);
    await broker.converge();
    if (hidden) grants?.set(second.id, hidden);
    await broker.converge();
    expect(await broker.states(first, second)).toEqual(["active", "failed"]);
    expect((await broker.reload(second)).outcome?.code).toBe("break-glass-open");
  });

  it("Converge begins the next one while the access of the first is still being removed", async () => {
    const { broker, glass } = world();
    const first = await glass();
    await broker.converge();
    await broker.end(first, "return");
    const second = await glass(OTHER);
    await broker.converge();
    expect(await broker.states(first, second)).toEqual(["ending", "active"]);
  });
});
