import { describe, expect, it } from "vitest";
import { onCall } from "../../cli/commands/on-call.ts";
import type { OnCallNow } from "../../shared/domain/policy/on-call-now.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import { fakeApi, fakeTerminal } from "./fake-terminal.ts";
import { LENT } from "./sample-access.ts";

/** The command's output where the API knows these schedules. */
async function shown(schedules: readonly OnCallNow[] | undefined, json = false) {
  const asked: string[] = [];
  const terminal = fakeTerminal({
    json,
    api: fakeApi(({ path }) => {
      asked.push(path);
      return schedules ? { ...LENT, onCall: schedules } : LENT;
    }),
  });
  await onCall(terminal.context);
  expect(asked).toEqual(["/v1/access"]);
  return terminal.out();
}

const NOW = fakeTerminal().context.now();
const at = (seconds: number) => plusSeconds(NOW, seconds);
const KNOWN = { you: "no", readAt: at(-12) } as const;
const shift = (person: string, seconds: number) => ({ person, until: at(seconds) });

describe("timelatch on-call", () => {
  it("timelatch on-call lists everyone on call, until when, and how old that is", async () => {
    const text = await shown([
      { ...KNOWN, schedule: "primary", people: [shift("carol", 3_600), shift("dave", 7_200)] },
      { ...KNOWN, schedule: "night", people: [] },
    ]);
    expect(text).toMatch(/^SCHEDULE +ON CALL +UNTIL +READ\n/);
    expect(text).toMatch(/^primary +carol .*\(1h left\) +12s ago$/m);
    expect(text).toMatch(/^primary +dave .*\(2h left\) +12s ago$/m);
    expect(text).toMatch(/^night +nobody of access\.yaml +12s ago$/m);
  });

  it("timelatch on-call names the id of somebody on call whom access.yaml does not know", async () => {
    const text = await shown([
      { ...KNOWN, schedule: "primary", people: [shift("carol", 3_600)], unnamed: ["PZZZ999"] },
      { ...KNOWN, schedule: "night", people: [], unnamed: ["P2"] },
      { ...KNOWN, schedule: "empty", people: [], unnamed: [] },
    ]);
    expect(text).toMatch(/^primary +carol .*\(1h left\) +12s ago$/m);
    expect(text).toMatch(/^primary +PZZZ999, an id of nobody in access\.yaml +12s ago$/m);
    expect(text).toMatch(/^night +P2, an id of nobody in access\.yaml +12s ago$/m);
    expect(text).toMatch(/^empty +nobody +12s ago$/m);
  });

  it("timelatch on-call says since when it is not known, and why, in 80 columns", async () => {
    const text = await shown([
      { ...KNOWN, schedule: "primary", people: [shift("carol", 3_600)] },
      {
        ...{ schedule: "platform", people: [], you: "unknown" },
        unknown: { why: "gone", since: at(-600) },
      },
      {
        ...{ schedule: "new", people: [], you: "unknown" },
        unknown: { why: "never-read", since: null },
      },
    ]);
    expect(text).toMatch(/^platform +not known since \d\d:\d\d/m);
    expect(text).toContain("its service has no such schedule, or hides it");
    expect(text).toMatch(/^new +not known *$/m);
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("timelatch on-call knows who is on call where its reader has no id, and not after a shift is over", async () => {
    const unknown = (why: string) =>
      ({ you: "unknown", unknown: { why, since: at(-60) } }) as const;
    const text = await shown([
      { ...KNOWN, ...unknown("no-id"), schedule: "primary", people: [] },
      { ...KNOWN, ...unknown("old"), schedule: "night", people: [] },
    ]);
    expect(text).toMatch(/^primary +nobody of access\.yaml/m);
    expect(text).toMatch(/^night +not known since/m);
  });

  it("timelatch on-call says that no rule names a schedule, as an older API has it", async () => {
    expect(await shown(undefined)).toBe("No rule of access.yaml for you names a schedule.\n");
    expect(JSON.parse(await shown(undefined, true))).toEqual({ schedules: [] });
  });

  it("timelatch on-call --json has the schedules in the API's words", async () => {
    const schedules = [{ ...KNOWN, schedule: "primary", people: [shift("carol", 3_600)] }];
    expect(JSON.parse(await shown(schedules, true))).toEqual({ schedules });
  });
});
