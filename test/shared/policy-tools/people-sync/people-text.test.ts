import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PeopleFile } from "../../../../shared/policy-file/people/people-file.ts";
import { readAs, readLocatedYaml } from "../../../../shared/policy-file/yaml/located-yaml.ts";
import { peopleText } from "../../../../shared/policy-tools/people-sync/people-text.ts";
import { syncPeople } from "../../../../shared/policy-tools/people-sync/sync-people.ts";

const ID = "906701d9d2-0a1b2c3d-1111-2222-3333-444455556666";
const read = (text: string) => readAs(readLocatedYaml(text), PeopleFile).people;

describe("The text of a file of people", () => {
  it("The text is sorted, with a line for each thing that may change", () => {
    const text = peopleText({
      bob: { identities: { slack: ["T0001/U0002"], iam: [] }, email: "bob@example.com" },
      alice: {
        principals: ["arn:aws:iam::111122223333:role/alice"],
        groups: ["payments", "sre"],
        email: "alice@example.com",
        identities: {
          slack: ["T0001/U0001"],
          identityCenter: { userName: "alice@example.com", userId: ID },
        },
      },
    });
    expect(text.split("\n").slice(2).join("\n")).toBe(`version: 1
people:
  alice:
    email: alice@example.com
    groups: [payments, sre]
    identities:
      identityCenter: { userId: ${ID}, userName: alice@example.com }
      slack: [T0001/U0001]
    principals: ["arn:aws:iam::111122223333:role/alice"]
  bob:
    email: bob@example.com
    identities:
      iam: []
      slack: [T0001/U0002]
`);
    expect(peopleText(read(text))).toBe(text);
  });

  it("A machine stays one, and people keep their media and their ids at other services", () => {
    const text = `# Kept\nversion: 1\npeople:
  alice:
    email: alice@example.com
    identities: {}
    notify: [email]
    outside: { pagerduty: PXPGF42, atlassian: "557058:f58131cb" }
  deployer:
    kind: machine
    owners: [sre]
    ownersApprove: true
    email: deployer@example.com
    identities: {}
`;
    expect(peopleText(read(text)).split("\n").slice(3)).toEqual(text.split("\n").slice(2));
  });

  it("A list of 5,000 people is made and read again", () => {
    const users = Array.from({ length: 5_000 }, (_, at) => ({
      userId: ID.slice(0, -5) + String(at).padStart(5, "0"),
      userName: `u${at % 2_500}@c${at}.example.com`,
      email: `u${at}@example.com`,
      isActive: true,
      groups: ["a"],
    }));
    const directory = { users, groups: ["a"] };
    const groups = new Map([["a", "a"]]);
    const { people, joins } = syncPeople({
      current: {},
      recorded: [],
      directory,
      groups,
      membersOnly: true,
    });
    expect(joins).toHaveLength(5_000);
    expect(peopleText(people).split("\n").length).toBeGreaterThan(25_000);
    const again = syncPeople({
      current: people,
      recorded: [],
      directory,
      groups,
      membersOnly: true,
    });
    expect(again).toMatchObject({ joins: [], leaves: [], changes: [] });
  });

  it("Nobody at all is an empty list", () => {
    expect(read(peopleText({}))).toEqual({});
  });

  it("For any users of a directory, the text is read as the people that were made of them", () => {
    const hostile = fc.oneof(
      fc.constantFrom(
        "alice: {principals: [x]}@b.c",
        "a\n  mallory:\n@b.c",
        "null",
        "!!js/function x",
        "&a",
        "*a",
        "<<",
        "yes@b.c",
        "0x1f@b.c",
        "'@b.c",
        '"@b.c',
        "#a@b.c",
        "a #b@b.c",
        "{a}@b.c",
        "[a]@b.c",
        "- a@b.c",
        "%a@b.c",
        "`a@b.c",
        "1e3@b.c",
        "__proto__@b.c",
        "constructor@b.c",
      ),
      fc.string({ unit: "binary", maxLength: 8 }),
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            userName: hostile,
            email: hostile,
            isActive: fc.boolean(),
            groups: fc.array(fc.constantFrom("a", "b"), { maxLength: 3 }),
            last: fc.nat({ max: 40 }),
          }),
          { maxLength: 12 },
        ),
        (users) => {
          const { people } = syncPeople({
            current: {},
            recorded: [],
            membersOnly: false,
            groups: new Map([
              ["a", "group-a"],
              ["b", "null"],
            ]),
            directory: {
              users: users.map(({ last, ...user }) => ({
                ...user,
                userId: ID.slice(0, -2) + String(last).padStart(2, "0"),
              })),
              groups: ["a", "b"],
            },
          });
          const text = peopleText(people);
          expect(read(text)).toEqual(people);
          expect(text).not.toMatch(/\p{Cf}|(?!\n)\p{Cc}/u);
          const names = Object.keys(people);
          expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
        },
      ),
      { numRuns: 60 },
    );
  });
});
