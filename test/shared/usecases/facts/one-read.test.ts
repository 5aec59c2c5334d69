/** Nobody's request waits for a service outside, and none for more than one read of what is stored of it. */
import { describe, expect, it, vi } from "vitest";
import { T0 } from "../../../../lab/fakes/builders.ts";
import { edit, type MemoryBroker, view } from "../../../../lab/fakes/memory-broker.ts";
import { onCallBroker } from "../../../../lab/fakes/on-call-policy.ts";
import { ticketBroker } from "../../../../lab/fakes/ticket-policy.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { readOnCall } from "../../../../shared/usecases/facts/read-on-call.ts";
import { listAccess } from "../../../../shared/usecases/requests/list-access.ts";
import { previewRequest } from "../../../../shared/usecases/requests/preview-request.ts";

const MORNING = plusSeconds(T0, 28_800);

/** Counts the reads of facts that each step makes. */
function counted({ facts }: MemoryBroker) {
  const spies = [vi.spyOn(facts, "schedules"), vi.spyOn(facts, "tickets")];
  return async <Made>(step: () => Promise<Made>): Promise<readonly [number, Made]> => {
    for (const spy of spies) spy.mockClear();
    const made = await step();
    return [spies.reduce((sum, { mock }) => sum + mock.calls.length, 0), made];
  };
}

describe("The reads of facts", () => {
  it("A rule for whoever is on call costs one read in each step, also where nothing is known", async () => {
    const broker = onCallBroker();
    const reads = counted(broker);
    const terms = {
      ...{ access: edit("payments-api"), cluster: "prod", reason: "INC-4711 stuck" },
      ...{ durationSeconds: null, principalArn: null, startsAt: null, rule: null },
    };
    const actor = broker.actor("carol");
    const refused = () => broker.askAsCarol({ rule: "on-call-prod" }).catch(() => undefined);
    expect((await reads(refused))[0]).toBe(1);
    await broker.onCall({ carol: MORNING });
    const own = listAccess(broker.front, actor);
    expect((await reads(() => readOnCall(broker.front, actor, own, T0)))[0]).toBe(1);
    expect((await reads(() => previewRequest(broker.front, actor, terms)))[0]).toBe(1);
    const [asking, grant] = await reads(() => broker.askAsCarol());
    expect([asking, grant.rule]).toEqual([1, "on-call-prod"]);
  });

  it("A rule for a ticket costs no read when somebody asks, and one when somebody decides", async () => {
    const broker = ticketBroker();
    const reads = counted(broker);
    const [asking, request] = await reads(() => broker.askFor({ access: view("payments-api") }));
    expect(asking).toBe(0);
    const unknown = () => broker.approve(request).catch(() => undefined);
    expect((await reads(unknown))[0]).toBe(1);
    await broker.ticket();
    expect((await reads(() => broker.approve(request)))[0]).toBe(1);
  });
});
