/**
 * The worst days, each with 20 grants lent: the runbook's pages are played by their own commands in one sandbox. The
 * numbers of production are in test/worst-day; here the same bounds hold by the settings below.
 */
import { readFileSync } from "node:fs";
import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
  UpdateTerminationProtectionCommand,
} from "@aws-sdk/client-cloudformation";
import { DescribeKeyCommand, KMSClient, ScheduleKeyDeletionCommand } from "@aws-sdk/client-kms";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import type { Settings } from "../../shared/domain/settings.ts";
import { newFolder } from "./abuse-sandbox.ts";
import { apiPerson, editIn } from "./api-person.ts";
import { badRelease } from "./bad-release.ts";
import { commandFolder } from "./bundled-command.ts";
import { forgetCallerKeys } from "./caller-keys.ts";
import { deploymentFolder } from "./deployment-folder.ts";
import { playDocument, type Script } from "./documents/play.ts";
import { FUNCTIONS } from "./documents/scripts.ts";
import { openShell, type Shell } from "./documents/shell.ts";
import {
  BAD_RELEASE,
  DELETED_STACK,
  QUOTA,
  REGION_GONE,
  SEAL_KEY,
  STUCK_UPDATE,
} from "./documents/worst-day-scripts.ts";
import { patchedAssembly } from "./patched-assembly.ts";
import { threeEngineers } from "./sample-access.ts";
import { type SandboxProcess, startSandboxProcess } from "./sandbox-process.ts";
import { administrator } from "./switches.ts";
import { briefly, lendTwenty, type TwentyGrants } from "./twenty-grants.ts";

const SETTINGS: Partial<Settings> = {
  marginSeconds: 3,
  fuseDelaySeconds: 2,
  retryCeilingSeconds: 2,
};
const MINUTE_SECONDS = 1;
/**
 * How inexact the measurement is: reads of five entries, on a machine with other work. Where lending takes long, so do
 * removals and reads.
 */
const reading = () => Math.max(4, lending / 4);
/** From an end until its fuse has fired, as this sandbox's Scheduler is on time. */
const fuseWithin = () => (SETTINGS.fuseDelaySeconds ?? 0) + reading();
/** From when converge works again: a pause, a sweep, and a run, which starts a function. */
const backWithin = () => (SETTINGS.retryCeilingSeconds ?? 0) + MINUTE_SECONDS + 5 + reading();
const LIMIT_MS = 10 * 60_000;

let sandbox: SandboxProcess;
let shell: Shell;
/** Twenty that are lent before the first test, until a test gives them back. */
let inFlight: TwentyGrants;
/** How many seconds the slowest lending took. */
let lending = 0;
beforeAll(async () => {
  const dir = newFolder();
  const access = threeEngineers();
  vi.stubEnv("TIMELATCH_ACCESS", access);
  const assembly = await patchedAssembly(newFolder(), SETTINGS);
  const args = ["--dir", dir, "--minute-seconds", `${MINUTE_SECONDS}`, "--assembly", assembly];
  sandbox = await startSandboxProcess(args);
  const at = deploymentFolder(sandbox, {}, SETTINGS);
  at.policy(parse(readFileSync(access, "utf8")));
  shell = openShell(at.folder);
  await shell.run(`. ${dir}/env; SANDBOX=${dir} PATH=${commandFolder()}:$PATH`);
  await shell.run(FUNCTIONS);
  inFlight = await lend("1h");
}, LIMIT_MS);
/** One that fails leaves nothing down for the next. */
afterEach(async () => {
  await control("regions", "PUT", { down: [] });
  await control("scheduler", "PUT", { lossProbability: 0, mostSchedules: 10_000_000 });
});
afterAll(async () => {
  await shell?.close();
  await sandbox?.stop();
});

const play = async (page: Script) => expect(await playDocument(page, shell)).toEqual([]);
async function control(what: string, method: string, body: object): Promise<void> {
  const response = await fetch(`${sandbox.awsUrl}/_sandbox/${what}`, {
    method,
    body: JSON.stringify(body),
  });
  expect([response.status, await response.text()]).toEqual([200, expect.any(String)]);
}
const FAR = ["ireland", "overseas"];

/** Asks with the administrator's keys. @returns the answer as text */
async function asked(command: string): Promise<string> {
  const { status, printed } = await shell.run(`(become admin; ${command})`);
  expect({ command, status, printed }).toMatchObject({ command, status: 0 });
  return printed.trim();
}
const resource = (start: string, member = "LogicalResourceId") =>
  asked(
    `aws cloudformation list-stack-resources --stack-name Timelatch --output text --query "StackResourceSummaries[?ResourceType=='AWS::Lambda::Function' && starts_with(LogicalResourceId, '${start}')] | [0].${member}"`,
  );

async function lend(duration: string): Promise<TwentyGrants> {
  const from = Date.now();
  const lent = await lendTwenty(sandbox, duration);
  lending = Math.max(lending, (Date.now() - from) / 1_000);
  return lent;
}

/** The next twenty, which end soon. */
async function lendBriefly(): Promise<TwentyGrants> {
  await inFlight.returned();
  return lend(briefly(lending));
}

describe("With 20 grants lent", () => {
  it(
    "A bad release is deployed, and the former one again, and no grant in flight loses anything or stays",
    async () => {
      expect(await badRelease(sandbox, "bad")).toBe("UPDATE_COMPLETE");
      expect((await apiPerson(sandbox, "alice").get("/v1/access")).status).toBeGreaterThanOrEqual(
        500,
      );
      await play(BAD_RELEASE);
      expect(await inFlight.lentOn()).toEqual([...FAR, "prod"].sort());
      const { body } = await apiPerson(sandbox, "dave").get("/v1/grants");
      const states = body.requests.map(({ state }: { readonly state: string }) => state);
      expect(states).toEqual(Array.from({ length: 20 }, () => "active"));
      await inFlight.returned();
      expect(await inFlight.lentOn()).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    "Scheduler is at its quota, another region is gone, and the seal key is to be deleted",
    async () => {
      const kms = new KMSClient(administrator(sandbox));
      const KeyId = await asked(
        `aws cloudformation describe-stacks --stack-name Timelatch --output text --query "Stacks[0].Outputs[?OutputKey=='SealKeyId'].OutputValue"`,
      );
      const lent = await lendBriefly();
      await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
      await control("scheduler", "PUT", { mostSchedules: 0 });
      await control("regions", "PUT", { down: ["eu-west-1"] });
      const alice = apiPerson(sandbox, "alice");
      const waits = await alice.ask({ access: editIn("payments-late"), duration: "10m" });
      await apiPerson(sandbox, "bob").approve(waits);
      expect(await lent.gone(["overseas", "prod"], 30)).toBeLessThanOrEqual(reading());
      expect(await lent.lentOn()).toEqual(["ireland"]);
      expect((await alice.get(`/v1/requests/${waits.id}`)).body.state).toBe("approved");
      await play(QUOTA);
      await control("regions", "PUT", { down: [] });
      const back = Date.now();
      await lent.gone(["ireland"], 60);
      expect((Date.now() - back) / 1_000).toBeLessThanOrEqual(backWithin());
      await control("scheduler", "PUT", { mostSchedules: 10_000_000 });
      await alice.until(waits, ["active"]);
      await alice.post(`/v1/requests/${waits.id}/return`, {});
      await lent.ended();
      await play(SEAL_KEY);
      const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
      expect(KeyMetadata?.KeyState).toBe("Enabled");
    },
    LIMIT_MS,
  );

  it(
    "The broker's region is gone",
    async () => {
      const lent = await lendBriefly();
      await control("regions", "PUT", { down: ["us-west-2"] });
      expect(await lent.gone(["ireland"], 60)).toBeLessThanOrEqual(fuseWithin());
      // Nobody says what Scheduler does with what came due meanwhile.
      await control("scheduler", "PUT", { lossProbability: 1 });
      await control("regions", "PUT", { down: [] });
      const back = Date.now();
      await lent.gone(["overseas", "prod"], 60);
      expect((Date.now() - back) / 1_000).toBeLessThanOrEqual(backWithin());
      await control("scheduler", "PUT", { lossProbability: 0 });
      await lent.ended();
      await play(REGION_GONE);
    },
    LIMIT_MS,
  );

  it(
    "An update is stuck, and the functions of a bad release run",
    async () => {
      const lent = await lendBriefly();
      const fault = { stack: "Timelatch", resource: await resource("ConvergeFunction"), count: 2 };
      await control("stacks", "POST", fault);
      expect(await badRelease(sandbox, "stuck")).toBe("UPDATE_ROLLBACK_FAILED");
      expect(await lent.gone([...FAR, "prod"], 60)).toBeLessThanOrEqual(fuseWithin());
      await play(STUCK_UPDATE);
      await lent.ended();
    },
    LIMIT_MS,
  );

  it(
    "The broker's stack is deleted, and deployed again with its tables",
    async () => {
      const lent = await lendBriefly();
      const client = new CloudFormationClient(administrator(sandbox));
      const stack = { StackName: "Timelatch" };
      await client.send(
        new UpdateTerminationProtectionCommand({ ...stack, EnableTerminationProtection: false }),
      );
      await client.send(new DeleteStackCommand(stack));
      const { Stacks } = await client.send(new DescribeStacksCommand(stack));
      expect(Stacks?.map(({ StackStatus }) => StackStatus)).toEqual(["DELETE_FAILED"]);
      expect(await lent.gone([...FAR, "prod"], 60)).toBeLessThanOrEqual(fuseWithin());
      await play(DELETED_STACK);
      // Their roles are other ones now.
      for (const name of ["alice", "bob", "dave"]) forgetCallerKeys(sandbox, name);
      await lent.ended();
    },
    LIMIT_MS,
  );
});
