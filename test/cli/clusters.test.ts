import { describe, expect, it } from "vitest";
import { standingCsv } from "../../cli/audit/standing-csv.ts";
import { checkCluster, clusterStanding, listClusters } from "../../cli/commands/clusters.ts";
import type {
  ClusterAnswer,
  StandingEntryAnswer,
} from "../../shared/http/contract/cluster-answer.ts";
import { fakeTerminal } from "./fake-terminal.ts";
import {
  aCluster,
  arnOf,
  aStanding,
  clusterApi,
  type Setup,
  THE_CREATORS,
} from "./sample-clusters.ts";

async function shown(cluster: ClusterAnswer, entries: readonly StandingEntryAnswer[] = []) {
  const terminal = fakeTerminal({ api: clusterApi(cluster, entries) });
  await clusterStanding(terminal.context, "prod", {});
  return terminal.out();
}

async function checked(cluster: ClusterAnswer, entries: readonly StandingEntryAnswer[] = []) {
  const terminal = fakeTerminal({ api: clusterApi(cluster, entries) });
  await checkCluster(terminal.context, "prod");
  return { text: terminal.out(), words: terminal.out().replace(/\s+/g, " ") };
}

const widest = (text: string) => Math.max(...text.split("\n").map((line) => line.length));

describe("timelatch clusters", () => {
  it("timelatch clusters lists mode, audit log and the age of what was read", async () => {
    const terminal = fakeTerminal({ api: clusterApi(aCluster({}, { auditLog: false })) });
    await listClusters(terminal.context);
    expect(terminal.out()).toMatch(/^CLUSTER +MODE +AUDIT LOG +ENTRIES +READ\n/);
    expect(terminal.out()).toMatch(/prod +API +off +5 +3m ago/);
  });

  it.each<[string, Partial<ClusterAnswer>, string]>([
    ["retired", { unread: "retired", setup: null, standing: null }, "no: retired"],
    ["that was not read", { setup: null, standing: null }, "unknown  unknown    unknown  not yet"],
  ])(
    "timelatch clusters says of a cluster %s why it was not read",
    async (_what, changes, text) => {
      const terminal = fakeTerminal({ api: clusterApi(aCluster(changes)) });
      await listClusters(terminal.context);
      expect(terminal.out()).toContain(text);
    },
  );
});

describe("timelatch clusters standing", () => {
  it("It lists who has what on every page, in the API's order, in 80 columns", async () => {
    const text = await shown(aCluster(), [
      THE_CREATORS,
      aStanding({
        power: "edit",
        policies: [
          {
            policy: "AmazonEKSEditPolicy",
            power: "edit",
            scope: {
              type: "namespace",
              namespaces: Array.from({ length: 12 }, (_, at) => `payments-${at}`),
            },
          },
        ],
      }),
      aStanding({ kind: "node", type: "EC2_LINUX", principalArn: arnOf("role/node") }),
    ]);
    expect(text).toMatch(/^prod: 5 access entries, 3 of them not explained by grants alone\./);
    expect(text).toContain("Read 3m ago.");
    expect(text.indexOf("role/admin")).toBeLessThan(text.indexOf("role/people/carol"));
    expect(text.indexOf("People and programs")).toBeLessThan(text.indexOf("Nodes\n"));
    expect(text).toContain("AmazonEKSClusterAdminPolicy on the whole cluster");
    expect(text).toContain("payments-11");
    expect(text).toContain("(EC2_LINUX)");
    expect(text).toContain("probably its creator's");
    expect(widest(text)).toBeLessThanOrEqual(80);
  });

  it.each<[string, Partial<StandingEntryAnswer>, string]>([
    ["its principal is gone", { principal: "gone" }, "The principal was deleted: nobody can use"],
    ["its principal was made again", { principal: "recreated" }, "deleted and made again"],
    ["it has our tag", { tagged: true }, "It carries Timelatch's tag"],
    ["it was cut", { isCut: true }, "There is more. EKS has all of it."],
    [
      "a record claims it",
      { claimedBy: ["id-1"] },
      "Records claim it, and their histories do not bear them out: id-1.",
    ],
    ["it has groups", { groups: ["root"] }, "groups root; RBAC says what they may do"],
    ["it is bare", { policies: [], power: "none" }, "RBAC may know the username carol."],
    [
      "it is of another account",
      { principalArn: arnOf("user/eve", "444455556666") },
      "444455556666:user/eve",
    ],
  ])("It says of an entry that %s", async (_what, changes, text) => {
    const words = (await shown(aCluster(), [aStanding(changes)])).replace(/\s+/g, " ");
    expect(words).toContain(text);
  });

  it("A dead entry is called so in place of its power", async () => {
    const dead = await shown(aCluster(), [aStanding({ principal: "recreated", power: "edit" })]);
    expect(dead).toMatch(/^ +dead +role\/people\/carol/m);
    expect(await shown(aCluster(), [aStanding({ power: "edit" })])).toMatch(/^ +edit +role/m);
  });

  it.each<[string, Partial<StandingEntryAnswer>]>([
    ["younger than its cluster", { createdAt: "2026-11-01T01:00:01.000Z" }],
    ["of a node", { kind: "node" }],
    [
      "an administrator in a namespace alone",
      {
        policies: [
          {
            policy: "AmazonEKSClusterAdminPolicy",
            power: "everything",
            scope: { type: "namespace", namespaces: ["ci"] },
          },
        ],
      },
    ],
  ])("An entry that is %s is not called the creator's", async (_what, changes) => {
    expect(await shown(aCluster(), [{ ...THE_CREATORS, ...changes }])).not.toContain("creator");
  });

  it.each<[string, Partial<ClusterAnswer>, Partial<Setup>, string]>([
    ["CONFIG_MAP", {}, { authenticationMode: "CONFIG_MAP" }, "aws-auth alone here"],
    ["both modes", {}, { authenticationMode: "API_AND_CONFIG_MAP" }, "aws-auth here as well"],
    ["not read", { standing: null, setup: null }, {}, "prod: not read yet."],
    [
      "half read",
      { standing: null, reading: { startedAt: "2026-11-24T10:00:00.000Z", read: 40 } },
      {},
      "prod: not read whole yet: 40 so far, since 5m ago.",
    ],
    [
      "throttled",
      {
        standing: null,
        failure: { code: "ThrottlingException", at: "2026-11-24T10:03:00.000Z" },
      },
      {},
      "It stopped 2m ago: ThrottlingException. It goes on by itself.",
    ],
    [
      "read before a failure",
      { failure: { code: "ThrottlingException", at: "2026-11-24T10:03:00.000Z" } },
      {},
      "The reading that came after stopped 2m ago: ThrottlingException.",
    ],
    ["retired", { unread: "retired", standing: null }, {}, "because access.yaml says retired"],
  ])("It says of a cluster %s what cannot be seen", async (_what, changes, setup, text) => {
    expect((await shown(aCluster(changes, setup))).replace(/\s+/g, " ")).toContain(text);
  });

  it("A cluster with only the API says nothing of aws-auth", async () => {
    expect(await shown(aCluster())).not.toContain("aws-auth");
  });

  it("A cluster that EKS does not know is named as such", async () => {
    const gone = aCluster({
      setup: { cluster: null, readAt: "2026-11-24T10:00:00.000Z" },
      standing: null,
    });
    expect(await shown(gone)).toContain("EKS knows no such cluster");
    expect((await checked(gone)).words).toContain("EKS knows no such cluster");
  });

  it("--json and another format exclude each other", async () => {
    const { context } = fakeTerminal({ json: true, api: clusterApi(aCluster()) });
    await expect(clusterStanding(context, "prod", { format: "csv" })).rejects.toThrow(
      "--json and --format exclude each other.",
    );
  });

  it("As CSV, a policy is a line, the groups are one, and a bare entry has one too", () => {
    const both = aStanding({ groups: ["a", "b"], claimedBy: ["id-1", "id-2"], people: ["a", "b"] });
    const bare = aStanding({ policies: [], power: "none", principalArn: arnOf("role/=bare") });
    const lines = [...standingCsv([{ cluster: aCluster(), entries: [both, bare] }])].map((line) =>
      line.trimEnd().split('","'),
    );
    const [titles = [], ...rows] = lines;
    const cell = (row: readonly string[], title: string) =>
      row[titles.findIndex((one) => one.replaceAll('"', "") === title)];
    expect(rows.map((row) => row.length)).toEqual(rows.map(() => titles.length));
    expect(
      rows.map((row) => [cell(row, "policy"), cell(row, "groups"), cell(row, "power")]),
    ).toEqual([
      ["AmazonEKSViewPolicy", "", "view"],
      ["", "a, b", "unknown"],
      ["", "", "none"],
    ]);
    expect(rows.map((row) => cell(row, "claimedBy")?.replaceAll('"', ""))).toEqual([
      ...["id-1, id-2", "id-1, id-2", ""],
    ]);
    expect(rows.map((row) => cell(row, "people")?.replaceAll('"', ""))).toEqual([
      "a, b",
      "a, b",
      "",
    ]);
  });
});

describe("timelatch clusters check", () => {
  it("It says what was read and when, in 80 columns apart from commands and ARNs", async () => {
    const { text, words } = await checked(aCluster());
    for (const part of [
      "API: EKS reads access entries alone.",
      "Kubernetes 1.34",
      "on: CloudWatch has what is done in the cluster.",
      "Converge described the cluster under it 1m ago",
      "AmazonEKSViewPolicy on the whole cluster; AmazonEKSEditPolicy in payments-*; groups eks-admins",
      "the role's IAM policy was not read",
      "no entry of that age with AmazonEKSClusterAdminPolicy",
    ])
      expect(words).toContain(part);
    expect(text).not.toContain("aws eks");
    expect(widest(text)).toBeLessThanOrEqual(80);
  });

  it.each<[Setup["authenticationMode"], string]>([
    ["CONFIG_MAP", "authenticationMode=API_AND_CONFIG_MAP"],
    ["API_AND_CONFIG_MAP", "authenticationMode=API"],
  ])("In mode %s it names the exact next command, by EKS's own name", async (mode, end) => {
    const { text, words } = await checked(aCluster({}, { authenticationMode: mode }));
    expect(text).toContain(
      `  aws eks update-cluster-config --region us-west-2 --name prod-eks --access-config ${end}\n`,
    );
    expect(words).toContain("It cannot be undone.");
    expect(words).toContain("aws-auth");
  });

  it("It names what is probably the creator's entry, and how to remove it", async () => {
    const { text, words } = await checked(aCluster(), [THE_CREATORS, aStanding()]);
    expect(words).toContain("probably role/admin: AmazonEKSClusterAdminPolicy");
    expect(words).toContain("EKS does not say who made it.");
    expect(text).toContain(
      `  aws eks delete-access-entry --region us-west-2 --cluster-name prod-eks --principal-arn ${arnOf("role/admin")}\n`,
    );
    expect(text.match(/delete-access-entry/g)).toHaveLength(1);
  });

  it("It claims nothing of the creator where the entries were not read, or cannot be", async () => {
    expect((await checked(aCluster({ standing: null }))).words).toContain(
      "Creator not known: the entries were not read whole yet.",
    );
    expect((await checked(aCluster({}, { authenticationMode: "CONFIG_MAP" }))).words).toContain(
      "Creator cannot be seen in this mode.",
    );
  });

  it("An audit log that is off is said, with the command that switches it on", async () => {
    const { text } = await checked(aCluster({}, { auditLog: false }));
    expect(text).toContain("off: nobody can say later");
    expect(text).toContain(`--logging '{"clusterLogging":[{"types":["audit"],"enabled":true}]}'\n`);
  });

  it("A grantor role that was never used is not called usable", async () => {
    const { grantor } = aCluster();
    const { words } = await checked(aCluster({ grantor: { ...grantor, describedAt: null } }));
    expect(words).toContain("Converge has not described the cluster under it yet.");
    expect(words).not.toContain("could be assumed");
  });

  it("A cluster that was not described has no mode and no commands", async () => {
    const { text, words } = await checked(aCluster({ setup: null, standing: null }));
    expect(words).toContain("Read not read yet.");
    expect(words).toContain("Mode not known");
    expect(text).not.toContain("aws eks");
  });

  it("Under --json it answers the cluster and the next commands", async () => {
    const api = clusterApi(aCluster({}, { authenticationMode: "CONFIG_MAP" }));
    const terminal = fakeTerminal({ json: true, api });
    await checkCluster(terminal.context, "prod");
    expect(JSON.parse(terminal.out())).toMatchObject({
      cluster: { name: "prod" },
      next: [{ command: expect.stringContaining("authenticationMode=API_AND_CONFIG_MAP") }],
    });
  });
});
