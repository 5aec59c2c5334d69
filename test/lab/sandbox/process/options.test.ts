import { describe, expect, it } from "vitest";
import { parseCommandLine, UsageError } from "../../../../lab/command-line.ts";
import { SANDBOX_COMMAND, sandboxOptions } from "../../../../lab/sandbox/process/options.ts";

const parse = (...argv: string[]) => {
  const parsed = parseCommandLine(SANDBOX_COMMAND, argv);
  return parsed === "help" ? parsed : sandboxOptions(parsed.values, "/home/me");
};

describe("the sandbox's options", () => {
  it("The sandbox's options have defaults", () => {
    expect(parse()).toEqual({
      dir: "/home/me/.sandbox",
      fresh: false,
      json: false,
      userIds: true,
      verbose: false,
      minuteSeconds: 5,
      jitterSeconds: 0,
      lossProbability: 0,
      pastAt: "accept-never-fire",
      authorizerLagSeconds: 0,
      eksReadLagSeconds: 0,
      iamLagSeconds: 0,
      trailDelaySeconds: 3,
      clockSeconds: {},
      empty: false,
    });
  });

  it("A sandbox that deploys nothing takes no assembly", () => {
    expect(parse("--empty")).toMatchObject({ empty: true });
    expect(() => parse("--empty", "--assembly", "cdk.out")).toThrow(
      new UsageError("--empty deploys nothing, so it does not go with --assembly."),
    );
  });

  it("The sandbox's options are all read", () => {
    expect(
      parse(
        ...[
          "--dir",
          "x",
          "--fresh",
          "--json",
          "--verbose",
          "--minute-seconds",
          "0.5",
          "--jitter-seconds",
          "59",
        ],
        ...["--loss-probability", "0.5", "--past-at", "reject", "--authorizer-lag-seconds", "5"],
        ...["--eks-read-lag-seconds", "2.5", "--iam-lag-seconds", "20"],
        ...["--trail-delay-seconds", "0"],
        ...["--clock", "api=+5s", "--clock", "converge=-2.5s"],
        "--without-user-ids",
        ...["--assembly", "/tmp/cdk.out"],
      ),
    ).toEqual({
      dir: "/home/me/x",
      fresh: true,
      json: true,
      userIds: false,
      verbose: true,
      minuteSeconds: 0.5,
      jitterSeconds: 59,
      lossProbability: 0.5,
      pastAt: "reject",
      authorizerLagSeconds: 5,
      eksReadLagSeconds: 2.5,
      iamLagSeconds: 20,
      trailDelaySeconds: 0,
      clockSeconds: { api: 5, converge: -2.5 },
      empty: false,
      assembly: "/tmp/cdk.out",
    });
  });

  it("The sandbox's options include --help and -h", () => {
    expect(parse("-h")).toBe("help");
    expect(parse("--help")).toBe("help");
  });

  it.each([
    [["--frsh"], "Unknown option '--frsh'."],
    [["-x"], "Unknown option '-x'."],
    [["here"], "Unexpected argument 'here'."],
    [["--dir"], "--dir"],
    [["--json=yes"], "--json"],
    [["--minute-seconds", "0"], "--minute-seconds"],
    [["--minute-seconds", "1e3"], "--minute-seconds"],
    [["--jitter-seconds", "-1"], "--jitter-seconds"],
    [["--eks-read-lag-seconds", "-1"], "--eks-read-lag-seconds"],
    [["--eks-read-lag-seconds", "3601"], "from 0 to 3600"],
    [["--iam-lag-seconds", "soon"], "--iam-lag-seconds"],
    [["--loss-probability", "1.5"], "from 0 to 1, not 1.5"],
    [["--past-at", "never"], "accept-never-fire"],
    [["--clock", "api"], "not api."],
    [["--clock", "api=5s"], "not api=5s."],
    [["--clock", "api=+5"], "not api=+5."],
    [["--clock", "=+5s"], "not =+5s."],
    [["--clock", "api=+241s"], "at most 240 s"],
    [["--clock", "archive=+259201s"], "at most 259200 s"],
    [["--clock", "api=+1s", "--clock", "api=-1s"], "api twice"],
  ])("The options %j are refused in one line that names the mistake", (argv, named) => {
    expect(() => parse(...argv)).toThrow(UsageError);
    expect(() => parse(...argv)).toThrow(named);
    expect(() => parse(...argv)).toThrow(/^[^\n]+\.$/);
  });
});
