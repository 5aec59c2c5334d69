/** The save before an end, which stops another run that comes between it and the report. */
import { describe, expect, it } from "vitest";
import { ns } from "../../../../../lab/fakes/broker-sights.ts";
import { EDIT, type MemoryBroker, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { baselineOf } from "../../../../../shared/domain/entries/knowledge.ts";
import { converge } from "../../../../../shared/usecases/converge/converge.ts";

/** Matches a step of this type as the store receives it. */
const isStepOf =
  (type: string) =>
  ([step]: readonly unknown[]): boolean =>
    (step as { readonly event: { readonly type: string } }).event.type === type;

/** Converges under a policy that lends nothing. */
const refuseAll = ({ ports, front, binding }: MemoryBroker) =>
  converge({ ...ports, policy: { ...front.policy, hash: "later", rules: [] } }, binding, {
    millisLeft: () => 8_000,
    hold: { extend: async () => true },
    log: () => undefined,
  });

describe("A grant that a run is about to fail", () => {
  it("A grant that a run is about to fail is not begun by a later run whose policy admits it", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    broker.clock.advance(700);
    // The later run would not see its own addition, so the earlier run's failure would stand.
    broker.entries.lag = { describe: 40_000, list: 40_000 };
    broker.before("requests.save", () => broker.converge(), isStepOf("refuse"));
    await refuseAll(broker);
    broker.entries.lag = {};
    await broker.settle();
    expect(broker.operations()).toEqual([]);
    expect(await broker.reload(grant)).toMatchObject({
      state: "failed",
      outcome: { code: "unknown-rule" },
    });
    expect(await broker.isAtRest()).toBe(true);
  });

  it.each([
    ["", true],
    [", also among more records than are read", false],
  ])(
    "A grant whose failure could not be stored fails in the next run for the same reason%s",
    async (_, isWhole) => {
      let isFlooded = false;
      const broker = memoryBroker({
        wrap: ({ bindings, ...ports }) => {
          const view: typeof bindings.view = async (binding) => {
            const all = await bindings.view(binding);
            return isFlooded ? { ...all, grants: [], isWhole } : all;
          };
          return { ...ports, bindings: { ...bindings, view } };
        },
      });
      const grant = await broker.grant();
      broker.clock.advance(700);
      const repair = broker.breakPort("requests.save", new Error("The tables are away."));
      await expect(refuseAll(broker)).rejects.toThrow("The tables are away.");
      repair();
      isFlooded = !isWhole;
      expect((await broker.ledger())?.failing[grant.id]).toMatchObject({ code: "unknown-rule" });
      await broker.converge();
      expect(broker.operations()).toEqual([]);
      expect(await broker.reload(grant)).toMatchObject({
        state: "failed",
        outcome: { code: "unknown-rule" },
      });
      expect((await broker.ledger())?.failing).toEqual({});
    },
  );
});

describe("An end before it is reported", () => {
  it("An end is reported only after the ledger holds the read that proves it", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("base") });
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    await broker.end(grant, "return");
    let stored: readonly string[] = [];
    broker.after("entries.associate", () => broker.othersPut({ [EDIT]: ns("base", "added") }));
    broker.before(
      "requests.save",
      async () => {
        const ledger = await broker.ledger();
        stored = ledger ? baselineOf(ledger, EDIT) : [];
      },
      isStepOf("settle"),
    );
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["ended"]);
    expect(stored).toEqual(ns("added", "base"));
  });
});
