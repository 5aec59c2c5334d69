/** A smoke test's look at CloudFormation, at the keys of transactions, and at who opened sessions. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { signIns } from "../../../../cli/doctor/smoke/parts/sign-ins.ts";
import {
  executionPolicies,
  forwardRules,
  madeUpNames,
  stackSetNames,
} from "../../../../cli/doctor/smoke/parts/stack-facts.ts";
import type { Stage } from "../../../../cli/doctor/smoke/stage.ts";
import { ACCOUNT, REGION } from "../../../infra/broker.ts";
import { asAdmin, remains, runSmoke, type SmokeWorld, smokeWorld } from "./smoke-world.ts";

let world: SmokeWorld;
beforeAll(async () => {
  world = await smokeWorld({ hasTables: true });
});
beforeEach(() => asAdmin(world));
afterEach(() => vi.unstubAllEnvs());
afterAll(() => world.close());

const PACE = { pollMs: 20, stackSeconds: 5, roleSeconds: 5 };
type Gate = NonNullable<Parameters<typeof runSmoke>[2]>["gate"];
const play = (part: string, gate?: Gate) =>
  runSmoke(world, { smoke: ["staging"], only: [part] }, { pace: PACE, ...(gate ? { gate } : {}) });
const factOf = (run: Awaited<ReturnType<typeof play>>, name: string) =>
  run.document.facts.find(({ fact }) => fact === name);
const deployed = { name: "timelatch", account: ACCOUNT, region: REGION, partition: "aws" };

describe("The part stacks", () => {
  it("Sees an update rolled back and the earlier template answered, and leaves no stack", async () => {
    const run = await play("stacks");
    expect(run.document.failed).toEqual([]);
    expect(factOf(run, "rolled-back-template")).toMatchObject({
      verdict: "holds",
      says: expect.stringMatching(
        /^an update was rolled back after [\d.]+ s, and GetTemplate answers the earlier template$/,
      ),
      numbers: { resources: 1 },
    });
    expect(factOf(run, "made-up-names")).toMatchObject({
      verdict: "holds",
      says: expect.stringMatching(
        /^all \d{2,} names that CloudFormation made up begin with their stack's$/,
      ),
      numbers: { others: 0 },
    });
    expect(run.document.left).toEqual([]);
    expect(run.failure).toBeUndefined();
    expect(remains(world)).toEqual([]);
  });

  it("Finds a CloudFormation that answers the template that failed", async () => {
    const run = await play("stacks", async (command, send) => {
      const answer = await send();
      if (command !== "GetTemplateCommand") return answer;
      const { output } = answer as { output: { TemplateBody: string } };
      const body = JSON.parse(output.TemplateBody);
      if (body.Resources.Handle) body.Resources.Wait = {};
      output.TemplateBody = JSON.stringify(body);
      return answer;
    });
    expect(factOf(run, "rolled-back-template")?.verdict).toBe("contradicted");
    expect(run.failure?.exit).toBe("unwell");
    expect(remains(world)).toEqual([]);
  });

  it("A stack that a crash left is found by its name, and removed by the next run", async () => {
    await play("stacks", async (command, send) => {
      if (command === "DeleteStackCommand") throw new Error("The machine is gone.");
      return send();
    });
    expect(remains(world)).toHaveLength(1);
    writeFileSync(path.join(world.folder, "timelatch-smoke.journal"), "");
    await runSmoke(world, { smoke: true, clean: true }, { pace: PACE });
    expect(remains(world)).toEqual([]);
  });

  it("Finds a name that does not begin with its stack's", async () => {
    const contents = {
      template: { Resources: { Queue: { Type: "AWS::SQS::Queue" } } },
      resources: new Map([["Queue", "https://sqs/111122223333/Time-Queue-X"]]),
    };
    const broker = { stackContents: async () => contents };
    const stage = { policy: { clusters: {} }, deployed, sights: { broker, others: new Map() } };
    expect(await madeUpNames(stage as unknown as Stage)).toMatchObject({
      verdict: "contradicted",
      numbers: { names: 2, others: 2 },
    });
  });

  it.each([
    [["timelatch-execution-1", "timelatch-execution-2"], "holds", /under 2 policies/],
    [["AdministratorAccess"], "unsettled", /under AdministratorAccess$/],
    [["timelatch-execution-1", "mine"], "unsettled", /under other policies$/],
    [undefined, "unsettled", /whoever deployed it$/],
  ])("A stack that CloudFormation made under %j: %s", async (names, verdict, says) => {
    const role = names && `arn:aws:iam::${ACCOUNT}:role/cdk-lz1-cfn-exec-role`;
    const cloudFormation = { describeStacks: async () => ({ Stacks: [{ RoleARN: role }] }) };
    const AttachedPolicies = names?.map((PolicyName) => ({ PolicyName }));
    const iam = { listAttachedRolePolicies: async () => ({ AttachedPolicies }) };
    const clients = () => ({ cloudFormation: async () => cloudFormation, iam: async () => iam });
    const stage = { deployed, clients } as unknown as Stage;
    const [fact] = await executionPolicies(stage, ["Timelatch"]);
    expect([fact?.verdict, text(fact?.says)]).toEqual([verdict, expect.stringMatching(says)]);
  });
});

/** A policy with a cluster in another account. */
const remote = {
  clusters: { far: { arn: "arn:aws:eks:eu-west-1:444455556666:cluster/far" } },
};

describe("The stacks of other places", () => {
  it.each([
    ["StackSet-TimelatchForward-0a1b2c3d-0001-4002-8003-000000000001", "holds"],
    ["AWSStackSet-TimelatchForward-1", "contradicted"],
    ["TimelatchForward-444455556666-eu-west-1", "unsettled"],
  ])("A stack %s settles how a stack set names its own: %s", async (StackName, verdict) => {
    const { CloudFormation } = await import("@aws-sdk/client-cloudformation");
    const client = new CloudFormation({ region: REGION });
    client.send = (async () => ({
      StackSummaries: [
        { StackName, StackStatus: "CREATE_COMPLETE" },
        { StackName: "Old-TimelatchForward", StackStatus: "DELETE_COMPLETE" },
      ],
    })) as never;
    const clients = () => ({ cloudFormation: async () => client });
    const stage = { policy: remote, deployed, clients } as unknown as Stage;
    expect(await stackSetNames(stage)).toMatchObject({ fact: "stack-set-name", verdict });
  });

  it.each([
    [{ status: "CREATE_COMPLETE" }, undefined, "holds"],
    [{ status: "ROLLBACK_COMPLETE" }, undefined, "contradicted"],
    [undefined, {}, "holds"],
    [undefined, undefined, "unsettled"],
  ])("A stack %j, or of a set %j, that forwards: %s", async (stack, ofSet, verdict) => {
    const far = { stack: async () => stack, stackContents: async () => ofSet };
    const sights = { broker: {}, others: new Map([["444455556666", far]]) };
    const [fact] = await forwardRules({ policy: remote, deployed, sights } as unknown as Stage);
    expect(fact).toMatchObject({ fact: "forward-rule", verdict });
  });

  it("Nobody's credentials, and no such place, leave it unsettled", async () => {
    const sights = { broker: {}, others: new Map() };
    for (const policy of [remote, { clusters: {} }]) {
      const [fact] = await forwardRules({ policy, deployed, sights } as unknown as Stage);
      expect(fact?.verdict).toBe("unsettled");
    }
  });
});

type Said = { readonly pieces: readonly (string | { readonly text: string })[] };
const text = (says: Said | undefined) =>
  says?.pieces.map((one) => (typeof one === "string" ? one : one.text)).join("");

describe("The part transactions", () => {
  it("Says which keys IAM is shown, and leaves neither table nor role", async () => {
    const run = await play("transactions");
    expect(run.document.failed).toEqual([]);
    expect(factOf(run, "leading-keys")).toMatchObject({
      verdict: "holds",
      says: "IAM was shown the key of each item of a transaction by itself",
      numbers: { items: 2, keys: 1 },
    });
    expect(run.failure).toBeUndefined();
    expect(remains(world)).toEqual([]);
  });

  it("An AWS that shows all keys at once holds as well, and one that shows none is a fault", async () => {
    const all = await play("transactions", async (command, send) =>
      command === "TransactWriteItemsCommand" ? ({ output: {} } as never) : send(),
    );
    expect(factOf(all, "leading-keys")).toMatchObject({ verdict: "holds", numbers: { keys: 2 } });
    const none = await play("transactions", async (command, send) => {
      if (command === "TransactWriteItemsCommand")
        throw Object.assign(new Error("no"), { name: "AccessDeniedException" });
      return send();
    });
    expect(factOf(none, "leading-keys")?.verdict).toBe("contradicted");
    expect(none.failure?.exit).toBe("unwell");
    expect(remains(world)).toEqual([]);
  });
});

describe("The part sign-ins", () => {
  const ROLE = `arn:aws:iam::${ACCOUNT}:role/timelatch/people/timelatch-person-alice`;
  const asked = (errorCode?: string) => ({
    CloudTrailEvent: JSON.stringify({
      eventName: "AssumeRole",
      userIdentity: { type: "AWSService", invokedBy: "account-access.amazonaws.com" },
      errorCode,
    }),
  });
  const other = {
    CloudTrailEvent: '{"eventName":"AssumeRole","userIdentity":{"type":"SAMLUser"}}',
  };

  it.each([
    ["nobody tried", [other], "unsettled", { taken: 0, refused: 0 }],
    ["it got one", [asked(), other, asked("AccessDenied")], "holds", { taken: 1, refused: 1 }],
    ["it got none", [asked("AccessDenied")], "contradicted", { taken: 0, refused: 1 }],
  ])("Where %s", async (_case, Events, verdict, numbers) => {
    const { CloudTrail } = await import("@aws-sdk/client-cloudtrail");
    const client = new CloudTrail({ region: REGION });
    const asks: unknown[] = [];
    client.send = (async (command: { input: unknown }) => {
      asks.push(command.input);
      return { Events: asks.length === 1 ? Events : [] };
    }) as never;
    const stage = {
      policy: { identity: { accountAccess: { application: "x" } } },
      ownRole: ROLE,
      deployed,
      clients: () => ({ cloudTrail: async () => client }),
    } as unknown as Stage;
    const [fact] = await signIns.play(stage);
    expect(fact).toMatchObject({ fact: "account-access", verdict, numbers });
    expect(asks[0]).toMatchObject({
      LookupAttributes: [{ AttributeKey: "ResourceName", AttributeValue: ROLE }],
    });
  });

  it("A policy without account access has nothing to settle", async () => {
    const run = await play("sign-ins");
    expect(factOf(run, "account-access")).toMatchObject({
      verdict: "unsettled",
      says: "access.yaml has no identity.accountAccess",
    });
    expect(readFileSync(path.join(world.folder, "access.yaml"), "utf8")).not.toContain(
      "accountAccess",
    );
  });
});
