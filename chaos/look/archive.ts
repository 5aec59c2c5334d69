/** Has the day archived and sealed, and verifies it as an auditor does: with the AWS CLI, the public key and `timelatch`. */
import { createPublicKey } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { awsJson, runClient } from "../stage/clients.ts";
import type { SandboxControl } from "../stage/sandbox-control.ts";

const DAY_MS = 86_400_000;
const NOON_MS = DAY_MS / 2;
const PATIENCE_MS = 240_000;
const LOOK_EVERY_MS = 5_000;

/** By archive's clock it is noon of tomorrow, so that it archives and seals today. */
function ahead(now: number): string {
  const tomorrow = Math.ceil(now / DAY_MS) * DAY_MS;
  return `archive=+${Math.ceil((tomorrow + NOON_MS - now) / 1_000)}s`;
}

interface Outputs {
  readonly Stacks: readonly {
    readonly Outputs?: readonly { readonly OutputKey: string; readonly OutputValue: string }[];
  }[];
}

/** @returns what is wrong with the archive, in words; empty where it verifies */
export async function verifyArchive(
  control: SandboxControl,
  folder: string,
): Promise<readonly string[]> {
  const now = Date.now();
  await control.halt();
  await control.start(["--minute-seconds", "1", "--clock", ahead(now)]);
  const { addresses } = control;
  const { Stacks } = (await awsJson(addresses, "cloudformation", "describe-stacks")) as Outputs;
  const outputs = Stacks.flatMap((stack) => stack.Outputs ?? []);
  const output = (key: string) => outputs.find((one) => one.OutputKey === key)?.OutputValue ?? "";
  const bucket = output("ArchiveBucketName");
  const seal = `seals/${new Date(now).toISOString().slice(0, 10)}.json`;
  if (!(await isThere(control, bucket, seal))) return [`${seal} was not made within four minutes.`];
  const copy = path.join(folder, "archive");
  const sync = ["s3", "sync", `s3://${bucket}`, copy, "--endpoint-url", addresses.awsUrl];
  const synced = await runClient(addresses, "admin", "aws", sync);
  if (synced.code !== 0) return [`aws s3 sync: ${synced.stderr}`];
  const key = path.join(folder, "seal.pem");
  writeFileSync(key, await publicKey(control, output("SealKeyId")));
  const words = ["audit", "verify", copy, "--key", key];
  const { code, stderr } = await runClient(addresses, "dave", "timelatch", words);
  return code === 0 ? [] : [`timelatch audit verify ended with ${code}: ${stderr}`];
}

async function isThere({ addresses }: SandboxControl, bucket: string, key: string) {
  const words = ["s3api", "head-object", "--bucket", bucket, "--key", key];
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await pause(LOOK_EVERY_MS))
    if (
      await awsJson(addresses, ...words).then(
        () => true,
        () => false,
      )
    )
      return true;
  return false;
}

async function publicKey({ addresses }: SandboxControl, keyId: string): Promise<string> {
  const words = ["kms", "get-public-key", "--key-id", keyId];
  const { PublicKey } = (await awsJson(addresses, ...words)) as { readonly PublicKey: string };
  const der = Buffer.from(PublicKey, "base64");
  const key = createPublicKey({ key: der, format: "der", type: "spki" });
  return key.export({ format: "pem", type: "spki" }).toString();
}
