/** `timelatch people sync`, against the sandbox's Identity Center and exports. */
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { IdentityDirectory } from "../../../lab/sandbox/aws/identitystore/directory.ts";
import { identityStoreService } from "../../../lab/sandbox/aws/identitystore/service.ts";
import { ssoAdminService } from "../../../lab/sandbox/aws/sso-admin/service.ts";
import { IDENTITY_CENTER } from "../../../lab/sandbox/world/identity-center.ts";
import { identityCenterUserId } from "../../../lab/sandbox/world/sign-ins.ts";
import { parseAccessPolicy } from "../../../shared/policy-file/parse-access-policy.ts";
import { includedBeside } from "../../../shared/policy-file/yaml/included-file.ts";
import {
  ACCOUNT,
  credential,
  document,
  iamStore,
  listen,
  REGION,
  type RunningPort,
  role,
  statement,
} from "../../lab/sandbox/aws/iam-world.ts";
import { runHere } from "../run-timelatch.ts";

const admin = role("admin", { policy: document(statement("*")) });
const nobody = role("nobody");
let directory: IdentityDirectory = IDENTITY_CENTER;
let calls: string[] = [];
let port: RunningPort;
let folder = "";

beforeAll(async () => {
  const moving = {
    get storeId() {
      return directory.storeId;
    },
    get users() {
      return directory.users;
    },
    get groups() {
      return directory.groups;
    },
  };
  port = await listen({
    services: [
      identityStoreService({ directory: moving, account: ACCOUNT }),
      ssoAdminService({ storeId: IDENTITY_CENTER.storeId, account: ACCOUNT }),
    ],
    iam: iamStore(admin, nobody),
    onCall: ({ operation }) => calls.push(operation),
  });
});
afterAll(() => port.close());
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-people-"));
  [directory, calls] = [IDENTITY_CENTER, []];
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string) => path.join(folder, name);
const people = () => readFileSync(at("people.yaml"), "utf8");

async function sync(args: readonly string[] = [], of = admin) {
  const { accessKeyId, secretAccessKey, sessionToken = "" } = credential(of);
  const { code, out, err } = await runHere(
    ["people", "sync", "--out", at("people.yaml"), "--access", at("access.yaml"), ...args],
    {
      env: {
        AWS_ENDPOINT_URL: port.url,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_SESSION_TOKEN: sessionToken,
        AWS_REGION: REGION,
      },
    },
  );
  const without = (text: string) => text.replaceAll(`${folder}${path.sep}`, "");
  return { code, out: without(out), err: without(err) };
}

describe("timelatch people sync, with Identity Center", () => {
  it("The users of Identity Center become people, and a policy can include them", async () => {
    const { code, out, err } = await sync();
    expect({ code, err }).toEqual({
      code: 0,
      err: "people.yaml: 4 join, 1 is left out. Written; review the change, and deploy. Until then, nobody gains or loses anything.\n",
    });
    expect(out).toMatchInlineSnapshot(`
      "+ alice-00a11c joins: alice@example.com, in payments.
      + alice-00a12e joins: alice@partner.example.com, in contractors-eu.
      + dave joins: dave@example.com, in audit.
      + mallory joins: mallory@example.com, in contractors-eu.
      ! build-agent (906701d9d2-0a1b2c3d-1111-2222-3333-0000000b017d) has no e-mail address that can be used. Give them one in the directory.
      "
    `);
    writeFileSync(
      at("access.yaml"),
      `version: 1
clusters: { prod: { arn: "arn:aws:eks:us-west-2:${ACCOUNT}:cluster/prod" } }
people: { include: people.yaml }
rules:
  - name: view
    who: { groups: [payments] }
    clusters: [prod]
    access: { policies: [AmazonEKSViewPolicy], scope: cluster }
    duration: { max: 1h }
    approval: none
`,
    );
    const policy = parseAccessPolicy(
      readFileSync(at("access.yaml"), "utf8"),
      includedBeside(at("access.yaml")),
    );
    expect(policy.people["dave"]?.personalRole).toBe("timelatch-person-dave");
    expect(readdirSync(folder).toSorted()).toEqual(["access.yaml", "people.yaml"]);
  });

  it("A new person gets no name that the record of roles beside the policy has", async () => {
    writeFileSync(at("access.stacks.json"), '{ "dave": 0 }');
    const { out } = await sync();
    expect(out).toMatch(/^\+ dave-[0-9a-f]{6} joins: dave@example\.com/m);
  });

  it("A second sync changes nothing, and says so", async () => {
    await sync();
    const before = people();
    const { code, out, err } = await sync(["--check"]);
    expect({ code, out: out.split("\n").filter((line) => !line.startsWith("!")) }).toEqual({
      code: 0,
      out: [""],
    });
    expect(err).toContain("4 stay as they are, 1 is left out. The file is up to date.");
    expect(people()).toBe(before);
  });

  it("Only members of the groups that count are people, and only those groups are read", async () => {
    const { out } = await sync(["--group", "Payments", "--group", "Contractors (EU)=guests"]);
    expect(out).toContain("alice-00a12e joins: alice@partner.example.com, in guests.");
    expect(people()).not.toContain("dave");
    expect(calls.filter((name) => name === "ListGroupMemberships")).toHaveLength(2);
  });

  it("A change of the directory is said, and what was written by hand stays", async () => {
    await sync();
    writeFileSync(
      at("people.yaml"),
      people()
        .replace("  dave:", "  david:")
        .replace(/(userName: dave@example.com \})/, "$1\n      slack: [T0001/U0004]"),
    );
    const renamed = {
      ...IDENTITY_CENTER.users[4],
      userName: "dd@example.com",
      email: "dd@example.com",
    };
    directory = {
      ...IDENTITY_CENTER,
      users: [...IDENTITY_CENTER.users.slice(1, 4), renamed as IdentityDirectory["users"][number]],
    };
    const { out } = await sync();
    expect(out).toContain("- mallory leaves: mallory is not in the directory any more.");
    expect(out).toContain("~ david has the user name dd@example.com (before: dave@example.com)");
    expect(people()).toContain(`  david:
    email: dd@example.com
    groups: [audit]
    identities:
      identityCenter: { userId: ${identityCenterUserId("dave")}, userName: dd@example.com }
      slack: [T0001/U0004]
`);
  });

  it("--check and --dry-run write nothing; --check fails where the file would change", async () => {
    const dry = await sync(["--dry-run"]);
    expect(dry.code).toBe(0);
    expect(dry.err).toContain("Nothing was written.");
    const check = await sync(["--check"]);
    expect(check.code).toBe(11);
    expect(check.err).toContain("people.yaml is not as the directory is: 4 join");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("Under --json there is one document", async () => {
    const { out, err } = await sync(["--json", "--dry-run"]);
    expect(err).toBe("");
    expect(JSON.parse(out)).toMatchObject({
      file: at("people.yaml").replace(`${folder}${path.sep}`, ""),
      people: 4,
      joins: ["alice-00a11c", "alice-00a12e", "dave", "mallory"],
      leaves: [],
      changes: [],
      differs: true,
      written: false,
    });
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ["no right to read", () => sync([], nobody), "not authorized to perform: sso:ListInstances"],
    ["another store", () => sync(["--identity-store", "d-2"]), "IDENTITY_STORE not found"],
    ["a group that does not exist", () => sync(["--group", "sre"]), "has no group sre"],
    [
      "a group called by no name",
      () => sync(["--group", "Payments=Pay Ments"]),
      "does not say what",
    ],
  ])("%s: nothing is written", async (_what, act, said) => {
    const { code, err } = (await act()) as Awaited<ReturnType<typeof sync>>;
    expect(code).toBeGreaterThan(0);
    expect(err.replaceAll(/\s+/g, " ")).toContain(said);
    expect(existsSync(at("people.yaml"))).toBe(false);
  });

  it("A directory that answers nobody, or lacks many people, removes nobody", async () => {
    await sync();
    const before = people();
    directory = { ...IDENTITY_CENTER, users: [] };
    expect((await sync(["--allow-removals"])).err).toContain("The directory answered no user.");
    directory = { ...IDENTITY_CENTER, users: IDENTITY_CENTER.users.slice(2, 3) };
    const many = await sync();
    expect(many.code).toBe(3);
    expect(many.err).toContain("4 of 4 people would leave");
    expect(people()).toBe(before);
    expect((await sync(["--allow-removals"])).code).toBe(0);
    expect(people()).toContain("people: {}");
  });
});

describe("timelatch people sync, with exports", () => {
  it("A CSV gives the same people as Identity Center does", async () => {
    await sync();
    const before = people();
    const groupsOf = (id: string) =>
      IDENTITY_CENTER.groups.filter(({ members }) => members.includes(id));
    const rows = IDENTITY_CENTER.users.map(({ id, userName, email = "", isDisabled }) =>
      [
        ...[
          id,
          userName,
          email,
          groupsOf(id)
            .map(({ displayName }) => displayName)
            .join("|"),
        ],
        isDisabled ? "DISABLED" : "ENABLED",
      ].join(";"),
    );
    writeFileSync(
      at("users.csv"),
      `\uFEFF${["User ID;User Name;E-mail;Groups;Status", ...rows].join("\r\n")}\r\n`,
    );
    rmSync(at("people.yaml"));
    await sync(["--from-csv", at("users.csv")]);
    expect(people()).toBe(before);
    expect((await sync(["--check"])).code).toBe(0);
  });

  it("SCIM lists give the same people too", async () => {
    await sync();
    const before = people();
    const list = (Resources: readonly object[]) =>
      JSON.stringify({ totalResults: Resources.length, Resources });
    writeFileSync(
      at("users.json"),
      list(
        IDENTITY_CENTER.users.map(({ id, userName, email, isDisabled }) => ({
          id,
          userName,
          active: !isDisabled,
          ...(email ? { emails: [{ value: email, primary: true }] } : {}),
        })),
      ),
    );
    writeFileSync(
      at("groups.json"),
      list(
        IDENTITY_CENTER.groups.map(({ displayName, members }) => ({
          schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
          displayName,
          members: members.map((value) => ({ value })),
        })),
      ),
    );
    const files = ["--from-scim", at("users.json"), "--from-scim", at("groups.json")];
    expect((await sync(["--check", ...files])).code).toBe(0);
    expect(people()).toBe(before);
  });

  it("A hostile export writes nothing into the file but people, and nothing to the terminal but text", async () => {
    const id = identityCenterUserId("alice");
    writeFileSync(
      at("users.csv"),
      `userId,userName,email,groups\n${id},"x@b.c\n  mallory: {}","a@b.c","a\u001b[2J"\n${id.replace("a11c", "a11d")},"ok@b.c\u202e",a@b.c,\n`,
    );
    const { out } = await sync(["--from-csv", at("users.csv")]);
    expect(people()).toContain("people: {}");
    expect(out).toContain("! x@b.c\\n  mallory: {} (");
    expect(out).not.toMatch(/\p{Cf}|(?!\n)\p{Cc}/u);
  });

  it("A file that is no list of people stays as it is, and so does a link", async () => {
    writeFileSync(at("people.yaml"), "version: 1\npeople: { alice: { mail: x } }\n");
    const wrong = await sync();
    expect(wrong.code).toBe(11);
    expect(wrong.err).toContain("people.yaml:2:20: people.alice.mail: Unknown key.");
    writeFileSync(at("other.yaml"), "version: 1\npeople: {}\n");
    rmSync(at("people.yaml"));
    symlinkSync("other.yaml", at("people.yaml"));
    const link = await sync();
    expect({ code: link.code, text: people() }).toEqual({
      code: 2,
      text: "version: 1\npeople: {}\n",
    });
  });
});
