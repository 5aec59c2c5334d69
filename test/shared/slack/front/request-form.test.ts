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
});
