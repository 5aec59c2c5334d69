/** The seal that the next one would vouch for. */
import { beforeAll, describe, expect, it } from "vitest";
import { FIRST_DAY_KEY, sealKey } from "../../../../shared/domain/evidence/archive/archive-keys.ts";
import { sealBefore } from "../../../../shared/usecases/evidence/seal-before.ts";
import { archiveWorld } from "./archive-world.ts";

const [DAY_BEFORE, FIRST, SECOND, THIRD] = ["23", "24", "25", "26"].map((day) => `2026-11-${day}`);

/** A broker that was deployed on the 24th, and has sealed that day and the next. */
async function sealedWorld() {
  const world = archiveWorld(`${FIRST}T12:10:00.000Z`, `${FIRST}T09:00:00.000Z`);
  while (world.clock.now() < `${THIRD}T02:00:00.000Z`) {
    await world.run();
    world.clock.advance(3_600);
  }
  return world;
}

describe("The seal of a day", () => {
  let world: Awaited<ReturnType<typeof sealedWorld>>;
  let sealed: ReadonlyMap<string, readonly string[]>;
  beforeAll(async () => {
    world = await sealedWorld();
    sealed = new Map(world.store.objects);
  });
  /** @param changes objects in place of those, or without them where there are no lines */
  const seal = async (day = "", changes: Readonly<Record<string, readonly string[]>> = {}) => {
    const { objects } = world.store;
    objects.clear();
    for (const [key, lines] of [...sealed, ...Object.entries(changes)])
      if (lines.length > 0) objects.set(key, lines);
      else objects.delete(key);
    const found = await sealBefore(world.ports, day);
    return typeof found === "object" ? found.seal.day : found;
  };
  const linesOf = (day = "") => sealed.get(sealKey(day)) ?? [];
  const key = (day = "") => sealKey(day);

  it("It is there for the first day and for a later one", async () => {
    expect(await seal(FIRST)).toBe(FIRST);
    expect(await seal(SECOND)).toBe(SECOND);
  });

  it("Before the first day there is none, and from then on a missing one is refused", async () => {
    expect(await seal(DAY_BEFORE)).toBeUndefined();
    expect(await seal(FIRST, { [key(FIRST)]: [] })).toBe("refused");
    expect(await seal(SECOND, { [key(SECOND)]: [] })).toBe("refused");
    expect(await seal(DAY_BEFORE, { [FIRST_DAY_KEY]: [] })).toBe("refused");
  });

  it("One of another day in its place is refused, also where no other seal is there", async () => {
    expect(await seal(SECOND, { [key(SECOND)]: linesOf(FIRST) })).toBe("refused");
    const only = { [key(FIRST)]: [], [key(SECOND)]: linesOf(FIRST) };
    expect(await seal(SECOND, only)).toBe("refused");
  });

  it("One is refused whose text is no JSON or no seal, and so is one behind such a seal", async () => {
    for (const text of ["{", "null", "{}"]) {
      expect(await seal(SECOND, { [key(SECOND)]: [text] })).toBe("refused");
      expect(await seal(SECOND, { [key(FIRST)]: [text] })).toBe("refused");
    }
  });
});
