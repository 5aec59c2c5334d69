import { describe, expect, it } from "vitest";
import { modal, section, startSlack } from "./slack-fixture.ts";

async function started() {
  const slack = await startSlack();
  const trigger = async (user = "U0001") => {
    const { body } = await slack.sandbox("POST", "triggers", { user });
    return (body as { trigger_id: string }).trigger_id;
  };
  const open = async (view: object = modal()) =>
    await slack.call("views.open", { trigger_id: await trigger(), view });
  const idOf = (answer: Readonly<Record<string, unknown>>) =>
    (answer["view"] as { id: string; hash: string }).id;
  return { ...slack, trigger, open, idOf };
}

describe("views.update", () => {
  it("views.update replaces the content of an open view, whose hash changes with it", async () => {
    const { call, open, sandbox } = await started();
    const { view } = (await open()) as { view: { id: string; hash: string } };
    const args = { view_id: view.id, hash: view.hash, view: modal("Filled") };
    expect(await call("views.update", args)).toMatchObject({
      ok: true,
      view: { id: view.id, title: { text: "Filled" } },
    });
    expect(await call("views.update", args)).toMatchObject({ error: "hash_conflict" });
    expect((await sandbox("GET", "views")).body).toMatchObject([
      { user: "U0001", id: view.id, title: { text: "Filled" } },
    ]);
  });

  it("views.update finds a view by the app's own id, which no other view may have", async () => {
    const { call, trigger, open, idOf } = await started();
    const id = idOf(await open({ ...modal(), external_id: "request-1" }));
    expect(
      await call("views.update", { external_id: "request-1", view: modal("Again") }),
    ).toMatchObject({ view: { id } });
    await open({ ...modal(), external_id: "request-2" });
    expect(
      await call("views.push", {
        trigger_id: await trigger(),
        view: { ...modal(), external_id: "request-2" },
      }),
    ).toMatchObject({ error: "duplicate_external_id" });
  });

  it("views.update knows no view that was closed, and makes no App Home of a form", async () => {
    const { call, open, idOf, act } = await started();
    const id = idOf(await open());
    const home = { type: "home", blocks: [section("a")] };
    expect(await call("views.update", { view_id: id, view: home })).toMatchObject({
      error: "invalid_arguments",
    });
    await act({ kind: "view_closed", user: "U0001", view: id });
    expect(await call("views.update", { view_id: id, view: modal() })).toMatchObject({
      error: "not_found",
    });
  });
});

describe("views.push", () => {
  it("views.push lays at most three views upon each other", async () => {
    const { call, trigger, open, state, idOf } = await started();
    const root = idOf(await open());
    const push = async () =>
      await call("views.push", { trigger_id: await trigger(), view: modal() });
    const second = await push();
    expect(second).toMatchObject({ view: { root_view_id: root, previous_view_id: root } });
    expect(await push()).toMatchObject({ view: { previous_view_id: idOf(second) } });
    expect(await push()).toMatchObject({ error: "push_limit_reached" });
    expect(state.modals["U0001"]).toHaveLength(3);
  });

  it("views.push needs a view to lie upon", async () => {
    const { call, trigger } = await started();
    expect(await call("views.push", { trigger_id: await trigger(), view: modal() })).toMatchObject({
      error: "not_found",
    });
  });
});

describe("views.open", () => {
  it("views.open refuses a view of more than 250 kB", async () => {
    const { open } = await started();
    const blocks = Array.from({ length: 90 }, () => section("a".repeat(2_900)));
    expect(await open({ ...modal(), blocks })).toMatchObject({ error: "view_too_large" });
  });

  it("views.open gives ids to blocks and elements without one", async () => {
    const { open } = await started();
    const button = { type: "button", text: { type: "plain_text", text: "Go" } };
    const opened = await open({ ...modal(), blocks: [{ type: "actions", elements: [button] }] });
    expect(opened).toMatchObject({
      view: {
        blocks: [{ block_id: expect.any(String), elements: [{ action_id: expect.any(String) }] }],
      },
    });
  });
});

describe("views.publish", () => {
  it("views.publish fills the App Home of one person", async () => {
    const { call, sandbox } = await started();
    const view = { type: "home", blocks: [section("My access")] };
    expect(await call("views.publish", { user_id: "U0001", view })).toMatchObject({
      ok: true,
      view: { type: "home" },
    });
    const homeOf = async (user: string) =>
      ((await sandbox("GET", `page?user=${user}`)).body as { home: unknown }).home;
    expect(await homeOf("U0001")).toMatchObject({ blocks: [section("My access")] });
    expect(await homeOf("U0002")).toBeNull();
  });

  it("views.publish refuses people of another workspace, and a stale hash", async () => {
    const { call } = await started();
    const view = { type: "home", blocks: [] };
    expect(await call("views.publish", { user_id: "U0009", view })).toMatchObject({
      error: "user_not_found",
    });
    await call("views.publish", { user_id: "U0001", view });
    expect(await call("views.publish", { user_id: "U0001", view, hash: "1.2" })).toMatchObject({
      error: "hash_conflict",
    });
  });
});
