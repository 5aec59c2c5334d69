/** The engine of DynamoDB stands still for a while, and goes on. */
import { describe, expect, it } from "vitest";
import { stopTables } from "../../../lab/chaos/deeds/kills.ts";
import { descendantsOf } from "../../../lab/chaos/look/leftovers.ts";
import type { Stage } from "../../../lab/chaos/stage/stage.ts";
import { startLocalEngine } from "../../../lab/sandbox/aws/dynamodb/local-engine.ts";
import { freePort } from "../../../lab/sandbox/process/network-ports.ts";

describe("A deed that has the tables stand still", () => {
  it("The engine answers nobody meanwhile, and then goes on", async () => {
    const engine = await startLocalEngine({ port: await freePort() });
    const ask = (millis: number) =>
      fetch(engine.url, { signal: AbortSignal.timeout(millis) }).then(({ status }) => status);
    const disturbances: Stage["disturbances"] = [];
    // The files of a worker share an engine of tables, which is a child of this process too.
    const parent = descendantsOf(process.pid).find(
      ({ command }) => /^sh\s/.test(command) && command.endsWith(`-port ${engine.port}`),
    );
    const control = { pid: () => parent?.pid };
    const stage = { control, disturbances } as unknown as Stage;
    try {
      const stopping = stopTables(stage, { kind: "stop-tables", at: 0, seconds: 1 });
      await expect(ask(500)).rejects.toThrow("timeout");
      expect(await stopping).toBe("stopped, and went on");
      expect(await ask(10_000)).toBe(400);
      expect(disturbances).toMatchObject([{ what: "DynamoDB stood still" }]);
    } finally {
      await engine.stop();
    }
  });
});
