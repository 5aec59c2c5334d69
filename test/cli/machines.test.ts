/** Everywhere that a terminal names an asker, a machine is named as one, and an agent with it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { status } from "../../cli/commands/status.ts";
import { whoami } from "../../cli/commands/whoami.ts";
import { renderTable } from "../../cli/terminal/table.ts";
import { requestFacts } from "../../cli/text/request-facts.ts";
import { requestColumns } from "../../cli/text/request-text.ts";
import { BOT, policyWithMachine } from "../../lab/fakes/machine-policy.ts";
import {
  populationBuilder,
  reportedAsker,
} from "../../shared/domain/evidence/report/population.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { requestAnswer } from "../../shared/http/server/request-answer.ts";
import { fakeApi, fakeTerminal } from "./fake-terminal.ts";
import { editedSample, type PolicyFolder, policyFolder } from "./policy/policy-folder.ts";
import { NOTHING_BESIDE } from "./sample-person-access.ts";
import { asked } from "./sample-requests.ts";

const VIA = { protocol: "mcp", client: "some-agent 1.0" } as const;
const OF_BOT = { requester: "deploy-bot", machine: true, principalArn: BOT } as const;
const NOW = "2026-11-24T10:05:00.000Z";

const shown = (changes: Parameters<typeof asked>[0]): RequestAnswer =>
  requestAnswer(asked(changes).request, policyWithMachine());

describe("A machine at a terminal", () => {
  it("A request says whose it is, who owns the machine, and by which program it was asked", () => {
    const facts = (request: RequestAnswer) => Object.fromEntries(requestFacts(request, NOW));
    expect(facts(shown(OF_BOT))).toMatchObject({
      Who: `machine deploy-bot as ${BOT}`,
      "Owned by": "olga, otto",
    });
    expect(facts(shown({ ...OF_BOT, via: VIA }))["Who"]).toContain("through MCP (some-agent 1.0)");
    expect(facts(shown({}))).not.toHaveProperty("Owned by");
  });

  it("One that became a machine since, and one whose record hides it, is a machine", () => {
    const { machine: _, ...hidden } = OF_BOT;
    expect(shown(hidden)).toMatchObject({ machine: true, owners: ["olga", "otto"] });
    expect(shown({ machine: true })).toMatchObject({ requester: "alice", machine: true });
  });

  it("A list says it in a word, and no client's own name", () => {
    const all = [shown(OF_BOT), shown({ via: VIA })];
    const { context } = fakeTerminal();
    const table = renderTable(all, requestColumns(NOW, all), context.screen.out);
    expect(table).toContain("machine deploy-bot");
    expect(table).toContain("alice via mcp");
    expect(table).not.toContain("some-agent");
  });

  it("A report has it from the record, without the policy", () => {
    const builder = populationBuilder();
    builder.add(asked({ ...OF_BOT, via: VIA }).event);
    const [row] = builder.requests();
    expect(row && reportedAsker(row)).toBe("machine deploy-bot through MCP (some-agent 1.0)");
  });

  it("whoami names its owners, and status says what it is", async () => {
    const who = { person: "deploy-bot", groups: [], roles: [], identityArn: BOT };
    const machine = { owners: ["olga", "otto"] };
    const asking = fakeTerminal({ api: fakeApi(() => ({ ...who, machine })) });
    await whoami(asking.context);
    expect(asking.out()).toMatch(/^ +Machine +deploy-bot$/m);
    expect(asking.out()).toMatch(/^ +Owners +olga, otto$/m);
    const access = { person: "deploy-bot", machine: true, at: NOW, cluster: null, access: [] };
    const found = { ...access, unread: [], standingAsOf: null, ...NOTHING_BESIDE };
    const looking = fakeTerminal({ api: fakeApi(() => found) });
    await status(looking.context, "deploy-bot", {});
    expect(looking.out()).toContain("No grant gives machine deploy-bot access that you may see.");
    expect(looking.out()).toContain("deploy-bot is a machine: it asks, and people decide.");
  });
});

describe("timelatch policy with a machine", () => {
  let folder: PolicyFolder;
  let file = "";
  beforeAll(() => {
    folder = policyFolder();
    const role = "arn:aws:iam::111122223333:role/pipelines/deploy-bot";
    const bot = `  deploy-bot:
    { kind: machine, owners: [sre], email: team@example.com, groups: [pipelines], identities: { iam: ["${role}"] }, principals: ["${role}"] }
`;
    const pipelines = "who: { groups: [payments, pipelines] }";
    file = folder.write(
      "access.yaml",
      editedSample(
        ["  heidi:\n", `${bot}  heidi:\n`],
        ["who: { groups: [payments] }", pipelines],
        [
          "  - name: break-glass\n    who: { groups: [sre] }",
          "  - name: break-glass\n    who: { groups: [sre, pipelines] }",
        ],
      ),
    );
  });
  afterAll(() => folder.remove());

  it("policy who marks it, and counts the person by whose hands it asks", async () => {
    const { out } = await folder.policy("who", file, "--cluster", "prod", "--policy", "edit");
    expect(out).toMatch(/^machine deploy-bot +2 +carol and bob +payments-edit$/m);
    const json = await folder.policy(
      "who",
      file,
      "--cluster",
      "prod",
      "--policy",
      "edit",
      "--json",
    );
    expect(JSON.parse(json.out).people).toContainEqual(
      expect.objectContaining({ person: "deploy-bot", machine: true }),
    );
  });

  it("policy explain has the objection of a break-glass rule", async () => {
    const glass = ["--cluster", "prod", "--policy", "cluster-admin", "--cluster-scope"];
    const { code, err } = await folder.policy("explain", file, "--as", "deploy-bot", ...glass);
    expect(code).toBe(3);
    expect(err).toContain("break-glass is for break-glass, and deploy-bot is a machine.");
  });
});
