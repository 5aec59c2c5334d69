import { describe, expect, it } from "vitest";
import { readLag } from "../../../../lab/simulation/network/read-lag.ts";
import { Tally } from "../../../../lab/simulation/oracle/tally.ts";
import { UNKINDNESSES, unkindnessOf } from "../../../../lab/simulation/profile.ts";
import { seededRandom } from "../../../../lab/simulation/random.ts";
import { addressOf } from "../../../../lab/simulation/sim-policy.ts";
import { VirtualTime } from "../../../../lab/simulation/virtual-time.ts";

const LAG = 45_000;
const SESSION = { sessionName: "timelatch", sourceIdentity: "timelatch" };
const call = (operation: string, principal = "ann") => ({
  operation,
  address: addressOf("one", principal),
  session: SESSION,
});

/** The moments that reads a second apart see, in milliseconds. */
async function momentsSeen(readsGoBack: boolean, readLagSeconds = LAG / 1_000) {
  const time = new VirtualTime(1_000_000);
  const view = readLag({
    time,
    random: seededRandom(3),
    profile: { readLagSeconds, readsGoBack },
    tally: new Tally(),
    note: () => undefined,
  });
  const seen: { readonly describe: number; readonly list: number; readonly now: number }[] = [];
  const read = () => {
    const describe = time.now - view(call("DescribeAccessEntry"));
    const list = time.now - view(call("ListAssociatedAccessPolicies"));
    seen.push({ describe, list, now: time.now });
    if (seen.length < 200) time.after(1_000, read);
  };
  read();
  await time.run(() => false);
  return seen;
}
const goesBack = (moments: readonly number[]) =>
  moments.some((moment, at) => moment < (moments[at - 1] ?? 0));

describe("reads that lag", () => {
  it("reads see nothing but the present where there is no lag", async () => {
    for (const { describe, list, now } of await momentsSeen(true, 0))
      expect([describe, list]).toEqual([now, now]);
  });

  it("reads without a lag draw nothing at random, so that a seed stays what it was", () => {
    const [random, untouched] = [seededRandom(3), seededRandom(3)];
    const profile = { readLagSeconds: 0, readsGoBack: true };
    const note = () => undefined;
    readLag({ time: new VirtualTime(0), random, profile, tally: new Tally(), note })(
      call("DescribeAccessEntry"),
    );
    expect(random.fraction()).toBe(untouched.fraction());
  });

  it("reads see the state of some moment within the lag, sometimes its first and sometimes now", async () => {
    const seen = await momentsSeen(true);
    for (const { describe, now } of seen) {
      expect(describe).toBeGreaterThanOrEqual(now - LAG);
      expect(describe).toBeLessThanOrEqual(now);
    }
    expect(seen.some(({ describe, now }) => describe === now)).toBe(true);
    expect(seen.some(({ describe, now }) => describe === now - LAG)).toBe(true);
  });

  it("reads go back in time, or each kind of read only forward", async () => {
    expect(goesBack((await momentsSeen(true)).map(({ describe }) => describe))).toBe(true);
    const forward = await momentsSeen(false);
    expect(goesBack(forward.map(({ describe }) => describe))).toBe(false);
    expect(goesBack(forward.map(({ list }) => list))).toBe(false);
    // Describe and List are not of one moment.
    expect(forward.some(({ describe, list }) => describe !== list)).toBe(true);
    expect(forward.some(({ describe, list }) => describe < list)).toBe(true);
    expect(forward.some(({ describe, list }) => describe > list)).toBe(true);
  });
});

describe("the freedom of AWS's reads", () => {
  const seeds = Array.from({ length: 200 }, (_, seed) => seed);
  const drawn = (...without: readonly (typeof UNKINDNESSES)[number][]) =>
    seeds.map((seed) => unkindnessOf(seededRandom(seed), new Set(without)));

  it("an unkindness that is left out does not occur", () => {
    for (const { readLagSeconds, lateSeconds, deadConnection, overlap } of drawn(...UNKINDNESSES))
      expect({ readLagSeconds, lateSeconds, deadConnection, overlap }).toEqual({
        readLagSeconds: 0,
        lateSeconds: 60,
        deadConnection: 0,
        overlap: 0,
      });
  });

  it("each unkindness occurs in a part of the seeds, in the same ones with overlaps and without", () => {
    const lagging = drawn("overlap");
    const both = drawn();
    expect(both.map(({ overlap: _, ...rest }) => rest)).toEqual(
      lagging.map(({ overlap: _, ...rest }) => rest),
    );
    const share = (count: number) => count / seeds.length;
    const some = [
      share(both.filter(({ readLagSeconds }) => readLagSeconds > 0).length),
      share(both.filter(({ readsGoBack }) => readsGoBack).length),
      share(both.filter(({ overlap }) => overlap > 0).length),
    ];
    for (const part of some) {
      expect(part).toBeGreaterThan(0.3);
      expect(part).toBeLessThan(0.8);
    }
    expect(Math.max(...both.map(({ readLagSeconds }) => readLagSeconds))).toBe(45);
  });
});
