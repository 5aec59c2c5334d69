import { generateKeyPairSync } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { fixedClock } from "../../../../lab/fakes/fixed-clock.ts";
import { memoryArchiveStore } from "../../../../lab/fakes/memory-archive-store.ts";
import { memoryCosigner } from "../../../../lab/fakes/memory-cosigner.ts";
import { readNote } from "../../../../shared/domain/evidence/archive/checkpoint.ts";
import { readSealKey } from "../../../../shared/domain/evidence/archive/read-seal.ts";
import {
  isCosignedBy,
  readWitnessKey,
} from "../../../../shared/domain/evidence/archive/witness-key.ts";
import { isBehind, witnessArchive } from "../../../../shared/usecases/evidence/witness-archive.ts";
import { forkedArchives, type SmallArchive } from "../../../cli/audit/small-archive.ts";
import { cosignerContract } from "../../../contracts/cosigner.contract.ts";

/** One key sealed two archives of the same days, with other records. */
const [OURS, FORKED] = await forkedArchives();
const WITNESSING = {
  sealKey: readSealKey(OURS.publicPem) ?? expect.unreachable(),
  name: "auditors.example",
};
const NOW = "2026-11-26T10:00:00.000Z";

function newWorld() {
  return {
    archive: memoryArchiveStore(),
    kept: memoryArchiveStore(),
    cosigner: memoryCosigner(),
    clock: fixedClock(NOW),
  };
}
let world: ReturnType<typeof newWorld>;
beforeEach(() => {
  world = newWorld();
});

const linesOf = (text: string) => text.replace(/\n$/, "").split("\n");
const textOf = (lines: readonly string[] = []) => lines.map((line) => `${line}\n`).join("");

/** @param days how many seals it has */
function show({ files }: SmallArchive, days = 3): void {
  world.archive.objects.clear();
  for (const name of [...files.keys()].filter((key) => key.startsWith("seals/")).sort())
    if (world.archive.objects.size < days)
      world.archive.objects.set(name, linesOf(files.get(name) ?? ""));
}

const run = () => witnessArchive(world, WITNESSING);
const CHECKPOINTS = () => [...world.kept.objects.keys()].filter((key) => key !== "witness.pem");
const seals = () => [...world.archive.objects.keys()].sort();

cosignerContract("memoryCosigner", async () => memoryCosigner());

describe("the witness", () => {
  it("It cosigns nothing where nothing is sealed yet", async () => {
    expect(await run()).toEqual({ state: "empty" });
    expect(world.kept.objects.size).toBe(0);
  });

  it("It cosigns once what there is, and each extension under the next number", async () => {
    show(OURS, 2);
    expect(await run()).toEqual({ state: "cosigned", seals: 2, until: "2026-11-24" });
    expect(await run()).toEqual({ state: "unchanged", seals: 2, until: "2026-11-24" });
    show(OURS);
    expect(await run()).toEqual({ state: "cosigned", seals: 3, until: "2026-11-25" });
    expect(CHECKPOINTS()).toEqual(["checkpoints/000001.txt", "checkpoints/000002.txt"]);
    const key = readWitnessKey(textOf(world.kept.objects.get("witness.pem")));
    const note = readNote(textOf(world.kept.objects.get("checkpoints/000002.txt")));
    expect(note).toMatchObject({ witness: "auditors.example", checkpoint: { size: 3 } });
    expect(note && key && isCosignedBy(note, key)).toBe(true);
    expect(world.cosigner.signed).toHaveLength(2);
  });

  it.each([
    ["a day that was sealed again", () => show(FORKED), "is not the one that was cosigned"],
    ["a day that is gone", () => show(OURS, 2), "has 3 seals, and the archive has 2"],
    ["an archive that is empty", () => show(OURS, 0), "has 3 seals, and the archive has 0"],
    [
      "a second seal of a day, in an object of its own",
      () => {
        const [, , last = ""] = seals();
        world.archive.objects.set(
          last.replace(".json", "_again.json"),
          linesOf(FORKED.files.get(last) ?? ""),
        );
      },
      "has two seals",
    ],
    [
      "an object among the seals that is no seal",
      () => world.archive.objects.set("seals/2026-11-26.json", ["{}"]),
      "seals/2026-11-26.json is not a seal",
    ],
  ])("It refuses %s, and signs nothing", async (_what, attack, why) => {
    show(OURS);
    await run();
    attack();
    expect(await run()).toMatchObject({ state: "refused", why: expect.stringContaining(why) });
    expect(world.cosigner.signed).toHaveLength(1);
    expect(CHECKPOINTS()).toHaveLength(1);
  });

  it("It refuses seals of another key, and of a day that is not over by its own clock", async () => {
    show(OURS);
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
    const sealKey = readSealKey(pem) ?? expect.unreachable();
    expect(await witnessArchive(world, { ...WITNESSING, sealKey })).toMatchObject({
      why: expect.stringContaining("Another key sealed"),
    });
    world = { ...world, clock: fixedClock("2026-11-25T23:59:59.000Z") };
    expect(await run()).toMatchObject({ why: expect.stringContaining("is not over") });
    expect(world.cosigner.signed).toEqual([]);
  });

  it.each([
    ["by another key", () => newWorld().cosigner],
    ["under another number", () => world.cosigner],
  ])("It refuses a memory of its own that has a checkpoint %s", async (how, cosignerOf) => {
    show(OURS, 2);
    const cosigner = cosignerOf();
    await witnessArchive({ ...world, cosigner }, WITNESSING);
    const [first = ""] = CHECKPOINTS();
    if (how === "under another number")
      world.kept.objects.set("checkpoints/000003.txt", world.kept.objects.get(first) ?? []);
    show(OURS);
    expect(await run()).toMatchObject({ why: expect.stringContaining("witness's own bucket") });
  });

  it("Of two runs at a time, only one keeps what it cosigned", async () => {
    show(OURS, 2);
    await run();
    const other = { ...world, archive: memoryArchiveStore() };
    show(OURS);
    for (const [key, lines] of world.archive.objects) other.archive.objects.set(key, lines);
    const [, , last = ""] = seals();
    other.archive.objects.set(last, linesOf(FORKED.files.get(last) ?? ""));
    const runs = await Promise.allSettled([run(), witnessArchive(other, WITNESSING)]);
    const kept = runs.filter((one) => one.status === "fulfilled" && one.value.state === "cosigned");
    expect(kept).toHaveLength(1);
    expect(CHECKPOINTS()).toHaveLength(2);
  });

  it("An archive is behind once the day before yesterday has no seal", () => {
    const until = (day: string) => ({ state: "unchanged", seals: 3, until: day }) as const;
    expect(isBehind(until("2026-11-24"), NOW)).toBe(false);
    expect(isBehind(until("2026-11-23"), NOW)).toBe(true);
    expect(isBehind({ state: "empty" }, NOW)).toBe(true);
  });
});
