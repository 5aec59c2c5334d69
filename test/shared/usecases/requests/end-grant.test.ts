/** The people who may end a request or a grant, and the ways to do so. */
import { describe, expect, it } from "vitest";
import { lateQueue } from "../../../../lab/fakes/late-queue.ts";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { endGrant } from "../../../../shared/usecases/requests/end-grant.ts";

const refused = (code: string) => expect.objectContaining({ code });

describe("Ending a request or grant", () => {
  it("A pending request is cancelled at once, and an approved one through ending", async () => {
    const broker = memoryBroker();
    expect(await broker.end(await broker.ask(), "cancel")).toMatchObject({ state: "cancelled" });
    expect(await broker.end(await broker.grant(), "cancel")).toMatchObject({ state: "ending" });
  });
  it("Converge is woken if access may exist, and not if it never did", async () => {
    const broker = memoryBroker();
    await broker.end(await broker.ask(), "cancel");
    expect(broker.queue.sent).toEqual([]);
    const { binding } = broker;
    await broker.end(await broker.grant(), "cancel");
    await broker.end(await broker.grant(), "revoke", "bob");
    const returned = await broker.grant();
    await broker.converge();
    await broker.end(returned, "return");
    expect(broker.queue.sent.filter(({ cause }) => cause !== "approved")).toEqual([
      { subject: binding, cause: "cancelled" },
      { subject: binding, cause: "revoked" },
      { subject: binding, cause: "returned" },
    ]);
  });
  it("An end is answered once converge's message was sent, since Lambda freezes what is not awaited", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const order: string[] = [];
    const queue = lateQueue(broker.front.queue, order);
    await endGrant({ ...broker.front, queue }, broker.actor("bob"), grant.id, "revoke");
    order.push("answered");
    expect(order).toEqual(["sent", "answered"]);
  });
  it("A grant can be ended after the time at which it would have lapsed", async () => {
    const broker = memoryBroker();
    const asked = await broker.ask();
    broker.clock.set(plusSeconds(asked.lapsesAt, -60));
    await broker.approve(asked);
    broker.clock.advance(120);
    expect(await broker.end(asked, "revoke", "bob")).toMatchObject({ state: "ending" });
  });
  it.each([
    ["cancel", "bob", "forbidden"],
    ["return", "bob", "forbidden"],
    ["revoke", "alice", "forbidden"],
    ["return", "alice", "illegal-transition"],
  ] as const)("A request to %s by %s is refused while approved", async (verb, by, code) => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await expect(broker.end(grant, verb, by)).rejects.toEqual(refused(code));
  });
  it("An end records who ended the grant and why, in the outcome and the history", async () => {
    const broker = memoryBroker();
    const ended = await broker.end(await broker.grant(), "revoke", "bob", "left the team");
    expect(ended.outcome).toEqual({ code: "revoked", detail: "Revoked by bob: left the team" });
    const history = await broker.front.requests.history(ended.id);
    expect(history.at(-1)).toMatchObject({ type: "revoke", details: { note: "left the team" } });
  });
  it("An end without a reason records who ended the grant", async () => {
    const broker = memoryBroker();
    const ended = await broker.end(await broker.ask(), "cancel");
    expect(ended.outcome).toEqual({ code: "cancelled", detail: "Cancelled by alice." });
    const history = await broker.front.requests.history(ended.id);
    expect(history.at(-1)?.details).not.toHaveProperty("note");
  });
  it.each(["bob", "carol"])("A grant can be revoked by an approver or admin: %s", async (by) => {
    const broker = memoryBroker();
    expect(await broker.end(await broker.grant(), "revoke", by)).toMatchObject({ state: "ending" });
  });
});
