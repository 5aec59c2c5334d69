/**
 * A pipeline and an agent with a machine's credentials in the sandbox: they ask, and people decide. There is
 * no Slack, so that all of them read e-mail.
 */
import { generateKeyPairSync, sign } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AbuseSandbox, expectProblem, startAbuseSandbox } from "./abuse-sandbox.ts";
import { eventually } from "./eventually.ts";
import { commandEnvironment, MACHINE, makeMachine, startAgent } from "./machine-access.ts";
import { tryAsks, tryAws, tryEveryDeed, tryOnOthers, whatStands } from "./machine-attacks.ts";
import { jobToken, makePipelineRole, PIPELINE_ROLE, type Played, play } from "./pipeline.ts";
import { sampleAccess } from "./sample-access.ts";

const access = sampleAccess((file) => {
  makeMachine(file);
  // The role that the workflow takes is one more identity of the machine, and gets its access.
  const bot = file.people["deploy-bot"];
  bot.identities.iam.push(PIPELINE_ROLE);
  bot.principals = [PIPELINE_ROLE];
  // A deployment without Slack: everyone reads e-mail.
  file.notices = { email: { from: "access@example.com", configurationSet: "timelatch" } };
  delete file.slack;
});

let sandbox: AbuseSandbox;
let folder: string;
beforeAll(async () => {
  sandbox = await startAbuseSandbox(undefined, access);
  folder = mkdtempSync(path.join(tmpdir(), "pipeline-"));
  await makePipelineRole(sandbox);
  // The first call of all waits until a function has started, on a busy machine for longer than a command does.
  await sandbox.person("bob").get("/v1/whoami");
});
afterAll(() => sandbox.stop());

const environment = (who = MACHINE) => commandEnvironment(sandbox, folder, who);

/** The machine's requests, newest first; undefined where the API is too busy to say. */
const requests = async () =>
  (await sandbox.person(MACHINE).get("/v1/requests?view=mine")).body.requests;

/** Decides on the machine's request once it is there. */
async function decide(run: string, verdict: "approve" | "deny") {
  const find = async () =>
    (await requests())?.find(({ reason }: { reason: string }) => reason === `Deploy ${run}`);
  const { id } = await eventually(find, (found) => found !== undefined, 60);
  const bob = sandbox.person("bob");
  const { body } = await bob.get(`/v1/requests/${id}`);
  expect(body).toMatchObject({ machine: true, requester: "deploy-bot" });
  const decided = await bob.post(`/v1/requests/${id}/decision`, { verdict, digest: body.digest });
  expect(decided.status).toBe(200);
}

const stateOf = async (run: string) =>
  (await requests()).find(({ reason }: { reason: string }) => reason === `Deploy ${run}`)?.state;

/** Whether the machine's role may now change Deployments, as kubectl says it. */
const USES = [
  "aws eks update-kubeconfig --name prod --kubeconfig config >&2",
  "kubectl --kubeconfig config -n payments-api auth can-i update deployments",
  "! kubectl --kubeconfig config -n payments-web auth can-i update deployments",
].join("\n");

describe("The workflow of docs/agents.md", () => {
  it("It deploys with the access that bob approved, and gives it back", async () => {
    const began = Date.now();
    const [{ statuses, words }] = await Promise.all([
      play(sandbox, { run: "one", deploy: USES }),
      decide("one", "approve"),
    ]);
    expect(statuses, words).toEqual({
      ...{ "Ask for access": 0, "Wait until it is there": 0, Deploy: 0, "Give it back": 0 },
    });
    expect(await stateOf("one")).toBe("ended");
    console.info(`A pipeline's life took ${Math.round((Date.now() - began) / 1_000)} s.`);
  }, 180_000);

  it("It gives the access back even where the deployment failed", async () => {
    const [{ statuses, words }] = await Promise.all([
      play(sandbox, { run: "two", deploy: "exit 1" }),
      decide("two", "approve"),
    ]);
    expect(statuses, words).toMatchObject({ Deploy: 1, "Give it back": 0 });
    expect(await stateOf("two")).toBe("ended");
  }, 180_000);

  it("Denied, or after its limit, it deploys nothing, and takes back what still waits", async () => {
    const [denied] = await Promise.all([
      play(sandbox, { run: "three", deploy: "true" }),
      decide("three", "deny"),
    ]);
    expect(denied.statuses, denied.words).toEqual({
      ...{ "Ask for access": 0, "Wait until it is there": 7, "Give it back": 0 },
    });
    const late = await play(sandbox, { run: "four", deploy: "true", limit: "2s" });
    expect(late.statuses, late.words).toMatchObject({
      ...{ "Wait until it is there": 9, "Give it back": 0 },
    });
    expect([denied.hasDeployed, late.hasDeployed]).toEqual([false, false]);
    expect(await stateOf("four")).toBe("cancelled");
  }, 180_000);
});

/** A token with the right claims, signed by a key that is not the issuer's. */
async function forgedToken(): Promise<string> {
  const [header = "", claims = ""] = (await jobToken(sandbox, {})).split(".");
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const signed = `${header}.${claims}`;
  return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), privateKey).toString("base64url")}`;
}

describe("A pipeline that is not the one of the trust policy", () => {
  const token = (job: object) => () => jobToken(sandbox, job);
  it.each([
    ["another repository", token({ repository: "example/other" }), "Not authorized"],
    ["another owner", token({ repository: "evil/payments" }), "Not authorized"],
    ["another environment", token({ environment: "staging" }), "Not authorized"],
    ["no environment", token({ environment: undefined }), "Not authorized"],
    ["another audience", token({ audience: "sigstore" }), "Incorrect token audience"],
    ["an expired token", token({ secondsAgo: 3_600 }), "Token expired"],
    ["a token by another key", forgedToken, "could not be validated"],
  ])(
    "With %s it asks for nothing, whatever its session is called",
    async (_what, made, why) => {
      const before = await requests();
      const life = { run: "strange", deploy: "true", sessionName: "bob@example.com" };
      const { statuses, words, hasDeployed } = await play(sandbox, {
        ...life,
        token: await made(),
      });
      // jq found no id.
      expect(statuses, words).toEqual({ "Ask for access": 4, "Give it back": 0 });
      expect(words).toContain(why);
      expect(hasDeployed).toBe(false);
      expect(await requests()).toEqual(before);
    },
    60_000,
  );

  it("The right pipeline is the machine, also under a session that is called like an approver", async () => {
    const { statuses, words }: Played = await play(sandbox, {
      ...{ run: "named", limit: "2s", deploy: "true", sessionName: "bob" },
    });
    expect(statuses, words).toMatchObject({ "Wait until it is there": 9, "Give it back": 0 });
    expect(await stateOf("named")).toBe("cancelled");
    const { body } = await sandbox.person("bob").get("/v1/requests?view=to-approve");
    expect(JSON.stringify(body)).not.toContain("Deploy named");
  }, 120_000);
});

describe("An agent with the machine's credentials", () => {
  it("It asks through MCP, bob approves, and it gives the access back", async () => {
    const { client, call } = await startAgent(environment());
    try {
      const asked = await call("request_access", {
        ...{ cluster: "prod", policy: "edit", namespaces: ["payments-web"] },
        ...{ duration: "30m", reason: "Deploy five" },
      });
      const { id } = asked.request;
      await decide("five", "approve");
      const state = async () => (await call("my_requests", { id })).request.state;
      await eventually(state, (now) => now === "active", 60);
      expect((await call("how_to_connect", { id })).commands).not.toEqual([]);
      expect((await call("return_access", { id })).request.state).toBe("ending");
      await eventually(state, (now) => now === "ended", 60);
      const shown = await sandbox.person("bob").get(`/v1/requests/${id}`);
      expect(shown.body.via).toEqual({ protocol: "mcp", client: "some-agent 1.0" });
    } finally {
      await client.close();
    }
  }, 180_000);

  it("Of all routes it may call no other, nor read or change what others asked for", async () => {
    const other = await sandbox.person("alice").ask({ reason: "INC-4711 stuck rollout" });
    const before = await whatStands(sandbox, other);
    for (const [operation, answer] of await tryEveryDeed(sandbox, other)) {
      expect([operation, answer.status]).toEqual([operation, 403]);
      await sandbox.expectRefused(answer, "machine-asks-only", "deploy-bot");
    }
    for (const answer of await tryOnOthers(sandbox, other))
      expectProblem(answer, "request-not-found");
    expect(await tryAsks(sandbox)).toEqual({
      "break-glass": expect.arrayContaining(["machine-no-break-glass"]),
      "break-glass by its rule": expect.arrayContaining(["machine-no-break-glass"]),
      "the system's namespaces": expect.arrayContaining(["other-access"]),
      "another cluster": expect.any(Array),
      "bob's role": expect.arrayContaining(["principal-not-yours"]),
    });
    for (const [call, refusal] of Object.entries(await tryAws(sandbox)))
      expect([call, refusal]).toEqual([call, expect.stringMatching(/^AccessDenied/)]);
    expect(await whatStands(sandbox, other)).toEqual(before);
  }, 180_000);
});

describe("An agent with a person's credentials", () => {
  const ask = {
    ...{ cluster: "prod", policy: "edit", namespaces: ["payments-web"] },
    ...{ duration: "30m", reason: "INC-4711 for alice" },
  };
  const mine = async () =>
    (await sandbox.person("alice").get("/v1/requests?view=mine")).body.requests.filter(
      ({ reason }: { reason: string }) => reason === ask.reason,
    );

  it.each([
    ["2025-11-25", {}],
    ["2026-07-28", { versionNegotiation: { mode: "auto" as const } }],
  ])(
    "By %s it asks in her name what she agrees to at her client, and nothing else",
    async (_, options) => {
      for (const [said, more] of [
        ["nothing", 0],
        ["decline", 0],
        ["accept", 1],
      ] as const) {
        const before = await mine();
        const capabilities = said === "nothing" ? {} : { elicitation: { form: {} } };
        const { client } = await startAgent(
          environment("alice"),
          { ...options, capabilities },
          (one) => {
            if (said !== "nothing")
              one.setRequestHandler("elicitation/create", () => ({ action: said, content: {} }));
          },
        );
        try {
          const answer = await client.callTool({ name: "request_access", arguments: ask });
          expect(answer.isError ?? false).toBe(said !== "accept");
          expect(await mine()).toHaveLength(before.length + more);
          if (said !== "accept") continue;
          // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever a tool answers
          const { id } = (answer.structuredContent as any).request;
          expect((await sandbox.person("alice").get(`/v1/requests/${id}`)).body).toMatchObject({
            ...{ requester: "alice", state: "pending" },
            via: { protocol: "mcp", client: "some-agent 1.0" },
          });
          await client.callTool({ name: "return_access", arguments: { id } });
        } finally {
          await client.close();
        }
      }
    },
    120_000,
  );
});

describe("A deployment without Slack", () => {
  interface Mail {
    readonly to: readonly string[];
    readonly subject: string;
    readonly text: string;
    readonly headers: Readonly<Record<string, string>>;
  }
  const ses = async (body?: object) => {
    const init = body ? { method: "PUT", body: JSON.stringify(body) } : {};
    const response = await fetch(`${sandbox.awsUrl}/_sandbox/ses`, init);
    return (await response.json()) as { readonly messages: readonly Mail[] };
  };
  const mailsAbout = async (id: string) =>
    (await ses()).messages.filter(({ headers }) => headers["References"] === `<${id}@example.com>`);
  /** The e-mails about a request to one person, once one of them has the words. */
  const toPerson = async (name: string, id: string, words: string) => {
    const own = async () =>
      (await mailsAbout(id)).filter(({ to }) => to[0] === `${name}@example.com`);
    return await eventually(own, (all) => all.some(({ text }) => text.includes(words)), 60);
  };
  const ask = (namespace: string) =>
    sandbox.person("alice").ask({
      access: {
        policy: "AmazonEKSEditPolicy",
        scope: { type: "namespace", namespaces: [namespace] },
      },
      reason: "INC-4711 see <b>evil.example</b>",
    });

  it("The approver is asked by one e-mail, and hears in its thread that it is settled", async () => {
    const { id } = await ask("payments-mail");
    const [asked, ...none] = await toPerson("bob", id, `timelatch approve ${id}`);
    expect([asked?.subject, none]).toEqual([expect.stringContaining("alice"), []]);
    expect(asked?.text).toContain("Reason: INC-4711 see <b>evil[.]example</b>");
    await sandbox.person("alice").post(`/v1/requests/${id}/cancel`, {});
    const both = await toPerson("bob", id, "You need not decide on this any more.");
    expect(both.map(({ subject }) => subject)).toEqual([asked?.subject, asked?.subject]);
  }, 120_000);

  it("While the account may not send, the request says whom nothing reached; afterwards all hear of it", async () => {
    await ses({ account: { sendingEnabled: false } });
    const asked = await ask("payments-post");
    const alice = sandbox.person("alice");
    const missing = async () => (await alice.get(`/v1/requests/${asked.id}`)).body.undeliverable;
    expect(await eventually(missing, (found) => found !== undefined, 60)).toMatchObject([
      { kind: "decision-wanted", to: "bob", medium: "email", reason: "email-sending-paused" },
    ]);
    await ses({ account: { sendingEnabled: true } });
    await toPerson("bob", asked.id, "timelatch approve");
    expect(await missing()).toBeUndefined();
    await sandbox.person("bob").approve(asked);
    await alice.until(asked, ["active"]);
    await toPerson("alice", asked.id, "You can edit in payments-post on prod.");
    await alice.post(`/v1/requests/${asked.id}/return`, {});
    await alice.until(asked, ["ended"]);
    const own = await toPerson("alice", asked.id, "The access of this grant has ended.");
    expect(new Set(own.map(({ subject }) => subject)).size).toBe(1);
    // He decided it himself, and needs no second e-mail.
    expect(await toPerson("bob", asked.id, "timelatch approve")).toHaveLength(1);
    expect(sandbox.log()).not.toContain("bob@example.com");
  }, 180_000);

  it("An e-mail that bounced is shown as not delivered, without anybody's address", async () => {
    await ses({ suppressed: { "bob@example.com": "BOUNCE" } });
    const asked = await ask("payments-bounced");
    const missing = async () =>
      (await sandbox.person("alice").get(`/v1/requests/${asked.id}`)).body.undeliverable;
    const found = await eventually(missing, (all) => all !== undefined, 60);
    expect(found).toMatchObject([{ to: "bob", medium: "email", reason: "email-bounced" }]);
    expect(JSON.stringify(found)).not.toContain("@");
    await ses({ suppressed: {} });
    await sandbox.person("alice").post(`/v1/requests/${asked.id}/cancel`, {});
  }, 120_000);

  it("Break-glass is written to admins and to whoever is skipped", async () => {
    const carol = sandbox.person("carol");
    const asked = await carol.ask({
      ...{ access: { policy: "AmazonEKSClusterAdminPolicy", scope: { type: "cluster" } } },
      ...{ duration: "20m", reason: "INC-4712 the control plane is down" },
    });
    expect(asked.breakGlass).toBe(true);
    for (const name of ["carol", "heidi"])
      expect(await toPerson(name, asked.id, "BREAK-GLASS: carol on prod")).not.toEqual([]);
    await carol.post(`/v1/requests/${asked.id}/return`, {});
  }, 120_000);
});
