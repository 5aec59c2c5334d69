import { describe, expect, it } from "vitest";
import { csvUsers } from "../../../../shared/policy-tools/people-sync/csv-users.ts";
import { scimUsers } from "../../../../shared/policy-tools/people-sync/scim-users.ts";

const ID = "906701d9d2-0a1b2c3d-1111-2222-3333-444455556666";

describe("Users from a CSV export", () => {
  const one = { userName: "alice", email: "a@b.c", isActive: true, groups: ["SRE", "Payments"] };

  it.each([
    ["commas", 'userName,email,groups\nalice,a@b.c,"SRE|Payments"\n'],
    ["semicolons", "userName;email;groups\nalice;a@b.c;SRE|Payments\n"],
    ["tabs", "userName\temail\tgroups\nalice\ta@b.c\tSRE|Payments\n"],
    [
      "a byte order mark, CRLF and quotes",
      '\uFEFF"User Name","E-mail","Groups"\r\n"alice","a@b.c","SRE; Payments"\r\n',
    ],
    ["no line break at its end", "userName,email,groups\nalice,a@b.c,SRE|Payments"],
    ["a line break in a field", 'userName,email,groups\nalice,a@b.c,"SRE\nPayments"\n'],
    ["empty lines and other columns", "x,userName,email,groups\n\n1,alice,a@b.c,SRE|Payments\n\n"],
  ])("A CSV with %s is read", (_what, text) => {
    expect(csvUsers(text)).toEqual({ users: [one], groups: ["SRE", "Payments"] });
  });

  it("Quotes within quotes are part of the field", () => {
    const { users } = csvUsers('userName,email,groups\n"al""ice, the first",a@b.c,\n');
    expect(users).toMatchObject([{ userName: 'al"ice, the first', groups: [] }]);
  });

  it("A user without the word active is not active", () => {
    const { users } = csvUsers(
      [
        "userId,userName,email,groups,status",
        ...["ENABLED", "true", "DISABLED", "SUSPENDED", ""].map(
          (status, at) => `${ID},u${at},a@b.c,,${status}`,
        ),
      ].join("\n"),
    );
    expect(users.map(({ isActive }) => isActive)).toEqual([true, true, false, false, false]);
    expect(users[0]?.userId).toBe(ID);
  });

  it.each([
    ["nothing", "", "The first line has no heading userName, email, groups."],
    ["no groups", "userName,email\na,b\n", "The first line has no heading groups."],
    [
      "two columns of one kind",
      "userName,login,email,groups\n",
      "Several columns could be userName: userName, login.",
    ],
    [
      "a row too short",
      'userName,email,groups\n"a\nb",c,d\nx,y\n',
      "Line 4 has 2 fields, and the heading has 3.",
    ],
    [
      "quotes that do not end",
      'userName,email,groups\n"alice,a@b.c,\n',
      "Line 2 has quotes that do not end",
    ],
    [
      "quotes within a field",
      'userName,email,groups\nal"ice,a@b.c,\n',
      "Line 2 has quotes that do not end",
    ],
  ])("A CSV with %s is refused", (_what, text, said) => {
    expect(() => csvUsers(text)).toThrow(said);
  });

  it("A large export is read in a time that grows only with it", () => {
    const rows = Array.from({ length: 5_000 }, (_, at) => `u${at},u${at}@example.com,"a|b"`);
    expect(csvUsers(`userName,email,groups\n${rows.join("\n")}`).users).toHaveLength(5_000);
    expect(() => csvUsers(`userName,email,groups\n"${'""'.repeat(50_000)}`)).toThrow("quotes");
  });
});

describe("Users from SCIM list responses", () => {
  const USER = "urn:ietf:params:scim:schemas:core:2.0:User";
  const GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group";
  const list = (Resources: readonly object[], totalResults = Resources.length) =>
    JSON.stringify({
      schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
      totalResults,
      itemsPerPage: Resources.length,
      startIndex: 1,
      Resources,
    });
  const alice = {
    schemas: [USER],
    id: ID,
    userName: "alice@example.com",
    active: true,
    emails: [{ value: "other@example.com" }, { value: "alice@example.com", primary: true }],
  };
  const sre = {
    schemas: [GROUP],
    id: "g1",
    displayName: "SRE",
    members: [{ value: ID }],
  };
  const read = {
    userId: ID,
    userName: "alice@example.com",
    email: "alice@example.com",
    isActive: true,
    groups: ["SRE"],
  };

  it("Groups come with their members, or with the users", () => {
    const expected = { users: [read], groups: ["SRE"] };
    expect(scimUsers([list([alice]), list([sre])])).toEqual(expected);
    expect(scimUsers([list([alice, sre])])).toEqual(expected);
    const own = { ...alice, groups: [{ value: "g1", display: "SRE" }] };
    expect(scimUsers([`\uFEFF${list([own])}`])).toEqual(expected);
  });

  it("Pages in several files are one list, and a missing one is refused", () => {
    const bob = { ...alice, id: "00u1", userName: "bob", active: "False" };
    expect(scimUsers([list([alice], 2), list([bob], 2)]).users).toMatchObject([
      { userId: ID },
      { userName: "bob", isActive: false },
    ]);
    expect(() => scimUsers([list([alice], 2)])).toThrow("The lists hold 1 of 2 entries.");
    expect(() => scimUsers([list([alice]), list([sre], 3)])).toThrow("1 of 3 entries");
    expect(() => scimUsers([list([], 3)])).toThrow("0 of 3 entries");
  });

  it("An id that is not of Identity Center is left out", () => {
    expect(scimUsers([list([{ ...alice, id: "00u1a2b3c4" }])]).users[0]).not.toHaveProperty(
      "userId",
    );
  });

  it.each([
    ["no JSON", "users", "It is not JSON."],
    ["no list", "{}", "It is no list response of SCIM: totalResults"],
    ["a list of texts", '{"totalResults":1,"Resources":["alice"]}', "Resources.0"],
  ])("%s is refused", (_what, text, said) => {
    expect(() => scimUsers([text])).toThrow(said);
  });
});
