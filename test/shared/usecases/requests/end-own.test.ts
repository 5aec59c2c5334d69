/** Ending all of one's own access at once. */
import { describe, expect, it } from "vitest";
import { memoryBroker, view } from "../../../../lab/fakes/memory-broker.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { BrokerError } from "../../../../shared/domain/values/errors.ts";
import type { FrontPorts } from "../../../../shared/ports/function-ports.ts";
import { endOwn } from "../../../../shared/usecases/requests/end-own.ts";

/** Alice's requests in pages that the test gives. */
async function pagesOf(pages: (grant: AccessRequest) => readonly (readonly AccessRequest[])[]) {
  const broker = memoryBroker();
  const grant = await broker.activeGrant();
  const given = pages(grant);
  const requests = {
    ...broker.front.requests,
    requestedBy: async (_: string, { after = "0" }: { readonly after?: string }) => ({
      items: given[Number(after)] ?? [],
      ...(Number(after) + 1 < given.length ? { next: `${Number(after) + 1}` } : {}),
    }),
  };
  return { grant, end: () => endOwn({ ...broker.front, requests }, broker.actor("alice")) };
}

describe("Ending all of one's own access", () => {
  it("A grant on the fifth page of older requests ends too, and nothing was cut", async () => {
    const { grant, end } = await pagesOf((each) => [[], [], [], [], [each]]);
    expect(await end()).toMatchObject({ ended: [{ id: grant.id }], refused: [], isCut: false });
  });

  it("A message is used up by the first end that is stored, and by none that is refused", async () => {
    const broker = memoryBroker();
    const first = await broker.activeGrant();
    const second = await broker.activeGrant({ access: view("payments-jobs") });
    const nonces: unknown[] = [];
    const requests: FrontPorts["requests"] = {
      ...broker.front.requests,
      requestedBy: async () => ({ items: [first, second] }),
      load: async (id) => {
        if (id === first.id) throw new BrokerError("request-not-found", "It is gone.");
        return broker.front.requests.load(id);
      },
      save: async (step, options) => {
        nonces.push([step.request.id, options?.nonce]);
        return broker.front.requests.save(step, options);
      },
    };
    const actor = broker.actor("alice", { nonce: "n1" });
    const { ended, refused } = await endOwn({ ...broker.front, requests }, actor);
    expect([ended, refused].map((each) => each.length)).toEqual([1, 1]);
    expect(nonces).toEqual([[second.id, "n1"]]);
  });

  it("No more than five pages are read, and the answer says that older ones were not", async () => {
    const { end } = await pagesOf((each) => [[], [], [], [], [], [each]]);
    expect(await end()).toEqual({ ended: [], refused: [], isCut: true });
  });
});
