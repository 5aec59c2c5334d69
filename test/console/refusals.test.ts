/** The API's refusals, which the console shows as they are: its users have no terminal in front of them. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** Refusals that only Slack's front gives: they send people to a terminal. */
const IN_SLACK = [
  "create-request.ts: timelatch request",
  "decision-checks.ts: timelatch approve",
  "escalate-request.ts: timelatch escalate",
  "extend-grant.ts: timelatch extend",
];

/** Texts for other readers: who uses access, who runs Timelatch, and a record's filler. */
const ELSEWHERE = [
  "stops.ts: timelatch suspensions",
  "unknown-ledger.ts: timelatch docs",
  "use-commands.ts: timelatch kubeconfig",
];

describe("The API's refusals", () => {
  it("No refusal that the console can show names a command: the command adds its own next steps", () => {
    const found = globSync("shared/{domain,usecases}/**/*.ts", { cwd: ROOT }).flatMap((file) =>
      readFileSync(path.join(ROOT, file), "utf8")
        .split("\n")
        .filter((line) => !/^\s*(\/?\*|\/\/)/.test(line))
        .flatMap((line) => {
          const [, command] = /timelatch ([a-z]+)/.exec(line) ?? [];
          return command === undefined ? [] : [`${path.basename(file)}: timelatch ${command}`];
        }),
    );
    expect([...new Set(found)].sort()).toEqual([...IN_SLACK, ...ELSEWHERE].sort());
  });
});
