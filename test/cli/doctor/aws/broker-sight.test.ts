/** The doctor's view of AWS: the stack as it is synthesized, behind the emulated port. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { brokerSight } from "../../../../cli/doctor/aws/broker-sight.ts";
import { brokerRoleNames } from "../../../../cli/doctor/expected-names.ts";
import { Unread } from "../../../../cli/doctor/sights.ts";
import { inRepository } from "../../../../infra/synth/repository.ts";
import type { CloudFormationContext } from "../../../../lab/sandbox/aws/cloudformation/context.ts";
import { newStack } from "../../../../lab/sandbox/aws/cloudformation/new-stack.ts";
import { cloudFormationService } from "../../../../lab/sandbox/aws/cloudformation/service.ts";
import type { CloudFormationState } from "../../../../lab/sandbox/aws/cloudformation/state.ts";
import { memoryStore } from "../../../../lab/sandbox/aws/store.ts";
import { ACCOUNT, REGION, SAMPLE } from "../../../infra/broker.ts";
import { type BrokerAccount, brokerAccount } from "../../../lab/sandbox/stack/broker-account.ts";
import { runHere } from "../../run-timelatch.ts";
import { signAs } from "../sign-as.ts";

const AT = "2026-11-28T07:00:00.000Z";
let account: BrokerAccount;

beforeAll(async () => {
  account = await brokerAccount([cloudFormation()]);
  deployed();
  signAs(account, "admin");
  vi.stubEnv("AWS_ENDPOINT_URL", account.url);
  account.ssm.state.parameters["/timelatch/slack/bot-token"] = {
    type: "SecureString",
    value: "xoxb-1",
    version: 1,
    modifiedAt: 0,
  };
});
afterAll(() => {
  vi.unstubAllEnvs();
  account.close();
});

const cloudFormationState: CloudFormationState = { stacks: [] };

/** The broker's stack and that of its fuses, deployed and protected. Nothing is deployed through it. */
function cloudFormation() {
  const context = {
    cloudFormation: memoryStore(cloudFormationState),
    account: ACCOUNT,
    region: REGION,
  } as unknown as CloudFormationContext;
  for (const name of ["Timelatch", "TimelatchFuses"])
    cloudFormationState.stacks.push(
      Object.assign(newStack(context, name, AT), { status: "CREATE_COMPLETE", isProtected: true }),
    );
  return cloudFormationService(context);
}

/** CloudFormation's description of the stack, once the port's address is known. */
function deployed() {
  const [stack] = cloudFormationState.stacks;
  const converge = account.stack.functions.find(({ name }) => name.includes("Converge"));
  if (!stack || !converge) throw new Error("Nothing is deployed.");
  stack.outputs = [{ key: "ApiUrl", value: account.url }];
  stack.resources = [
    {
      logicalId: "ConvergeFunctionD02DBDF1",
      physicalId: converge.name,
      at: AT,
      type: "AWS::Lambda::Function",
      status: "CREATE_COMPLETE",
      isRetained: false,
    },
  ];
}

const SIGNING = [
  "AWS_ENDPOINT_URL",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
];

const sight = () => brokerSight({ region: REGION });

describe("The doctor's view of the broker's account", () => {
  it("The caller is whoever signs", async () => {
    expect(await sight().caller()).toMatchObject({
      account: ACCOUNT,
      arn: expect.stringContaining("admin"),
    });
  });

  it("Every role of the stack is there, and each trusts whom the stack says", async () => {
    for (const name of [...brokerRoleNames(SAMPLE, ACCOUNT), "timelatch-grantor"])
      expect(await sight().role(name)).toMatchObject({ arn: expect.stringContaining(name) });
    const grantor = await sight().role("timelatch-grantor");
    expect(JSON.stringify(grantor?.trust)).toContain(`:iam::${ACCOUNT}:role/timelatch-converge"`);
    const { roles, quota } = await sight().roleQuota();
    expect(roles).toBeGreaterThan(10);
    expect(quota).toBe(1_000);
  });

  it("A cluster has its mode and its audit log", async () => {
    expect(await sight().cluster(`arn:aws:eks:${REGION}:${ACCOUNT}:cluster/prod`)).toEqual({
      mode: "API",
      status: "ACTIVE",
      auditLog: true,
    });
    expect(await sight().cluster(`arn:aws:eks:${REGION}:${ACCOUNT}:cluster/legacy`)).toMatchObject({
      mode: "CONFIG_MAP",
    });
  });

  it("The trail records changes", async () => {
    expect(await sight().trails(REGION)).toEqual([
      { name: "management-events", isLogging: true, recordsChanges: true },
    ]);
  });

  it("A table has its keys, and says what it lacks", async () => {
    expect(await sight().table("ledger")).toMatchObject({
      keys: "HASH pk, RANGE sk",
      ttl: undefined,
      pointInTimeRecovery: false,
      deletionProtection: false,
      encryption: "a key that AWS owns",
      tags: {},
    });
  });

  it("The stack has its state, its protection and its outputs", async () => {
    expect(await sight().stack("Timelatch", REGION)).toEqual({
      status: "CREATE_COMPLETE",
      isProtected: true,
      outputs: { ApiUrl: account.url },
      createdAt: expect.stringMatching(/^2\d{3}-\d\d-\d\dT/),
    });
  });

  it("Queues keep what fails, and the schedule group is there", async () => {
    const queue = await sight().queue("timelatch-converge.fifo", REGION);
    expect(queue).toEqual({ hasDeadLetters: true, demandsTls: true, visibilitySeconds: 6 });
    expect(await sight().scheduleGroup("timelatch", REGION)).toBe("ACTIVE");
  });

  it("Alarms are those of the stack, of several pages, without actions", async () => {
    const alarms = await sight().alarms("Timelatch-Alarms", REGION);
    const own = account.stack.alarms.filter(({ name }) => name.startsWith("Timelatch-"));
    expect(alarms).toHaveLength(own.length);
    expect(alarms[0]).toMatchObject({ state: "INSUFFICIENT_DATA", actions: 0 });
    expect(await sight().alarms("Other-", REGION)).toEqual([]);
  });

  it("Lambda says what the account has, and what converge has for itself", async () => {
    expect(await sight().concurrency()).toEqual({ limit: 1_000, unreserved: 992 });
    expect(await sight().convergeReserves("Timelatch")).toBe(4);
    expect(await sight().convergeReserves("Other")).toBeUndefined();
  });

  it("A parameter has its type, and its value is not read", async () => {
    expect(await sight().parameterType("/timelatch/slack/bot-token")).toBe("SecureString");
  });

  it("A role that trusts somebody else is not assumed", async () => {
    const arn = `arn:aws:iam::${ACCOUNT}:role/timelatch-converge`;
    expect(await sight().assumes(arn)).toBe(false);
  });
});

describe("Missing resources", () => {
  it.each<[string, () => Promise<unknown>]>([
    ["A role", () => sight().role("nobody-made-it")],
    ["A cluster", () => sight().cluster(`arn:aws:eks:${REGION}:${ACCOUNT}:cluster/none`)],
    ["A stack", () => sight().stack("Other", REGION)],
    ["A queue", () => sight().queue("other.fifo", REGION)],
    ["A schedule group", () => sight().scheduleGroup("other", REGION)],
    ["A parameter", () => sight().parameterType("/other/slack/bot-token")],
  ])("%s is undefined", async (_what, read) => {
    expect(await read()).toBeUndefined();
  });
});

describe("Unreadable resources", () => {
  it.each<[string, () => Promise<unknown>]>([
    ["a role", () => sight().role("timelatch-converge")],
    ["the account's quotas", () => sight().roleQuota()],
    ["the trails", () => sight().trails(REGION)],
    ["the stack", () => sight().stack("Timelatch", REGION)],
    ["a queue", () => sight().queue("timelatch-converge.fifo", REGION)],
    ["the schedule group", () => sight().scheduleGroup("timelatch", REGION)],
    ["the alarms", () => sight().alarms("Timelatch", REGION)],
    ["Lambda's limits", () => sight().concurrency()],
    ["a parameter", () => sight().parameterType("/timelatch/slack/bot-token")],
    ["a table", () => sight().table("ledger")],
  ])("For %s, the doctor says by which error AWS refused it", async (_what, read) => {
    signAs(account, "bob");
    await expect(read()).rejects.toBeInstanceOf(Unread);
    await expect(read()).rejects.toMatchObject({ code: expect.stringMatching(/AccessDenied/) });
    signAs(account, "admin");
  });
});

describe("timelatch doctor", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "timelatch-doctor-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const config = (of = ACCOUNT) =>
    writeFileSync(
      path.join(folder, "timelatch.config.yaml"),
      `version: 1\naccount: "${of}"\nregion: ${REGION}\n`,
    );
  const doctor = (...args: readonly string[]) =>
    runHere(["doctor", folder, ...args], {
      env: {
        ...Object.fromEntries(SIGNING.map((name) => [name, process.env[name]])),
        TIMELATCH_SLACK_API: "http://127.0.0.1:1",
      },
    });
  cpSync(inRepository("access.yaml"), path.join(folder, "access.yaml"));

  it("Prints what is well and what is not, and exits with 13", async () => {
    config();
    const { code, out, err } = await doctor();
    expect(code).toBe(13);
    expect(out).toMatch(/^✔ account +111122223333 in us-west-2, as arn:/m);
    expect(out).toMatch(/^✔ +Timelatch: protected from deletion$/m);
    expect(out).toMatch(
      /^! alarms +\d+ of \d+ have no action, so they reach nobody\n +→ write an SNS/m,
    );
    expect(out).toMatch(/^✘ +legacy: authentication mode CONFIG_MAP/m);
    expect(out).toContain("not known: 127.0.0.1:1 does not answer");
    expect(err).toMatch(/things are not well: .*clusters.*Nothing was changed\./s);
  });

  it("Answers the same for programs, and 0 where all is well", async () => {
    config();
    const { code, out } = await doctor("--json", "--only", "account", "--only", "stack");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      findings: [{ check: "account", ok: true }, { check: "stack" }, { check: "stack" }],
    });
  });

  it("Says where credentials are of another account than the folder", async () => {
    config("999988887777");
    const { code, out } = await doctor("--only", "account");
    expect(code).toBe(13);
    expect(out).toContain(
      "your credentials are of account 111122223333, and the deployment is for",
    );
  });

  it("Tables are looked at by themselves, and not beside a check", async () => {
    config();
    const { code, err } = await doctor("--restored", "--only", "stack");
    expect(code).toBe(2);
    expect(err).toContain("'--restored' cannot be used with option '--only <check>'");
  });

  it.each([
    ["a check that there is not", ["--only", "weather"], "There is no check weather."],
    ["an account without a profile", ["--account", "444455556666"], "is no <account>=<profile>"],
  ])("Refuses %s", async (_what, args, says) => {
    config();
    const { code, err } = await doctor(...args);
    expect(code).toBe(2);
    expect(err).toContain(says);
    expect(err).toContain("Nothing was done.");
  });
});
