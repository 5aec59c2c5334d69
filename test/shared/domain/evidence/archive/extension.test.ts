import { describe, expect, it } from "vitest";
import type { Checkpoint } from "../../../../../shared/domain/evidence/archive/checkpoint.ts";
import {
  extensionOf,
  soundSeals,
} from "../../../../../shared/domain/evidence/archive/extension.ts";
import { readSeal, readSealKey } from "../../../../../shared/domain/evidence/archive/read-seal.ts";
import type { SealedDay } from "../../../../../shared/domain/evidence/archive/seal.ts";
import { bytesOf, forkedArchives, type SmallArchive } from "../../../../cli/audit/small-archive.ts";

const TODAY = "2026-12-24";
/** One key sealed two archives of the same days, with other records. */
const [OURS, FORKED] = await forkedArchives();
const KEY = readSealKey(OURS.publicPem) ?? expect.unreachable();

/** The archive's seals, in the order of their days. */
const daysOf = ({ files }: SmallArchive): readonly SealedDay[] =>
  [...files]
    .filter(([name]) => name.startsWith("seals/"))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, text]) => readSeal(bytesOf(name, text).toString()) ?? expect.unreachable());

const ours = daysOf(OURS);

/** The faults of the seals, and the checkpoint to cosign. */
function judged(days: readonly SealedDay[], before?: Checkpoint, today = TODAY) {
  const { add, seals } = soundSeals(KEY, today);
  const faults = days.flatMap((day) => add(day) ?? []);
  return { faults, extended: extensionOf(before, KEY, seals) };
}

const cosigned = (days: readonly SealedDay[]): Checkpoint => {
  const { extended } = judged(days);
  return typeof extended === "string" ? expect.unreachable(extended) : extended;
};

describe("an archive that a witness reads", () => {
  it("It is cosigned for the first time, and again when days were added", () => {
    expect(judged(ours)).toMatchObject({ faults: [], extended: { size: 3 } });
    expect(judged(ours, cosigned(ours.slice(0, 2))).extended).toEqual(cosigned(ours));
  });

  it("A day that was sealed again, a last day that is missing, and an empty archive do not extend it", () => {
    expect(judged(daysOf(FORKED), cosigned(ours))).toMatchObject({
      faults: [],
      extended: expect.stringContaining("does not extend the last checkpoint"),
    });
    expect(judged(ours.slice(0, 2), cosigned(ours)).extended).toContain("the archive has 2");
    expect(judged([], cosigned(ours)).extended).toContain("the archive has 0");
  });

  it("A second seal of a day, a gap, another order and a day that is not over are at fault", () => {
    const [first, second, third] = ours as [SealedDay, SealedDay, SealedDay];
    const faultOf = (...days: readonly SealedDay[]) => judged(days).faults[0];
    const [, again = first] = daysOf(FORKED);
    expect(faultOf(first, second, again)).toContain("has two seals");
    expect(faultOf(first, third)).toMatch(/The seal of \S+ is missing/);
    expect(faultOf(second, third)).toContain("does not follow");
    expect(faultOf(first, third, second)).toMatch(/is missing|not in its place/);
    expect(judged(ours, undefined, third.seal.day).faults[0]).toContain("is not over");
  });
});
