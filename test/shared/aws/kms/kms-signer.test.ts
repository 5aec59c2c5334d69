import { createPublicKey } from "node:crypto";
import { GetPublicKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { declareKeys } from "../../../../lab/sandbox/aws/kms/declare-keys.ts";
import { kmsService } from "../../../../lab/sandbox/aws/kms/service.ts";
import { emptyKmsState } from "../../../../lab/sandbox/aws/kms/state.ts";
import { memoryStore } from "../../../../lab/sandbox/aws/store.ts";
import { kmsSigner } from "../../../../shared/aws/kms/kms-signer.ts";
import { signerContract } from "../../../contracts/signer.contract.ts";
import {
  ACCOUNT,
  clientConfig,
  document,
  iamStore,
  listen,
  REGION,
  type RunningPort,
  role,
  statement,
} from "../../../lab/sandbox/aws/iam-world.ts";

const ID = "11111111-2222-4333-8444-555555555555";
const ARN = `arn:aws:kms:${REGION}:${ACCOUNT}:key/${ID}`;
const archive = role("archive", { policy: document(statement("kms:*")) });

let port: RunningPort;
let client: KMSClient;
beforeAll(async () => {
  const kms = memoryStore(emptyKmsState());
  const root = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
  const policy = document({ ...statement("kms:*"), Principal: root });
  declareKeys(
    kms,
    [{ id: ID, arn: ARN, description: "", isEnabled: true, policy }],
    [],
    new Date(),
  );
  const iam = iamStore(archive);
  port = await listen({
    services: [kmsService({ kms, iam, account: ACCOUNT, region: REGION })],
    iam,
  });
  client = new KMSClient(clientConfig(port.url, archive));
});
afterAll(() => port.close());

signerContract("kmsSigner", async () => {
  const { PublicKey = new Uint8Array() } = await client.send(
    new GetPublicKeyCommand({ KeyId: ID }),
  );
  const key = Buffer.from(PublicKey);
  return {
    signer: kmsSigner(client, ID),
    publicKey: createPublicKey({ key, format: "der", type: "spki" }),
  };
});

describe("kmsSigner", () => {
  it("A missing key throws KMS's own error, and the signer asks again the next time", async () => {
    const signer = kmsSigner(client, ID.replaceAll("1", "9"));
    for (const _try of [1, 2])
      await expect(signer.key()).rejects.toMatchObject({ name: "NotFoundException" });
  });
});
