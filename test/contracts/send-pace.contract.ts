import { beforeEach, describe, expect, it } from "vitest";
import { T0 } from "../../lab/fakes/builders.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { SendPace } from "../../shared/ports/send-pace.ts";

const LATE = plusSeconds(T0, 60);

/** The promises of every SendPace. @param make a pace without lanes, on this clock */
export function sendPaceContract(name: string, make: (clock: Clock) => Promise<SendPace>) {
  describe(`${name} as a SendPace`, () => {
    let now: string;
    let pace: SendPace;
    beforeEach(async () => {
      now = T0;
      pace = await make({ now: () => now });
    });

    it("A send pace gives the first slot of a lane at once", async () => {
      expect(await pace.nextSlot("a", 1_000, T0)).toBe(T0);
    });

    it("A send pace keeps the slots of one lane apart, but not those of two lanes", async () => {
      expect(await pace.nextSlot("a", 1_000, LATE)).toBe(T0);
      expect(await pace.nextSlot("a", 250, LATE)).toBe(plusSeconds(T0, 1));
      expect(await pace.nextSlot("a", 1_000, LATE)).toBe(plusSeconds(T0, 1.25));
      expect(await pace.nextSlot("b", 1_000, LATE)).toBe(T0);
    });

    it("A send pace takes no slot that would be too late", async () => {
      await pace.nextSlot("a", 5_000, LATE);
      expect(await pace.nextSlot("a", 1_000, plusSeconds(T0, 4.999))).toBeNull();
      expect(await pace.nextSlot("a", 1_000, plusSeconds(T0, 5))).toBe(plusSeconds(T0, 5));
    });

    it("A lane that has been idle gets a slot at once", async () => {
      await pace.nextSlot("a", 1_000, LATE);
      now = plusSeconds(T0, 10);
      expect(await pace.nextSlot("a", 1_000, LATE)).toBe(now);
      expect(await pace.nextSlot("a", 1_000, LATE)).toBe(plusSeconds(T0, 11));
    });

    it("Workers that ask for a slot at the same time get different slots", async () => {
      const asked = Array.from({ length: 4 }, () => pace.nextSlot("a", 1_000, LATE));
      const slots = (await Promise.all(asked)).toSorted();
      expect(slots).toEqual([0, 1, 2, 3].map((seconds) => plusSeconds(T0, seconds)));
    });
  });
}
