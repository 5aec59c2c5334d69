/** The words of a tracker reach those who decide, and the requester of their own ticket. */
import { describe, expect, it } from "vitest";
import { view } from "../../../../lab/fakes/memory-broker.ts";
import { JIRA_IDS, ticketBroker } from "../../../../lab/fakes/ticket-policy.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { ticketView } from "../../../../shared/usecases/requests/ticket-view.ts";

const TEXT = { status: "open", title: "Payments time out" };

async function world() {
  const broker = ticketBroker();
  const request = await broker.askFor({ access: view("payments-api") });
  const seenBy = (name: string, of: AccessRequest = request) =>
    ticketView(broker.front, broker.actor(name), of);
  return { broker, request, seenBy };
}

describe("What a reader sees of a request's ticket", () => {
  it("Whoever may decide sees its title and status", async () => {
    const { broker, seenBy } = await world();
    await broker.ticket();
    expect(await seenBy("bob")).toMatchObject({ is: "met", ...TEXT });
  });

  it("Its requester sees them where it is theirs, and else only whether it will do", async () => {
    const { broker, seenBy } = await world();
    await broker.ticket();
    expect(await seenBy("alice")).toMatchObject({ is: "met", ...TEXT });
    await broker.ticket({ assignees: [JIRA_IDS.bob] });
    expect(await seenBy("alice")).toEqual({
      is: "met",
      detail: "It is as the rule asks.",
      readAt: expect.any(String),
    });
  });

  it("It says that it is not known, and why", async () => {
    const { broker, seenBy } = await world();
    expect(await seenBy("bob")).toMatchObject({ is: "unknown", readAt: null });
    await broker.look({ unknown: "denied" });
    expect(await seenBy("bob")).toMatchObject({
      detail: "It is not known: its tracker does not take our token.",
    });
  });

  it("A request that is over, or of a rule that asks nothing, has nothing of it", async () => {
    const { broker, request, seenBy } = await world();
    await broker.ticket();
    expect(await seenBy("bob", { ...request, state: "denied" })).toBeUndefined();
    const { ticket: _, ...plain } = request;
    expect(await seenBy("bob", plain)).toBeUndefined();
  });
});
