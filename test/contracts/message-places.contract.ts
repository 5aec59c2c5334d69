import { beforeEach, describe, expect, it } from "vitest";
import type { MessagePlaces } from "../../shared/ports/message-places.ts";

const PLACE = { channel: "C0001", timestamp: "1764064800.000001" };

/** The promises of every MessagePlaces. */
export function messagePlacesContract(name: string, make: () => Promise<MessagePlaces>) {
  describe(`${name} as MessagePlaces`, () => {
    let places: MessagePlaces;
    beforeEach(async () => {
      places = await make();
    });

    it("A place that was reported for a mark is found by it, and by no other", async () => {
      await places.put("mark-1", PLACE);
      expect(await places.find("mark-1")).toEqual(PLACE);
      expect(await places.find("mark-2")).toBeUndefined();
    });

    it("The first place that was reported for a mark stays", async () => {
      await places.put("mark-1", PLACE);
      await places.put("mark-1", PLACE);
      await places.put("mark-1", { ...PLACE, channel: "C0002" });
      expect(await places.find("mark-1")).toEqual(PLACE);
    });
  });
}
