/** The messages in Slack of a grant's life, sent by the bundles to the emulated Slack. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiPerson, editIn } from "./api-person.ts";
import { eventually } from "./eventually.ts";
import { type SandboxProcess, startSandboxProcess } from "./sandbox-process.ts";

interface ShownMessage {
  readonly channel: string;
  readonly ts: string;
  readonly text: string;
  readonly blocks: readonly { readonly type: string }[];
}

let sandbox: SandboxProcess;
beforeAll(async () => {
  const dir = mkdtempSync(path.join(tmpdir(), "timelatch-"));
  sandbox = await startSandboxProcess(["--dir", dir, "--minute-seconds", "3"]);
});
afterAll(async () => {
  await sandbox.stop();
});

const person = (name: string) => apiPerson(sandbox, name);
const messages = async () =>
  (await (await fetch(`${sandbox.slackUrl}/_sandbox/messages`)).json()) as readonly ShownMessage[];
const fault = (body: object) =>
  fetch(`${sandbox.slackUrl}/_sandbox/faults`, { method: "POST", body: JSON.stringify(body) });
/** The messages of a channel once one of them has the words. */
const shown = async (channel: string, words: RegExp) => {
  const all = await eventually(messages, (found) =>
    found.some((each) => each.channel === channel && words.test(each.text)),
  );
  return all.filter((each) => each.channel === channel);
};

describe("a grant in Slack", () => {
  it("A grant in Slack is one message for its approvers, which follows it, and one for its requester", async () => {
    const asked = await person("alice").ask();
    const [first] = await shown("C0001", /^alice asks to edit in payments-api on prod/);
    expect(first?.blocks.at(-1)).toMatchObject({ type: "actions", block_id: "request" });
    await person("bob").approve(asked);
    const active = await shown(
      "C0001",
      /^alice can edit in payments-api on prod\. Approved by bob/,
    );
    expect(active).toHaveLength(1);
    const all = await eventually(messages, (found) =>
      found.some(({ channel, text }) => channel.startsWith("D") && text.startsWith("You can edit")),
    );
    expect(all).toHaveLength(2);
    const [own, inChannel] = ["D", "C"].map((kind) => all.find((each) => each.channel[0] === kind));
    const path = `/archives/C0001/p${inChannel?.ts.replace(".", "")}`;
    expect(JSON.stringify(own?.blocks.at(-1))).toContain(`<${sandbox.slackUrl}${path}|`);
    await person("bob").post(`/v1/requests/${asked.id}/revoke`, { note: "<!channel> done" });
    const ended = await shown(
      "C0001",
      /Revoked by bob: &lt;!channel&gt; done\. The access of this grant has ended\./,
    );
    expect(ended).toHaveLength(1);
    expect(ended[0]?.blocks.some(({ type }) => type === "actions")).toBe(false);
  });

  it("A message that Slack takes seconds to answer is posted once", async () => {
    await fault({ kind: "delay", method: "chat.postMessage", milliseconds: 2_500, count: 2 });
    const asked = await person("alice").ask({ access: editIn("payments-slow") });
    await person("bob").approve(asked);
    await shown("C0001", /^alice can edit in payments-slow on prod/);
    await person("bob").post(`/v1/requests/${asked.id}/revoke`, {});
    const channel = await shown("C0001", /^alice asked to edit in payments-slow on prod/);
    expect(channel.filter(({ text }) => text.includes("payments-slow"))).toHaveLength(1);
  });

  it("A message whose answer is lost is found by what Slack tells, and stays the only one", async () => {
    await fault({ kind: "drop", method: "chat.postMessage", count: 1 });
    await fault({ kind: "delay", method: "chat.postMessage", milliseconds: 9_000, count: 1 });
    const asked = await person("alice").ask({ access: editIn("payments-lost") });
    await shown("C0001", /^alice asks to edit in payments-lost on prod/);
    await person("bob").approve(asked);
    await shown("C0001", /^alice can edit in payments-lost on prod/);
    await person("bob").post(`/v1/requests/${asked.id}/revoke`, {});
    const channel = await shown(
      "C0001",
      /^alice asked to edit in payments-lost on prod.* has ended\./,
    );
    const own = channel.filter(({ text }) => text.includes("payments-lost"));
    expect(own).toHaveLength(1);
    expect(own[0]?.blocks.some(({ type }) => type === "actions")).toBe(false);
  });

  it("A grant is shown in Slack once Slack works again", async () => {
    await fault({ kind: "outage", method: "chat.postMessage", count: 2 });
    await person("carol").ask({
      cluster: "staging",
      access: { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } },
    });
    await shown("C0001", /^carol (?:asked to|can) read in the whole cluster staging/);
  });

  it("A grant waits while Slack refuses the token, says why, and is shown once Slack takes it", async () => {
    await fault({
      kind: "error",
      error: "token_revoked",
      method: "chat.postMessage",
      seconds: 600,
    });
    const bob = person("bob");
    const asked = await bob.ask({
      cluster: "staging",
      access: { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } },
    });
    const missing = async () => JSON.stringify((await bob.get(`/v1/requests/${asked.id}`)).body);
    await eventually(missing, (body) => body.includes("token-revoked"));
    await fetch(`${sandbox.slackUrl}/_sandbox/faults`, { method: "DELETE" });
    await shown("C0001", /^bob (?:asked to|can) read in the whole cluster staging/);
    await eventually(missing, (body) => !body.includes("token-revoked"));
  });
});
