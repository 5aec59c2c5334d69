/** Sessions that people take with their roles, while the sandbox may be away. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { SandboxAddresses } from "../../../lab/sandbox/stack/start.ts";
import { callerKeys, forgetCallerKeys } from "../../e2e/caller-keys.ts";

const KEYS = `[alice]
aws_access_key_id = ASIACALLERKEYS
aws_secret_access_key = secret
aws_session_token = token
`;
const SESSION =
  "<AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>";

it("A session that could not be taken is taken again, and then kept until it is forgotten", async () => {
  let calls = 0;
  const sts = createServer((_, response) => {
    calls += 1;
    response.writeHead(calls === 1 ? 503 : 200).end(calls === 1 ? "" : SESSION);
  });
  await new Promise<void>((resolve) => sts.listen(0, "127.0.0.1", resolve));
  const folder = mkdtempSync(path.join(tmpdir(), "caller-keys-"));
  onTestFinished(() => {
    sts.close();
    rmSync(folder, { recursive: true });
  });
  const awsCredentialsFile = path.join(folder, "credentials");
  writeFileSync(awsCredentialsFile, KEYS);
  const { port } = sts.address() as AddressInfo;
  const sandbox = {
    awsUrl: `http://127.0.0.1:${port}`,
    awsCredentialsFile,
    people: { alice: { TIMELATCH_ROLE: "arn:aws:iam::111122223333:role/alice" } },
  } as unknown as SandboxAddresses;
  await expect(callerKeys(sandbox, "alice")).rejects.toThrow("503");
  expect(await callerKeys(sandbox, "alice")).toEqual({
    accessKeyId: "ASIA1",
    secretAccessKey: "s",
    sessionToken: "t",
  });
  await callerKeys(sandbox, "alice");
  expect(calls).toBe(2);
  forgetCallerKeys(sandbox, "alice");
  await callerKeys(sandbox, "alice");
  expect(calls).toBe(3);
});
