import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commandLine } from "../../../cli/prompts/request-terms.ts";
import { widthOf } from "../../../cli/terminal/text-layout.ts";
import { permitFacts } from "../../../cli/text/permits-text.ts";
import { previewText } from "../../../cli/text/preview-text.ts";
import type { KubernetesRule } from "../../../shared/http/contract/answers.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import { type LoopbackApi, loopbackApi, problem, type Script } from "../loopback-api.ts";
import { run, runHere } from "../run-timelatch.ts";
import { ALLOWED, LENT, REFUSED } from "../sample-access.ts";
import { answerTo, asked } from "../sample-requests.ts";

let script: Script;
let api: LoopbackApi;

beforeEach(async () => {
  api = await loopbackApi((call, count) => script(call, count));
});
afterEach(() => api.close());

const surroundings = () => ({ env: { TIMELATCH_API: api.address } });
const timelatch = (...args: readonly string[]) => runHere(args, surroundings());

const TERMS = [
  ...["--cluster", "prod", "--policy", "AmazonEKSEditPolicy", "--namespace", "payments-api"],
  ...["--reason", "INC-4711 stuck rollout"],
];

describe("timelatch access", () => {
  it("timelatch access shows each rule in a block of its own", async () => {
    script = () => ({ body: LENT });
    const { code, out } = await run(["access"], surroundings());
    expect(code).toBe(0);
    expect(api.calls).toMatchObject([{ method: "GET", path: "/v1/access", signed: true }]);
    expect(out).toContain(
      [
        "payments-edit",
        "  Access    AmazonEKSEditPolicy or AmazonEKSViewPolicy",
        "  In        payments-*",
        "  On        prod",
        "  For       5m to 4h; 1h by default",
        "  Start     at most 30d ahead",
        "  Lapses    after 1d without approval",
        "  Approval  bob of payments-leads",
        "  Reason    at least 10 characters, with a ticket that matches ^(PAY|INC)-[0-9]+$",
        "  As        arn:aws:iam::111122223333:role/people/alice",
        "",
      ].join("\n"),
    );
    expect(out).toContain("bob of payments-leads, and 1 of sre or platform (nobody at present)");
    expect(out).toContain("Kubernetes groups eks-admins or eks-viewers");
    expect(out).toContain("break-glass  BREAK GLASS\n");
    // Neither an alert nor a review exists yet.
    expect(out).not.toMatch(/alerts|reviewed/i);
  });

  it("timelatch access says on which clusters a request would be refused", async () => {
    const clusters = LENT.clusters.map((each) => ({ ...each, obstacle: "cluster-gone" as const }));
    const [only] = LENT.rules;
    script = () => ({ body: { ...LENT, clusters, rules: [only] } });
    const { out } = await timelatch("access");
    expect(out).toContain("  Not now   on prod: EKS knows no such cluster\n");
    expect(out).not.toContain("on staging:");
  });

  it("timelatch access prints the API's JSON under --json", async () => {
    script = () => ({ body: LENT });
    expect(JSON.parse((await timelatch("access", "--json")).out)).toEqual(LENT);
  });

  it("timelatch access says when no rule applies to somebody", async () => {
    script = () => ({ body: { ...LENT, rules: [] } });
    expect((await timelatch("access")).out).toContain("applies to alice");
  });
});

describe("timelatch preview", () => {
  it("timelatch preview sends the same body as the request, and shows the decision", async () => {
    script = () => ({ body: ALLOWED });
    const { code, out, err } = await timelatch("preview", ...TERMS, "--duration", "1h");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(api.calls).toMatchObject([
      {
        method: "POST",
        path: "/v1/requests/preview",
        signed: true,
        body: { cluster: "prod", access: ALLOWED.access, duration: "1h" },
      },
    ]);
    expect(out).toContain(
      "Allowed by payments-edit: it would wait for approval. Nothing was requested.",
    );
    expect(out).toContain("  Needs    bob of payments-leads\n");
    expect(out).toContain("  ! A stream that is open stays open.\n");
  });

  it("timelatch preview --all ends with 3, and gives the objections of every rule, the closest first", async () => {
    script = () => ({ body: REFUSED });
    const { code, out, err } = await timelatch("preview", ...TERMS, "--all");
    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(err.split("\n").slice(0, 6)).toEqual([
      "timelatch: This request would be refused (policy-denied). Nothing was requested.",
      "  payments-edit:",
      "    payments-edit lends for at most 4h.",
      "    payments-edit requires a ticket in the reason.",
      "  staging-rbac:",
      "    staging-rbac is for staging, not for prod.",
    ]);
    expect(err).toContain("timelatch access");
  });

  it("timelatch preview gives only the objections of the closest rule, and says how many others refuse", async () => {
    script = () => ({ body: REFUSED });
    const { err } = await timelatch("preview", ...TERMS);
    expect(err).toContain("payments-edit lends for at most 4h.");
    expect(err).not.toContain("staging-rbac is for");
    expect(err).toContain("1 other rule refuses it too: timelatch preview --all");
  });

  it("timelatch preview points to its own help for wrong options", async () => {
    const { code, err } = await timelatch("preview", "--cluster", "prod");
    expect(code).toBe(2);
    expect(err).toContain("timelatch preview --help");
    expect(err).not.toContain("timelatch request --help");
  });

  it("timelatch preview gives the API's own reason where it names no rule", async () => {
    script = () => ({ body: { ...REFUSED, refusals: [], detail: "No cluster is called prod." } });
    expect((await timelatch("preview", ...TERMS)).err).toContain(
      "This request would be refused (policy-denied): No cluster is called prod. Nothing was requested.",
    );
  });

  it("timelatch preview prints JSON under --json in any case; the exit code says whether it is allowed", async () => {
    script = () => ({ body: REFUSED });
    const no = await timelatch("preview", ...TERMS, "--json");
    expect(no.code).toBe(3);
    expect(JSON.parse(no.out)).toEqual(REFUSED);
    expect(JSON.parse(no.err)).toMatchObject({
      type: "urn:timelatch:cli:policy-denied",
      exitCode: 3,
    });
    script = () => ({ body: ALLOWED });
    const yes = await timelatch("preview", ...TERMS, "--json");
    expect({ code: yes.code, err: yes.err }).toEqual({ code: 0, err: "" });
    expect(JSON.parse(yes.out)).toEqual(ALLOWED);
  });

  it("timelatch preview is repeated after a reset, since it changes nothing", async () => {
    script = (_call, count) => (count === 1 ? "reset" : { body: ALLOWED });
    expect((await timelatch("preview", ...TERMS)).code).toBe(0);
    script = () => "reset";
    const { err } = await timelatch("preview", ...TERMS);
    expect(err).toContain("Nothing was changed.");
    expect(err).not.toContain("Idempotency");
  });

  it("timelatch preview names the option that is wrong", async () => {
    script = () =>
      problem(422, "invalid-request", "See `errors`.", {
        errors: [{ pointer: "/reason", detail: "Say why." }],
      });
    const { code, err } = await timelatch("preview", ...TERMS);
    expect(code).toBe(3);
    expect(err).toContain("  --reason: Say why.\n");
    expect(err).not.toContain("See `errors`");
  });

  it("timelatch preview fits a narrow terminal without cutting anything", () => {
    const { context } = fakeTerminal({ columns: 60 });
    const text = previewText(ALLOWED, context.screen.out, true);
    const tooWide = text.split("\n").filter((line) => widthOf(line) > 60);
    // Words that cannot be broken: an ARN and an address.
    expect(tooWide.map((line) => line.trim().split(" ").length)).toEqual(tooWide.map(() => 1));
    expect(text).toContain("read, write  secrets\n");
  });
});

describe("Permissions", () => {
  const rule = (
    verbs: readonly string[],
    resources: readonly string[],
    apiGroups: readonly string[] = [""],
  ): KubernetesRule => ({ apiGroups, resources, nonResourceURLs: [], verbs });
  const READ = ["get", "list", "watch"];
  const WRITE = ["create", "delete", "deletecollection", "patch", "update"];

  it("Permissions are merged by verbs, from every rule about a resource", () => {
    expect(
      permitFacts([
        rule(READ, ["pods", "secrets"]),
        rule(WRITE, ["secrets"]),
        rule(READ, ["deployments"], ["apps", "extensions"]),
        rule(["impersonate"], ["secrets"]),
      ]),
    ).toEqual([
      ["read, write", "secrets"],
      ["read", "pods"],
      ["", "apps: deployments"],
      ["", "extensions: deployments"],
      ["impersonate", "secrets"],
    ]);
  });

  it("Permissions have a short word only for a complete set of verbs", () => {
    expect(permitFacts([rule(["get", "list"], ["pods"]), rule(["patch"], ["nodes"])])).toEqual([
      ["get, list", "pods"],
      ["patch", "nodes"],
    ]);
  });

  it("Permissions are called everything where everything is allowed, URLs included", () => {
    expect(
      permitFacts([
        rule(["*"], ["*"], ["*"]),
        { apiGroups: [], resources: [], nonResourceURLs: ["*"], verbs: ["*"] },
      ]),
    ).toEqual([
      ["everything", "every API group: every resource"],
      ["", "URLs: *"],
    ]);
  });
});

describe("timelatch request without a terminal", () => {
  it.each([
    [[], ["--cluster", "--reason", "--policy with --namespace"]],
    [
      ["--cluster", "prod"],
      ["--reason", "--policy with --namespace"],
    ],
    [["--cluster", "prod", "--group", "g"], ["--reason"]],
    [["--reason", "why", "--policy", "P", "--cluster-scope"], ["--cluster"]],
  ])("timelatch request off a terminal names the missing options of %j", async (args, missing) => {
    const { code, out, err } = await timelatch("request", ...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    const [said = ""] = err.split("\n");
    expect(said).toContain("Nothing was sent.");
    const named = /Missing required options?: (.*)\. Nothing/.exec(said)?.[1]?.split("; ") ?? [];
    expect(named).toHaveLength(missing.length);
    for (const [at, name] of missing.entries()) expect(named[at]).toContain(name);
    expect(api.calls).toHaveLength(0);
  });

  it("timelatch request sends what --yes confirms, without a dry run", async () => {
    script = () => ({ status: 201, body: answerTo(asked()) });
    const { code } = await timelatch("request", ...TERMS, "-y");
    expect(code).toBe(0);
    expect(api.calls.map(({ path }) => path)).toEqual(["/v1/requests"]);
  });
});

describe("the same request as a command", () => {
  const terms = {
    cluster: "prod",
    group: ["a", "b c"],
    clusterScope: true,
    reason: "it's $HOME; `id`\u202e",
  } as const;

  it("A request shown as a command is quoted for a shell, with hidden characters escaped", () => {
    expect(commandLine(terms, Number.POSITIVE_INFINITY)).toBe(
      "timelatch request --cluster prod --cluster-scope --group a --group 'b c' --reason 'it'\\''s $HOME; `id`\\u{202e}'",
    );
  });

  it("A request shown as a command breaks between options, so that it can be copied", () => {
    const line = commandLine(terms, 40);
    expect(line.split("\n").length).toBeGreaterThan(1);
    expect(line.replaceAll(" \\\n ", "")).toBe(commandLine(terms, Number.POSITIVE_INFINITY));
  });
});
