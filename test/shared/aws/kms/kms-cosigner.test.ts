import { KMSClient } from "@aws-sdk/client-kms";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { declareKeys } from "../../../../lab/sandbox/aws/kms/declare-keys.ts";
import { kmsService } from "../../../../lab/sandbox/aws/kms/service.ts";
import { emptyKmsState } from "../../../../lab/sandbox/aws/kms/state.ts";
import { memoryStore } from "../../../../lab/sandbox/aws/store.ts";
import { kmsCosigner } from "../../../../shared/aws/kms/kms-cosigner.ts";
import { cosignerContract } from "../../../contracts/cosigner.contract.ts";
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

const [ED, P256] = ["1", "2"].map((digit) => `${digit.repeat(8)}-2222-4333-8444-555555555555`) as [
  string,
  string,
];
const witness = role("witness", { policy: document(statement("kms:*")) });

let port: RunningPort;
let client: KMSClient;
beforeAll(async () => {
  const kms = memoryStore(emptyKmsState());
  const root = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
  const policy = document({ ...statement("kms:*"), Principal: root });
  const key = (id: string, spec: "ECC_NIST_P256" | "ECC_NIST_EDWARDS25519") => ({
    ...{ id, spec, policy, description: "", isEnabled: true },
    arn: `arn:aws:kms:${REGION}:${ACCOUNT}:key/${id}`,
  });
  declareKeys(kms, [key(ED, "ECC_NIST_EDWARDS25519"), key(P256, "ECC_NIST_P256")], [], new Date());
  const iam = iamStore(witness);
  port = await listen({
    services: [kmsService({ kms, iam, account: ACCOUNT, region: REGION })],
    iam,
  });
  client = new KMSClient(clientConfig(port.url, witness));
});
afterAll(() => port.close());

cosignerContract("kmsCosigner", async () => kmsCosigner(client, ED));

describe("kmsCosigner", () => {
  it("A key of another kind is refused by its id, and a missing key with KMS's own error each time", async () => {
    await expect(kmsCosigner(client, P256).key()).rejects.toThrow(`no Ed25519 key for ${P256}`);
    const missing = kmsCosigner(client, ED.replaceAll("1", "9"));
    for (const _try of [1, 2])
      await expect(missing.key()).rejects.toMatchObject({ name: "NotFoundException" });
  });
});
