/** The stack's archive in the emulated AWS, under its own role, and an auditor with AWS's own client. */

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import {
  DeleteObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from "@aws-sdk/client-s3";
import type { Context, ScheduledEvent } from "aws-lambda";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { auditVerifyAny } from "../../cli/commands/audit-verify-any.ts";
import {
  createTable,
  engineClient,
  type GlobalTableProperties,
} from "../../lab/sandbox/aws/dynamodb/create-table.ts";
import { dynamoDbService } from "../../lab/sandbox/aws/dynamodb/service.ts";
import { eventBridgeService } from "../../lab/sandbox/aws/eventbridge/service.ts";
import { emptyEventBridgeState } from "../../lab/sandbox/aws/eventbridge/state.ts";
import { declareKeys } from "../../lab/sandbox/aws/kms/declare-keys.ts";
import { kmsService } from "../../lab/sandbox/aws/kms/service.ts";
import { emptyKmsState } from "../../lab/sandbox/aws/kms/state.ts";
import { declareBuckets } from "../../lab/sandbox/aws/s3/make-bucket.ts";
import { s3Service } from "../../lab/sandbox/aws/s3/service.ts";
import { emptyS3State, memoryBlobs } from "../../lab/sandbox/aws/s3/state.ts";
import { memoryStore } from "../../lab/sandbox/aws/store.ts";
import { loadStack } from "../../lab/sandbox/template/load-stack.ts";
import { awsFolder } from "../aws-cli/shared.ts";
import { fakeTerminal } from "../cli/fake-terminal.ts";
import {
  clientConfig,
  document,
  iamStore,
  listen,
  type RunningPort,
  role,
  statement,
} from "../lab/sandbox/aws/iam-world.ts";
import { emptyEngine } from "../worker-engine.ts";
import { ACCOUNT, broker, REGION } from "./broker.ts";

/** How far the broker's clock is ahead: the signatures of its calls are by the machine's. */
const ahead = vi.hoisted(() => ({ ms: 0 }));
vi.mock(import("../../shared/aws/machine/system-clock.ts"), () => ({
  systemClock: { now: () => new Date(Date.now() + ahead.ms).toISOString() },
}));
vi.mock(import("../../shared/aws/machine/bundled-policy.ts"), async () => {
  const { aPolicy } = await import("../../lab/fakes/builders.ts");
  return { bundledPolicy: () => aPolicy() };
});

const built = broker();
const place = { account: ACCOUNT, region: REGION };
const url = "http://127.0.0.1:1";
const stack = loadStack(
  { stackName: "Timelatch", template: built.template, assetDir: () => "/not-run" },
  { ...place, stackName: "Timelatch", awsUrl: url, apiUrl: url },
);
const auditor = role("auditor", {
  policy: document(statement(["s3:ListBucket", "s3:GetObject", "kms:GetPublicKey"])),
});
const admin = role("admin", { policy: document(statement("*")) });
const archive = built.role("ArchiveFunctionRole");
const fn = stack.functions.find(({ roleArn }) => roleArn === archive.arn);

const bus = memoryStore(emptyEventBridgeState());
let port: RunningPort;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-auditor-"));
  const engine = await emptyEngine();
  const client = engineClient(engine, REGION);
  for (const { name, properties } of stack.tables)
    await createTable(client, name, properties as unknown as GlobalTableProperties);
  client.destroy();
  const iam = iamStore(archive, auditor, admin);
  const [s3, kms] = [memoryStore(emptyS3State()), memoryStore(emptyKmsState())];
  declareBuckets(s3, stack.buckets);
  declareKeys(kms, stack.kms.keys, stack.kms.aliases, new Date());
  for (const { name, arn } of stack.eventBuses) bus.state.buses[name] = { name, arn, events: [] };
  port = await listen({
    services: [
      dynamoDbService(engine, place),
      s3Service({ s3, blobs: memoryBlobs(), iam, ...place }),
      kmsService({ kms, iam, ...place }),
      eventBridgeService({ eventBridge: bus, iam, ...place, deliver: () => undefined }),
    ],
    iam,
  });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await port.close();
  rmSync(folder, { recursive: true });
});

const keysOf = (of: typeof auditor) => {
  const { accessKeyId, secretAccessKey, sessionToken } = clientConfig(port.url, of).credentials;
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ENDPOINT_URL: port.url,
  };
};

/** The commands of docs/audit.md under a heading. */
const commandsUnder = (heading: string) =>
  new RegExp(`^## ${heading}\n[\\s\\S]*?\`\`\`sh\n([\\s\\S]*?)\`\`\``, "m").exec(
    readFileSync(path.resolve(import.meta.dirname, "../../docs/audit.md"), "utf8"),
  )?.[1] ?? "";

describe("the archive of the stack", () => {
  it("archive fills and seals the bucket under its role, and an auditor verifies it by the commands of docs/audit.md", async () => {
    const variables = { ...fn?.environment, ...keysOf(archive) };
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    const { handler } = await import("../../functions/archive.ts");
    const left = { getRemainingTimeInMillis: () => 900_000 } as Context;
    await handler({} as ScheduledEvent, left);
    // The day on which the table was made is complete an hour after it ends.
    ahead.ms = 26 * 3_600_000;
    await handler({} as ScheduledEvent, left);

    const shell = promisify(execFile);
    const list = "ls archive/records/*/* archive/seals archive/policies archive/first-day.txt";
    const script = `${commandsUnder("Get it")}\n${list}`;
    const { stdout } = await shell("sh", ["-eu", "-c", script], {
      cwd: folder,
      env: {
        ...process.env,
        ...keysOf(auditor),
        PATH: `${await awsFolder()}:${process.env["PATH"]}`,
        HOME: folder,
        ARCHIVE_BUCKET: fn?.environment["ARCHIVE_BUCKET"],
        SEAL_KEY_ID: fn?.environment["SEAL_KEY_ID"],
      },
    });
    expect(stdout).toContain("0001.ndjson.gz");
    const terminal = fakeTerminal({});
    const now = () => new Date(Date.now() + ahead.ms).toISOString();
    const key = path.join(folder, "public.pem");
    await auditVerifyAny({ ...terminal.context, now }, [path.join(folder, "archive")], { key });
    expect(terminal.out().replace(/\s+/g, " ")).toContain("is sealed by the key that you named");
    const [seal] = bus.state.buses["timelatch"]?.events ?? [];
    const der = readFileSync(path.join(folder, "public.der"));
    const fingerprint = createHash("sha256").update(der).digest("hex");
    expect(seal).toMatchObject({ "detail-type": "seal", detail: { seal: { key: fingerprint } } });
  });

  it("an administrator of the account deletes no seal, unless they bypass the governance mode of a trial", async () => {
    const s3 = new S3Client({ ...clientConfig(port.url, admin), forcePathStyle: true });
    const Bucket = fn?.environment["ARCHIVE_BUCKET"];
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "seals/" }));
    const Key = Contents[0]?.Key;
    const { VersionId } = await s3.send(new HeadObjectCommand({ Bucket, Key }));
    expect(VersionId).toBeDefined();
    await expect(
      s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId })),
    ).rejects.toMatchObject({ name: "AccessDenied" });
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({ VersionId });
  });
});
