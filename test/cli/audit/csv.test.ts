import { describe, expect, it } from "vitest";
import { csvRecord } from "../../../cli/audit/csv.ts";

describe("CSV", () => {
  it("quotes what RFC 4180 says, and ends lines with CRLF", () => {
    expect(csvRecord(["plain", 'a "b"', "c,d", "e\nf", ""])).toBe(
      'plain,"a ""b""","c,d","e\nf",\r\n',
    );
  });

  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx"])(
    "makes a cell harmless that starts a formula: %j",
    (cell) => {
      expect(csvRecord([cell]).replaceAll('"', "")).toBe(`'${cell}\r\n`);
    },
  );

  it("leaves such characters alone inside a cell", () => {
    expect(csvRecord(["a=b", "1-2"])).toBe("a=b,1-2\r\n");
  });
});
