import { describe, expect, it } from "vitest";
import { CALL_FAULTS } from "../../../lab/simulation/network/call-fault.ts";
import { siteOf } from "../../../lab/simulation/network/call-site.ts";
import { tooLittle } from "../../../lab/simulation/oracle/least-counts.ts";
import { People } from "../../../lab/simulation/people/people.ts";
import { runSeeds, type SeedsProgress } from "../../../lab/simulation/run-seeds.ts";
import { simulate } from "../../../lab/simulation/simulate.ts";
import { makeWorld } from "../../../lab/simulation/world.ts";

const SEEDS = 80;

/** The reports of the run of `firstSeeds`. */
const reports: SeedsProgress[] = [];
let run: ReturnType<typeof runSeeds> | undefined;

/** The lives that several tests judge, played once. */
function firstSeeds(): ReturnType<typeof runSeeds> {
  run ??= runSeeds(1, SEEDS, { workers: 2, onProgress: (progress) => reports.push(progress) });
  return run;
}

const lives = new Map<number, ReturnType<typeof simulate>>();

/** A life with its trace, played once. */
function traced(seed: number): ReturnType<typeof simulate> {
  const life = lives.get(seed) ?? simulate(seed, { traced: true });
  lives.set(seed, life);
  return life;
}

describe("the life of grants, whatever happens", () => {
  it(`no life of grants breaks an invariant in ${SEEDS} seeds, and enough goes wrong in them`, async () => {
    const { failures, calls, counts } = await firstSeeds();
    const broken = failures.map(
      ({ seed, violations: [first] }) =>
        `${first?.invariant}: ${first?.detail} — npm run simulate -- --seed ${seed}`,
    );
    expect(broken).toEqual([]);
    // A run in which nothing happens breaks nothing.
    expect(calls).toBeGreaterThan(100 * SEEDS);
    expect(tooLittle(counts, SEEDS)).toEqual([]);
  });

  it("at least two fifths of the faults of calls hit changes of entries and the saves beside them", async () => {
    const { counts } = await firstSeeds();
    const faultsOf = (group: string) =>
      CALL_FAULTS.reduce((sum, name) => sum + (counts[group]?.[name] ?? 0), 0);
    const aimedAt = (aim: "change" | "save") =>
      Object.keys(counts)
        .filter((group) => group.includes(".") && siteOf(group).aim === aim)
        .reduce((sum, group) => sum + faultsOf(group), 0);
    expect(aimedAt("change")).toBeGreaterThan(40);
    // Whether a wake is lost has a draw of its own.
    const all = faultsOf("calls") - (counts["messages"]?.["wakeLost"] ?? 0);
    expect((aimedAt("change") + aimedAt("save")) / all).toBeGreaterThan(0.4);
  });

  it("these seeds confirm and explain calls, miss some, and find and expect changes of others", async () => {
    const { evidence } = await firstSeeds();
    expect(evidence.events).toBeGreaterThan(650);
    expect(evidence.confirmed).toBeGreaterThan(260);
    for (const kind of ["explained", "findings", "expected"] as const)
      expect(evidence[kind], kind).toBeGreaterThan(6);
    expect(evidence.missing).toBeGreaterThan(1);
  });

  it("these seeds repeat some messages, and meet many troubles", async () => {
    const { notices } = await firstSeeds();
    expect(notices.messages).toBeGreaterThan(650);
    expect(notices.duplicates).toBeGreaterThan(0);
    expect(notices.troubles).toBeGreaterThan(notices.duplicates);
  });

  it("a narrowing that restores what a fuse has just taken is no addition before a removal", async () => {
    const { violations } = await simulate(9_002_822);
    expect(violations).toEqual([]);
  });

  it("people are not done while one of them still does something", async () => {
    const options = { without: new Set<never>(), slack: "healthy", evidence: "absent" } as const;
    const people = new People(makeWorld(1, options, () => undefined));
    const { promise, resolve } = Promise.withResolvers<void>();
    const lifted = people.during(() => promise);
    expect(people.areDone).toBe(false);
    resolve();
    await lifted;
    expect(people.areDone).toBe(true);
  });

  it("a run reports how many seeds are done, and the last report counts them all", async () => {
    const { failures } = await firstSeeds();
    expect(reports.at(-1)).toEqual({ done: SEEDS, failed: failures.length });
    expect(reports.length).toBeGreaterThan(1);
    const done = reports.map((report) => report.done);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
  });

  it("the same seed gives the same life", async () => {
    let lines = 0;
    for (let seed = 1; seed <= 20; seed += 1) {
      const first = await traced(seed);
      expect(await simulate(seed, { traced: true })).toEqual(first);
      lines += first.trace.length;
    }
    // Some seeds are quiet, and not all.
    expect(lines).toBeGreaterThan(2_000);
  });

  it("A few hundred seeds use every profile of faults, and fuses fire in both accounts", async () => {
    const profiles = new Set<string>();
    const fired = new Set<string>();
    for (let seed = 1; seed <= 300 && (profiles.size < 5 || fired.size < 3); seed += 1) {
      const { profile, trace } = await traced(seed);
      profiles.add(profile);
      for (const line of trace) {
        const [, cluster] = /fuse of \S+ fires on (\w+)\//.exec(line) ?? [];
        if (cluster !== undefined) fired.add(cluster);
      }
    }
    expect([...profiles].sort()).toEqual(["calm", "outage", "skewed", "stormy", "sweepless"]);
    expect([...fired].sort()).toEqual(["far", "one", "two"]);
  });
});
