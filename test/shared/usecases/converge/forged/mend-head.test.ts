/** A head that others spoiled, and that a run mends. */
import { describe, expect, it } from "vitest";
import type { BindingView } from "../../../../../shared/ports/binding-store.ts";
import { mendHead } from "../../../../../shared/usecases/converge/mend-head.ts";

async function mended(broken: readonly string[], isHeld = true, error?: Error) {
  const calls: unknown[] = [];
  const logs: unknown[] = [];
  const view = { binding: "b", broken } as unknown as BindingView;
  const mend = async (given: BindingView) => {
    calls.push(given === view);
    if (error) throw error;
  };
  await mendHead({
    ports: { bindings: { mend } },
    view,
    isHeld: async () => isHeld,
    run: { log: (message: string, facts: object) => logs.push([message, facts]) },
  } as never);
  return { calls, logs };
}

describe("Mending a head", () => {
  it("It is mended where something is broken, by a run that still holds its message", async () => {
    expect(await mended([])).toEqual({ calls: [], logs: [] });
    expect(await mended(["version"], false)).toEqual({ calls: [], logs: [] });
    expect(await mended(["version"])).toEqual({
      calls: [true],
      logs: [["head mended", { binding: "b", count: 1, broken: ["version"] }]],
    });
  });

  it("Ten of many attributes are named, and an error ends nothing", async () => {
    const many = Array.from({ length: 12 }, (_, at) => `a${at}`);
    const { logs } = await mended(many, true, new Error("DynamoDB does not answer."));
    expect(logs).toEqual([
      ["head mended", { binding: "b", count: 12, broken: many.slice(0, 10) }],
      ["head not mended", { binding: "b", error: "Error: DynamoDB does not answer." }],
    ]);
  });
});
