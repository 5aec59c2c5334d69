import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { verifyExport } from "../../../cli/audit/verify-export.ts";
import type { AuditEvent } from "../../../shared/domain/requests/audit-event.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import { idOf } from "../sample-requests.ts";
import { historyOf, linesOf, rewritten } from "./histories.ts";

/** Verifies a file that comes in pieces of a few bytes. */
const verify = (file: string | Buffer, piece = 777) => {
  const bytes = Buffer.from(file);
  const pieces = Array.from({ length: Math.ceil(bytes.length / piece) }, (_none, at) =>
    bytes.subarray(at * piece, (at + 1) * piece),
  );
  return verifyExport(Readable.from(pieces));
};
const verifyLines = (lines: readonly string[]) => verify(lines.map((line) => `${line}\n`).join(""));

const HISTORY = historyOf(1, [0, 0, 2, 0]);
const LINES = linesOf(HISTORY);
const at = (index: number) => HISTORY[index] as AuditEvent;

describe("Verification of an export", () => {
  it("Verification accepts whole histories of an export, in whatever pieces they come", async () => {
    expect(HISTORY.map(({ type }) => type)).toEqual([
      "request",
      "approve",
      "activate",
      "expire",
      "settle",
    ]);
    for (const piece of [1, 7, 100_000])
      expect(await verify(`\ufeff${LINES.join("\r\n")}`, piece)).toEqual({
        requests: 1,
        events: 5,
        faults: [],
        unread: 0,
      });
  });

  it.each([
    ["a step that the lifecycle has not", 4, { type: "approve" }, "order"],
    ["a settlement before its approval", 1, { type: "settle", to: "ended" }, "order"],
    ["a state that comes from nowhere", 2, { from: "pending" }, "order"],
    ["a beginning that is not a request", 0, { type: "approve", from: "pending" }, "order"],
    ["a time before the event before", 2, { at: plusSeconds(at(1).at, -1) }, "time"],
  ] as const)(
    "Verification of an export finds %s, though every hash fits",
    async (_what, index, changes, fault) => {
      const { faults } = await verifyLines(
        linesOf(rewritten(HISTORY, index, changes as Partial<AuditEvent>)),
      );
      expect(faults).toMatchObject([{ fault, seq: index + 1, line: index + 1 }]);
    },
  );

  it.each([
    [
      "a member twice",
      LINES[1]?.replace('"actor"', '"actor":"mallory","actor"'),
      "strict JSON: /actor",
    ],
    [
      "a number out of range",
      LINES[1]?.replace('"details":{', '"details":{"n":1e999'),
      "strict JSON: /details/n",
    ],
    [
      "a number that another text gives too",
      LINES[1]?.replace('"seq":2', '"seq":2.0'),
      "strict JSON: /seq",
    ],
    ["a member that no event has", LINES[1]?.replace("{", '{"more":1,'), "more is not a member"],
    ["a date that is none", LINES[1]?.replace(at(1).at, "yesterday"), "at is not an instant"],
    [
      "a day that is none",
      LINES[1]?.replace(at(1).at, "2026-02-30T10:00:00.000Z"),
      "at is not an instant",
    ],
    [
      "a time of another zone",
      LINES[1]?.replace(at(1).at, "2026-11-24T10:00:00.000+01:00"),
      "at is not an instant",
    ],
    ["another schema", LINES[1]?.replace('"schema":1', '"schema":2'), "schema is not 1"],
    ["a type that is none", LINES[1]?.replace('"approve"', '"approved"'), "type is not a type"],
    [
      "a prototype for a state",
      LINES[1]?.replace('"to":"approved"', '"to":"__proto__"'),
      "to is not a state",
    ],
    [
      "a hash in capitals",
      LINES[1]?.replace(at(1).hash, at(1).hash.toUpperCase()),
      "hash is not a SHA-256",
    ],
    ["an array", "[1]", "not a JSON object"],
    ["half an event", LINES[1]?.slice(0, 40), "not JSON"],
    ["spaces", "  ", "not JSON"],
    ["NUL", "\0", "not JSON"],
    ["deep nesting", `${"[".repeat(5_000)}${"]".repeat(5_000)}`, "nested too deep"],
    ["half a character", LINES[1]?.replace('"timelatch"', '"\\ud800"'), "strict JSON: /actor"],
  ])(
    "Verification of an export finds a line with %s, by its number",
    async (_what, line, words) => {
      const { faults } = await verifyLines([LINES[0] ?? "", line ?? ""]);
      expect(faults).toEqual([{ line: 2, detail: expect.stringContaining(words) }]);
    },
  );

  it("Verification of an export finds bytes that are not UTF-8, and a character that is cut off", async () => {
    const cut = Buffer.concat([
      Buffer.from(`${LINES[0]}\n{"a":"`),
      Buffer.from("é").subarray(0, 1),
    ]);
    expect((await verify(cut)).faults).toEqual([{ line: 2, detail: "This is not UTF-8." }]);
  });

  it("Verification of an export keeps nothing of a line of 100 MB, and continues after it", async () => {
    const megabyte = Buffer.alloc(1024 * 1024, "x");
    async function* file() {
      for (let part = 0; part < 100; part += 1) yield megabyte;
      yield Buffer.from(`\n${LINES.join("\n")}`);
    }
    const before = process.memoryUsage().arrayBuffers;
    const { faults, events } = await verifyExport(file());
    expect(faults).toEqual([{ line: 1, detail: "This line is longer than any event." }]);
    expect(events).toBe(5);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * 1024 * 1024);
  });

  it("Verification of an export finds an event that is there twice before those that it follows", async () => {
    const [one = "", two = "", three = ""] = LINES;
    const { faults } = await verifyLines([three, three, one, two]);
    expect(faults).toMatchObject([{ fault: "duplicate", seq: 3, line: 2 }]);
  });

  it("Verification of an export stops after ten faults, and counts the lines that it did not read", async () => {
    const { faults, unread, events } = await verifyLines(
      Array.from({ length: 500 }, () => "no event"),
    );
    expect({ faults: faults.length, unread, events }).toEqual({
      faults: 10,
      unread: 490,
      events: 0,
    });
  });

  it("Verification of an export says of nothing that it is missing where lines were not read", async () => {
    const [first = "", second = "", third = ""] = LINES;
    const broken = Array.from({ length: 10 }, () => "no event");
    const { faults, unread } = await verifyLines([third, ...broken, first, second]);
    expect(faults.map(({ detail }) => detail)).toEqual(broken.map(() => expect.any(String)));
    expect(unread).toBe(2);
  });

  it("Verification of an export cannot see a cut end, a missing request, or one that was written again", async () => {
    expect((await verifyLines(LINES.slice(0, 3))).faults).toEqual([]);
    expect((await verifyLines(linesOf(historyOf(2, [0])))).faults).toEqual([]);
    const forged = rewritten(HISTORY, 1, { actor: "mallory" });
    expect((await verifyLines(linesOf(forged))).faults).toEqual([]);
  });
});

/** Ways to tamper with the lines of a file; undefined if the file has nothing to tamper with. */
const TAMPERINGS: Readonly<
  Record<
    string,
    (lines: readonly string[], at: number, char: number) => readonly string[] | undefined
  >
> = {
  "a letter of a line is another": (lines, at, char) => {
    const line = lines[at] ?? "";
    const place = char % line.length;
    const other = line[place] === "7" ? "8" : "7";
    return lines.with(at, line.slice(0, place) + other + line.slice(place + 1));
  },
  "a line that others follow is gone": (lines, at) => {
    const all = lines.map((line) => JSON.parse(line) as AuditEvent);
    const gone = all[at];
    const isLast = !all.some(
      ({ requestId, seq }) => requestId === gone?.requestId && seq > gone.seq,
    );
    return isLast ? undefined : lines.toSpliced(at, 1);
  },
  "a line is there twice": (lines, at) => lines.toSpliced(at, 0, lines[at] ?? ""),
  "a line is cut off": (lines, at, char) => {
    const line = lines[at] ?? "";
    return lines.with(at, line.slice(0, 1 + (char % (line.length - 1))));
  },
  "two events have changed places": (lines, at) => {
    const [one, two] = [at, (at + 1) % lines.length].map(
      (index) => JSON.parse(lines[index] ?? "") as AuditEvent,
    );
    if (!one || !two || one.requestId !== two.requestId || one.seq === two.seq) return undefined;
    const swapped = [
      { ...one, seq: two.seq },
      { ...two, seq: one.seq },
    ];
    return [
      ...lines.filter((line) => ![one, two].some(({ hash }) => line.includes(`"hash":"${hash}"`))),
      ...linesOf(swapped),
    ];
  },
  "an event belongs to another request": (lines, at) =>
    lines.with(at, (lines[at] ?? "").replace(/"requestId":"[^"]+"/, `"requestId":"${idOf(99)}"`)),
};

describe("Tampering with an export", () => {
  const choices = fc.array(fc.nat(30), { minLength: 1, maxLength: 8 });
  const files = fc
    .array(choices, { minLength: 1, maxLength: 3 })
    .map((all) => linesOf(all.flatMap((one, index) => historyOf(index + 1, one))));
  const shuffled = files.chain((lines) => fc.shuffledSubarray(lines, { minLength: lines.length }));

  it("Verification finds no tampering in whole files, in any order of their lines", () =>
    fc.assert(
      fc.asyncProperty(shuffled, async (lines) => {
        expect((await verifyLines(lines)).faults).toEqual([]);
      }),
      { numRuns: 50 },
    ));

  it.each(Object.entries(TAMPERINGS))(
    "Verification of an export shows tampering: %s",
    (_what, tamper) =>
      fc.assert(
        fc.asyncProperty(shuffled, fc.nat(1_000), fc.nat(10_000), async (lines, at, char) => {
          const tampered = tamper(lines, at % lines.length, char);
          if (tampered) expect((await verifyLines(tampered)).faults.length).toBeGreaterThan(0);
        }),
        { numRuns: 60 },
      ),
  );
});
