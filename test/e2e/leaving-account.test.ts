/**
 * An account with clusters leaves the policy while access is lent there: by the real commands, from a folder as
 * `timelatch init` writes it. Nothing may be left that nobody takes away.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { type AbuseSandbox, newFolder, objections, startAbuseSandbox } from "./abuse-sandbox.ts";
import { type DeploymentFolder, deploymentFolder } from "./deployment-folder.ts";
import { aws, awsJson, runAs } from "./real-clients.ts";
import { threeEngineers } from "./sample-access.ts";
import { profileKeys } from "./sandbox-process.ts";

const SPOKE = "444455556666";
const PEOPLE = "TimelatchPeople-444455556666-1";
const PLACES = { overseas: "us-west-2", ireland: "eu-west-1" } as const;
type Far = keyof typeof PLACES;
const FAR: readonly Far[] = ["overseas", "ireland"];
const STACKS: Readonly<Record<Far, string>> = {
  overseas: `TimelatchAccount-${SPOKE}`,
  ireland: `TimelatchAccount-${SPOKE}-eu-west-1`,
};
const ROLE = `arn:aws:iam::${SPOKE}:role/timelatch/people/timelatch-person-heidi`;
const VIEW = { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } };
/** A synthesis and a deployment by the CDK command, on a busy machine. */
const LIMIT_MS = 6 * 60_000;

let sandbox: AbuseSandbox;
let at: DeploymentFolder;
beforeAll(async () => {
  sandbox = await startAbuseSandbox(newFolder(), threeEngineers());
  at = deploymentFolder(sandbox, {
    TIMELATCH_ROLE: sandbox.people["carol"]?.["TIMELATCH_ROLE"] ?? "",
  });
}, LIMIT_MS);
afterAll(() => sandbox.stop());

const AS_CAROL = ["--admin-profile", "carol", "--yes"];
const record = () => path.join(at.folder, "access.stacks.json");

/** Writes the policy with the clusters of the account that leaves as they are, retired, or not at all. */
function write(state: "lends" | "retired" | "left"): void {
  const file = parse(readFileSync(threeEngineers(), "utf8"));
  for (const name of FAR)
    if (state === "retired") file.clusters[name].retired = true;
    else if (state === "left") delete file.clusters[name];
  if (state === "left")
    file.rules = file.rules.filter(({ clusters }: { clusters: string[] }) =>
      clusters.every((name) => Object.hasOwn(file.clusters, name)),
    );
  at.policy(file);
}

/** Runs `timelatch` on the folder, and expects how it ends. @returns all that it said, in one line */
async function run(code: number, command: string, ...args: readonly string[]): Promise<string> {
  const ended = await at.timelatch(command, ...args);
  const said = `${ended.stdout}\n${ended.stderr}`.replace(/\s+/g, " ");
  expect({ code: ended.code, said }).toEqual({ code, said });
  return said;
}

/** Whether kubectl reads pods under heidi's own role in the account. */
async function reads(context: Far): Promise<boolean> {
  const settings = { endpoint: sandbox.awsUrl, region: "us-west-2" };
  const sts = new STSClient({ ...settings, credentials: profileKeys(sandbox, "heidi") });
  const assumed = sts.send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: "heidi" }));
  const { Credentials } = await assumed.catch(() => ({ Credentials: undefined }));
  if (!Credentials) return false;
  const env = {
    AWS_ACCESS_KEY_ID: Credentials.AccessKeyId ?? "",
    AWS_SECRET_ACCESS_KEY: Credentials.SecretAccessKey ?? "",
    AWS_SESSION_TOKEN: Credentials.SessionToken ?? "",
    KUBECONFIG: sandbox.kubeconfig,
  };
  const args = ["--context", context, "get", "pods", "--namespace", "shop"];
  return (await runAs(sandbox, "heidi", "kubectl", args, { env })).code === 0;
}

const spokeAdmin = (name: Far, ...args: readonly string[]) =>
  aws(sandbox, "spoke-admin", ...args, "--region", PLACES[name]);
const entries = async (name: Far): Promise<readonly string[]> => {
  const asked = ["eks", "list-access-entries", "--cluster-name", name, "--region", PLACES[name]];
  return (await awsJson(sandbox, "spoke-admin", ...asked)).accessEntries;
};

const grants: Partial<Record<Far, RequestAnswer>> = {};
const grantOf = (name: Far): RequestAnswer => grants[name] ?? expect.fail(`No grant on ${name}.`);

describe("A claim about the policy", () => {
  it(
    "A policy that breaks it is not deployed, and nothing of the stacks changes",
    async () => {
      const claims = path.join(at.folder, "access.test.yaml");
      const [claim, reach] = ["nobody looks at staging alone", "{ cluster: staging }"];
      writeFileSync(
        claims,
        `version: 1\nnever:\n  - name: ${claim}\n    reach: ${reach}\n    people: 1\n`,
      );
      const stacks = () => awsJson(sandbox, "admin", "cloudformation", "describe-stacks");
      const before = await stacks();
      write("lends");
      const said = await run(11, "deploy", "--yes");
      expect(said).toContain(`"${claim}" does not hold.`);
      expect(said).toContain("Nothing was synthesized, and nothing was changed in AWS.");
      expect(await stacks()).toEqual(before);
      rmSync(claims);
    },
    LIMIT_MS,
  );
});

describe("An account leaves the policy while access is lent there", () => {
  it(
    "Access is lent on its clusters in two regions, under a policy that was deployed from a folder",
    async () => {
      write("lends");
      await run(0, "deploy", "--yes");
      const heidi = sandbox.person("heidi");
      for (const name of FAR) {
        const asked = await heidi.ask({ cluster: name, access: VIEW, duration: "20m" });
        await sandbox.person("bob").approve(asked);
        grants[name] = await heidi.until(asked, ["active"]);
        expect([name, await reads(name)]).toEqual([name, true]);
      }
    },
    LIMIT_MS,
  );

  it(
    "A policy without the account is not synthesized, and not deployed where its record is lost",
    async () => {
      write("left");
      const unsynthesized = await run(11, "synth");
      expect(unsynthesized).toContain(`the last one of account ${SPOKE}, was in the last assembly`);
      expect(unsynthesized).toContain("retired: true");
      renameSync(record(), `${record()}.lost`);
      const said = await run(5, "deploy", ...AS_CAROL, "--drain");
      expect(said).toContain("Clusters would leave on which the deployed broker still lends.");
      renameSync(`${record()}.lost`, record());
    },
    LIMIT_MS,
  );

  it("CloudFormation deletes none of the account's stacks by hand, since they are protected", async () => {
    for (const name of FAR) {
      const deleted = await spokeAdmin(
        name,
        ...["cloudformation", "delete-stack", "--stack-name", STACKS[name]],
      );
      expect(deleted.stderr).toContain("TerminationProtection is enabled");
    }
  });

  it(
    "Once its clusters are retired, what is lent there stays, and nothing new begins",
    async () => {
      write("retired");
      await run(0, "deploy", "--yes");
      const again = await sandbox
        .person("heidi")
        .post("/v1/requests", { cluster: "overseas", access: VIEW, reason: "again" });
      expect(objections(again)).toContain("cluster-retired");
      for (const name of FAR) expect([name, await reads(name)]).toEqual([name, true]);
    },
    LIMIT_MS,
  );

  it(
    "It does not leave while the API names a grant there",
    async () => {
      write("left");
      const lent = await run(5, "deploy", ...AS_CAROL);
      for (const name of FAR)
        expect(lent).toContain(`${grantOf(name).id} heidi on ${name}, active`);
      for (const name of FAR) expect([name, await reads(name)]).toEqual([name, true]);
    },
    LIMIT_MS,
  );

  it(
    "With --drain, what is lent there ends and is proven before the account leaves",
    async () => {
      await sandbox.person("heidi").post(`/v1/requests/${grantOf("overseas").id}/return`, {});
      const said = await run(0, "deploy", ...AS_CAROL, "--drain");
      expect(said).toContain(`timelatch destroy --account ${SPOKE}`);
      for (const name of FAR) {
        const { state } = (await sandbox.person("heidi").get(`/v1/requests/${grantOf(name).id}`))
          .body;
        expect([name, state, await entries(name)]).toEqual([name, "ended", []]);
        expect([name, await reads(name)]).toEqual([name, false]);
      }
    },
    LIMIT_MS,
  );

  it(
    "Its stacks go by a command, which refuses while an entry of the deployment is there",
    async () => {
      const entry = ["--cluster-name", "ireland", "--principal-arn", ROLE];
      const tags = ["--tags", "timelatch:managed-by=timelatch"];
      await spokeAdmin("ireland", "eks", "create-access-entry", ...entry, ...tags);
      const refused = await run(5, "destroy", "--account", SPOKE, ...AS_CAROL);
      expect(refused).toContain(`--principal-arn ${ROLE}`);
      await spokeAdmin("ireland", "eks", "delete-access-entry", ...entry);
      const done = await run(0, "destroy", "--account", SPOKE, ...AS_CAROL);
      const forwarding = Object.values(PLACES).map(
        (region) => `TimelatchForward-${SPOKE}-${region}`,
      );
      for (const stack of [...forwarding, PEOPLE, ...Object.values(STACKS)])
        expect(done).toMatch(new RegExp(`${stack} in \\S+ is deleted\\.`));
      for (const name of FAR) {
        const described = ["cloudformation", "describe-stacks", "--stack-name", STACKS[name]];
        expect((await spokeAdmin(name, ...described)).stderr).toContain("does not exist");
        expect([name, await reads(name), await entries(name)]).toEqual([name, false, []]);
      }
      expect(JSON.parse(readFileSync(record(), "utf8")).accounts).toEqual({});
    },
    LIMIT_MS,
  );
});
