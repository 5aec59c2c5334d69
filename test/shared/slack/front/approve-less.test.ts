/** Approving for less in Slack: the window, and what its submission does. */
import { describe, expect, it } from "vitest";
import { aPolicy, aRequest } from "../../../../lab/fakes/builders.ts";
import { edit } from "../../../../lab/fakes/memory-broker.ts";
import { modalView } from "../../../../lab/sandbox/slack/blocks/view.ts";
import { noticesFor } from "../../../../shared/domain/notices/notices-for.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { lessForm } from "../../../../shared/slack/front/less-form.ts";
import { messageFor } from "../../../../shared/slack/message.ts";
import { saidIn, slackBroker, slackPolicy } from "./slack-front-fixture.ts";

const EMPTY = { statusCode: 200, body: undefined };
const ASKED = { access: edit("payments-api", "payments-web") };

type Fields = Readonly<Record<string, string>>;
const viewOf = ({ id, digest }: Pick<AccessRequest, "id" | "digest">) => ({
  private_metadata: JSON.stringify({ id, digest }),
});

async function asked(policy = slackPolicy()) {
  const slack = slackBroker(policy);
  const request = await slack.ask(ASKED);
  const submit = (fields: Fields, by = "bob", shown: typeof request = request) =>
    slack.interact(slack.submission(by, "less", fields, viewOf(shown)));
  return { slack, request, submit, now: () => slack.reload(request) };
}

const SAME = { duration: "1h", namespaces: "payments-api, payments-web" };

describe("The window that approves for less", () => {
  it("The button opens a window that holds what was asked for", async () => {
    const { slack, request } = await asked();
    expect(await slack.click("bob", "approve_less", request)).toEqual(EMPTY);
    expect(slack.web).toMatchObject([
      { method: "views.open", parameters: { view: { callback_id: "less", ...viewOf(request) } } },
    ]);
    for (const text of ['"initial_value":"1h"', '"payments-api, payments-web"', "INC-4711"])
      expect(saidIn(slack.web)).toContain(text);
  });

  it("Access without namespaces has no field for them", () => {
    const ids = (request: AccessRequest) =>
      (lessForm(request)["blocks"] as readonly { block_id?: string }[]).flatMap(
        ({ block_id }) => block_id ?? [],
      );
    expect(ids(aRequest())).toEqual(["duration", "namespaces", "note"]);
    expect(ids(aRequest({ access: { groups: ["eks-admins"] } }))).toEqual(["duration", "note"]);
  });

  it.each([
    ["all that a field takes", 45, true],
    ["more than a field takes", 50, false],
  ])("Slack takes the window for namespaces that are %s", (_, count, isShown) => {
    const names = Array.from({ length: count }, (_each, n) => `${n}`.padStart(63, "a"));
    const form = lessForm(aRequest({ access: edit(...names), reason: "&".repeat(500) }));
    expect(modalView(form, "")).toEqual([]);
    expect(saidIn(form).includes(names.join(", "))).toBe(isShown);
  });

  it("The button on a message of before opens nothing, and says why", async () => {
    const { slack, request } = await asked();
    await slack.click("bob", "approve_less", { ...request, digest: "0".repeat(64) });
    expect(slack.web).toMatchObject([{ method: "chat.postEphemeral" }]);
  });
});

describe("A submission that approves for less", () => {
  it("The request is approved for what stands in the window, with the note", async () => {
    const { submit, now } = await asked();
    const fields = { duration: "30m", namespaces: "payments-api", note: "api is enough" };
    expect(await submit(fields)).toEqual(EMPTY);
    const approved = await now();
    expect(approved).toMatchObject({
      state: "approved",
      durationSeconds: 1_800,
      access: edit("payments-api"),
      earlierTerms: [{ durationSeconds: 3_600, ...ASKED }],
      approvals: [{ person: "bob", surface: "slack", note: "api is enough" }],
    });
  });

  it("The requester's own message has the note, and the message to approvers does not", async () => {
    const { slack, submit, now } = await asked();
    await submit({ ...SAME, duration: "30m", note: "half an hour is enough" });
    const { notices } = noticesFor(slack.front.policy, await now(), slack.clock.now());
    const said = (kind: string) =>
      notices.filter((each) => each.kind === kind).map((each) => saidIn(messageFor(each)));
    expect(said("approved-less")).toEqual([
      expect.stringContaining("bob wrote: half an hour is enough."),
    ]);
    expect(said("request").join()).not.toContain("enough");
  });

  it.each([
    ["only the duration", { ...SAME, duration: "30m" }, 1_800, ASKED.access],
    ["only namespaces", { ...SAME, namespaces: "payments-web" }, 3_600, edit("payments-web")],
    [
      "namespaces on lines of their own",
      { duration: "1h", namespaces: " payments-web\n payments-web," },
      3_600,
      edit("payments-web"),
    ],
  ] as const)("An approver can take away %s", async (_, fields, durationSeconds, access) => {
    const { submit, now } = await asked();
    expect(await submit(fields)).toEqual(EMPTY);
    expect(await now()).toMatchObject({ state: "approved", durationSeconds, access });
  });

  it.each([
    ["nothing less", SAME, "duration", "takes nothing away"],
    ["a longer duration", { ...SAME, duration: "2h" }, "duration", "longer than the 1h"],
    ["no duration", { ...SAME, duration: "soon" }, "duration", "Write whole numbers"],
    ["too short a duration", { ...SAME, duration: "1m" }, "duration", "at least 300 seconds"],
    [
      "another namespace",
      { ...SAME, namespaces: "payments-api, payments-db" },
      "namespaces",
      "payments-db was not asked for",
    ],
    ["no namespace at all", { ...SAME, namespaces: "," }, "namespaces", "at least one namespace"],
    ["a name that is none", { ...SAME, namespaces: "Payments" }, "namespaces", "RFC 1123"],
    ["a note with hidden characters", { ...SAME, note: "a\u202eb" }, "note", "visible characters"],
  ] as const)("A window with %s says so at its field", async (_, fields, at, text) => {
    const { submit, request, now } = await asked();
    const { body } = await submit(fields);
    expect(body).toEqual({
      response_action: "errors",
      errors: { [at]: expect.stringContaining(text) },
    });
    expect(await now()).toEqual(request);
  });

  it.each([
    ["alice", "your own request"],
    ["carol", "payments-leads"],
  ])(
    "A submission of %s, who may not decide, approves nothing and is recorded",
    async (by, text) => {
      const { slack, submit, request } = await asked();
      const { body } = await submit({ ...SAME, duration: "30m" }, by);
      expect(saidIn(body)).toContain(text);
      expect(await slack.reload(request)).toMatchObject({ state: "pending", approvals: [] });
      expect((await slack.front.requests.history(request.id)).at(-1)).toMatchObject({
        type: "attempt",
        actor: by,
        details: { tried: "approve" },
      });
    },
  );

  it("A window that showed other terms approves nothing, and says what was approved", async () => {
    const policy = aPolicy();
    const both = [
      { groups: ["payments-leads"], count: 1 },
      { groups: ["sre"], count: 1 },
    ];
    const rules = policy.rules.map((rule) => ({ ...rule, approval: both }));
    const { submit, now } = await asked(slackPolicy({ ...policy, rules }));
    await submit({ ...SAME, duration: "30m" });
    const { body } = await submit({ ...SAME, duration: "45m" }, "carol");
    expect(saidIn(body)).toContain("bob has approved this for less");
    expect(await now()).toMatchObject({ state: "pending", durationSeconds: 1_800 });
  });

  it("A rule only for the API is not approved for less here", async () => {
    const policy = aPolicy();
    const rules = policy.rules.map((rule) => ({ ...rule, decideIn: ["api"] as const }));
    const { submit, request, now } = await asked(slackPolicy({ ...policy, rules }));
    const { body } = await submit({ ...SAME, duration: "30m" });
    expect(saidIn(body)).toContain(`timelatch approve ${request.id}`);
    expect(await now()).toMatchObject({ state: "pending", approvals: [] });
  });

  it("A window without a request of ours approves nothing", async () => {
    const { slack, request } = await asked();
    for (const private_metadata of ["", "{}", '{"id":"x","digest":"y"}']) {
      const { body } = await slack.interact(
        slack.submission("bob", "less", SAME, { private_metadata }),
      );
      expect(saidIn(body)).toContain("not one of Timelatch's");
    }
    expect(await slack.reload(request)).toEqual(request);
  });

  it("Details name both terms, and who gave less", async () => {
    const { slack, submit, now } = await asked();
    await submit({ duration: "30m", namespaces: "payments-api" });
    await slack.click("bob", "details", await now());
    expect(saidIn(slack.web)).toContain(
      "Approved for less: bob: AmazonEKSEditPolicy in payments-api for 30m, in place of AmazonEKSEditPolicy in payments-api, payments-web for 1h",
    );
  });
});
