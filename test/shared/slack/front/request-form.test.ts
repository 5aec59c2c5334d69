/** The fields of the form that asks for access, as Slack keeps them. */
import { describe, expect, it } from "vitest";
import { slackBroker } from "./slack-front-fixture.ts";

const FORM = {
  access: "c/AmazonEKSViewPolicy",
  duration: "1h",
  reason: "INC-4711 stuck rollout",
};

interface Field {
  readonly block_id?: string;
  readonly element?: { readonly action_id: string };
  readonly elements?: readonly { readonly value: string }[];
}

/** The block of each field, once alice has chosen a cluster. */
async function blocksFor(cluster: string): Promise<ReadonlyMap<string | undefined, unknown>> {
  const slack = slackBroker();
  const asked = await slack.ask();
  const { view } = slack.submission("alice", "request", { ...FORM, cluster });
  const chosen = { action_id: "cluster", block_id: "cluster", selected_option: { value: cluster } };
  await slack.click("alice", "cluster", asked, { channel: undefined, view, actions: [chosen] });
  const updated = slack.web.at(-1)?.parameters["view"];
  const { blocks } = updated as { readonly blocks: readonly Field[] };
  return new Map(blocks.map(({ element, block_id }) => [element?.action_id, block_id]));
}

type Slack = ReturnType<typeof slackBroker>;

const fieldsIn = (slack: Slack): readonly Field[] => {
  const view = slack.web.at(-1)?.parameters["view"] as { readonly blocks: readonly Field[] };
  return view?.blocks ?? [];
};
const presetsIn = (slack: Slack) =>
  fieldsIn(slack).flatMap(({ elements = [] }) => elements.map(({ value }) => value));
const durationIn = (slack: Slack) =>
  fieldsIn(slack).find(({ element }) => element?.action_id === "duration");

/** Presses or chooses something in alice's form for prod, where she typed an hour. */
async function choose(slack: Slack, id: string, action: object, hash = "Hash1"): Promise<void> {
  const { view } = slack.submission("alice", "request", { ...FORM, cluster: "prod" });
  const actions = [{ action_id: id, block_id: "presets", ...action }];
  const over = { channel: undefined, view: { ...view, hash }, actions };
  await slack.click("alice", id, { id: "", digest: "" } as never, over);
}

describe("The fields of the form", () => {
  it("Another cluster makes another field of what it offers, and keeps what was typed", async () => {
    const [prod, staging] = [await blocksFor("prod"), await blocksFor("staging")];
    expect(prod.get("access")).toBeDefined();
    expect(staging.get("access")).toBeDefined();
    expect(prod.get("access")).not.toBe(staging.get("access"));
    expect(prod).toEqual(await blocksFor("prod"));
    for (const field of ["cluster", "duration", "reason"])
      expect(prod.get(field)).toBe(staging.get(field));
  });

  it("A fault stands at the block that the form has for its field", async () => {
    const slack = slackBroker();
    const payload = slack.submission("alice", "request", { ...FORM, cluster: "prod" });
    const { access, ...rest } = payload.view.state.values as Readonly<Record<string, object>>;
    payload.view.state.values = { ...rest, "access-0123": access } as never;
    const { body } = await slack.interact(payload);
    expect(Object.keys(body.errors)).toEqual(["access-0123"]);
  });

  it("Durations that the cluster's rules allow are there to press, once a cluster is chosen", async () => {
    const slack = slackBroker();
    await slack.command("alice", "");
    expect(presetsIn(slack)).toEqual([]);
    await choose(slack, "cluster", {});
    expect(presetsIn(slack)).toEqual(["15m", "30m", "1h", "2h", "4h"]);
  });

  it("A duration that is pressed stands in its field, whatever was typed there before", async () => {
    const slack = slackBroker();
    await choose(slack, "preset_2h", { value: "2h" });
    const first = durationIn(slack);
    expect(first?.element).toMatchObject({ initial_value: "2h" });
    await choose(slack, "preset_2h", { value: "2h" }, "Hash2");
    expect(durationIn(slack)?.block_id).not.toBe(first?.block_id);
  });

  it("A reason may be typed in several lines, and is kept in one", async () => {
    const slack = slackBroker();
    const reason = "INC-4711 stuck rollout\n\n  of payments-api\r\nsince noon";
    await slack.interact(
      slack.submission("alice", "request", { ...FORM, cluster: "staging", reason }),
    );
    expect(slack.requests().map((each) => each.reason)).toEqual([
      "INC-4711 stuck rollout of payments-api since noon",
    ]);
  });
});
