/**
 * The Terraform module in empty accounts, carried out from its files: by its README from nothing to grants in two accounts,
 * through a change of the policy, an account that leaves, and away again.
 */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { awsDrivers } from "../terraform/aws-drivers.ts";
import { apply, plan } from "../terraform/carry-out.ts";
import { MODULE, SOURCE } from "../terraform/root-module.ts";
import type { Asked, State } from "../terraform/walk.ts";
import { newFolder } from "./abuse-sandbox.ts";
import { apiPerson, editIn } from "./api-person.ts";
import { type DeploymentFolder, deploymentFolder } from "./deployment-folder.ts";
import { eventually } from "./eventually.ts";
import { awsJson } from "./real-clients.ts";
import { threeEngineers } from "./sample-access.ts";
import { profileKeys, type SandboxProcess, startSandboxProcess } from "./sandbox-process.ts";

const [HUB, SPOKE] = ["111122223333", "444455556666"];
/** A synthesis, and every stack, on a busy machine. */
const LIMIT_MS = 6 * 60_000;
const EDIT = { cluster: "prod", access: editIn("payments-api") };
/** As the module's README has it. */
const [, REMOVED = ""] =
  /```hcl(\n\s+removed \{[\s\S]*?)```/.exec(readFileSync(path.join(MODULE, "README.md"), "utf8")) ??
  [];
const VIEW = { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } };

const roleOf = (name: string) =>
  `arn:aws:iam::${HUB}:role/timelatch/people/timelatch-person-${name}`;

let sandbox: SandboxProcess;
let at: DeploymentFolder;
const state: State = new Map();
beforeAll(async () => {
  sandbox = await startSandboxProcess(["--dir", newFolder(), "--empty", "--minute-seconds", "3"]);
  at = deploymentFolder(sandbox, { TIMELATCH_ROLE: roleOf("carol") });
  cpSync(path.join(MODULE, "examples/spokes"), at.folder, { recursive: true });
}, LIMIT_MS);
afterAll(() => sandbox.stop());

const asked = (): Asked => ({
  ...{ root: at.folder, sources: { [SOURCE]: MODULE } },
  drivers: awsDrivers((account) => ({
    endpoint: sandbox.awsUrl,
    credentials: profileKeys(sandbox, account === SPOKE ? "spoke-admin" : "admin"),
  })),
});

// biome-ignore lint/suspicious/noExplicitAny: a document that tests change at will
async function synthesize(change: (file: any) => void = () => undefined): Promise<void> {
  const file = parse(readFileSync(threeEngineers(), "utf8"));
  change(file);
  at.policy(file);
  const { code, stderr } = await at.timelatch("synth", "--terraform");
  expect({ code, stderr }).toEqual({ code: 0, stderr });
}

/** The sandbox knew no roles when it began. */
const person = (name: string) =>
  apiPerson({ ...sandbox, people: { [name]: { TIMELATCH_ROLE: roleOf(name) } } }, name);
const RECREATED = "urn:timelatch:problem:principal-recreated";
/** Lends, and answers the grant. A role that was just made is not lent to at once. */
async function lend(name: string, asking: object) {
  const send = () =>
    person(name).post("/v1/requests", { ...asking, reason: "INC-4711 the first grant" });
  const answer = await eventually(send, ({ body }) => body.type !== RECREATED);
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 201 });
  if (answer.body.state === "pending") await person("bob").approve(answer.body);
  return person(name).until(answer.body, ["active"]);
}
const stackNames = async (profile: string, region: string): Promise<readonly string[]> => {
  const { Stacks } = await awsJson(
    ...([sandbox, profile, "cloudformation", "describe-stacks", "--region", region] as const),
  );
  return Stacks.map(({ StackName }: { StackName: string }) => StackName).toSorted();
};

/** Changes the root module's file. */
function rewrite(change: (text: string) => string): void {
  const file = path.join(at.folder, "main.tf");
  writeFileSync(file, change(readFileSync(file, "utf8")));
}
const run = async (...args: readonly [string, ...string[]]) => {
  const ended = await at.timelatch(...args);
  expect(ended).toEqual({ ...ended, code: 0 });
  return ended.stdout.replace(/\s+/g, " ");
};
const AS_CAROL = ["--admin-profile", "carol", "--yes"] as const;

describe("By Terraform, in empty accounts", () => {
  let before: Awaited<ReturnType<typeof lend>>;
  let abroad: typeof before;

  it(
    "The example's files make every stack, and people borrow in two accounts",
    async () => {
      await synthesize();
      const { outputs } = await apply(asked(), state);
      expect(outputs["api_url"]).toBe(sandbox.apiUrl);
      expect(await stackNames("admin", "us-west-2")).toEqual([
        ...["Timelatch", "TimelatchFuses", "TimelatchPeople-1"],
      ]);
      expect(await stackNames("spoke-admin", "eu-west-1")).toEqual([
        ...[`TimelatchAccount-${SPOKE}-eu-west-1`, `TimelatchForward-${SPOKE}-eu-west-1`],
      ]);
      expect(await plan(asked(), state)).toEqual([]);
      before = await lend("alice", { ...EDIT, duration: "20m" });
      abroad = await lend("heidi", { cluster: "overseas", access: VIEW, duration: "20m" });
    },
    LIMIT_MS,
  );

  it(
    "A policy that changed is refused by a plan until the assembly is made again, and changes what it concerns",
    async () => {
      at.policy({ ...parse(readFileSync(threeEngineers(), "utf8")), people: {} });
      await expect(plan(asked(), state)).rejects.toThrow("timelatch synth --terraform");
      await synthesize((file) => {
        for (const rule of file.rules) rule.duration = { max: "25m" };
      });
      const { changes } = await apply(asked(), state);
      const stacks = changes.filter((one) => one.includes("aws_cloudformation_stack"));
      expect(stacks).toEqual([
        'update module.hub.module.broker.aws_cloudformation_stack.this["Timelatch"]',
      ]);
      const { state: now } = (await person("alice").get(`/v1/requests/${before.id}`)).body;
      expect(now).toBe("active");
      const longer = { ...EDIT, duration: "40m", reason: "INC-4711 too long" };
      expect((await person("alice").post("/v1/requests", longer)).status).toBe(422);
    },
    LIMIT_MS,
  );

  it(
    "Once protected, no stack goes although its call left the files",
    async () => {
      const said = await run("protect", "--account", `${SPOKE}=spoke-admin`);
      expect(said).toContain(
        `TimelatchPeople-1 in us-west-2 of ${HUB} is protected from deletion now.`,
      );
      const main = readFileSync(path.join(at.folder, "main.tf"), "utf8");
      rewrite((text) => text.replace(/\nmodule [\s\S]*$/, ""));
      await expect(apply(asked(), state)).rejects.toThrow("TerminationProtection is enabled");
      rewrite(() => main);
      expect(await plan(asked(), state)).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    "An account leaves: its clusters are retired, its call is forgotten, and a command deletes its stacks",
    async () => {
      await synthesize((file) => {
        for (const name of ["overseas", "ireland"]) file.clusters[name].retired = true;
      });
      await apply(asked(), state);
      await person("heidi").post(`/v1/requests/${abroad.id}/return`, {});
      await person("heidi").until(abroad, ["ended"]);
      await synthesize((file) => {
        const isLeft = (name: string) => ["overseas", "ireland"].includes(name);
        for (const name of Object.keys(file.clusters).filter(isLeft)) delete file.clusters[name];
        file.rules = file.rules.filter(
          ({ clusters }: { clusters: string[] }) => !clusters.some(isLeft),
        );
      });
      rewrite((text) =>
        text
          .replace(/\nmodule "spoke" \{[\s\S]*?\n\}\n/, REMOVED)
          .replace(/\n {2}deployed = module.spoke.grantors/, ""),
      );
      const { changes } = await apply(asked(), state);
      expect(changes.filter((one) => one.startsWith("delete module.spoke"))).toEqual([]);
      await run("destroy", "--account", `${SPOKE}=spoke-admin`, ...AS_CAROL);
      for (const region of ["us-west-2", "eu-west-1"])
        expect(await stackNames("spoke-admin", region)).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    "They leave: drained, unprotected, and no stack is there after the last apply",
    async () => {
      const carol = person("carol");
      const refused = await at.timelatch("protect", "--off", ...AS_CAROL);
      expect(refused.stderr.replace(/\s+/g, " ")).toContain("The broker is not drained");
      const drain = { reason: "we leave", evenIfNobodyCanLift: true };
      expect((await carol.post("/v1/drain", drain)).status).toBeLessThan(300);
      await person("alice").until(before, ["ended"], 60);
      await run("protect", "--off", ...AS_CAROL);
      rewrite((text) => text.replace(/\nmodule [\s\S]*$/, ""));
      const { changes } = await apply(asked(), state);
      expect(changes.filter((one) => one.includes("aws_cloudformation_stack"))).toEqual(
        ["people", "broker", "fuses"].map((kind) => expect.stringContaining(`module.${kind}.`)),
      );
      expect(await stackNames("admin", "us-west-2")).toEqual([]);
    },
    LIMIT_MS,
  );
});
