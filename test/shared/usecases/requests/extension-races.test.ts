/** An extension that is asked for while its grant ends. */
import { describe, expect, it } from "vitest";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { extendGrant } from "../../../../shared/usecases/requests/extend-grant.ts";

describe("Asking for an extension while the grant ends", () => {
  it.each([
    ["return", "alice"],
    ["revoke", "bob"],
  ] as const)(
    "A %s just before the extension is stored wins, and nothing is stored",
    async (verb, by) => {
      const broker = memoryBroker();
      const grant = await broker.activeGrant();
      const { create } = broker.front.requests;
      const requests = {
        ...broker.front.requests,
        create: async (...args: Parameters<typeof create>) => {
          await broker.end(grant, verb, by);
          await create(...args);
        },
      };
      const ask = { durationSeconds: null, reason: null };
      const late = { ...broker.front, requests };
      await expect(
        extendGrant(late, broker.actor("alice"), grant.id, ask, undefined),
      ).rejects.toMatchObject({ code: "version-conflict" });
      expect([...broker.tables.requests.keys()]).toEqual([grant.id]);
      expect((await broker.reload(grant)).state).toBe("ending");
    },
  );
});
