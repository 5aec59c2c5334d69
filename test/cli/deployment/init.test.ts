/** `timelatch init`: what it asks, what it writes, and that it overwrites nothing. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { init } from "../../../cli/commands/init.ts";
import { FOLDER_FILES } from "../../../cli/deployment/folder-files.ts";
import { writeNewFiles } from "../../../cli/deployment/new-files.ts";
import { QUESTIONS, SIGN_INS } from "../../../cli/deployment/questions.ts";
import { stsService } from "../../../lab/sandbox/aws/sts/service.ts";
import { parseAccessPolicy } from "../../../shared/policy-file/parse-access-policy.ts";
import { includedBeside } from "../../../shared/policy-file/yaml/included-file.ts";
import { eksWithClusters } from "../../lab/sandbox/aws/eks/eks-fixture.ts";
import {
  credential,
  document,
  iamStore,
  listen,
  role,
  statement,
} from "../../lab/sandbox/aws/iam-world.ts";
import { fakeTerminal, typist } from "../fake-terminal.ts";
import { runHere } from "../run-timelatch.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-init-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => path.join(folder, "new", name);
const read = (name: string) => readFileSync(at(name), "utf8");
const initHere = (...flags: readonly string[]) => runHere(["init", at(""), ...flags]);
const policy = () => parseAccessPolicy(read("access.yaml"), includedBeside(at("access.yaml")));

describe("The files of timelatch init", () => {
  it.each(
    SIGN_INS.flatMap((way) =>
      [[], CLUSTERS, [...CLUSTERS, ...SLACK]].map((more) => [way, more.length, more] as const),
    ),
  )("It passes policy check and policy test at once: %s, %d more flags", async (way, _, more) => {
    expect(await initHere(...flagsOf(way, ...more))).toMatchObject({ code: 0, err: "" });
    expect(await runHere(["policy", "check", at("access.yaml"), "--strict"])).toMatchObject({
      code: 0,
      err: expect.stringContaining("no errors and no warnings"),
    });
    expect(await runHere(["policy", "test", at("access.test.yaml")])).toMatchObject({ code: 0 });
    expect(policy().people["alice"]?.personalRole).toBeDefined();
  });

  it("Clusters keep their accounts and regions, and have the names that were given", async () => {
    await initHere(...flagsOf("iam", ...CLUSTERS));
    expect(Object.entries(policy().clusters).map(([name, { arn }]) => [name, arn])).toEqual([
      ["prod", "arn:aws:eks:us-west-2:111122223333:cluster/prod"],
      ["other", "arn:aws:eks:eu-west-1:444455556666:cluster/prod"],
    ]);
  });

  it("A user of Identity Center is compared by id, or by name where only that is given", async () => {
    await initHere(...flagsOf("identity-center"));
    expect(read("people.yaml")).toContain(`userId: ${USER_ID}`);
    expect(read("access.yaml")).not.toContain("pin");
    rmSync(at(""), { recursive: true });
    const flags = flagsOf("identity-center").map((flag) => (flag === USER_ID ? "alice" : flag));
    await initHere(...flags);
    expect(read("people.yaml")).toContain("userName: alice");
    expect(read("access.yaml")).toContain("pin: userName");
  });

  it("Every package is pinned to one version, and the library to the file that was packed", async () => {
    await initHere(...flagsOf("iam"));
    const { dependencies } = JSON.parse(read("package.json"));
    const { devDependencies, version } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(dependencies).toEqual({
      "@timelatch/cdk": `file:timelatch-cdk-${version}.tgz`,
      "aws-cdk": devDependencies["aws-cdk"],
      "aws-cdk-lib": devDependencies["aws-cdk-lib"],
      "cdk-nag": devDependencies["cdk-nag"],
      constructs: devDependencies.constructs,
    });
    expect(readFileSync("docs/deploy.md", "utf8")).toContain(`aws-cdk@${dependencies["aws-cdk"]} `);
    const [, minor] = dependencies["aws-cdk"].split(".");
    expect(Number(minor)).toBeGreaterThanOrEqual(1_147);
  });

  it("The archive is that of a trial, or as it was asked for", async () => {
    await initHere(...flagsOf("iam"));
    expect(policy().archive).toEqual({ mode: "GOVERNANCE", days: 30 });
    rmSync(at(""), { recursive: true });
    await initHere(...flagsOf("iam", "--archive-mode", "COMPLIANCE", "--archive-days", "2557"));
    expect(policy().archive).toEqual({ mode: "COMPLIANCE", days: 2_557 });
    rmSync(at(""), { recursive: true });
    for (const [flag, value] of [
      ["--archive-mode", "compliant"],
      ["--archive-days", "0"],
      ["--archive-days", "36501"],
    ] as const)
      expect(await initHere(...flagsOf("iam", flag, value)), value).toMatchObject({ code: 2 });
  });

  it("It prints the next commands, and the statement that permission sets need", async () => {
    const far = "arn:aws:eks:eu-west-1:111122223333:cluster/far";
    const clusters = [...CLUSTERS, "--cluster", far];
    const { out } = await initHere(...flagsOf("identity-center", ...clusters));
    for (const region of ["us-west-2", "eu-west-1"])
      expect(out).toContain(`cdk bootstrap aws://111122223333/${region} --app ""\n`);
    for (const region of ["eu-west-1", "us-west-2"])
      expect(out).toContain(
        `cdk bootstrap aws://444455556666/${region} --app "" --trust 111122223333`,
      );
    expect(out).toContain("timelatch deploy\n");
    expect(out).not.toContain("Nothing can be lent yet");
    const [, json = ""] = /^ {2}(\{"Effect".*\})$/m.exec(out) ?? [];
    expect(JSON.parse(json)).toEqual({
      Effect: "Allow",
      Action: ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"],
      Resource: "arn:aws:iam::*:role/timelatch/people/*",
    });
    rmSync(at(""), { recursive: true });
    const { out: json2 } = await initHere(...flagsOf("oidc"), "--json");
    expect(JSON.parse(json2)).not.toHaveProperty("statement");
  });
});

describe("Refusals of timelatch init", () => {
  it.each(FOLDER_FILES)("A folder with %s stays as it was, and the file is named", async (name) => {
    writeFileSync(path.join(folder, name), "mine");
    const { code, err } = await runHere(["init", folder, ...flagsOf("iam")]);
    expect({ code, err }).toMatchObject({ code: 5, err: expect.stringContaining(`  ${name}\n`) });
    expect(readdirSync(folder)).toEqual([name]);
    expect(readFileSync(path.join(folder, name), "utf8")).toBe("mine");
  });

  const needed = QUESTIONS.filter(({ optional }) => !optional).map(({ flag }) => flag);
  it.each(needed)("Without a terminal, --%s is named where it is missing", async (flag) => {
    const way = flag.startsWith("saml") ? "saml" : flag.startsWith("oidc") ? "oidc" : "iam";
    const all = flag === "subject" ? flagsOf("oidc", ...SLACK) : flagsOf(way, ...SLACK);
    const place = all.indexOf(`--${flag}`);
    const { code, err } = await initHere(...all.toSpliced(place, 2));
    expect(code).toBe(2);
    expect(err).toContain(`--${flag} is missing`);
    expect(existsSync(at(""))).toBe(false);
  });

  it.each([
    ["--account", "1111"],
    ["--region", "Oregon"],
    ["--cluster", "a b"],
    ["--sign-in", "ldap"],
    ["--email", "alice"],
    ["--person", "Alice"],
    ["--principal", "alice"],
    ["--lambda-concurrency", "many"],
  ])("An invalid value is refused with its flag: %s %s", async (flag, value) => {
    const all = flagsOf("iam");
    const place = all.indexOf(flag);
    const flags = place < 0 ? [...all, flag, value] : all.toSpliced(place + 1, 1, value);
    expect(await initHere(...flags)).toMatchObject({
      code: 2,
      err: expect.stringContaining(`"${value}" is not a valid ${flag}. Nothing was written.`),
    });
  });

  it("Two clusters of one name are refused, with the flag that tells them apart", async () => {
    const twin = "arn:aws:eks:us-west-2:444455556666:cluster/prod";
    expect(await initHere(...flagsOf("iam", "--cluster", "prod", "--cluster", twin))).toMatchObject(
      {
        code: 2,
        err: expect.stringContaining(`--cluster prod-2=${twin}`),
      },
    );
  });
});

describe("Files that are written together", () => {
  it("Where one is there meanwhile, none is written, and it stays", async () => {
    writeFileSync(path.join(folder, "b"), "mine");
    await expect(writeNewFiles(folder, { a: "new", b: "new" })).rejects.toMatchObject({
      code: "files-there",
    });
    expect(readdirSync(folder)).toEqual(["b"]);
    expect(readFileSync(path.join(folder, "b"), "utf8")).toBe("mine");
  });
});

describe("timelatch init at a terminal", () => {
  it("It asks for what no flag says, asks again after a wrong answer, and takes Enter for none", async () => {
    const person = typist();
    const terminal = fakeTerminal({ prompt: person.prompt, interactive: true });
    const done = init(terminal.context, at(""), { account: "111122223333" } as object);
    await person.answer("Its region", "nowhere");
    await person.answer("Write a region such as", "us-west-2");
    await person.answer("A cluster", "prod, staging");
    await person.answer("How people sign in", "iam");
    await person.answer("The first person", "alice");
    await person.answer("e-mail", "alice@example.com");
    await person.answer("IAM user", "arn:aws:iam::111122223333:user/alice");
    await person.answer("The Slack workspace", "");
    await person.answer("The archive's mode", "forever");
    await person.answer("Write GOVERNANCE or COMPLIANCE", "");
    await person.answer("For how many days", "90");
    await person.answer("concurrent executions", "1000");
    await done;
    expect(person.shown()).not.toMatch(/account that the broker|SAML|permission set|channel/);
    expect(Object.keys(policy().clusters)).toEqual(["prod", "staging"]);
    expect(policy().archive).toEqual({ mode: "GOVERNANCE", days: 90 });
    expect(read("timelatch.config.yaml")).toContain("lambdaConcurrency: 1000");
  });
});

describe("timelatch init --from-account", () => {
  const reader = role("reader", {
    policy: document(statement(["eks:ListClusters", "eks:DescribeCluster"])),
  });
  const nobody = role("nobody");

  async function fromAccount(of: typeof reader, ...flags: readonly string[]) {
    const iam = iamStore(reader, nobody);
    const calls: string[] = [];
    const port = await listen({
      services: [(await eksWithClusters()).service, stsService(iam)],
      iam,
      onCall: ({ operation }) => calls.push(operation),
    });
    const { accessKeyId, secretAccessKey, sessionToken = "" } = credential(of);
    const env = {
      AWS_ENDPOINT_URL: port.url,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    };
    const args = ["init", at(""), "--from-account", ...flags];
    const ran = await runHere(args, { env }).finally(() => port.close());
    return { ...ran, calls };
  }

  it("It takes account, region and clusters from AWS, only reads, and says which mode keeps access entries out", async () => {
    const flags = flagsOf("iam").slice(4);
    const cluster = flags.indexOf("--cluster");
    const { code, calls, out } = await fromAccount(reader, ...flags.toSpliced(cluster, 2));
    expect(code).toBe(0);
    expect(out).toContain("Nothing can be lent yet on legacy: access.yaml has the command");
    expect(new Set(calls)).toEqual(
      new Set(["GetCallerIdentity", "ListClusters", "DescribeCluster"]),
    );
    expect(Object.keys(policy().clusters).sort()).toEqual(["legacy", "mixed", "prod"]);
    expect(read("access.yaml").match(/# aws eks update-cluster-config --name \w+/g)).toEqual([
      "# aws eks update-cluster-config --name legacy",
    ]);
    // The first listed is legacy, on which nothing can be lent yet.
    expect(read("access.test.yaml").match(/cluster: \w+/g)).toEqual([
      "cluster: mixed",
      "cluster: mixed",
    ]);
    expect(read("timelatch.config.yaml")).toContain('account: "111122223333"\nregion: us-west-2');
  });

  it("Where AWS refuses, nothing is written", async () => {
    const { code, err } = await fromAccount(nobody, ...flagsOf("iam"));
    expect({ code, err }).toMatchObject({
      code: 3,
      err: expect.stringContaining("eks:ListClusters"),
    });
    expect(existsSync(at(""))).toBe(false);
  });
});

const PLACE = ["--account", "111122223333", "--region", "us-west-2"];
const PERSON = ["--person", "alice", "--email", "alice@example.com"];
const CLUSTERS = [
  ...["--cluster", "prod"],
  ...["--cluster", "other=arn:aws:eks:eu-west-1:444455556666:cluster/prod"],
];
const SLACK = [
  ...["--slack-team", "T0001", "--slack-app", "A0001"],
  ...["--slack-channel", "C0001", "--slack-alarms", "C0002"],
];
const USER_ID = "906701d9d2-0a1b2c3d-1111-2222-3333-00000000a11c";

const WAYS: Readonly<Record<(typeof SIGN_INS)[number], readonly string[]>> = {
  "identity-center": [
    ...["--subject", USER_ID, "--permission-set", "Developers"],
    ...["--permission-set", "Auditors", "--sign-in-account", "222233334444"],
  ],
  saml: [
    ...["--saml-provider", "arn:aws:iam::111122223333:saml-provider/Okta"],
    ...["--saml-issuer", "http://www.okta.com/exk1"],
    ...["--saml-role", "arn:aws:iam::111122223333:role/okta-developers"],
    ...["--subject", "alice@example.com"],
  ],
  oidc: [
    ...["--oidc-issuer", "login.example.com", "--oidc-audience", "timelatch"],
    ...["--subject", "00u1a2b3c4"],
  ],
  iam: ["--principal", "arn:aws:iam::111122223333:user/alice"],
};

/** All that is needed, in one account. */
const flagsOf = (way: (typeof SIGN_INS)[number], ...more: readonly string[]) => [
  ...[...PLACE, "--sign-in", way, ...PERSON, ...WAYS[way]],
  ...(more.includes("--cluster") ? [] : ["--cluster", "prod"]),
  ...more,
];
