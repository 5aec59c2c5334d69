import { describe, expect, it } from "vitest";
import { uuidIds, uuidV7 } from "../../../../shared/aws/machine/uuid-ids.ts";

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("A UUIDv7", () => {
  it("A UUIDv7 matches the example of RFC 9562, appendix A.6", () => {
    const random = Buffer.from("0cc318c4dc0c0c07398f", "hex");
    expect(uuidV7(0x017f22e279b0, random)).toBe("017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
  });

  it("A UUIDv7 keeps its version and variant, whatever the random bits are", () => {
    for (const byte of [0x00, 0xff])
      expect(uuidV7(Date.UTC(2026, 10, 24), new Uint8Array(10).fill(byte))).toMatch(UUID_V7);
  });

  it("A UUIDv7 sorts by creation time", () => {
    const random = new Uint8Array(10).fill(0xff);
    const times = [0, 1, 255, 256, 2 ** 32, Date.UTC(2026, 10, 24), Date.UTC(2026, 10, 25)];
    const ids = times.map((time, n) => uuidV7(time, n % 2 === 0 ? random : new Uint8Array(10)));
    expect(ids.toSorted()).toEqual(ids);
  });
});

describe("Ids and tokens", () => {
  it("Ids and tokens are never repeated", () => {
    const given = Array.from({ length: 1_000 }, () => [uuidIds.newId(), uuidIds.newToken()]).flat();
    expect(new Set(given).size).toBe(2_000);
  });

  it("Ids and tokens have the promised forms", () => {
    expect(uuidIds.newId()).toMatch(UUID_V7);
    expect(uuidIds.newToken()).toMatch(/^[A-Za-z0-9-]{22,64}$/);
  });
});
