/** Access of a rule that asks about a ticket begins while that is met, and ends once it is closed where the rule says so. */
import { describe, expect, it } from "vitest";
import { T0 } from "../../../../../lab/fakes/builders.ts";
import { edit } from "../../../../../lab/fakes/memory-broker.ts";
import { JIRA_IDS, PAY_1, ticketBroker } from "../../../../../lab/fakes/ticket-policy.ts";
import { bindingKey } from "../../../../../shared/domain/entries/binding.ts";
import { closedNow, endingTicket } from "../../../../../shared/domain/policy/closed-ticket.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

const bindingOf = ({ cluster, principalArn }: AccessRequest) =>
  bindingKey(cluster.arn, principalArn);

/** A grant that the policy approved for an open ticket, before converge ran. */
async function approved(over: Parameters<ReturnType<typeof ticketBroker>["ask"]>[0] = {}) {
  const broker = ticketBroker();
  const request = await broker.askFor(over);
  await broker.ticket();
  await broker.sweep();
  const grant = await broker.reload(request);
  const run = () => broker.converge(bindingOf(grant));
  return { broker, grant, run };
}

const reads = ({ calls }: ReturnType<typeof ticketBroker>) =>
  calls.filter((call) => call === "facts.tickets");

describe("When access would begin", () => {
  it("It begins while its ticket is as the rule asks, and its event keeps the fact", async () => {
    const { broker, grant, run } = await approved();
    await run();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
    const events = await broker.history(grant);
    expect(events.find(({ type }) => type === "activate")).toMatchObject({
      details: { ticket: { ticket: PAY_1, status: "open", assignee: JIRA_IDS.alice, readAt: T0 } },
    });
  });

  it.each([
    ["closed", "ticket-closed", { status: "done" }],
    ["given to somebody else", "ticket-not-yours", { assignees: [JIRA_IDS.bob] }],
  ] as const)("A ticket that is %s since the approval lends nothing", async (_, code, over) => {
    const { broker, grant, run } = await approved({ startsAt: plusSeconds(T0, 600) });
    broker.clock.advance(600);
    await broker.ticket(over);
    await run();
    await broker.settle(120, bindingOf(grant));
    expect(await broker.reload(grant)).toMatchObject({ outcome: { code } });
    expect(broker.operations()).not.toContain("AssociateAccessPolicy");
  });

  it("An old answer is none: it waits for one, and then it is too late for it", async () => {
    const { broker, grant, run } = await approved({ startsAt: plusSeconds(T0, 900) });
    broker.clock.advance(900);
    await run();
    expect(await broker.reload(grant)).toMatchObject({ state: "approved" });
    broker.clock.advance(899);
    await run();
    expect(await broker.reload(grant)).toMatchObject({ state: "approved" });
    broker.clock.advance(1);
    await run();
    expect(await broker.reload(grant)).toMatchObject({
      state: "failed",
      outcome: { code: "ticket-unknown" },
    });
    expect(broker.operations()).not.toContain("AssociateAccessPolicy");
  });

  it("Facts that cannot be read add nothing, and end nothing", async () => {
    const { broker, grant, run } = await approved();
    broker.breakPort("facts.tickets", new Error("The table is away."));
    await run();
    expect(await broker.reload(grant)).toMatchObject({ state: "approved" });
  });
});

describe("When its ticket is closed", () => {
  it("The grant ends in the next run, and its event has the fact", async () => {
    const { broker, grant, run } = await approved();
    await run();
    broker.clock.advance(300);
    await broker.ticket({ status: "done" });
    expect(await broker.sweep([PAY_1])).toMatchObject({ ended: 1 });
    expect(broker.queue.sent.at(-1)).toMatchObject({
      subject: bindingOf(grant),
      cause: "ticket-closed",
    });
    await run();
    await broker.settle(120, bindingOf(grant));
    expect(await broker.reload(grant)).toMatchObject({
      state: "ended",
      outcome: { code: "ticket-closed", detail: expect.stringContaining("PAY-1 was closed") },
    });
    const end = (await broker.history(grant)).find(({ type }) => type === "withdraw");
    expect(end?.details).toEqual({
      ticket: {
        in: "payments",
        ticket: PAY_1,
        status: "done",
        readAt: plusSeconds(T0, 300),
      },
    });
  });

  it.each([
    ["is not known", { unknown: "denied" }],
    ["is gone", { missing: "not-found" }],
    ["has moved", { missing: "moved" }],
  ] as const)("A ticket that %s ends nothing, and is counted as trouble", async (_, look) => {
    const { broker, grant, run } = await approved();
    await run();
    broker.clock.advance(300);
    await broker.look(look);
    expect(await broker.sweep()).toMatchObject({ ended: 0, unknown: 1 });
    await run();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });

  it("A ticket that is only in another status, or somebody else's, ends nothing", async () => {
    const { broker, grant, run } = await approved();
    await run();
    await broker.ticket({ status: "neither", assignees: [JIRA_IDS.bob] });
    expect(await broker.sweep()).toMatchObject({ ended: 0 });
    await run();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });

  it("An answer that is old, or of before the approval, ends nothing", async () => {
    const { broker, grant, run } = await approved();
    await run();
    await broker.look({
      ticket: { key: "PAY-1", status: "done", title: "", assignees: [JIRA_IDS.alice] },
    });
    const closed = await broker.facts.tickets([PAY_1]);
    const { policy } = broker.front;
    const judged = (over: Partial<AccessRequest>, now: string) => {
      const ending = endingTicket(policy, { ...grant, state: "active", ...over });
      return ending && closedNow(ending, closed, now);
    };
    expect(judged({}, plusSeconds(T0, 899))).toMatchObject({ status: "done" });
    expect(judged({}, plusSeconds(T0, 900))).toBeUndefined();
    expect(judged({ approvedAt: plusSeconds(T0, 1) }, plusSeconds(T0, 2))).toBeUndefined();
    expect(judged({ state: "ending" }, plusSeconds(T0, 2))).toBeUndefined();
  });

  it("It is read every five minutes while such a grant lasts", async () => {
    const { broker, run } = await approved();
    await run();
    broker.clock.advance(299);
    expect(await broker.sweep()).toMatchObject({ looks: 0 });
    broker.clock.advance(1);
    expect(await broker.sweep()).toMatchObject({ looks: 1 });
  });

  it("No other end waits for a tracker", async () => {
    const { broker, grant, run } = await approved();
    await run();
    broker.breakPort("facts.tickets", new Error("The table is away."));
    broker.clock.set(grant.revokeAt ?? "");
    await run();
    await broker.settle(120, bindingOf(grant));
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
  });

  it("A grant of another rule is judged without any read", async () => {
    const broker = ticketBroker();
    const grant = await broker.ask({
      access: edit("payments-api"),
      durationSeconds: 600,
      rule: "break-glass",
    });
    await broker.converge(bindingOf(grant));
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
    expect(reads(broker)).toEqual([]);
  });
});
