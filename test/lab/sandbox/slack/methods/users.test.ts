import { describe, expect, it } from "vitest";
import { startSlack } from "../slack-fixture.ts";

describe("a fault of kind error", () => {
  it("A fault of kind error answers with Slack's error as often as it says, and does nothing", async () => {
    const { call, sandbox } = await startSlack();
    await sandbox("POST", "faults", {
      kind: "error",
      error: "token_revoked",
      method: "chat.postMessage",
      count: 1,
    });
    const message = { channel: "C0001", text: "a" };
    expect(await call("chat.postMessage", message)).toEqual({ ok: false, error: "token_revoked" });
    expect((await sandbox("GET", "messages")).body).toEqual([]);
    expect(await call("chat.postMessage", message)).toMatchObject({ ok: true });
  });

  it.each([{ kind: "error" }, { kind: "error", error: "No!" }, { kind: "drop", error: "a" }])(
    "A fault of kind error is refused where it is %j",
    async (fault) => {
      const { sandbox } = await startSlack();
      expect((await sandbox("POST", "faults", fault)).status).toBe(400);
    },
  );
});

describe("Flags of a person that tests set", () => {
  it("A flag that tests set on a person is in users.info, until it is undone", async () => {
    const { call, sandbox } = await startSlack();
    const flags = {
      deleted: true,
      is_bot: true,
      is_restricted: true,
      is_ultra_restricted: true,
      is_stranger: true,
      team_id: "T0999",
    };
    for (const [name, value] of Object.entries(flags)) {
      const set = await sandbox("POST", "users", { user: "U0002", [name]: value });
      expect(set.status).toBe(200);
      const { user } = await call("users.info", { user: "U0002" });
      expect(user).toMatchObject({ id: "U0002", [name]: value });
    }
    expect((await call("users.info", { user: "U0001" }))["user"]).toMatchObject({ deleted: false });
    await sandbox("DELETE", "users");
    expect((await call("users.info", { user: "U0002" }))["user"]).toMatchObject({
      deleted: false,
      is_restricted: false,
      team_id: "T0001",
    });
  });

  it("A person whom a test deactivates cannot be written to", async () => {
    const { call, sandbox } = await startSlack();
    await sandbox("POST", "users", { user: "U0002", deleted: true });
    expect(await call("chat.postMessage", { channel: "U0002", text: "a" })).toMatchObject({
      error: "channel_not_found",
    });
  });

  it.each([
    [{ user: "U9999", deleted: true }, "user is the id"],
    [{ user: "U0002", is_admin: true }, "there are deleted"],
    [{ user: "U0002", deleted: "yes" }, "each true or false"],
    [{ user: "U0002", team_id: "x" }, "team_id is"],
    ["U0002", "a JSON object"],
  ])("A flag that tests set on a person is refused if it is %j", async (body, message) => {
    const { sandbox } = await startSlack();
    const refused = await sandbox("POST", "users", body);
    expect(refused).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining(message) },
    });
  });
});
