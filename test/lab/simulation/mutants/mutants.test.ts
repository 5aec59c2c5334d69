import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { catchingSeed } from "../../../../lab/simulation/catching-seed.ts";
import { forgedLife } from "../../../../lab/simulation/forgers/forged-life.ts";
import { loadMutant } from "../../../../lab/simulation/load-mutant.ts";
import type {
  ForgedMutant,
  Mutant,
  ScenarioMutant,
  SeedMutant,
} from "../../../../lab/simulation/mutants/mutant.ts";
import { MUTANTS } from "../../../../lab/simulation/mutants/mutants.ts";
import { INVARIANTS } from "../../../../lab/simulation/oracle/invariants.ts";
import { SCENARIOS, type ScenarioName } from "../../../../lab/simulation/scenarios/scenarios.ts";
import { simulate } from "../../../../lab/simulation/simulate.ts";

/**
 * The true broker's result is the same for each mutant: it is played once for each seed and
 * scenario.
 */
function once<Key, Value>(play: (key: Key) => Promise<Value>) {
  const played = new Map<Key, Promise<Value>>();
  return (key: Key): Promise<Value> => {
    const known = played.get(key) ?? play(key);
    played.set(key, known);
    return known;
  };
}
const holds = once((name: ScenarioName) => SCENARIOS[name]());
const brokenByNobody = once(async (seed: number) =>
  (await simulate(seed)).violations.map(({ invariant }) => invariant),
);

const isSeedMutant = (mutant: Mutant): mutant is SeedMutant => "seed" in mutant;
const isForgedMutant = (mutant: Mutant): mutant is ForgedMutant => "forgedSeed" in mutant;
const isScenarioMutant = (mutant: Mutant): mutant is ScenarioMutant => "scenario" in mutant;

describe("mutants of the broker", () => {
  it.each(MUTANTS.filter(isSeedMutant))("a seed catches a broker that $name", async (mutant) => {
    const seed = await catchingSeed(mutant);
    // Find one: npm run simulate -- --record-seeds
    expect(seed, "a seed that catches it").toBeDefined();
    expect(await brokenByNobody(seed ?? 0)).toEqual([]);
  });

  it.each(MUTANTS.filter(isScenarioMutant))(
    "a broker that $name fails when $scenario",
    async (mutant) => {
      const { SCENARIOS: broken } = await loadMutant(mutant);
      expect(await broken[mutant.scenario]()).toBe(false);
      expect(await holds(mutant.scenario)).toBe(true);
    },
  );

  it.each(MUTANTS.filter(isForgedMutant))(
    "a life with a forger catches a broker that $name",
    async (mutant) => {
      const seed = await catchingSeed(mutant);
      expect(seed, "a seed that catches it").toBeDefined();
      expect((await forgedLife(seed ?? 0)).violations).toEqual([]);
    },
  );

  it("the mutants break every invariant between them", () => {
    const broken = new Set(MUTANTS.flatMap(({ breaks }) => breaks ?? []));
    expect([...broken].sort()).toEqual(Object.keys(INVARIANTS).sort());
  });

  it("each mutant has a name of its own", () => {
    const names = MUTANTS.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });
});

describe("loading a mutant", () => {
  const [first] = MUTANTS;
  const name = first?.name ?? "";
  const edit = { file: "shared/domain/entries/scope.ts", from: "no source has this text", to: "" };

  it("a mutant that changes nothing is refused, not counted as a survivor", async () => {
    await expect(loadMutant({ name, edits: [edit] })).rejects.toThrow("occurs 0 times");
    const elsewhere = { ...edit, file: "shared/http/contract/routes.ts" };
    await expect(loadMutant({ name, edits: [elsewhere] })).rejects.toThrow("which nothing imports");
  });

  it("a mutant that imports what the simulation lacks is refused", async () => {
    const file = "lab/simulation/simulate.ts";
    const text = readFileSync(file, "utf8");
    const [line = ""] = /^import .*$/m.exec(text) ?? [];
    const to = `import { routes } from "../../shared/http/contract/routes.ts";\nexport const more = routes;\n${line}`;
    await expect(loadMutant({ name, edits: [{ file, from: line, to }] })).rejects.toThrow(
      "which the simulation does not have",
    );
  });
});
