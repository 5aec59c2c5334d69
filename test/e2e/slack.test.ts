/** A grant that is asked for, approved and given back in Slack, through the bundles. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiPerson } from "./api-person.ts";
import { eventually } from "./eventually.ts";
import { type SandboxProcess, startSandboxProcess } from "./sandbox-process.ts";
import { buttonsOf, type ShownMessage, slackPerson } from "./slack-person.ts";

const ALICE = "U0001";
const BOB = "U0002";
const CAROL = "U0003";
const MALLORY = "U0005";
/** A guest of the workspace, whom access.yaml does not name. */
const GUEST = "U0006";

const dir = mkdtempSync(path.join(tmpdir(), "timelatch-"));
let sandbox: SandboxProcess;
beforeAll(async () => {
  sandbox = await startSandboxProcess(["--dir", dir, "--minute-seconds", "3"]);
});
afterAll(async () => {
  await sandbox.stop();
});

const slack = (user: string) => slackPerson(sandbox, user);
const hasButton = (message: ShownMessage, action: string) =>
  buttonsOf(message).some(({ action_id }) => action_id === action);
/** The message in the approvers' channel that has the button. */
const shown = async (action: string): Promise<ShownMessage> => {
  const messages = await eventually(
    () => slack(BOB).messages(),
    (all) => all.some((each) => each.channel === "C0001" && hasButton(each, action)),
  );
  const found = messages.find((each) => each.channel === "C0001" && hasButton(each, action));
  if (!found) throw new Error(`No message has ${action}.`);
  return found;
};

describe("A grant in Slack", () => {
  it("A request by command is approved at its message only by the right person, once, and given back", async () => {
    const asked = await slack(ALICE).command("prod edit payments-api 1h INC-4711 stuck rollout");
    expect(asked).toMatchObject({ status: 200, text: expect.stringContaining("asked for") });
    const message = await shown("approve");

    for (const nobody of [ALICE, MALLORY, GUEST])
      await slack(nobody).send(await slack(nobody).click(message, "approve"));
    expect((await slack(ALICE).command("list")).text).toContain("pending");

    const approval = await slack(BOB).click(message, "approve");
    expect(await slack(BOB).send(approval)).toEqual({ status: 200, text: "" });
    await eventually(
      () => slack(ALICE).command("list"),
      ({ text }) => text.includes("active"),
    );
    const alice = apiPerson(sandbox, "alice");
    const { id } = (await alice.get("/v1/requests")).body.requests[0];
    const approved = async () => (await alice.get(`/v1/requests/${id}`)).body;
    const before = await approved();
    expect(before.approvals).toMatchObject([{ person: "bob" }]);
    expect((await slack(BOB).send(approval)).status).toBe(200);
    expect((await approved()).approvals).toEqual(before.approvals);
    expect(hasButton(await shown("revoke"), "approve")).toBe(false);

    expect((await slack(ALICE).command("return")).text).toContain("Returned");
    await eventually(
      () => slack(ALICE).command("list"),
      ({ text }) => text.includes("no open grant"),
    );
  });

  it("What was asked for at once is one message: one tap approves what bob may, and carol adds hers", async () => {
    const alice = apiPerson(sandbox, "alice");
    const asked = (policy: string, namespace: string) => ({
      cluster: "prod",
      access: { policy, scope: { type: "namespace", namespaces: [namespace] } },
      ...{ duration: "30m", reason: "INC-4711 stuck rollout" },
    });
    const { body } = await alice.post("/v1/asks", {
      requests: [
        asked("AmazonEKSViewPolicy", "payments-one"),
        asked("AmazonEKSAdminPolicy", "payments-api"),
        asked("AmazonEKSEditPolicy", "payments-two"),
      ],
    });
    const ids: readonly string[] = body.requests.map(({ id }: { id: string }) => id);
    const states = async () =>
      Promise.all(ids.map(async (id) => (await alice.get(`/v1/requests/${id}`)).body.state));
    const message = await shown("approve_all");
    const texts = JSON.stringify(message.blocks);
    const places = ["administer", "edit in payments-two", "read in payments-one"];
    expect(places.map((text) => texts.indexOf(text))).toEqual(
      places.map((text) => texts.indexOf(text)).toSorted((a, b) => a - b),
    );
    const ofIt = async () =>
      (await slack(BOB).messages()).filter(
        ({ channel, blocks }) =>
          channel === "C0001" && ids.some((id) => JSON.stringify(blocks).includes(id)),
      );
    expect(await ofIt()).toHaveLength(1);

    await slack(MALLORY).send(await slack(MALLORY).click(message, "approve_all"));
    expect(await states()).toEqual(["pending", "pending", "pending"]);
    await slack(BOB).send(await slack(BOB).click(message, "approve_all"));
    await eventually(states, (now) => now.join() === "active,pending,active", 60);
    // Its message shows each approval by itself, and in the end only the button of the one that waits.
    const isRest = (one: ShownMessage) =>
      JSON.stringify(one.blocks).includes("Still needs carol") &&
      hasButton(one, "revoke") &&
      !hasButton(one, "approve_all");
    await eventually(ofIt, ([one]) => one !== undefined && isRest(one), 60);
    const carol = apiPerson(sandbox, "carol");
    await carol.approve((await carol.get(`/v1/requests/${ids[1]}`)).body);
    await eventually(states, (now) => now.every((state) => state === "active"), 60);
    // Decided elsewhere, it has no button for a decision any more.
    await eventually(ofIt, (all) => all.every((one) => !hasButton(one, "approve")), 60);
    expect(await ofIt()).toHaveLength(1);
    for (const id of ids) await alice.post(`/v1/requests/${id}/return`, {});
    await eventually(
      () => slack(ALICE).command("list"),
      ({ text }) => text.includes("no open grant"),
    );
  }, 180_000);

  it("Somebody whom access.yaml names and who is a guest by now decides nothing", async () => {
    const body = JSON.stringify({ user: CAROL, is_ultra_restricted: true });
    await fetch(`${sandbox.slackUrl}/_sandbox/users`, { method: "POST", body });
    await slack(ALICE).command("prod edit payments-web 1h INC-4711 stuck rollout");
    await slack(CAROL).send(await slack(CAROL).click(await shown("approve"), "approve"));
    const said = (await slack(CAROL).calls()).filter(
      ({ method, arguments: { user } }) => method === "chat.postEphemeral" && user === CAROL,
    );
    expect(said).toMatchObject([
      { arguments: { text: expect.stringContaining("a guest of this workspace") } },
    ]);
    const alice = apiPerson(sandbox, "alice");
    const { id } = (await alice.get("/v1/requests")).body.requests[0];
    const { events } = (await alice.get(`/v1/requests/${id}/events`)).body;
    expect(events).toMatchObject([
      { type: "request" },
      { type: "attempt", actor: "carol", details: { tried: "approve", why: "guest" } },
    ]);
    await slack(BOB).send(await slack(BOB).click(await shown("approve"), "approve"));
    await shown("revoke");
    await slack(ALICE).command("return");
  });

  it("Slack takes every window that slack opens", async () => {
    await slack(ALICE).command("staging eks-admins 1h INC-4711 stuck rollout");
    const message = await shown("deny");
    for (const action of ["details", "deny"])
      expect((await slack(BOB).send(await slack(BOB).click(message, action))).status).toBe(200);
    await slack(ALICE).command("");
    await slack(ALICE).openHome();
    await slack(BOB).openHome();
    const views = (await slack(BOB).calls()).filter(({ method }) => method.startsWith("views."));
    expect(views.length).toBeGreaterThanOrEqual(5);
    expect(views.map(({ answer }) => answer.error ?? "ok")).toEqual(views.map(() => "ok"));
  });
});

describe("A call that Slack did not sign", () => {
  it("An unsigned call and a changed one are refused, and a function's log has no secret", async () => {
    const call = await slack(BOB).click({ channel: "C0001", ts: "1.1" }, "approve");
    const { headers, ...unsigned } = call;
    expect((await slack(BOB).send({ ...unsigned, headers: {} })).status).toBe(401);
    expect((await slack(BOB).send({ ...call, body: `${call.body}&` })).status).toBe(401);
    expect(headers["x-slack-signature"]).toMatch(/^v0=/);
    const functionLog = sandbox
      .log()
      .split("\n")
      .filter((line) => line.startsWith("Timelatch-"))
      .join("\n");
    expect(functionLog).toContain("not signed");
    for (const secret of [sandbox.slackSigningSecret, "xoxb-", "/_sandbox/", "response_url"])
      expect(functionLog).not.toContain(secret);
  });
});
