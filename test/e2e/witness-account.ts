/** An auditor's own account, the sandbox's second one: deploys a witness there, as CloudFormation takes it. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { KMSClient, SignCommand } from "@aws-sdk/client-kms";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { App } from "aws-cdk-lib";
import { expect } from "vitest";
import { MADE_BUNDLES } from "../../infra/constructs/function-code.ts";
import { TimelatchWitness } from "../../infra/constructs/timelatch-witness.ts";
import type { SandboxAddresses } from "../../lab/sandbox/stack/start.ts";
import { type SealedDay, sealText } from "../../shared/domain/evidence/archive/seal.ts";
import { zipOf } from "../lab/sandbox/process/zip.ts";
import { newFolder } from "./abuse-sandbox.ts";
import { commandFolder } from "./bundled-command.ts";
import { eventually } from "./eventually.ts";
import { aws, awsJson, runAs } from "./real-clients.ts";
import { profileKeys } from "./sandbox-process.ts";

const ENV = { account: "444455556666", region: "us-west-2" };
export const WITNESS_ROLE = `arn:aws:iam::${ENV.account}:role/timelatch-witness`;

interface Asset {
  readonly source: { readonly path: string; readonly packaging: string };
}

const ok = async (running: ReturnType<typeof aws>): Promise<string> => {
  const { code, stdout, stderr } = await running;
  if (code !== 0) throw new Error(stderr);
  return stdout;
};

/**
 * @param archive the bucket, and the file of the key that seals
 * @returns the outputs of the stack
 */
export async function deployWitness(
  sandbox: SandboxAddresses,
  archive: { readonly bucket: string; readonly publicKey: string },
): Promise<Readonly<Record<string, string>>> {
  const outdir = newFolder();
  const context = { [MADE_BUNDLES]: process.env["TIMELATCH_BUNDLES"] };
  const app = new App({ outdir, context, analyticsReporting: false });
  const { stack } = new TimelatchWitness(app, { archive, name: "auditors.example", env: ENV });
  app.synth();
  const file = (name: string) => path.join(outdir, `${stack.stackName}.${name}.json`);
  const { files } = JSON.parse(readFileSync(file("assets"), "utf8")) as {
    readonly files: Readonly<Record<string, Asset>>;
  };
  const assets = `s3://cdk-hnb659fds-assets-${ENV.account}-${ENV.region}`;
  for (const [hash, { source }] of Object.entries(files))
    if (source.packaging === "zip") {
      const zip = path.join(outdir, `${hash}.zip`);
      const code = readFileSync(path.join(outdir, source.path, "index.mjs"), "utf8");
      writeFileSync(zip, zipOf({ "index.mjs": code }));
      await ok(aws(sandbox, "spoke-admin", "s3", "cp", zip, `${assets}/${hash}.zip`));
    }
  const deploy = ["cloudformation", "deploy", "--stack-name", stack.stackName];
  const template = ["--template-file", file("template"), "--capabilities", "CAPABILITY_NAMED_IAM"];
  await ok(aws(sandbox, "spoke-admin", ...deploy, ...template));
  const { Stacks } = (await awsJson(
    sandbox,
    ...(["spoke-admin", "cloudformation", "describe-stacks"] as const),
    ...["--stack-name", stack.stackName],
  )) as { readonly Stacks: readonly [{ readonly Outputs: readonly Output[] }] };
  return Object.fromEntries(
    Stacks[0].Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
  );
}

interface Output {
  readonly OutputKey: string;
  readonly OutputValue: string;
}

/** Waits until the witness has kept a checkpoint, and answers the files of all in a copy of its bucket. */
export async function checkpointsOf(
  sandbox: SandboxAddresses,
  bucket: string,
  folder: string,
): Promise<readonly string[]> {
  const list = ["s3api", "list-objects-v2", "--bucket", bucket, "--prefix", "checkpoints/"];
  await eventually(
    () => awsJson(sandbox, "spoke-admin", ...list),
    (listed) => (listed?.Contents ?? []).length > 0,
    150,
  );
  await ok(aws(sandbox, "spoke-admin", "s3", "sync", `s3://${bucket}`, folder));
  const checkpoints = path.join(folder, "checkpoints");
  return readdirSync(checkpoints).map((name) => path.join(checkpoints, name));
}

/** The metrics of the stack's alarms, in the order of their names. */
export async function alarmedMetrics(sandbox: SandboxAddresses): Promise<readonly string[]> {
  const credentials = profileKeys(sandbox, "spoke-admin");
  const client = new CloudWatchClient({
    endpoint: sandbox.awsUrl,
    region: ENV.region,
    credentials,
  });
  const asked = new DescribeAlarmsCommand({ AlarmNamePrefix: "TimelatchWitness" });
  const { MetricAlarms = [] } = await client.send(asked);
  return MetricAlarms.map(({ MetricName = "" }) => MetricName);
}

/** The archive's clock is a day ahead, so that it has sealed today. So is the verifier's. */
const AHEAD_MS = 93_600_000;

/**
 * `timelatch audit verify` of the copy in a folder: `archive` and `seal.pem`.
 *
 * @param aheadMs how far the verifier's clock is ahead
 */
export function verifyArchive(
  sandbox: SandboxAddresses,
  dir: string,
  more: readonly string[] = [],
  aheadMs = AHEAD_MS,
) {
  const clock = new URL("../../lab/sandbox/lambda/shifted-clock.mjs", import.meta.url);
  const args = ["audit", "verify", path.join(dir, "archive"), "--key", path.join(dir, "seal.pem")];
  return runAs(sandbox, "dave", path.join(commandFolder(), "timelatch"), [...args, ...more], {
    env: { NODE_OPTIONS: `--import=${clock}?ms=${aheadMs}` },
  });
}

interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly roleArn: string;
}

/**
 * Seals a day once more, with other counts, by the rights of the broker's own function: its bucket refuses to put over
 * the first seal, and takes a second one beside it.
 *
 * @param iam the state of IAM, which has the session of the function
 */
export async function sealTwice(
  sandbox: SandboxAddresses,
  iam: { readonly credentials: Readonly<Record<string, Session>> },
  Bucket: string,
  day: string,
): Promise<void> {
  const session = Object.values(iam.credentials).find(({ roleArn }) =>
    roleArn.endsWith(":role/timelatch-archive"),
  );
  if (!session) throw new Error("No archive function runs.");
  const { accessKeyId, secretAccessKey, sessionToken } = session;
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  const settings = { endpoint: sandbox.awsUrl, region: ENV.region, credentials };
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: `seals/${day}.json` }));
  const first = JSON.parse((await Body?.transformToString()) ?? "") as SealedDay;
  const seal = { ...first.seal, counts: { "AUDIT/ask": 1 } };
  const { Signature = new Uint8Array() } = await new KMSClient(settings).send(
    new SignCommand({
      ...{
        KeyId: await sealKeyId(sandbox),
        MessageType: "DIGEST",
        SigningAlgorithm: "ECDSA_SHA_256",
      },
      Message: createHash("sha256").update(sealText(seal)).digest(),
    }),
  );
  const signature = Buffer.from(Signature).toString("base64");
  const Key = `seals/${day}_again.json`;
  const text = `${JSON.stringify({ ...first, seal, signature })}\n`;
  const put = { Bucket, Body: text, ChecksumAlgorithm: "SHA256", IfNoneMatch: "*" } as const;
  const over = s3.send(new PutObjectCommand({ ...put, Key: `seals/${day}.json` }));
  await expect(over).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } });
  await s3.send(new PutObjectCommand({ ...put, Key }));
}

async function sealKeyId(sandbox: SandboxAddresses): Promise<string> {
  const described = ["cloudformation", "describe-stacks", "--stack-name", "Timelatch"];
  const { Stacks } = (await awsJson(sandbox, "admin", ...described)) as {
    readonly Stacks: readonly [{ readonly Outputs: readonly Output[] }];
  };
  return Stacks[0].Outputs.find(({ OutputKey }) => OutputKey === "SealKeyId")?.OutputValue ?? "";
}
