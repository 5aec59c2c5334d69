/** A crash before or after every single port call, and then the next message: nothing is lost. */
import { describe, expect, it } from "vitest";
import { plusSeconds } from "../../../shared/domain/instant.ts";
import { scopeElements } from "../../../shared/domain/scope.ts";
import type { ConvergePorts } from "../../../shared/ports/ports.ts";
import { EDIT, memoryBroker } from "../../fakes/memory-broker.ts";

class Crash extends Error {
  override readonly name = "Crash";
}
type Moment = "before" | "after";
type AnyMethod = (...args: readonly unknown[]) => Promise<unknown>;

/** Counts the calls of every port, and ends the process, as it were, at the n-th. */
function crashing(at: number, moment: Moment) {
  let count = 0;
  let armed = true;
  const port = <Port extends object>(real: Port): Port =>
    Object.fromEntries(
      Object.entries(real).map(([name, method]) => [
        name,
        async (...args: readonly unknown[]) => {
          count += 1;
          const now = armed && count === at;
          if (now) armed = false;
          if (now && moment === "before") throw new Crash(name);
          const result = await (method as AnyMethod)(...args);
          if (now) throw new Crash(name);
          return result;
        },
      ]),
    ) as Port;
  return {
    wrap: (ports: ConvergePorts): ConvergePorts => ({
      ...ports,
      requests: port(ports.requests),
      bindings: port(ports.bindings),
      ledgers: port(ports.ledgers),
      schedules: port(ports.schedules),
      entries: port(ports.entries),
    }),
    crashed: () => !armed,
  };
}

const base = scopeElements({ type: "namespace", namespaces: ["base"] });

/** The life of a grant with one crash in it. Answers false where `at` lies beyond its last call. */
async function lifeWithCrash(at: number, moment: Moment, standing: boolean): Promise<boolean> {
  const crash = crashing(at, moment);
  const broker = memoryBroker({ wrap: crash.wrap });
  if (standing) broker.entries.edit(broker.addressOf(), () => ({ targets: { [EDIT]: base } }));
  const before = broker.actual();
  const grant = await broker.grant();
  const attempt = async () => {
    await broker.converge().catch((error: unknown) => {
      if (!(error instanceof Crash)) throw error;
    });
    // Access is there only while a schedule is that will end it.
    const lent = broker.namespaces(EDIT).includes("payments-api");
    if (lent && broker.chance.now() < (grant.revokeAt ?? ""))
      expect(broker.schedules.timers.has(`revocation ${grant.id}`)).toBe(true);
    const state = (await broker.front.requests.load(grant.id)).state;
    if (state === "active") expect(lent).toBe(true);
    if (state === "ended") expect(lent).toBe(false);
  };
  await attempt();
  await attempt();
  expect(await broker.front.requests.load(grant.id)).toMatchObject({ state: "active" });
  broker.chance.set(grant.revokeAt ?? "");
  await attempt();
  await attempt();
  // By then every answer that was lost is known, and the sweep has sent the binding again.
  broker.chance.set(plusSeconds(broker.chance.now(), 120));
  await attempt();
  await attempt();
  expect(await broker.front.requests.load(grant.id)).toMatchObject({
    state: "ended",
    outcome: { code: "expired" },
  });
  expect(broker.actual()).toEqual(before);
  expect(await broker.ledgers.load(broker.binding)).toBeUndefined();
  expect(broker.tables.heads.get(broker.binding)?.dueAt).toBeNull();
  return crash.crashed();
}

describe("converge", () => {
  it.each(
    (["before", "after"] as const).flatMap((moment) =>
      [false, true].map((standing) => ({ moment, standing })),
    ),
  )(
    "survives a crash $moment any call (standing entry: $standing)",
    async ({ moment, standing }) => {
      let at = 1;
      while (await lifeWithCrash(at, moment, standing)) at += 1;
      // A grant's life takes at least the views, reads, schedules, writes and transitions.
      expect(at).toBeGreaterThan(20);
    },
  );
});
