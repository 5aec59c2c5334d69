import { describe, expect, it } from "vitest";
import { fixedClock } from "../../../lab/fakes/fixed-clock.ts";
import { SlackBusy, SlackRefusal } from "../../../shared/slack/slack-errors.ts";
import { slackPeople } from "../../../shared/slack/slack-people.ts";

type Json = Readonly<Record<string, unknown>>;

/** Slack's `users.info`, whose answer tests change. */
function directory(user: Json | Error = {}) {
  const state = { user, calls: 0 };
  const clock = fixedClock();
  const api = {
    async call(method: string, args: object) {
      expect([method, args]).toEqual(["users.info", { user: "U0002" }]);
      state.calls += 1;
      if (state.user instanceof Error) throw state.user;
      return { ok: true, user: { id: "U0002", team_id: "T0001", ...state.user } };
    },
  };
  return { state, clock, people: slackPeople(api, ["T0001", "E0001"], clock) };
}

describe("Slack's word on who a user is", () => {
  it.each([
    ["a full member", {}, "member"],
    ["a full member, in so many words", { deleted: false, is_restricted: false }, "member"],
    ["deactivated", { deleted: true }, "deactivated"],
    ["a guest of several channels", { is_restricted: true }, "guest"],
    ["a guest of one channel", { is_restricted: true, is_ultra_restricted: true }, "guest"],
    ["a guest by the narrower flag alone", { is_ultra_restricted: true }, "guest"],
    ["a bot", { is_bot: true }, "bot"],
    ["a workflow's bot", { is_workflow_bot: true }, "bot"],
    ["of another workspace", { team_id: "T0999" }, "foreign"],
    ["a stranger", { is_stranger: true }, "foreign"],
    ["of no workspace", { team_id: undefined }, "foreign"],
    [
      "of an allowed organisation",
      { team_id: "T0777", enterprise_user: { enterprise_id: "E0001" } },
      "member",
    ],
    [
      "of another organisation",
      { team_id: "T0777", enterprise_user: { enterprise_id: "E0999" } },
      "foreign",
    ],
  ])("A user is classified by Slack's answer: %s", async (_, user, standing) => {
    expect(await directory(user).people.membershipOf("U0002")).toBe(standing);
  });

  it.each([
    ["an organisation", { enterprise_user: { enterprise_id: "E0777" } }, "E0777"],
    ["no organisation", {}, null],
    ["something that is no id", { enterprise_user: { enterprise_id: 7 } }, null],
  ])("A user's organisation is Slack's answer, asked for once: %s", async (_, user, expected) => {
    const { people, state } = directory(user);
    expect(await people.organisationOf("U0002")).toBe(expected);
    await people.membershipOf("U0002");
    expect(state.calls).toBe(1);
  });

  it("A user whom the app may not see has no organisation", async () => {
    const { people } = directory(new SlackRefusal("users.info", "user_not_visible"));
    expect(await people.organisationOf("U0002")).toBeNull();
  });

  it.each(["user_not_found", "user_not_visible"])(
    "A user whom the app may not see is foreign: %s",
    async (code) => {
      const { people } = directory(new SlackRefusal("users.info", code));
      expect(await people.membershipOf("U0002")).toBe("foreign");
    },
  );

  it.each([
    new SlackBusy("users.info", "it took too long", null),
    new SlackRefusal("users.info", "missing_scope"),
  ])("A lookup fails where Slack answers %s, and the next one calls Slack again", async (error) => {
    const { people, state } = directory(error);
    await expect(people.membershipOf("U0002")).rejects.toBe(error);
    state.user = {};
    expect(await people.membershipOf("U0002")).toBe("member");
  });

  it("A lookup fails where Slack answers about somebody else", async () => {
    const { people } = directory({ id: "U0003" });
    await expect(people.membershipOf("U0002")).rejects.toMatchObject({ code: "unknown_answer" });
  });

  it("A user's standing is kept for five minutes", async () => {
    const { people, state, clock } = directory();
    await people.membershipOf("U0002");
    state.user = { deleted: true };
    clock.advance(299);
    expect(await people.membershipOf("U0002")).toBe("member");
    clock.advance(1);
    expect(await people.membershipOf("U0002")).toBe("deactivated");
    expect(state.calls).toBe(2);
  });
});
