import { describe, expect, it } from "vitest";
import type { DirectoryUser } from "../../../../shared/policy-tools/people-sync/directory-user.ts";
import {
  type FilePeople,
  type SyncedPeople,
  syncPeople,
} from "../../../../shared/policy-tools/people-sync/sync-people.ts";

const idOf = (last: string) => `906701d9d2-0a1b2c3d-1111-2222-3333-${last.padStart(12, "0")}`;
const user = (
  userName: string,
  last: string,
  more: Partial<DirectoryUser> = {},
): DirectoryUser => ({
  userId: idOf(last),
  userName,
  isActive: true,
  groups: [],
  ...(userName.includes("@") ? { email: userName } : {}),
  ...more,
});
const person = (userName: string, last: string, more: Partial<FilePeople[string]> = {}) => ({
  email: userName,
  identities: { identityCenter: { userId: idOf(last), userName } },
  ...more,
});

interface Given {
  readonly current?: FilePeople;
  readonly users: readonly DirectoryUser[];
  readonly groups?: readonly (readonly [string, string])[];
  readonly membersOnly?: boolean;
  readonly recorded?: readonly string[];
}
const sync = ({
  current = {},
  users,
  groups = [],
  membersOnly = false,
  recorded = [],
}: Given): SyncedPeople =>
  syncPeople({
    current,
    membersOnly,
    recorded,
    groups: new Map(groups),
    directory: { users, groups: groups.map(([shown]) => shown) },
  });

describe("People from a directory", () => {
  it("A user becomes a person under the local part of their user name, with the groups that count", () => {
    const result = sync({
      users: [user("Alice.Smith@example.com", "1", { groups: ["SRE", "Canteen", "Payments"] })],
      groups: [
        ["SRE", "sre"],
        ["Payments", "payments"],
      ],
    });
    expect(result).toEqual({
      people: {
        "alice.smith": {
          email: "Alice.Smith@example.com",
          groups: ["payments", "sre"],
          identities: {
            identityCenter: { userId: idOf("1"), userName: "Alice.Smith@example.com" },
          },
        },
      },
      joins: ["alice.smith"],
      leaves: [],
      changes: [],
      leftOut: [],
    });
  });

  it("A newcomer never gets a name on record, since what is stored names somebody else so", () => {
    const users = [user("alice@example.com", "1"), user("bob@example.com", "2")];
    expect(sync({ users, recorded: ["alice"] }).joins).toEqual(["alice-000001", "bob"]);
    const { people } = sync({ users });
    expect(sync({ current: people, users, recorded: ["alice", "bob"] }).people).toEqual(people);
  });

  it("The order in which a directory answers changes nothing", () => {
    const users = ["b", "a", "c"].flatMap((name, at) => [
      user(`${name}x@example.com`, `${at}1`),
      user(`${name}x@other.example.com`, `${at}2`),
    ]);
    expect(sync({ users: users.toReversed() })).toEqual(sync({ users }));
    expect(Object.keys(sync({ users }).people)).toEqual(
      ["ax", "bx", "cx"].flatMap((name, at) =>
        [1, 2].map((one) => `${name}-${`${[1, 0, 2][at]}${one}`.padStart(6, "0")}`),
      ),
    );
  });

  it("A second reading leaves everything as it is", () => {
    const users = [user("alice@example.com", "1"), user("alice@other.example.com", "2")];
    const { people } = sync({ users });
    expect(sync({ current: people, users })).toEqual({
      people,
      joins: [],
      leaves: [],
      changes: [],
      leftOut: [],
    });
  });

  it("With groups that count, only their members are people, and others leave", () => {
    const { people, leaves } = sync({
      current: { bob: person("bob@example.com", "2") },
      users: [
        user("alice@example.com", "1", { groups: ["SRE"] }),
        user("bob@example.com", "2", { groups: ["Canteen"] }),
        user("carol@example.com", "3"),
      ],
      groups: [["SRE", "sre"]],
      membersOnly: true,
    });
    expect(Object.keys(people)).toEqual(["alice"]);
    expect(leaves).toEqual([{ name: "bob", because: "is in none of the groups that count" }]);
  });
});

describe("People who are in the file already", () => {
  const byHand = {
    groups: ["old"],
    identities: {
      identityCenter: { userId: idOf("1"), userName: "alice@example.com" },
      slack: ["T0001/U0001"],
      saml: "alice",
    },
    principals: ["arn:aws:iam::111122223333:role/alice"],
    formerly: "alice-smith",
  };

  it("A renamed user keeps their name in the file, and all that was written by hand", () => {
    const { people, changes, joins, leaves } = sync({
      current: { ally: person("alice@example.com", "1", byHand) },
      users: [user("alice.jones@example.com", "1", { groups: ["SRE"] })],
      groups: [["SRE", "sre"]],
    });
    expect(people).toEqual({
      ally: {
        ...byHand,
        email: "alice.jones@example.com",
        groups: ["sre"],
        identities: {
          ...byHand.identities,
          identityCenter: { userId: idOf("1"), userName: "alice.jones@example.com" },
        },
      },
    });
    expect({ joins, leaves }).toEqual({ joins: [], leaves: [] });
    expect(changes.map(({ details }) => details)).toEqual([
      [
        "is no longer in old",
        "is now in sre",
        "has the user name alice.jones@example.com (before: alice@example.com)",
        "has the e-mail address alice.jones@example.com (before: alice@example.com)",
      ],
    ]);
  });

  it("A person who gets the user name of somebody who left is somebody else, under another name", () => {
    const { people, leaves } = sync({
      current: { alice: person("alice@example.com", "1") },
      users: [user("alice@example.com", "2")],
    });
    expect(leaves).toEqual([{ name: "alice", because: "is not in the directory any more" }]);
    expect(Object.keys(people)).toEqual(["alice-000002"]);
  });

  it("A newcomer gets no name that somebody's role was made under", () => {
    const { joins } = sync({
      current: { ally: person("ally@example.com", "1", { formerly: "alice" }) },
      users: [user("ally@example.com", "1"), user("alice@example.com", "2")],
    });
    expect(joins).toEqual(["alice-000002"]);
  });

  it("A person without an id is found by the user name, in any case, and gets pinned to the id", () => {
    const { people, changes } = sync({
      current: {
        alice: {
          email: "a@b.c",
          identities: { identityCenter: { userName: "Alice@example.com" } },
        },
      },
      users: [user("alice@example.com", "1", { email: "a@b.c" })],
    });
    expect(people["alice"]?.identities.identityCenter?.userId).toBe(idOf("1"));
    expect(changes[0]?.details).toContain(`is pinned to the id ${idOf("1")}`);
  });

  it("An export without ids finds people by their user names, and they keep their ids", () => {
    const { userId: _id, ...withoutId } = user("alice@example.com", "1");
    const current = { alice: person("alice@example.com", "1") };
    expect(sync({ current, users: [withoutId] }).people).toEqual(current);
  });

  it("A person is one user's: a second one by name is somebody new, and has to be named by hand", () => {
    const { userId: _id, ...withoutId } = user("alice@example.com", "9");
    const { people, leftOut } = sync({
      current: { alice: person("alice@example.com", "1") },
      users: [user("alice.jones@example.com", "1"), withoutId],
    });
    expect(Object.keys(people)).toEqual(["alice"]);
    expect(leftOut).toEqual([
      "alice@example.com has a user name of which no name of their own can be made. Add them to the file by hand, under a name of your choice.",
    ]);
  });

  it("Disabled users leave, and so does who is gone; somebody of no directory stays", () => {
    const bot = {
      email: "ops@example.com",
      identities: { iam: ["arn:aws:iam::111122223333:role/bot"] },
    };
    const { people, leaves } = sync({
      current: {
        alice: person("alice@example.com", "1"),
        bob: person("bob@example.com", "2"),
        bot,
      },
      users: [user("alice@example.com", "1", { isActive: false })],
    });
    expect(people).toEqual({ bot });
    expect(leaves).toEqual([
      { name: "alice", because: "is disabled in the directory" },
      { name: "bob", because: "is not in the directory any more" },
    ]);
  });
});

describe("Users who are not written", () => {
  it.each<[string, DirectoryUser, string]>([
    ["no user name", user("", "1"), "has no user name"],
    [
      "no e-mail address",
      user("build", "1"),
      "has no e-mail address that can be used. Give them one in the directory.",
    ],
    ["a wildcard", user("a*@example.com", "1"), "has a user name with *"],
    ["a wildcard of one character", user("a?@example.com", "1"), "has a user name with *"],
    ["a policy variable", user(`${"$"}{aws:userid}@example.com`, "1"), "has a user name with *"],
    ["a line break", user("alice\nbob@example.com", "1"), "has a user name with *"],
    ["a change of direction", user("alice\u202e@example.com", "1"), "has a user name with *"],
    ["something invisible", user("ali\u200bce@example.com", "1"), "has a user name with *"],
    ["a blank that is none", user("ali\u2800ce@example.com", "1"), "has a user name with *"],
    ["too long a name", user(`${"a".repeat(260)}@example.com`, "1"), "has a user name with *"],
    [
      "an address with a control character",
      user("build", "1", { email: "a\u0007@b.c" }),
      "has no e-mail address that can be used",
    ],
    [
      "letters of another script",
      user("\u0430lice@example.com", "1"),
      "has a user name of which no name of their own can be made. Add them to the file by hand, under a name of your choice and with this userId.",
    ],
    ["one letter", user("a@example.com", "1"), "of which no name of their own"],
    ["a reserved name", user("include@example.com", "1"), "of which no name of their own"],
    ["nothing before the @", user("@example.com", "1", { email: "a@b.c" }), "of which no name"],
    [
      "an id of another directory",
      { ...user("alice@example.com", "1"), userId: "00u1a2b3" },
      "has an id that is none of Identity Center",
    ],
  ])("A user with %s is left out, and it is said why", (_what, one, why) => {
    const result = sync({ users: [one] });
    expect(result.people).toEqual({});
    expect(result.leftOut).toEqual([expect.stringContaining(why)]);
  });

  it("Ambiguous users are all left out, and whoever they may be stays as they are", () => {
    const current = { alice: person("alice@example.com", "1", { groups: ["sre"] }) };
    const { people, leftOut, leaves } = sync({
      current,
      users: [
        user("alice@example.com", "1"),
        { ...user("bob@example.com", "1"), userId: idOf("1").toUpperCase() },
        user("carol@example.com", "3"),
        user("CAROL@example.com", "4"),
      ],
    });
    expect(people).toEqual(current);
    expect(leaves).toEqual([]);
    expect(leftOut.map((text) => text.replace(/^.+? has/, "has"))).toEqual([
      "has an id that another user has too. Leave only one of them in the directory or the export.",
      "has an id that another user has too. Leave only one of them in the directory or the export.",
      "has a user name that another user has too. Leave only one of them in the directory or the export.",
      "has a user name that another user has too. Leave only one of them in the directory or the export.",
    ]);
  });

  it("Somebody of the file whose new name cannot be used keeps the old one, and loses groups all the same", () => {
    const { people, leftOut } = sync({
      current: { alice: person("alice@example.com", "1", { groups: ["sre"] }) },
      users: [user("*", "1", { email: "a@b.c" })],
    });
    expect(people).toEqual({ alice: person("alice@example.com", "1") });
    expect(leftOut).toHaveLength(1);
  });
});

describe("Names of people", () => {
  const namesOf = (...users: readonly DirectoryUser[]) => sync({ users }).joins;

  it.each([
    ["alice@example.com", "alice"],
    ["ALICE@example.com", "alice"],
    ["Zo\u00eb.O'Neil@example.com", "zoe.o-neil"],
    ["alice+eks@example.com", "alice-eks"],
    ["_alice_@example.com", "alice"],
    ["CORP\\alice", "corp-alice"],
    [`${"a".repeat(46)}-bc@example.com`, "a".repeat(46)],
    ["123@example.com", "123"],
    ["null@example.com", "null"],
  ])("%s is called %s", (userName, expected) => {
    expect(namesOf(user(userName, "1", { email: "a@b.c" }))).toEqual([expected]);
  });

  it("Names that differ only in case or accents are namesakes, and all have the end of their id", () => {
    expect(
      namesOf(
        user("Alice@example.com", "1"),
        user("alice@other.example.com", "2"),
        user("alic\u00e9@example.com", "3"),
      ),
    ).toEqual(["alice-000001", "alice-000002", "alice-000003"]);
  });

  it("A longer end of the id is taken where a shorter one is taken already", () => {
    const users = [user("bob@a.example", "1000001"), user("bob@b.example", "2000001")];
    expect(namesOf(...users)).toEqual(["bob-000001", "bob-000002000001"]);
  });

  it("A namesake with a long name is called by 47 characters at most", () => {
    const long = "a".repeat(60);
    const names = namesOf(user(`${long}@a.example`, "1"), user(`${long}@b.example`, "2"));
    expect(names).toEqual([`${"a".repeat(40)}-000001`, `${"a".repeat(40)}-000002`]);
  });
});
