/** `timelatch kubeconfig` and `timelatch token`, against an API and emulated STS and EKS. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type LoopbackApi, loopbackApi } from "../loopback-api.ts";
import { runHere } from "../run-timelatch.ts";
import { LENT } from "../sample-access.ts";

const ROLE = LENT.principals[0] ?? "";
const folder = mkdtempSync(path.join(tmpdir(), "timelatch-kubectl-"));

/** STS that knows the caller as the role already, and EKS with one cluster. */
const aws = http.createServer((request, response) => {
  const isEks = request.url?.startsWith("/clusters/") === true;
  response.setHeader("content-type", isEks ? "application/json" : "text/xml");
  response.end(
    isEks
      ? JSON.stringify({
          cluster: { endpoint: "https://prod.example.com", certificateAuthority: { data: "Q0E=" } },
        })
      : `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:sts::111122223333:assumed-role/alice/me</Arn><UserId>A:me</UserId><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
  );
});
const LENT_EDIT = { cluster: "prod", policy: "AmazonEKSEditPolicy", elements: ["ns/payments-api"] };
let api: LoopbackApi;
let beside: object = {};
beforeAll(async () => {
  await new Promise<void>((done) => aws.listen(0, "127.0.0.1", done));
  api = await loopbackApi(({ path: url }) => ({
    body: url.startsWith("/v1/access")
      ? LENT
      : url.startsWith("/v1/whoami")
        ? { person: "alice", groups: [], roles: [], identityArn: ROLE }
        : { access: [], waiting: [], ...beside },
  }));
});
afterAll(async () => {
  await api.close();
  aws.close();
  rmSync(folder, { recursive: true });
});

const timelatch = (...args: readonly string[]) =>
  runHere(args, {
    env: {
      TIMELATCH_API: api.address,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(aws.address() as AddressInfo).port}`,
      KUBECONFIG: path.join(folder, "config"),
      XDG_CACHE_HOME: folder,
      XDG_CONFIG_HOME: folder,
    },
  });

describe("timelatch kubeconfig", () => {
  it("It writes a context whose token comes from timelatch, and says how to use it", async () => {
    const { code, out, err } = await timelatch("kubeconfig", "prod");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("kubectl --context timelatch-prod get pods");
    const { users, clusters } = parse(readFileSync(path.join(folder, "config"), "utf8"));
    expect(clusters[0].cluster.server).toBe("https://prod.example.com");
    expect(users[0].user.exec.args).toEqual([
      ...["token", "--cluster", "prod", "--arn"],
      ...["arn:aws:eks:us-west-2:111122223333:cluster/prod", "--role", ROLE],
    ]);
    expect(users[0].user.exec.env).toEqual([{ name: "TIMELATCH_API", value: api.address }]);
  });

  it("Without a name it writes a context for every cluster, and --print writes nothing", async () => {
    const before = readFileSync(path.join(folder, "config"), "utf8");
    const { out } = await timelatch("kubeconfig", "--print");
    expect(parse(out).contexts.map(({ name }: { name: string }) => name)).toEqual([
      "timelatch-prod",
      "timelatch-staging",
    ]);
    expect(readFileSync(path.join(folder, "config"), "utf8")).toBe(before);
  });

  it("A cluster of nobody's rules is refused", async () => {
    expect(await timelatch("kubeconfig", "nowhere")).toMatchObject({ code: 2, out: "" });
  });
});

describe("timelatch token", () => {
  const token = () => timelatch("token", "--cluster", "prod");

  it("Without live access it says so beside the token, with the line that asks", async () => {
    beside = {};
    const { code, out, err } = await token();
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ kind: "ExecCredential" });
    expect(err).toBe(
      "timelatch: No access is lent to you on prod now. Ask for it:\n  timelatch request -c prod\n",
    );
  });

  it.each([
    [{ access: [{ state: "there", by: "1" }] }, ""],
    [{ access: [{ ...LENT_EDIT, state: "may-be-there", by: "1" }] }, "timelatch show 1\n"],
    [{ access: [{ ...LENT_EDIT, state: "ending", until: null, by: "1" }] }, "being removed"],
  ])("For an answer with %j it says %j", async (answer, said) => {
    beside = answer;
    const { err } = await token();
    expect(said === "" ? err : err.includes(said)).toBe(said === "" ? "" : true);
  });

  it("A token comes also where the API does not answer", async () => {
    const { code, out, err } = await runHere(
      [
        ...["token", "--cluster", "prod", "--role", ROLE],
        ...["--arn", "arn:aws:eks:us-west-2:111122223333:cluster/prod"],
      ],
      {
        env: {
          TIMELATCH_API: "http://127.0.0.1:1",
          AWS_ENDPOINT_URL: `http://127.0.0.1:${(aws.address() as AddressInfo).port}`,
          XDG_CACHE_HOME: folder,
        },
      },
    );
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(JSON.parse(out).status.token).toMatch(/^k8s-aws-v1\./);
  });
});
