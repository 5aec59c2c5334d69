/** All access of one person ends: by the command, and by the button on Slack's App Home. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EndsReport } from "../../cli/ends/ends-report.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { apiPerson, editIn } from "./api-person.ts";
import { eventually } from "./eventually.ts";
import { timelatch } from "./real-clients.ts";
import { type SandboxProcess, startSandboxProcess } from "./sandbox-process.ts";
import { slackPerson } from "./slack-person.ts";

const dir = mkdtempSync(path.join(tmpdir(), "timelatch-"));
let sandbox: SandboxProcess;
beforeAll(async () => {
  sandbox = await startSandboxProcess(["--dir", dir, "--minute-seconds", "2"]);
});
afterAll(async () => {
  await sandbox.stop();
});

const person = (name: string) => apiPerson(sandbox, name);

/** Alice's active grant of Edit in a namespace. */
async function lent(namespace: string): Promise<RequestAnswer> {
  const asked = await person("alice").ask({ access: editIn(namespace), duration: "20m" });
  await person("bob").approve(asked);
  return person("alice").until(asked, ["active"]);
}
const stateOf = async ({ id }: RequestAnswer) =>
  (await person("alice").get(`/v1/requests/${id}`)).body.state;

describe("timelatch revoke --all", () => {
  it("It ends every grant of a person, and succeeds only where nothing is known to remain", async () => {
    const grants = [await lent("payments-api"), await lent("payments-web")];
    const waits = await person("alice").ask({ access: editIn("payments-jobs") });
    const run = (...args: readonly string[]) =>
      timelatch(sandbox, "bob", "revoke", "--all", "--who", "alice", "--yes", "--json", ...args);

    const { code, stdout, stderr } = await run("--cluster", "prod", "--note", "laptop lost");
    const report = JSON.parse(stdout) as EndsReport;
    expect(report.ended.map(({ id, state }) => [id, state]).toSorted()).toEqual(
      grants.map(({ id }) => [id, "ended"]).toSorted(),
    );
    expect(report).toMatchObject({ notProven: [], notEnded: [], pending: [{ id: waits.id }] });
    // An approver reads nothing of somebody who has no access that they could end.
    expect({ code, remains: report.remains }).toEqual({ code: 14, remains: true });
    expect(JSON.parse(stderr)).toMatchObject({ type: "urn:timelatch:cli:access-remains" });
    expect(await stateOf(waits)).toBe("pending");

    expect((await run("--cluster", "gone")).code).toBe(4);
    await timelatch(sandbox, "alice", "return", "--all", "--yes");
    expect(await stateOf(waits)).toBe("cancelled");
  });
});

describe("End all on App Home", () => {
  it("It ends every grant with its extension, and its requester hears of each chain", async () => {
    const slack = slackPerson(sandbox, "U0001");
    const [first, other] = [await lent("payments-api"), await lent("payments-web")];
    const path = `/v1/requests/${first.id}/extend`;
    const { body } = await person("alice").post(path, { duration: "10m" });
    await person("bob").approve(body);
    const extension = await person("alice").until(body as RequestAnswer, ["active"]);
    const grants = [first, extension, other];

    expect(await slack.send(await slack.clickEndAll())).toEqual({ status: 200, text: "" });
    for (const each of grants) await person("alice").until(each, ["ended"]);
    const told = await eventually(
      async () => endsTold(await slack.messages(), grants),
      (ids) => ids.length >= 2,
    );
    expect(told.toSorted()).toEqual([extension.id, other.id].toSorted());
  });
});

/** The grants about whose end alice has a message of her own: it offers to ask again. */
const endsTold = (messages: readonly unknown[], grants: readonly RequestAnswer[]) =>
  messages
    .map((message) => JSON.stringify(message))
    .filter((message) => message.includes("ask_again"))
    .flatMap((message) => grants.flatMap(({ id }) => (message.includes(id) ? [id] : [])));
