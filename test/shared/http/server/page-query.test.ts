import { describe, expect, it } from "vitest";
import { idPrefixOf } from "../../../../shared/http/server/page-query.ts";

const ID = "019ab5c0-0000-7000-8000-000000000001";

describe("?idPrefix=", () => {
  it.each([8, 9, 13, 20, 36])("idPrefix takes the first %i characters of an id", (length) => {
    expect(idPrefixOf({ idPrefix: ID.slice(0, length) })).toBe(ID.slice(0, length));
  });

  it("idPrefix may be absent", () => {
    expect(idPrefixOf({ view: "mine" })).toBeUndefined();
  });

  it.each(["", "019ab5c", "019AB5C0", "019ab5c00", "payments-api", `${ID}0`])(
    "idPrefix refuses %j",
    (idPrefix) => {
      expect(() => idPrefixOf({ idPrefix })).toThrow("the first 8 or more characters");
    },
  );

  it("idPrefix and view exclude each other", () => {
    expect(() => idPrefixOf({ idPrefix: ID, view: "mine" })).toThrow("exclude each other");
  });
});
