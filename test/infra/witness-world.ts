/** The synthesized stack of a witness, which reads the archive of the sample's broker. */
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { App } from "aws-cdk-lib";
import {
  TimelatchWitness,
  type TimelatchWitnessProps,
} from "../../infra/constructs/timelatch-witness.ts";

export const AUDITOR = { account: "444455556666", region: "us-west-2" };
export const WITNESS_ROLE = `arn:aws:iam::${AUDITOR.account}:role/timelatch-witness`;
export const SEAL_KEY = generateKeyPairSync("ec", { namedCurve: "P-256" });

/** A file with the public key of the seals. */
function sealKeyFile(): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), "timelatch-seal-key-")), "public.pem");
  writeFileSync(file, SEAL_KEY.publicKey.export({ type: "spki", format: "pem" }));
  return file;
}

/** An app with a witness, without bundles. */
export function witnessApp(change: Partial<TimelatchWitnessProps> = {}) {
  const app = new App({
    context: { "aws:cdk:bundling-stacks": [] },
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
  });
  const { stack } = new TimelatchWitness(app, {
    archive: { bucket: "timelatch-archive", publicKey: sealKeyFile() },
    name: "auditors.example",
    env: AUDITOR,
    ...change,
  });
  return { app, stack };
}
