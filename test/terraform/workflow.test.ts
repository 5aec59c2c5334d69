/** The example workflow of the module's README: its commands are there, and it may do no more than it needs. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { buildProgram } from "../../cli/program.ts";
import { fakeTerminal } from "../cli/fake-terminal.ts";
import { MODULE } from "./root-module.ts";

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly if: string;
  readonly steps: readonly { readonly name?: string; readonly run?: string }[];
}

const README = readFileSync(path.join(MODULE, "README.md"), "utf8");
const [, TEXT = ""] = /```yaml\n([\s\S]*?)```/.exec(README) ?? [];
const WORKFLOW = parse(TEXT) as { permissions: object; jobs: { plan: Job; apply: Job } };
const linesOf = ({ steps }: Job) => steps.flatMap(({ run = "" }) => run.split("\n"));
const commandsOf = (job: Job) => linesOf(job).filter((line) => line.startsWith("timelatch "));

describe("The example workflow", () => {
  const { plan, apply } = WORKFLOW.jobs;

  it.each(Object.entries(WORKFLOW.jobs))(
    "Every timelatch command of the job %s exists",
    (_name, job) => {
      expect(commandsOf(job).length).toBeGreaterThan(2);
      for (const line of commandsOf(job)) {
        const words = line.split(" ").slice(1);
        let at = buildProgram(fakeTerminal().context.screen, {});
        for (const word of words) at = at.commands.find((one) => one.name() === word) ?? at;
        expect([line, at.commands.length]).toEqual([line, 0]);
        const known = at.options.map(({ long }) => long);
        for (const option of words.filter((word) => word.startsWith("--")))
          expect(known).toContain(option);
      }
    },
  );

  it("A pull request is checked, tested and compared before it is planned, and applies nothing", () => {
    expect(commandsOf(plan).map((line) => line.split(" ").slice(1, 3).join(" "))).toEqual([
      ...["policy check", "policy test", "policy diff", "synth --terraform"],
    ]);
    expect(linesOf(plan).filter((line) => /\bapply\b|protect/.test(line))).toEqual([]);
    expect(plan.if).toContain("pull_request");
  });

  it("On main the stacks are protected after the apply, in an environment that somebody guards", () => {
    const lines = linesOf(apply);
    const at = (start: string) => lines.findIndex((line) => line.startsWith(start));
    expect(at("timelatch policy test")).toBeLessThan(at("timelatch synth"));
    expect(at("timelatch synth")).toBeLessThan(at("tofu apply"));
    expect(at("tofu apply")).toBeLessThan(at("timelatch protect"));
    expect(apply).toMatchObject({ environment: "production", if: expect.stringContaining("push") });
  });

  it("It writes nothing but a comment", () => {
    expect(WORKFLOW.permissions).toEqual({ "id-token": "write", contents: "read" });
    expect(plan.permissions).toEqual({ ...WORKFLOW.permissions, "pull-requests": "write" });
    expect(apply.permissions).toBeUndefined();
  });
});
