import { describe, expect, it } from "vitest";
import { startSlack } from "../slack-fixture.ts";

describe("chat.getPermalink", () => {
  it("A message has an address of its channel and its time, and one in a thread names the thread", async () => {
    const { call, url, pass } = await startSlack();
    const { ts } = await call("chat.postMessage", { channel: "C0001", text: "one" });
    pass(1_500);
    const reply = await call("chat.postMessage", { channel: "C0001", text: "two", thread_ts: ts });
    const link = (of: unknown) => call("chat.getPermalink", { channel: "C0001", message_ts: of });
    const path = (of: unknown) => `${url}/archives/C0001/p${String(of).replace(".", "")}`;
    expect(await link(ts)).toEqual({ ok: true, channel: "C0001", permalink: path(ts) });
    expect(await link(reply["ts"])).toEqual({
      ok: true,
      channel: "C0001",
      permalink: `${path(reply["ts"])}?thread_ts=${ts}&cid=C0001`,
    });
  });

  it("A direct message has an address too", async () => {
    const { call } = await startSlack();
    const { channel, ts } = await call("chat.postMessage", { channel: "U0001", text: "one" });
    expect(await call("chat.getPermalink", { channel, message_ts: ts })).toMatchObject({
      ok: true,
      channel: "D0001",
    });
  });

  it("A channel that is not there is channel_not_found, and a message message_not_found", async () => {
    const { call } = await startSlack();
    const link = (channel: string) =>
      call("chat.getPermalink", { channel, message_ts: "1764095400.000100" });
    expect(await link("C9999")).toEqual({ ok: false, error: "channel_not_found" });
    expect(await link("C0001")).toEqual({ ok: false, error: "message_not_found" });
  });

  it("A message that one person sees has no address, and a deleted one has lost it", async () => {
    const { call, pass } = await startSlack();
    const one = { channel: "C0001", text: "one" };
    const { message_ts } = await call("chat.postEphemeral", { ...one, user: "U0001" });
    const link = (of: unknown) => call("chat.getPermalink", { channel: "C0001", message_ts: of });
    expect(await link(message_ts)).toEqual({ ok: false, error: "message_not_found" });
    pass(1_500);
    const { ts } = await call("chat.postMessage", one);
    await call("chat.delete", { channel: "C0001", ts });
    expect(await link(ts)).toEqual({ ok: false, error: "message_not_found" });
  });

  it("It is refused without its message, and with an argument that the sandbox does not know", async () => {
    const { call } = await startSlack();
    for (const args of [{ channel: "C0001" }, { channel: "C0001", message_ts: "1.1", team: "T1" }])
      expect(await call("chat.getPermalink", args)).toMatchObject({
        ok: false,
        error: "invalid_arguments",
      });
  });
});
