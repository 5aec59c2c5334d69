import { expect, it } from "vitest";
import { memoryCircuitStore } from "../../../../lab/fakes/memory-cluster-stores.ts";
import { watchedCircuits } from "../../../../lab/simulation/oracle/watched-ports.ts";
import { CLUSTERS } from "../../../../lab/simulation/sim-policy.ts";
import { makeWorld } from "../../../../lab/simulation/world.ts";
import type { Circuit } from "../../../../shared/domain/clusters/circuit.ts";

const ARN = CLUSTERS["one"] ?? "";
const MINUTE = 60_000;

/** Whether the oracle takes a run for kept from calls, which read this circuit as it began. */
async function isKept(openMinutes: number | null): Promise<boolean> {
  const options = { without: new Set<never>(), slack: "healthy", evidence: "absent" } as const;
  const { oracle, time } = makeWorld(1, options, () => undefined);
  const openUntil =
    openMinutes === null ? null : new Date(time.now + openMinutes * MINUTE).toISOString();
  const circuits = new Map<string, Circuit>([[ARN, { failures: 5, openUntil }]]);
  const store = watchedCircuits(memoryCircuitStore(circuits), oracle);
  const run = { name: "converge#1", binding: undefined, startedAt: time.now, deadline: time.now };
  oracle.applying({ ...run, skew: 0, spared: false, isCut: () => false, cut: () => {} }, false);
  await store.load(ARN);
  // Another run closes it meanwhile, by an answer that it had waited for.
  await store.save(ARN, { failures: 4, openUntil: null });
  return oracle.facts.keptByCircuit.has("converge#1");
}

it("an open circuit keeps the run that read it from calls, also where another run closes it", async () => {
  expect(await isKept(1)).toBe(true);
});

it("a circuit that is closed, or was open before the run began, keeps it from nothing", async () => {
  expect(await isKept(null)).toBe(false);
  expect(await isKept(-1)).toBe(false);
});
