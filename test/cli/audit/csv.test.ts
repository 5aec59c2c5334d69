import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvRecord } from "../../../cli/audit/csv.ts";

/** Characters that some spreadsheet may take for a separator. */
const SEPARATORS = [",", ";", "|", "\t"];

describe("CSV", () => {
  it("A CSV record quotes every cell, doubles quotes, and ends with CRLF, as RFC 4180 allows", () => {
    expect(csvRecord(["plain", 'a "b"', "c,d", ""])).toBe('"plain","a ""b""","c,d",""\r\n');
  });

  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\uff1d1", ' "=1'])(
    "A CSV cell that starts a formula is made harmless: %j",
    (cell) => {
      expect(csvRecord([cell])).toMatch(/^"(?: "")?'/);
    },
  );

  it.each([";", "|", ","])("Text after %j inside a CSV cell is made harmless", (separator) => {
    expect(csvRecord([`a${separator}=1${separator} "-2`])).toBe(
      `"a${separator}'=1${separator} ""'-2"\r\n`,
    );
  });

  it("A CSV record starts no formula, whichever separator a spreadsheet splits it by", () => {
    const unit = fc.constantFrom(..."=+-@;,|\t\n\r \"'a1\uff1d");
    fc.assert(
      fc.property(fc.array(fc.string({ unit }), { minLength: 1, maxLength: 3 }), (cells) => {
        const record = csvRecord(cells);
        for (const separator of SEPARATORS)
          for (const part of record.split(separator))
            expect(part).not.toMatch(/^[\s"]*[=+\-@\uff1d]/);
      }),
    );
  });

  it("A CSV record stays on one line", () => {
    expect(csvRecord(["a\nb\r\tc"])).toBe('"a\\nb\\r\\tc"\r\n');
  });

  it("A CSV cell keeps the characters of a formula where they do not start one", () => {
    expect(csvRecord(["a=b", "1-2"])).toBe('"a=b","1-2"\r\n');
  });
});
