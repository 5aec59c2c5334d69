/** A cluster that chaos deletes and makes again, in the sandbox's EKS. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { remakeCluster } from "../../../../lab/chaos/deeds/remake-cluster.ts";
import type { Remade, Stage } from "../../../../lab/chaos/stage/stage.ts";
import { eksService } from "../../../../lab/sandbox/aws/eks/service.ts";
import type { EksState } from "../../../../lab/sandbox/aws/eks/state.ts";
import { memoryStore } from "../../../../lab/sandbox/aws/store.ts";
import {
  ACCOUNT,
  credential,
  document,
  iamStore,
  listen,
  REGION,
  role,
  statement,
} from "../../sandbox/aws/iam-world.ts";

const admin = role("admin", { policy: document(statement(["eks:*", "iam:PassRole"])) });

async function startStage() {
  const iam = iamStore(admin);
  const eks = memoryStore<EksState>({ accountId: ACCOUNT, region: REGION, clusters: {} });
  const newCluster = () => ({ endpoint: "https://127.0.0.1:1", certificateAuthority: "Q0E=" });
  const service = eksService({ eks, iam, newCluster, updateSeconds: 0 });
  const port = await listen({ services: [service], iam });
  const folder = mkdtempSync(path.join(tmpdir(), "remake-cluster-"));
  onTestFinished(async () => {
    await port.close();
    rmSync(folder, { recursive: true });
  });
  const awsCredentialsFile = path.join(folder, "credentials");
  const { accessKeyId, secretAccessKey, sessionToken } = credential(admin);
  writeFileSync(
    awsCredentialsFile,
    `[admin]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\naws_session_token = ${sessionToken}\n`,
  );
  const remade: Remade[] = [];
  const addresses = { awsUrl: port.url, awsCredentialsFile };
  const stage = { addresses, remade, disturbances: [], outsideCalls: [] };
  return { eks, remade, stage: stage as unknown as Stage };
}

it("A cluster counts as being deleted until the other one of its name is made", async () => {
  const { eks, remade, stage } = await startStage();
  const deed = { kind: "remake-cluster" as const, at: 0, name: "prod", seconds: 0.3 };
  const before = Date.now();
  expect(await remakeCluster(stage, deed)).toBe("deleted, and made again");
  const [one] = remade;
  expect(one?.at).toBeGreaterThanOrEqual(before);
  expect((one?.until ?? 0) - (one?.at ?? 0)).toBeGreaterThanOrEqual(290);
  expect(one?.until).toBeLessThanOrEqual(Date.now());
  expect(Object.keys(eks.state.clusters)).toEqual(["prod"]);
});
