import { describe, expect, it } from "vitest";
import { INVARIANTS } from "./invariants.ts";
import { loadMutant } from "./load-mutant.ts";
import { MUTANTS } from "./mutants.ts";
import { simulate } from "./simulate.ts";

const brokenBy = (result: Awaited<ReturnType<typeof simulate>>) =>
  result.violations.map(({ invariant }) => invariant);

describe("a broker that", () => {
  it.each(MUTANTS)("$name is caught (seed $seed: $breaks)", async (mutant) => {
    const broken = await loadMutant(mutant);
    expect(brokenBy(await broken(mutant.seed))).toContain(mutant.breaks);
    expect(brokenBy(await simulate(mutant.seed))).toEqual([]);
  });
});

describe("the invariants", () => {
  it("can each be broken", () => {
    const broken = new Set(MUTANTS.map(({ breaks }) => breaks));
    expect([...broken].sort()).toEqual(Object.keys(INVARIANTS).sort());
  });
});

describe("a mutant", () => {
  const [first] = MUTANTS;
  const name = first?.name ?? "";
  const edit = { file: "shared/domain/plan.ts", from: "this stands nowhere", to: "" };

  it("that changes nothing is refused, and not taken for one that survives", async () => {
    await expect(loadMutant({ name, edits: [edit] })).rejects.toThrow("stands 0 times");
    const elsewhere = { ...edit, file: "shared/http/routes.ts" };
    await expect(loadMutant({ name, edits: [elsewhere] })).rejects.toThrow("which nothing imports");
  });
});
