/** The role that the command assumes, its cache, and the token that EKS would accept. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { forgetRoleSession, roleSession } from "../../../cli/aws/role-session.ts";
import { clusterToken } from "../../../cli/kubernetes/cluster-token.ts";
import { identify } from "../../../lab/sandbox/aws/identities.ts";
import { stsService } from "../../../lab/sandbox/aws/sts/service.ts";
import { tokenVerifier } from "../../../lab/sandbox/kubernetes/token.ts";
import {
  ACCOUNT,
  credential,
  document,
  iamStore,
  listen,
  REGION,
  type RunningPort,
  role,
  statement,
  trust,
} from "../../lab/sandbox/aws/iam-world.ts";

const OWN = role("timelatch-person-alice", {
  path: "/timelatch/people/",
  trust: trust({ AWS: `arn:aws:iam::${ACCOUNT}:root` }, "sts:AssumeRole"),
});
const alice = role("alice", { policy: document(statement("sts:AssumeRole", OWN.arn)) });
const bob = role("bob");
const iam = iamStore(alice, bob, OWN);

let port: RunningPort;
let calls: string[] = [];
let cache: string;
beforeAll(async () => {
  port = await listen({
    iam,
    services: [stsService(iam)],
    onCall: ({ operation }) => calls.push(operation),
  });
  vi.stubEnv("AWS_ENDPOINT_URL", port.url);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await port.close();
});
beforeEach(() => {
  calls = [];
  cache = mkdtempSync(path.join(tmpdir(), "timelatch-sessions-"));
});
afterEach(() => rmSync(cache, { recursive: true }));

const keysOf = (of: typeof alice) => {
  const { accessKeyId, secretAccessKey, sessionToken = "" } = credential(of);
  return { accessKeyId, secretAccessKey, sessionToken };
};
const wanted = (of: typeof alice) => ({
  roleArn: OWN.arn,
  region: REGION,
  source: async () => keysOf(of),
  env: { XDG_CACHE_HOME: cache },
});
const sessionFor = (of: typeof alice) => roleSession(wanted(of));
const callerOf = (keys: { accessKeyId: string; sessionToken?: string }) =>
  identify(iam.state, keys.accessKeyId, keys.sessionToken, new Date()).caller.arn;
const kept = () => readdirSync(path.join(cache, "timelatch", "sessions"));

describe("The session of a role of one's own", () => {
  it("The role is assumed once, and its session kept only for its owner", async () => {
    const first = await sessionFor(alice);
    expect(callerOf(first)).toBe(
      `arn:aws:sts::${ACCOUNT}:assumed-role/timelatch-person-alice/timelatch`,
    );
    expect(await sessionFor(alice)).toMatchObject({ accessKeyId: first.accessKeyId });
    expect(calls).toEqual(["GetCallerIdentity", "AssumeRole"]);
    const [file = ""] = kept();
    const folder = path.join(cache, "timelatch", "sessions");
    expect(statSync(path.join(folder, file)).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it("Somebody else's keys never find a session that is kept", async () => {
    await sessionFor(alice);
    await expect(sessionFor(bob)).rejects.toThrow(/^Cannot assume .*Nothing was sent\.$/);
    expect(kept()).toHaveLength(1);
  });

  it.each([
    ["ends within a token's life", (kept: object) => ({ ...kept, expiresAt: inMinutes(15) })],
    ["has ended", (kept: object) => ({ ...kept, expiresAt: inMinutes(-1) })],
    ["is no session", () => ({})],
    ["is no object", () => null],
  ])("A kept session that %s is not used", async (_title, change) => {
    const first = await sessionFor(alice);
    const [file = ""] = kept();
    const at = path.join(cache, "timelatch", "sessions", file);
    writeFileSync(at, JSON.stringify(change(JSON.parse(readFileSync(at, "utf8")))));
    expect((await sessionFor(alice)).accessKeyId).not.toBe(first.accessKeyId);
  });

  it("A session that is forgotten is made again, and only a kept one can be forgotten", async () => {
    const first = await sessionFor(alice);
    expect(await forgetRoleSession(wanted(alice))).toBe(true);
    expect((await sessionFor(alice)).accessKeyId).not.toBe(first.accessKeyId);
    rmSync(path.join(cache, "timelatch"), { recursive: true });
    expect(await forgetRoleSession(wanted(alice))).toBe(false);
  });

  it("Keys that are of the role already are used as they are, and not kept", async () => {
    expect(await sessionFor(OWN)).toEqual(keysOf(OWN));
    expect(calls).toEqual(["GetCallerIdentity"]);
  });

  it("Without a place for the cache, the role is assumed each time", async () => {
    writeFileSync(path.join(cache, "timelatch"), "");
    await sessionFor(alice);
    await sessionFor(alice);
    expect(calls.filter((one) => one === "AssumeRole")).toHaveLength(2);
  });
});

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

describe("The token for a cluster", () => {
  it("EKS knows the role by it, for the one cluster", async () => {
    const now = new Date().toISOString();
    const keys = await sessionFor(alice);
    const { kind, apiVersion, status } = await clusterToken(keys, {
      cluster: "prod",
      region: REGION,
      now,
    });
    expect({ kind, apiVersion }).toEqual({
      kind: "ExecCredential",
      apiVersion: "client.authentication.k8s.io/v1beta1",
    });
    expect(Date.parse(status.expirationTimestamp) - Date.parse(now)).toBeGreaterThan(13 * 60_000);
    expect(Date.parse(status.expirationTimestamp) - Date.parse(now)).toBeLessThan(15 * 60_000);
    const verify = tokenVerifier(iam, () => new Date());
    expect(verify(status.token, "prod")?.arn).toBe(
      `arn:aws:sts::${ACCOUNT}:assumed-role/timelatch-person-alice/timelatch`,
    );
    expect(verify(status.token, "staging")).toBeUndefined();
  });

  it("The token calls STS in the region where no other endpoint is named", async () => {
    vi.stubEnv("AWS_ENDPOINT_URL", "");
    const { status } = await clusterToken(keysOf(alice), {
      cluster: "prod",
      region: "eu-central-1",
      now: "2026-11-24T10:00:00.000Z",
    });
    vi.stubEnv("AWS_ENDPOINT_URL", port.url);
    const url = new URL(
      Buffer.from(status.token.replace("k8s-aws-v1.", ""), "base64url").toString(),
    );
    expect(url.origin).toBe("https://sts.eu-central-1.amazonaws.com");
    expect(url.searchParams.get("X-Amz-Date")).toBe("20261124T100000Z");
    expect(url.searchParams.get("X-Amz-SignedHeaders")).toBe("host;x-k8s-aws-id");
  });
});
