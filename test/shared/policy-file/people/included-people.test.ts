import { describe, expect, it } from "vitest";
import {
  locateAccessPolicy,
  parseAccessPolicy,
} from "../../../../shared/policy-file/parse-access-policy.ts";
import {
  NotIncluded,
  type ReadIncluded,
} from "../../../../shared/policy-file/people/included-people.ts";
import { FileFaults } from "../../../../shared/policy-file/yaml/file-fault.ts";

const HUB = "111122223333";
const policyWith = (people: string) =>
  [
    "version: 1",
    "clusters:",
    `  prod: { arn: "arn:aws:eks:us-west-2:${HUB}:cluster/prod" }`,
    `people: ${people}`,
    "rules:",
    "  - name: view",
    "    who: { groups: [dev] }",
    "    clusters: [prod]",
    "    access: { policies: [AmazonEKSViewPolicy], scope: cluster }",
    "    duration: { max: 1h }",
    "    approval: none",
  ].join("\n");
const person = (name: string, more = "") =>
  `{ email: ${name}@example.com, groups: [dev], identities: { iam: ["arn:aws:iam::${HUB}:role/${name}"] }${more} }`;
const peopleFile = (...people: readonly string[]) =>
  ["version: 1", "people:", ...people.map((line) => `  ${line}`)].join("\n");

const INCLUDING = policyWith("{ include: people.yaml }");
const giving =
  (text: string): ReadIncluded =>
  (file) => ({ file, text });

function faultsOf(policy: string, included?: ReadIncluded): readonly string[] {
  try {
    parseAccessPolicy(policy, included);
    return [];
  } catch (error) {
    if (!(error instanceof FileFaults)) throw error;
    return error.message.split("\n");
  }
}

describe("A policy that includes its people", () => {
  it("A policy is the same, and has the same hash, wherever its people stand", () => {
    const alone = policyWith(`{ alice: ${person("alice")}, bob: ${person("bob")} }`);
    const included = giving(peopleFile(`bob: ${person("bob")}`, `alice: ${person("alice")}`));
    const beside = policyWith(`{ include: people.yaml, alice: ${person("alice")} }`);
    const policy = parseAccessPolicy(alone);
    expect(parseAccessPolicy(INCLUDING, included)).toEqual(policy);
    expect(parseAccessPolicy(beside, giving(peopleFile(`bob: ${person("bob")}`)))).toEqual(policy);
  });

  it("The hash of a policy covers the people that it includes", () => {
    const hashWith = (groups: string) =>
      parseAccessPolicy(
        INCLUDING,
        giving(peopleFile(`alice: ${person("alice").replace("[dev]", groups)}`)),
      ).hash;
    expect(hashWith("[dev]")).not.toBe(hashWith("[dev, ops]"));
  });

  it("A file of people may be empty of them", () => {
    const text = "version: 1\npeople: {}\n";
    expect(parseAccessPolicy(INCLUDING, giving(text)).people).toEqual({});
  });

  it("A person in the included file has their place there, and all else in the policy", () => {
    const { placeOf } = locateAccessPolicy(
      policyWith(`{ include: people.yaml, bob: ${person("bob")} }`),
      giving(peopleFile(`alice: ${person("alice")}`)),
    );
    expect(placeOf({ path: ["people", "alice"], key: true })).toEqual({
      line: 3,
      column: 3,
      file: "people.yaml",
    });
    expect(placeOf({ path: ["people", "alice", "groups", 0] }).file).toBe("people.yaml");
    expect(placeOf({ path: ["people", "bob"], key: true })).toEqual({ line: 4, column: 33 });
    expect(placeOf({ path: ["rules", 0, "name"] })).toEqual({ line: 6, column: 11 });
  });
});

describe("Faults of included people", () => {
  it.each<[string, string, readonly string[]]>([
    [
      "an unknown key",
      peopleFile("alice:", "  colour: blue", "  email: a@b.c", "  identities: {}"),
      ["people.yaml:4:5 people.alice.colour: Unknown key."],
    ],
    [
      "a name that is none",
      peopleFile(`Alice: ${person("alice")}`),
      ["people.yaml:3:3 people.Alice: Write a lower-case name: letters, digits, . _ -"],
    ],
    [
      "a reserved role",
      peopleFile(
        `alice: ${person("alice")}`,
        `bob: ${person("bob", `, principals: ["arn:aws:iam::${HUB}:role/timelatch-person-alice"]`)}`,
      ),
      [
        "people.yaml:4:123 people.bob.principals.0: Timelatch makes the roles called timelatch-person-… and those under /timelatch/people/. Write principal: personal for a role of the person's own.",
      ],
    ],
    [
      "a name too long for a role",
      peopleFile(`${"a".repeat(48)}: ${person("alice")}`),
      [
        `people.yaml:3:3 people.${"a".repeat(48)}: The name of a personal role has room for 47 characters of a person's name. Write a shorter name, or name a role of yours in principals.`,
      ],
    ],
    [
      "broken YAML",
      "version: 1\npeople: {",
      [
        "people.yaml:2:10 (file): Flow map in block collection must be sufficiently indented and end with a }",
      ],
    ],
    [
      "somebody a second time",
      peopleFile(`alice: ${person("alice")}`, `alice: ${person("alice")}`),
      ["people.yaml:4:3 (file): Map keys must be unique"],
    ],
    [
      "an include of its own",
      peopleFile("include: more.yaml"),
      [
        "people.yaml:3:3 people.include: An included file includes no other, and nobody can be called include.",
      ],
    ],
    ["another file", "version: 1\nrules: []\npeople: {}", ["people.yaml:2:1 rules: Unknown key."]],
    ["nothing", "", ["people.yaml:1:1 (file): Empty. Write keys with values."]],
  ])("The included file has %s: the fault names it and the line", (_what, text, expected) => {
    expect(faultsOf(INCLUDING, giving(text))).toEqual(expected);
  });

  it("Faults of both files are found at once", () => {
    const policy = `${policyWith(`{ include: people.yaml, bob: ${person("bob")} }`)}\ncolour: red`;
    expect(faultsOf(policy, giving(peopleFile("alice: { email: a@b.c }")))).toEqual([
      "people.yaml:3:10 people.alice.identities: Missing. Write keys with values.",
      "12:1 colour: Unknown key.",
    ]);
  });

  it("A person in both files is in neither: the fault names both lines", () => {
    const policy = policyWith(`{ include: people.yaml, alice: ${person("alice")} }`);
    expect(faultsOf(policy, giving(peopleFile(`alice: ${person("alice")}`)))).toEqual([
      "4:33 people.alice: alice is also in people.yaml:3. Write everyone in one place only.",
    ]);
  });

  it("An identity of two people in two files is found where it stands a second time", () => {
    const policy = policyWith(`{ include: people.yaml, bob: ${person("bob")} }`);
    expect(faultsOf(policy, giving(peopleFile(`robert: ${person("bob")}`)))).toEqual([
      "people.yaml:3:72 people.robert.identities.iam.0: bob already claims this identity. An identity can belong to one person only.",
    ]);
  });
});

describe("Personal roles of people in two files", () => {
  const ofIdentityCenter = (last: string, more = "") =>
    `{ email: a@b.c, groups: [dev], identities: { identityCenter: { userId: 906701d9d2-0a1b2c3d-1111-2222-3333-44445555${last} } }${more} }`;
  const rolesOf = (policy: string, people: string) =>
    Object.fromEntries(
      Object.entries(parseAccessPolicy(policy, giving(people)).people).map(([name, one]) => [
        name,
        one.personalRole,
      ]),
    );

  it("A person who was renamed keeps their role, whichever file has them", () => {
    const people = peopleFile(`alice: ${ofIdentityCenter("0001", ", formerly: alice-smith")}`);
    expect(rolesOf(INCLUDING, people)).toEqual({ alice: "timelatch-person-alice-smith" });
  });

  it("Nobody gets the role of somebody who was renamed, while they have it", () => {
    const policy = policyWith(`{ include: people.yaml, bob: ${ofIdentityCenter("0002")} }`);
    const people = peopleFile(`robert: ${ofIdentityCenter("0001", ", formerly: bob")}`);
    expect(faultsOf(policy, giving(people))).toEqual([
      expect.stringMatching(
        /^people\.yaml:3:\d+ people\.robert\.formerly: bob has the personal role timelatch-person-bob already/,
      ),
    ]);
  });

  it("A person who was removed and is added again has a role of the same name", () => {
    const people = (who: string) => peopleFile(`${who}: ${ofIdentityCenter("0001")}`);
    expect(rolesOf(INCLUDING, people("bob"))).toEqual({ bob: "timelatch-person-bob" });
    expect(rolesOf(INCLUDING, people("alice"))).toEqual({ alice: "timelatch-person-alice" });
  });

  it.each([
    ["a name in capitals", "Alice", "Write a lower-case name"],
    ["a name of one letter", "a", "at least two characters"],
    ["a name with a space", "'al ice'", "Write a lower-case name"],
    ["a name with a wildcard", "'al*'", "Write a lower-case name"],
  ])("%s is refused at its line of the included file", (_what, name, said) => {
    const [fault = ""] = faultsOf(INCLUDING, giving(peopleFile(`${name}: ${person("alice")}`)));
    expect(fault).toMatch(/^people\.yaml:3:3 /);
    expect(fault).toContain(said);
  });
});

describe("The name of an included file", () => {
  it.each([
    ["../people.yaml"],
    ["/etc/people.yaml"],
    ["teams/people.yaml"],
    ["teams\\\\people.yaml"],
    [".people.yaml"],
    ["people.txt"],
    ["people.yaml\\0.yaml"],
    ["C:people.yaml"],
    [""],
  ])("%j is refused at its line, and nothing is read", (name) => {
    const policy = policyWith(`{ include: "${name}" }`);
    const read = () => {
      throw new Error("Nothing may be read.");
    };
    expect(faultsOf(policy, read)).toEqual([
      "4:20 people.include: Write the name of a file beside this one, without a folder, such as people.yaml.",
    ]);
  });

  it("A person called include is refused", () => {
    expect(faultsOf(policyWith(`{ include: ${person("alice")} }`))).toEqual([
      "4:20 people.include: Write the name of a file beside this one, such as people.yaml. No person is called so.",
    ]);
  });

  it("A file that cannot be included is a fault of the line that names it", () => {
    const missing: ReadIncluded = () => {
      throw new NotIncluded("It is gone.");
    };
    expect(faultsOf(INCLUDING, missing)).toEqual(["4:20 people.include: It is gone."]);
    expect(faultsOf(INCLUDING)).toEqual([
      "4:20 people.include: Only the text of the policy is known, and not where people.yaml is. Name the policy by its file.",
    ]);
  });
});
