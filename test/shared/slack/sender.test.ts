/** The sender of a payload, only by ids, in workspaces, organisations and shared channels. */
import { describe, expect, it } from "vitest";
import { personOf, senderOf } from "../../../shared/slack/sender.ts";
import { slackPolicy } from "./front/slack-front-fixture.ts";

const policy = slackPolicy();
/** Alice is known by her organisation as well. */
const grid = {
  ...policy,
  people: Object.fromEntries(
    Object.entries(policy.people).map(([name, person]) => [
      name,
      name === "alice"
        ? { ...person, identities: { ...person.identities, slack: ["E0001/U0001"] } }
        : person,
    ]),
  ),
};
const user = (id: string, team?: string) => ({ id, ...(team ? { team_id: team } : {}) });

describe("The person behind a Slack payload", () => {
  it.each([
    ["their workspace", { team: { id: "T0001" }, user: user("U0002", "T0001") }, "bob"],
    ["a command's workspace", { team: { id: "T0001" }, user: user("U0002") }, "bob"],
    ["their organisation", orgOf("T0005", user("U0001", "T0005")), "alice"],
    ["an organisation in place of a workspace", orgOf(null, user("U0001", "E0001")), "alice"],
    ["an organisation alone", orgOf(null, user("U0001")), "alice"],
  ])("A person is known by %s", (_, sent, name) => {
    expect(personOf(grid, senderOf(sent))).toMatchObject({ member: { name } });
  });

  it.each([
    [
      "a foreign user in a channel of ours, under an id of our organisation's",
      orgOf("T0001", user("U0001", "T0999")),
      "foreign",
    ],
    [
      "a foreign user in a foreign workspace",
      { team: { id: "T0999", enterprise_id: "E0999" }, user: user("U0001", "T0999") },
      "foreign",
    ],
    ["a user of no workspace at all", { team: null, user: user("U0001") }, "foreign"],
    ["a user id that nobody claims", { team: { id: "T0001" }, user: user("U0999") }, "unknown"],
  ])("No person of access.yaml is %s", (_, sent, nobody) => {
    expect(personOf(grid, senderOf(sent))).toEqual({ nobody });
  });

  it("The organisation of the place is kept apart where the user is at home elsewhere", () => {
    const sent = orgOf("T0001", user("U0001", "T0777"));
    const sender = { user: "U0001", homes: ["T0777"], organisation: "E0001" };
    expect(senderOf(sent)).toEqual(sender);
    expect(senderOf(orgOf("T0005", user("U0001", "T0005")))).not.toHaveProperty("organisation");
  });

  it("Nobody is known where access.yaml names no workspace", () => {
    const { slack: _, ...without } = grid;
    const sender = senderOf({ team: { id: "T0001" }, user: user("U0002", "T0001") });
    expect(personOf(without, sender)).toEqual({ nobody: "foreign" });
  });
});

function orgOf(team: string | null, from: ReturnType<typeof user>) {
  return {
    team: team === null ? null : { id: team, enterprise_id: "E0001" },
    enterprise: { id: "E0001" },
    user: from,
  };
}
