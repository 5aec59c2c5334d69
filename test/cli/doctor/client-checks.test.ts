/** `timelatch doctor --client`, as somebody who asks for access runs it. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LoopbackApi, loopbackApi, problem, type Script } from "../loopback-api.ts";
import { runHere } from "../run-timelatch.ts";
import { LENT } from "../sample-access.ts";

const WHO = {
  ...{ person: "alice", groups: ["payments"], roles: [] },
  identityArn: "arn:aws:iam::111122223333:role/alice",
};
const answered: Script = ({ path: asked }) => ({
  body: asked.startsWith("/v1/access") ? LENT : WHO,
});

let folder: string;
let api: LoopbackApi;
let script: Script;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "client-"));
  for (const name of ["timelatch", "kubectl"]) program(name);
  script = answered;
  api = await loopbackApi((call, count) => script(call, count));
});
afterEach(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});

function program(name: string): void {
  writeFileSync(path.join(folder, name), "#!/bin/sh\n");
  chmodSync(path.join(folder, name), 0o755);
}

interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly subject?: string;
  readonly says: string;
  readonly next?: string;
}

/** The findings about one check, and the exit code. */
async function examined(
  check: string,
  over: Readonly<Record<string, string | undefined>> = {},
): Promise<{ readonly code: number | null; readonly found: readonly Finding[] }> {
  const env = { PATH: folder, KUBECONFIG: path.join(folder, "kubeconfig") };
  const { code, out } = await runHere(["doctor", "--client", "--json"], {
    env: { ...env, TIMELATCH_API: api.address, ...over },
  });
  const all = JSON.parse(out) as { readonly findings: readonly Finding[] };
  return { code, found: all.findings.filter((one) => one.check === check) };
}

/** A kubeconfig with the context of each cluster that a rule lends on. */
const kubeconfig = (address: string | undefined, command = "timelatch") => {
  const names = LENT.clusters.map(({ name }) => `timelatch-${name}`);
  const env = address === undefined ? [] : [{ name: "TIMELATCH_API", value: address }];
  const exec = { command, env };
  const contexts = names.map((name) => ({ name, context: { cluster: name, user: name } }));
  const users = names.map((name) => ({ name, user: { exec } }));
  writeFileSync(path.join(folder, "kubeconfig"), JSON.stringify({ contexts, users }));
};

describe("timelatch doctor --client", () => {
  it("A machine with everything is well, and says who the API takes the caller for", async () => {
    kubeconfig(api.address);
    const { code, found } = await examined("API");
    expect(code).toBe(0);
    expect(found).toMatchObject([
      { ok: true, says: `answers alice of payments, as ${WHO.identityArn}` },
    ]);
    for (const check of ["program", "address", "clock", "credentials", "kubeconfig"])
      for (const one of (await examined(check)).found)
        expect([check, one.ok, one.next]).toEqual([check, true, undefined]);
  });

  it("A timelatch that kubectl would not find is not well; a missing kubectl is advice", async () => {
    for (const name of ["timelatch", "kubectl"]) rmSync(path.join(folder, name));
    const { code, found } = await examined("program");
    expect(code).toBe(13);
    expect(found).toMatchObject([
      { ok: false, says: expect.stringContaining("timelatch is not on the PATH") },
      { ok: true, next: expect.stringContaining("install kubectl") },
    ]);
  });

  it("A file that is no program does not count as one", async () => {
    chmodSync(path.join(folder, "timelatch"), 0o644);
    expect((await examined("program")).found[0]?.ok).toBe(false);
    rmSync(path.join(folder, "timelatch"));
    mkdirSync(path.join(folder, "timelatch"));
    expect((await examined("program")).found[0]?.ok).toBe(false);
  });

  it("Without an address nothing else can be looked at, and it says how to set one", async () => {
    const { code, found } = await examined("address", { TIMELATCH_API: undefined });
    expect(code).toBe(13);
    expect(found).toMatchObject([
      { ok: false, next: expect.stringContaining("timelatch config set api") },
    ]);
    expect((await examined("API", { TIMELATCH_API: undefined })).found).toEqual([]);
  });

  it("An address says by what it is set", async () => {
    expect((await examined("address")).found[0]?.says).toBe(`${api.address}, by TIMELATCH_API`);
    const flag = await runHere(["--api", api.address, "doctor", "--client"], {
      env: { PATH: folder },
    });
    expect(flag.out).toContain(`${api.address}, by --api`);
  });

  it.each([
    [600, false, /clock is (9|10)m\S* behind/],
    [-600, false, /clock is (9|10)m\S* ahead of/],
    [120, true, /clock is [12]m\S* behind/],
    [0, true, /less than a minute/],
  ])("A clock from which the API's differs by %s s", async (seconds, ok, says) => {
    const date = () => new Date(Date.now() + seconds * 1_000).toUTCString();
    script = (call, count) => ({ ...(answered(call, count) as { body: unknown }), date: date() });
    const { found } = await examined("clock");
    expect(found).toMatchObject([{ ok, says: expect.stringMatching(says) }]);
  });

  it("Somebody whom the policy lacks reads the API's own words", async () => {
    script = () => problem(403, "unknown-caller", "Nobody in access.yaml has this identity.");
    const { code, found } = await examined("API");
    expect(code).toBe(13);
    expect(found).toMatchObject([
      { ok: false, says: expect.stringContaining("Nobody in access.yaml has this identity") },
    ]);
    expect((await examined("kubeconfig")).found).toEqual([]);
  });

  it("An API that does not answer leaves the clock unknown", async () => {
    await api.close();
    for (const check of ["clock", "API"])
      expect((await examined(check)).found).toMatchObject([{ ok: false }]);
    api = await loopbackApi(answered);
  });

  it("Credentials that cannot be had are named, before the API is blamed for them", async () => {
    const none = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
    const { found } = await examined("credentials", none);
    expect(found).toMatchObject([{ ok: false, says: expect.stringContaining("No valid AWS") }]);
  });

  it("A cluster without a context is advice, and one whose context asks another API is not well", async () => {
    const [first] = LENT.clusters;
    expect((await examined("kubeconfig")).found[0]).toMatchObject({
      ...{ ok: true, subject: first?.name, next: `run timelatch kubeconfig ${first?.name}` },
    });
    kubeconfig("https://old.example.com");
    expect((await examined("kubeconfig")).found[0]).toMatchObject({
      ...{ ok: false, says: expect.stringContaining("asks https://old.example.com") },
    });
  });

  it("A context that names no API asks the configured one, and is well", async () => {
    kubeconfig(undefined);
    for (const one of (await examined("kubeconfig")).found) expect(one.ok).toBe(true);
    expect((await examined("kubeconfig")).found[0]?.next).toBeUndefined();
  });

  it("A context of that name that does not ask timelatch is no context of ours", async () => {
    kubeconfig(api.address, "aws");
    expect((await examined("kubeconfig")).found[0]?.says).toContain("has no context");
  });

  it("A kubeconfig that is no YAML is named", async () => {
    writeFileSync(path.join(folder, "kubeconfig"), "a: [");
    expect((await examined("kubeconfig")).found).toMatchObject([
      { ok: false, says: expect.stringContaining("Cannot use the kubeconfig") },
    ]);
  });

  it("The folder of a deployment is not asked for, and other checks are not taken beside it", async () => {
    const both = await runHere(["doctor", "--client", "--smoke"]);
    expect(both.code).toBe(2);
    const elsewhere = await runHere(["doctor", folder]);
    expect(elsewhere.err).toContain("timelatch doctor --client");
  });
});
