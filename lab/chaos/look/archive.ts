/** Has two days archived and sealed, one run after the other, and verifies it as an auditor does: with the AWS CLI, the public key and `timelatch`. */
import { createPublicKey } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { SeenRequest } from "../judge/seen.ts";
import { awsJson, runClient } from "../stage/clients.ts";
import type { SandboxControl } from "../stage/sandbox-control.ts";
import { busFile, idsOnBus } from "../stage/watch-bus.ts";
import { unarchived } from "./archived.ts";
import { type BucketFault, startWithFailingBucket } from "./failing-bucket.ts";
import { replayed } from "./replayed.ts";

const DAY_MS = 86_400_000;
const NOON_MS = DAY_MS / 2;
const PATIENCE_MS = 240_000;
const LOOK_EVERY_MS = 5_000;

/**
 * By day: how the bucket fails a first run. The next one makes good what that could not. The second seal names the first,
 * which a run before has made.
 */
const FAILS: readonly (readonly [day: number, fault: BucketFault])[] = [
  [0, { kind: "refuse", count: 1_000 }],
  [1, { kind: "drop", count: 2 }],
];

interface Sealed {
  /** The archive's clock, as an option of the sandbox. */
  readonly clock: string;
  /** The key of the seal that it then makes. */
  readonly seal: string;
}

/**
 * By archive's clock it is noon of the day after, so that it archives and seals the day.
 *
 * @param now milliseconds since 1970
 * @param days which day after today
 */
export function sealedDay(now: number, days: number): Sealed {
  const midnight = Math.floor(now / DAY_MS) * DAY_MS + days * DAY_MS;
  return {
    clock: `archive=+${Math.ceil((midnight + DAY_MS + NOON_MS - now) / 1_000)}s`,
    seal: `seals/${new Date(midnight).toISOString().slice(0, 10)}.json`,
  };
}

/** The auditor has a clock behind both days: a seal of a day that is not over does not hold. */
const LATER = {
  NODE_OPTIONS: `--import=${new URL("../../sandbox/lambda/shifted-clock.mjs", import.meta.url)}?ms=${3 * DAY_MS}`,
};

interface Outputs {
  readonly Stacks: readonly {
    readonly Outputs?: readonly { readonly OutputKey: string; readonly OutputValue: string }[];
  }[];
}

/** A stack's outputs by name; empty without a stack. */
async function outputsOf({ addresses }: SandboxControl): Promise<(key: string) => string> {
  const { Stacks } = (await awsJson(addresses, "cloudformation", "describe-stacks")) as Outputs;
  const outputs = Stacks.flatMap((stack) => stack.Outputs ?? []);
  return (key) => outputs.find((one) => one.OutputKey === key)?.OutputValue ?? "";
}

/** @returns the archive's faults, in words; empty if it verifies */
export async function verifyArchive(
  control: SandboxControl,
  folder: string,
  requests: readonly SeenRequest[],
): Promise<readonly string[]> {
  const output = await outputsOf(control);
  const bucket = output("ArchiveBucketName");
  const now = Date.now();
  for (const [day, fault] of FAILS) {
    const { clock, seal } = sealedDay(now, day);
    await control.halt();
    await startWithFailingBucket(control, ["--minute-seconds", "1", "--clock", clock], fault);
    if (!(await isThere(control, bucket, seal)))
      return [`${seal} was not made within four minutes.`];
  }
  const { addresses } = control;
  const copy = path.join(folder, "archive");
  const sync = ["s3", "sync", `s3://${bucket}`, copy, "--endpoint-url", addresses.awsUrl];
  const synced = await runClient(addresses, "admin", "aws", sync);
  if (synced.code !== 0) return [`aws s3 sync: ${synced.stderr}`];
  const key = path.join(folder, "seal.pem");
  writeFileSync(key, await publicKey(control, output("SealKeyId")));
  const words = ["audit", "verify", copy, "--key", key];
  const { code, stderr } = await runClient(addresses, "dave", "timelatch", words, LATER);
  const unverified = code === 0 ? [] : [`timelatch audit verify ended with ${code}: ${stderr}`];
  return [
    ...unverified,
    ...unarchived(copy, requests),
    ...(await replayed(control, copy, LATER)),
    ...(await unpublishedSeals(
      folder,
      FAILS.map(([day]) => sealedDay(now, day)),
    )),
  ];
}

/** A seal is published right after it was made. */
const PUBLISH_TRIES = 10;

async function unpublishedSeals(
  folder: string,
  seals: readonly Sealed[],
  tries = PUBLISH_TRIES,
): Promise<readonly string[]> {
  const published = new Set(idsOnBus(readFileSync(busFile(folder), "utf8")));
  const left = seals.filter(({ seal }) => !published.has(`seal-${path.basename(seal, ".json")}`));
  if (left.length === 0) return [];
  if (tries <= 1) return left.map(({ seal }) => `${seal} was never on the event bus.`);
  await pause(LOOK_EVERY_MS);
  return await unpublishedSeals(folder, seals, tries - 1);
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
