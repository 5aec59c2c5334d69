import { describe, expect, it } from "vitest";
import { parseAccessPolicy } from "../../../../shared/policy-file/parse-access-policy.ts";
import { FileFaults } from "../../../../shared/policy-file/yaml/file-fault.ts";

const HUB = "111122223333";
const SPOKE = "444455556666";
const USER_ID = "906701d9d2-0a1b2c3d-1111-2222-3333-444455556666";
const center = (name: string) =>
  `identityCenter: { userId: 906701d9d2-0a1b2c3d-1111-2222-3333-${name}, userName: ${name}@example.com }`;

interface Written {
  readonly identity?: string;
  readonly people: Readonly<Record<string, string>>;
  readonly rule?: string;
  readonly spoke?: string;
}

/** A policy for one cluster, or with `spoke` for two in two accounts. */
const text = ({ identity, people, rule = "groups: [dev]", spoke }: Written) =>
  [
    "version: 1",
    "clusters:",
    `  prod: { arn: "arn:aws:eks:us-west-2:${HUB}:cluster/prod" }`,
    ...(spoke ? [`  far: { arn: "arn:aws:eks:us-west-2:${spoke}:cluster/far" }`] : []),
    ...(identity ? [`identity: ${identity}`] : []),
    "people:",
    ...Object.entries(people).map(([name, rest]) => `  ${name}: { email: a@example.com, ${rest} }`),
    "rules:",
    "  - name: view",
    `    who: { ${rule} }`,
    `    clusters: [${spoke ? "far" : "prod"}]`,
    "    access: { policies: [AmazonEKSViewPolicy], scope: cluster }",
    "    duration: { max: 1h }",
    "    approval: none",
  ].join("\n");

const parse = (written: Written) => parseAccessPolicy(text(written));
const own = (name: string, account = HUB) =>
  `arn:aws:iam::${account}:role/timelatch/people/timelatch-person-${name}`;

function faultsOf(written: Written): readonly string[] {
  try {
    parse(written);
    return [];
  } catch (error) {
    if (!(error instanceof FileFaults)) throw error;
    return error.faults.map(({ line, path, detail }) => `${line} ${path}: ${detail}`);
  }
}

const ALICE = `groups: [dev], identities: { ${center("444455556666")} }`;

describe("People whose principal is a role of their own", () => {
  it("A person of whom the file says no principal gets one where a rule reaches them", () => {
    const policy = parse({ people: { alice: ALICE } });
    expect(policy.people["alice"]).toMatchObject({
      personalRole: "timelatch-person-alice",
      principals: [own("alice")],
    });
    expect(policy.identity).toEqual({ account: HUB, signIn: [HUB] });
  });

  it("A person whom no rule reaches has a role to call with, and no principal", () => {
    const policy = parse({ people: { alice: ALICE }, rule: "groups: [ops]" });
    expect(policy.people["alice"]).toMatchObject({
      personalRole: "timelatch-person-alice",
      principals: [],
    });
  });

  it("A rule reaches people by name as well as by group, only in the account of its cluster", () => {
    const written = { identity: `{ account: "${HUB}" }`, spoke: SPOKE };
    for (const rule of ["groups: [dev]", "people: [alice]"])
      expect(parse({ ...written, rule, people: { alice: ALICE } }).people["alice"]).toMatchObject({
        principals: [own("alice", SPOKE)],
      });
  });

  it.each([
    ["principals of one's own", `${ALICE}, principals: ["arn:aws:iam::${HUB}:role/a"]`],
    ["an empty list of principals", `${ALICE}, principals: []`],
    ["Slack alone", "groups: [dev], identities: { slack: [T1/U1] }"],
    [
      "a session whose name its caller chooses",
      `identities: { iam: ["arn:aws:sts::${HUB}:assumed-role/shared/alice"] }`,
    ],
  ])("With %s, nobody gets a personal role without asking", (_title, person) => {
    const policy = parse({ people: { alice: person } });
    expect(policy.people["alice"]?.personalRole).toBeUndefined();
    expect(policy.identity).toBeUndefined();
  });

  it("Principals by ARN stay beside a personal role that is asked for", () => {
    const arn = `arn:aws:iam::${HUB}:role/alice`;
    const person = `${ALICE}, principal: personal, principals: ["${arn}"]`;
    expect(parse({ people: { alice: person } }).people["alice"]?.principals).toEqual([
      own("alice"),
      arn,
    ]);
  });

  it("A renamed person keeps their role, and the old name is free for nobody's role", () => {
    const renamed = `${ALICE}, formerly: alice`;
    expect(parse({ people: { alicia: renamed } }).people["alicia"]).toMatchObject({
      personalRole: "timelatch-person-alice",
      principals: [own("alice")],
    });
    const newcomer = `groups: [dev], identities: { ${center("444455550000")} }`;
    expect(faultsOf({ people: { alicia: renamed, alice: newcomer } })).toEqual([
      "6 people.alice: alicia has the personal role timelatch-person-alice already. A role belongs to one person only.",
    ]);
    expect(faultsOf({ people: { alice: newcomer, alicia: renamed } })).toEqual([
      "6 people.alicia.formerly: alice has the personal role timelatch-person-alice already. A role belongs to one person only.",
    ]);
  });
});

describe("A file with faulty people", () => {
  const long = (length: number) => "a".repeat(length);

  it("A name of 47 characters has room in a role's name, and one of 48 has not", () => {
    expect(faultsOf({ people: { [long(47)]: ALICE } })).toEqual([]);
    expect(faultsOf({ people: { [long(48)]: ALICE } }).join()).toContain(
      `5 people.${long(48)}: The name of a personal role has room for 47 characters`,
    );
    expect(faultsOf({ people: { [long(48)]: `${ALICE}, principals: []` } })).toEqual([]);
    expect(faultsOf({ people: { [long(48)]: `${ALICE}, formerly: alice` } })).toEqual([]);
  });

  it.each([
    ["upper case", { people: { Alice: ALICE } }, "people.Alice"],
    [
      "a principal that Timelatch makes",
      { people: { bob: `${ALICE}, principals: ["${own("alice")}"]` } },
      "people.bob.principals.0: Timelatch makes the roles",
    ],
    [
      "a principal called like one, in another case",
      { people: { bob: `${ALICE}, principals: ["arn:aws:iam::${HUB}:role/Timelatch-Person-x"]` } },
      "people.bob.principals.0: Timelatch makes the roles",
    ],
    [
      "an identity that is somebody's personal role",
      { people: { bob: `identities: { iam: ["${own("alice")}"] }` } },
      "people.bob.identities.iam.0: Timelatch makes the roles",
    ],
    [
      "an identity that is a session of a personal role",
      {
        people: {
          bob: `identities: { iam: ["arn:aws:sts::${HUB}:assumed-role/timelatch-person-alice/xx"] }`,
        },
      },
      "people.bob.identities.iam.0: Timelatch makes the roles",
    ],
    [
      "formerly without a personal role",
      { people: { bob: "identities: {}, formerly: robert" } },
      "people.bob.formerly: It keeps a personal role, and bob has none.",
    ],
    [
      "formerly with the name of now",
      { people: { bob: `${ALICE}, formerly: bob` } },
      "people.bob.formerly: bob has that name now.",
    ],
    [
      "a personal role that nobody could use",
      { people: { bob: "identities: { slack: [T1/U1] }, principal: personal" } },
      "people.bob.principal: Nothing tells bob's sessions from those of others",
    ],
    [
      "another kind of principal",
      { people: { bob: `${ALICE}, principal: shared` } },
      "people.bob.principal: Write personal",
    ],
    [
      "a subject of no provider",
      { people: { bob: "identities: { saml: bob }" } },
      "people.bob.identities.saml: Nothing says whose subject it is. Write identity.saml as well.",
    ],
    [
      "neither id nor name of Identity Center",
      { people: { bob: "identities: { identityCenter: {} }" } },
      "people.bob.identities.identityCenter: Write userId, or userName",
    ],
    [
      "an id that is none",
      { people: { bob: "identities: { identityCenter: { userId: bob } }" } },
      "people.bob.identities.identityCenter.userId: Write the id",
    ],
    [
      "a wildcard in a name",
      { people: { bob: 'identities: { identityCenter: { userName: "*@example.com" } }' } },
      "people.bob.identities.identityCenter.userName: Write it as it is",
    ],
    [
      "a policy variable in a subject",
      {
        identity: `{ oidc: { issuer: login.example.com, audience: x } }`,
        people: { bob: `identities: { oidc: 'a${"${"}aws:userid}' }` },
      },
      "people.bob.identities.oidc: Write it as it is",
    ],
    [
      "a name that no session can have",
      { people: { bob: "identities: { identityCenter: { userName: Bøb } }" } },
      "people.bob.identities.identityCenter.userName: No session has this name",
    ],
    [
      "names as pins, and none",
      {
        identity: "{ identityCenter: { pin: userName } }",
        people: {
          bob: `identities: { identityCenter: { userId: ${USER_ID} } }, principal: personal, iam: []`,
        },
      },
      "people.bob.iam: Unknown key",
    ],
    [
      "an account without quotes",
      { identity: "{ account: 111122223333 }", people: { alice: ALICE } },
      "identity.account: Write the account's twelve digits in quotes.",
    ],
    [
      "a role that many take as one person's",
      {
        identity: `{ sourceIdentity: { roles: ["arn:aws:iam::${HUB}:role/developers"] } }`,
        people: { bob: `identities: { iam: ["arn:aws:iam::${HUB}:role/developers"] }` },
      },
      "people.bob.identities.iam.0: Many people take this role",
    ],
  ] as const)("The file has %s: it is refused with the place", (_title, written, fault) => {
    expect(faultsOf(written).join("\n")).toContain(fault);
  });

  it("Where names pin, a person without one is refused", () => {
    const bob = `identities: { iam: ["arn:aws:iam::${HUB}:role/bob"], identityCenter: { userId: ${USER_ID} } }`;
    const identity = "{ identityCenter: { pin: userName } }";
    expect(faultsOf({ identity, people: { bob } })).toEqual([
      "6 people.bob.identities.identityCenter: identity.identityCenter.pin compares names, and bob has no userName.",
    ]);
  });

  it.each([
    ["a user's id", `identityCenter: { userId: ${USER_ID} }`],
    ["a user's id in upper case", `identityCenter: { userId: ${USER_ID.replace("0a1b", "0A1B")} }`],
    ["a user's name", "identityCenter: { userName: alice@example.com }"],
    ["a user's name in another case", "identityCenter: { userName: Alice@Example.com }"],
    [
      "a session with the user's name",
      `iam: ["arn:aws:sts::${HUB}:assumed-role/AWSReservedSSO_Dev_0123456789abcdef/alice@example.com"]`,
    ],
    ["a SAML subject", "saml: alice"],
    ["a source identity", "sourceIdentity: alice"],
  ])("Two people have %s, and the second is refused", (_title, theirs) => {
    const roles = `roles: ["arn:aws:iam::${HUB}:role/shared"]`;
    const written = {
      identity: `{ saml: { provider: "arn:aws:iam::${HUB}:saml-provider/Okta", issuer: x, ${roles} }, sourceIdentity: { ${roles} } }`,
      people: {
        alice: `identities: { saml: alice, sourceIdentity: alice, identityCenter: { userId: ${USER_ID}, userName: alice@example.com } }`,
        mallory: `identities: { ${theirs} }`,
      },
    };
    expect(faultsOf(written).join()).toMatch(
      /^7 people\.mallory\.[^:]+: alice already claims this identity\./,
    );
  });

  it("A person may have several sessions of their one user", () => {
    const session = (set: string) =>
      `"arn:aws:sts::${HUB}:assumed-role/AWSReservedSSO_${set}_0123456789abcdef/alice@example.com"`;
    const alice = `identities: { iam: [${session("Dev")}, ${session("Ops")}], identityCenter: { userName: alice@example.com } }`;
    expect(faultsOf({ people: { alice } })).toEqual([]);
  });

  it("A subject with letters that IAM does not take is refused with them, where it would be in a trust policy", () => {
    const identity = "{ oidc: { issuer: login.example.com, audience: timelatch } }";
    const withSubject = (subject: string, more = "") =>
      faultsOf({ identity, people: { alice: `identities: { oidc: "${subject}" }${more}` } });
    expect(withSubject("renée@example.com")).toEqual([]);
    expect(withSubject("łukasz@example.com").join()).toMatch(
      /^6 people\.alice\.identities\.oidc: IAM takes no ł in a trust policy/,
    );
    const role = `, principals: ["arn:aws:iam::${HUB}:role/alice"]`;
    expect(withSubject("łukasz@example.com", role)).toEqual([]);
    const center = `identityCenter: { userId: ${USER_ID}, userName: łukasz@example.com }`;
    expect(faultsOf({ people: { alice: `groups: [dev], identities: { ${center} }` } })).toEqual([]);
  });

  it("A trust policy that IAM would refuse is refused with its size", () => {
    const accounts = (count: number) =>
      Array.from({ length: count }, (_, at) => `"${100_000_000_000 + at}"`).join(", ");
    const identity = (count: number) => `{ account: "${HUB}", signIn: [${accounts(count)}] }`;
    expect(faultsOf({ identity: identity(5), people: { alice: ALICE } })).toEqual([]);
    expect(faultsOf({ identity: identity(9), people: { alice: ALICE } }).join()).toMatch(
      /^6 people\.alice\.identities: The trust policy of alice's personal role would have \d+ characters\. IAM takes 2048\./,
    );
  });
});

describe("The account that Timelatch is in", () => {
  it("Clusters in several accounts leave it open, so a file with personal roles has to say it", () => {
    const two = { people: { alice: ALICE }, spoke: SPOKE };
    expect(faultsOf(two)).toEqual([
      `6 people.alice: alice has a personal role, and the account of Timelatch is not known: the clusters are in ${HUB} and ${SPOKE}. Write identity.account.`,
    ]);
    expect(faultsOf({ ...two, identity: `{ account: "${HUB}" }` })).toEqual([]);
  });

  it("An identity of another account could never call, and is refused where nothing else is there", () => {
    const bob = `identities: { iam: ["arn:aws:iam::${SPOKE}:role/bob"] }, principals: []`;
    const identity = `{ account: "${HUB}" }`;
    expect(faultsOf({ identity, people: { bob } })).toEqual([
      `6 people.bob.identities.iam.0: It is in account ${SPOKE}. The API accepts callers of ${HUB} alone, so bob could never call with it. Write principal: personal, or an identity of ${HUB}.`,
    ]);
    const personal = bob.replace("principals: []", "principal: personal");
    expect(faultsOf({ identity, people: { bob: personal } })).toEqual([]);
  });
});
