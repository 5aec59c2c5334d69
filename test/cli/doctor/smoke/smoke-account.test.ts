/** A smoke test's reads of the account: queues, policies, tables, stacks and callers. */
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { deployment } from "../../../../cli/doctor/smoke/parts/deployment.ts";
import type { Stage } from "../../../../cli/doctor/smoke/stage.ts";
import { listen } from "../../../../lab/sandbox/process/network-ports.ts";
import { ACCOUNT, REGION, SAMPLE } from "../../../infra/broker.ts";
import { asAdmin, remains, runSmoke, type SmokeWorld, smokeWorld } from "./smoke-world.ts";

let world: SmokeWorld;
beforeAll(async () => {
  world = await smokeWorld({ hasTables: true });
});
beforeEach(() => asAdmin(world));
afterEach(() => vi.unstubAllEnvs());
afterAll(() => world.close());

const PACE = { pollMs: 20, trailPollMs: 300, restoreSeconds: 20, roleSeconds: 2 };

const play = (part: string) =>
  runSmoke(world, { smoke: ["staging"], only: [part] }, { pace: PACE });

describe("The part queue", () => {
  it("Sees that SQS refuses a handle of a message that was received again", async () => {
    const { document, failure } = await play("queue");
    expect(document.failed).toEqual([]);
    expect(document.facts).toMatchObject([
      {
        fact: "receipt-handle",
        verdict: "holds",
        says: expect.stringMatching(/received again since: \w+$/),
      },
    ]);
    expect(failure).toBeUndefined();
    expect(remains(world)).toEqual([]);
  });
});

describe("The part policies", () => {
  it("Measures how long a policy takes to hold, and counts one as IAM does", async () => {
    const { document, failure } = await play("policies");
    expect(document.failed).toEqual([]);
    expect(document.facts).toMatchObject([
      {
        fact: "policy-lag",
        verdict: "holds",
        says: expect.stringMatching(
          /^a new policy held after .* and a deleted one until .*; the broker tries for 5 s$/,
        ),
      },
      {
        fact: "policy-size",
        verdict: "holds",
        says: expect.stringMatching(
          /^IAM takes 10240 characters beside white space, and refuses one more/,
        ),
      },
    ]);
    expect(failure).toBeUndefined();
    expect(remains(world)).toEqual([]);
  });

  it("Its role is for whoever runs it only", async () => {
    let trust = "";
    await runSmoke(
      world,
      { smoke: ["staging"], only: ["policies"] },
      {
        pace: PACE,
        gate: async (command, send) => {
          const answer = await send();
          if (command === "CreateRoleCommand")
            trust = JSON.stringify(
              Object.values(world.state.iam.state.roles).find(({ roleName }) =>
                roleName.startsWith("timelatch-smoke"),
              )?.assumeRolePolicyDocument,
            );
          return answer;
        },
      },
    );
    expect(trust).toMatch(/"aws:userid":\["AROA\w+","AROA\w+:\*"\]/);
  });
});

describe("The part sessions", () => {
  const playWith = (gate?: NonNullable<Parameters<typeof runSmoke>[2]>["gate"]) =>
    runSmoke(
      world,
      { smoke: ["staging"], only: ["sessions"] },
      { pace: { ...PACE, roleSeconds: 1 }, ...(gate ? { gate } : {}) },
    );
  const verdictsOf = ({ facts }: { facts: readonly { fact: string; verdict: string }[] }) =>
    Object.fromEntries(facts.map(({ fact, verdict }) => [fact, verdict]));
  const denied = () => {
    throw Object.assign(new Error("no"), { name: "AccessDeniedException" });
  };

  it("Sees a source identity handed on, and a principal compared as text, and leaves nothing", async () => {
    const { document, failure } = await playWith();
    expect(document.failed).toEqual([]);
    expect(verdictsOf(document)).toEqual({ "source-identity": "holds", "principal-text": "holds" });
    expect(document.left).toEqual([]);
    expect(failure).toBeUndefined();
    expect(remains(world)).toEqual([]);
  });

  it("Finds an AWS that compares the source identity with another value, and one that compares no text", async () => {
    let taken = 0;
    const { document, failure } = await playWith(async (command, send) => {
      const answer = command === "CreateAccessEntryCommand" ? denied() : await send();
      if (command === "AssumeRoleCommand") {
        taken += 1;
        if (taken > 1) denied();
      }
      return answer;
    });
    expect(verdictsOf(document)).toEqual({
      "source-identity": "contradicted",
      "principal-text": "contradicted",
    });
    expect(failure?.exit).toBe("unwell");
    expect(document.left).toEqual([]);
    expect(remains(world)).toEqual([]);
  });

  it("Settles nothing where its own role cannot be taken", async () => {
    const { document } = await playWith(async (command, send) =>
      command === "AssumeRoleCommand" ? denied() : send(),
    );
    expect(verdictsOf(document)).toEqual({
      "source-identity": "unsettled",
      "principal-text": "unsettled",
    });
    expect(remains(world)).toEqual([]);
  });
});

describe("The part restore", () => {
  it("Restores the ledger's table beside it, says what the new one lacks, and deletes it", async () => {
    const { document, failure } = await play("restore");
    expect(document.failed).toEqual([]);
    expect(document.facts).toMatchObject([
      {
        fact: "restore",
        verdict: "holds",
        says: expect.stringMatching(
          /^a restore took [\d.]+ s; the new table has the same keys and indexes, and no time to live, point-in-time recovery, deletion protection and tags$/,
        ),
      },
    ]);
    expect(document.left).toEqual([]);
    expect(failure).toBeUndefined();
    expect(
      Object.keys(world.state.dynamoDb.state.tables).filter((name) => name.includes("smoke")),
    ).toEqual([]);
  });

  it("A table that is still being restored is deleted as soon as it can be", async () => {
    const { document } = await runSmoke(
      world,
      { smoke: ["staging"], only: ["restore"] },
      { pace: { ...PACE, pollMs: 60, restoreSeconds: 0.1 } },
    );
    expect(document.facts).toMatchObject([{ fact: "restore", verdict: "unsettled" }]);
    expect(document.left).toEqual([]);
    expect(
      Object.keys(world.state.dynamoDb.state.tables).filter((name) => name.includes("smoke")),
    ).toEqual([]);
  });
});

describe("The part logs", () => {
  const event = (ago: number) =>
    JSON.stringify({ stageTimestamp: new Date(Date.now() - ago * 1_000).toISOString() });

  it("Says how late audit events are, and that nobody made a policy for the log", async () => {
    writeFileSync(
      path.join(world.folder, "logs", "audit-staging.log"),
      `${event(60)}\n${event(9)}\n{"stageTimesta`,
    );
    const { document, failure } = await play("logs");
    expect(document.failed).toEqual([]);
    expect(document.facts.map(({ fact, verdict, says }) => [fact, verdict, says])).toEqual([
      [
        "audit-lag",
        "holds",
        "2 audit events of staging were at most 0 s late; the broker waits 2 s",
      ],
      [
        ...["log-policy", "holds"],
        "none of 0 resource policies of CloudWatch Logs names a log group of the deployment",
      ],
    ]);
    expect(failure).toBeUndefined();
  });

  it("A cluster that writes none is not settled", async () => {
    asAdmin(world);
    const { document } = await runSmoke(world, { smoke: ["prod"], only: ["logs"] }, { pace: PACE });
    expect(document.facts[0]).toMatchObject({ fact: "audit-lag", verdict: "unsettled" });
  });
});

describe("The part deployment", () => {
  it("Looks at the stack and at reservations, and says what it could not settle and why", async () => {
    const { document, failure } = await play("deployment");
    expect(document.failed).toEqual([]);
    expect(document.facts.map(({ fact, verdict, says }) => [fact, verdict, says])).toEqual([
      ["protection", "holds", "Timelatch is protected from deletion"],
      ["protection", "holds", "TimelatchFuses is protected from deletion"],
      [
        ...["reservations", "holds"],
        expect.stringMatching(/^Lambda took the reservations: converge has 4 of 1000 executions/),
      ],
      [
        "runtimes",
        "holds",
        expect.stringMatching(/^\d+ functions have 1 version of their runtime$/),
      ],
      ["session-user-id", "unsettled", "no role of your own is configured"],
      ["callers", "unsettled", "nobody gave credentials of another account"],
    ]);
    expect(failure).toBeUndefined();
  });

  it("Finds a stack that can be deleted by accident", async () => {
    world.state.cloudFormation.change(({ stacks }) => {
      for (const stack of stacks) stack.isProtected = false;
    });
    const { document, failure } = await play("deployment");
    expect(document.facts[0]).toMatchObject({ fact: "protection", verdict: "contradicted" });
    expect(failure?.exit).toBe("unwell");
  });

  const ROLE = `arn:aws:iam::${ACCOUNT}:role/timelatch/people/timelatch-person-alice`;
  const SSO = `arn:aws:sts::${ACCOUNT}:assumed-role/AWSReservedSSO_Developers_0123456789abcdef/alice`;

  /** The same with an own role, for a caller whose session may take it, or not. */
  async function session(arn: string, assumes: boolean) {
    const stage = {
      policy: SAMPLE,
      ownRole: ROLE,
      profiles: new Map(),
      clients: () => ({ lambda: async () => undefined }),
      deployed: { name: "timelatch", account: ACCOUNT, region: REGION, partition: "aws" },
      sights: {
        others: new Map(),
        broker: {
          stack: async () => ({ isProtected: true }),
          stackContents: async () => undefined,
          concurrency: async () => ({ limit: 10, unreserved: 10 }),
          convergeReserves: async () => undefined,
          caller: async () => ({ account: ACCOUNT, arn }),
          assumes: async () => assumes,
        },
      },
    } as unknown as Stage;
    const facts = await deployment.play(stage);
    return facts.find(({ fact }) => fact === "session-user-id")?.verdict;
  }

  it.each([
    [SSO, true, "holds"],
    [SSO, false, "contradicted"],
    [`arn:aws:sts::${ACCOUNT}:assumed-role/admin/admin`, true, "unsettled"],
  ])(
    "A session %s that takes the own role (%s) settles the user's id: %s",
    async (arn, takes, verdict) => {
      expect(await session(arn, takes)).toBe(verdict);
    },
  );

  it.each([
    [403, '{"message":"Forbidden"}', "holds", "API Gateway refuses a caller of 444455556666"],
    [200, "{}", "contradicted", "API Gateway lets a caller of 444455556666 through"],
    [503, "{}", "unsettled", "the API gave a caller of 444455556666 no answer"],
  ])("A caller of another account who is answered %s", async (status, body, verdict, says) => {
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(status, { "content-type": "application/json" }).end(body);
    });
    const address = `http://127.0.0.1:${await listen(server, 0)}`;
    const file = path.join(world.folder, "credentials");
    writeFileSync(file, "[spoke]\naws_access_key_id = AKIAX\naws_secret_access_key = x\n");
    vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", file);
    const { document } = await runSmoke(
      world,
      { smoke: ["staging"], only: ["deployment"], account: ["444455556666=spoke"] },
      { pace: PACE },
      { address, send: () => Promise.reject(new Error("Nobody calls it.")) },
    );
    server.close();
    expect(document.facts.at(-1)).toMatchObject({ fact: "callers", verdict, says });
  });
});
