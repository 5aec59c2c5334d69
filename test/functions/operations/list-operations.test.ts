/** Pages of the API's lists, over a broker in memory. */
import { describe, expect, it } from "vitest";
import { EVIDENCE_OPERATIONS } from "../../../functions/operations/evidence-operations.ts";
import type { ApiEvent } from "../../../functions/operations/operation.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import type { ApiPorts } from "../../../shared/ports/function-ports.ts";
import { T0 } from "../../fakes/builders.ts";
import { memoryBroker, view } from "../../fakes/memory-broker.ts";
import { memoryCursorKeys } from "../../fakes/memory-cursor-keys.ts";

describe("The list of audit events", () => {
  it("Its next page is that of the same beginning, and of no other", async () => {
    const broker = memoryBroker();
    for (const name of ["payments-a", "payments-b"]) await broker.ask({ access: view(name) });
    broker.clock.advance(600);
    const ports = { ...broker.front, cursorKeys: memoryCursorKeys() } as unknown as ApiPorts;
    const page = (from: string, cursor?: string) =>
      EVIDENCE_OPERATIONS.listAuditEvents(ports, broker.actor("carol"), {
        queryStringParameters: {
          ...{ from, to: broker.clock.now(), limit: "1" },
          ...(cursor === undefined ? {} : { cursor }),
        },
      } as unknown as ApiEvent);
    const first = (await page(T0)).body as { events: readonly object[]; next: string };
    expect(first.events).toHaveLength(1);
    const second = (await page(T0, first.next)).body as typeof first;
    expect(second.events).toHaveLength(1);
    expect(second.events).not.toEqual(first.events);
    await expect(page(plusSeconds(T0, -60), first.next)).rejects.toMatchObject({
      code: "invalid-cursor",
    });
  });
});
