/** `timelatch destroy`, with a CDK that is played. */
import { describe, expect, it } from "vitest";
import type { Api } from "../../../cli/api/api-client.ts";
import { type DestroyOptions, destroy } from "../../../cli/commands/destroy.ts";
import type { ManagedEntries, ReadEntries } from "../../../cli/deployment/managed-entries.ts";
import { Failure } from "../../../cli/failures/failure.ts";
import { fakeApi, fakeTerminal, typist } from "../fake-terminal.ts";
import { deployAll, type FakeDeployment, fakeDeployment, ORDER } from "./fake-deployment.ts";

const ALICE = "arn:aws:iam::111122223333:role/timelatch/people/timelatch-person-alice";
const DRAIN = { by: "carol", at: "2026-11-24T10:00:00.000Z", reason: "leaving", liftedBy: [] };

interface Broker {
  readonly drain?: object | null;
  readonly requests?: readonly object[];
  readonly address?: string;
}

const apiOf = ({ drain = DRAIN, requests = [], address }: Broker = {}): Api => {
  const api = fakeApi(({ path: at }) =>
    at === "/v1/suspensions" ? { suspended: [], drain } : { requests },
  );
  return { ...api, ...(address ? { address } : {}) };
};

const none: ReadEntries = async (cluster) => ({ cluster, principals: [] });
/** Entries as they are before, and as they are once the stacks are gone. */
const entries =
  (
    at: FakeDeployment,
    before: Partial<ManagedEntries>,
    after: Partial<ManagedEntries>,
  ): ReadEntries =>
  async (cluster) => ({ cluster, principals: [], ...(at.deployed.size > 0 ? before : after) });

interface Setting extends DestroyOptions {
  readonly api?: Api;
  readonly read?: ReadEntries;
  readonly json?: true;
}

function destroyHere(
  at: FakeDeployment,
  { api = apiOf(), read = none, json, ...options }: Setting = {},
) {
  const terminal = fakeTerminal({ api, ...(json ? { json } : {}) });
  const done = destroy(
    terminal.context,
    at.folder,
    { yes: true, ...options },
    { ...at, entries: read },
  );
  return { terminal, done };
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const ended = await work.catch((error: unknown) => error);
  if (!(ended instanceof Failure)) throw new Error(`No failure: ${String(ended)}`);
  return ended;
}

/** A deployment that is there, with its policy. */
async function deployed(...played: Parameters<typeof fakeDeployment>): Promise<FakeDeployment> {
  const at = fakeDeployment(...played);
  deployAll(at.deployed);
  return at;
}

describe("timelatch destroy", () => {
  it("It deletes every stack once the broker is drained, the spoke last, and looks for entries", async () => {
    const at = await deployed();
    const { terminal, done } = destroyHere(at);
    await done;
    expect(at.deployed.size).toBe(0);
    expect(at.ran[1]).toMatch(/^cdk destroy --all --force .*--app cdk\.out /);
    expect(
      terminal
        .err()
        .match(/^ {2}Timelatch\S*/gm)
        ?.map((line) => line.trim()),
    ).toEqual(ORDER.toReversed());
    expect(terminal.out()).toContain("No access entry of this deployment is on its 1 cluster.");
  });

  it("Resources that the templates keep are named before it asks, and a no deletes nothing", async () => {
    const [at, person] = [await deployed(), typist()];
    const terminal = fakeTerminal({ api: apiOf(), prompt: person.prompt, interactive: true });
    const failure = failureOf(destroy(terminal.context, at.folder, {}, { ...at, entries: none }));
    await person.answer("Delete 3 stacks? [y/N]", "n");
    expect(await failure).toMatchObject({ exit: "interrupted" });
    expect(terminal.err()).toContain("  Audit of Timelatch (AWS::DynamoDB::Table)\n");
    expect([at.deployed.size, at.deployed.get("Timelatch")?.isProtected]).toEqual([3, true]);
    expect(at.ran).toEqual(["app.mjs"]);
  });

  const LIVE = { id: "019ab5c0-1", requester: "alice", cluster: "prod", state: "active" };
  it.each<readonly [string, Broker, string]>([
    ["the broker is not drained", { drain: null }, "not-drained"],
    ["a grant has not ended", { requests: [LIVE] }, "grants-live"],
    [
      "another deployment's API is configured",
      { address: "https://other.example.com" },
      "other-api",
    ],
  ])("Nothing is deleted while %s", async (_, broker, code) => {
    const at = await deployed();
    const failure = await failureOf(destroyHere(at, { api: apiOf(broker) }).done);
    expect(failure).toMatchObject({ code });
    expect([at.deployed.size, at.deployed.get("Timelatch")?.isProtected]).toEqual([3, true]);
    expect(at.ran).toEqual(["app.mjs"]);
  });

  it.each<readonly [string, Partial<ManagedEntries>, string]>([
    ["has an entry of the deployment", { principals: [ALICE] }, `--principal-arn ${ALICE}`],
    ["cannot be read", { principals: undefined, unread: "AccessDenied" }, "AccessDenied"],
  ])("Nothing is deleted while a cluster %s, with and without the API", async (_, state, said) => {
    for (const options of [{}, { withoutApi: true } as const]) {
      const at = await deployed();
      const read = entries(at, state, {});
      const failure = await failureOf(destroyHere(at, { read, ...options }).done);
      expect(failure).toMatchObject({ exit: "conflict", code: "entries-live" });
      expect(failure.text.findings?.join()).toContain(said);
      expect(at.deployed.size).toBe(3);
    }
  });

  it("With --without-api it asks no API, and goes by the entries", async () => {
    const at = await deployed();
    const api = fakeApi(() => {
      throw new Error("It was asked.");
    });
    await destroyHere(at, { api, withoutApi: true }).done;
    expect(at.deployed.size).toBe(0);
  });

  it("The API is asked with the profile that --admin-profile names", async () => {
    const at = await deployed();
    const { context } = fakeTerminal();
    const asked: (string | undefined)[] = [];
    const api = async (profile?: string) => {
      asked.push(profile);
      return apiOf();
    };
    const options = { yes: true, adminProfile: "carol" } as const;
    await destroy({ ...context, api }, at.folder, options, { ...at, entries: none });
    expect(asked).toEqual(["carol"]);
  });

  it.each([
    [undefined, "Next: name a profile of an admin or auditor of the policy with --admin-profile."],
    ["carol", "Next: sign in as yourself."],
  ])(
    "A refusal to ask the API names --admin-profile, unless that was given: %s",
    async (adminProfile, next) => {
      const at = await deployed();
      const api = fakeApi(() => {
        throw new Failure("refused", "role-not-assumed", {
          what: "Cannot assume a role.",
          notDone: "Nothing was sent.",
          next: ["Next: sign in as yourself."],
        });
      });
      const options = adminProfile === undefined ? {} : { adminProfile };
      const failure = await failureOf(destroyHere(at, { api, ...options }).done);
      expect(failure).toMatchObject({ exit: "refused", code: "role-not-assumed" });
      expect(failure.text).toMatchObject({ what: "Cannot assume a role.", next: [next] });
      expect(at.deployed.size).toBe(3);
    },
  );

  it("Without a broker's stack there is no API to ask", async () => {
    const at = await deployed();
    at.deployed.delete("Timelatch");
    await destroyHere(at, { api: apiOf({ drain: null }) }).done;
    expect(at.deployed.size).toBe(0);
  });

  it("A stack that stays is named, and is protected again", async () => {
    const at = await deployed({
      cdk: (stacks) => {
        expect(stacks.get("Timelatch")?.isProtected).toBe(false);
        stacks.delete("TimelatchPeople-1");
        return 1;
      },
    });
    const failure = await failureOf(destroyHere(at).done);
    expect(failure).toMatchObject({ exit: "undeployed", code: "not-destroyed" });
    expect(failure.text.findings?.map((line) => line.split(" ")[0])).toEqual(ORDER.slice(0, 2));
    expect(at.deployed.get("Timelatch")?.isProtected).toBe(true);
    expect(at.deployed.get(ORDER[0] ?? "")?.isProtected).toBe(true);
  });

  it("An entry that is left when all is deleted is a failure, with the command that deletes it", async () => {
    const at = await deployed();
    const read = entries(at, {}, { principals: [ALICE] });
    const failure = await failureOf(destroyHere(at, { read }).done);
    expect(failure).toMatchObject({ exit: "undeployed", code: "entries-left" });
    expect(failure.text.findings).toEqual([
      `aws eks delete-access-entry --region us-west-2 --cluster-name prod --principal-arn ${ALICE}   # account 111122223333`,
    ]);
  });

  it("Where no stack is there, nothing is done", async () => {
    const at = await deployed();
    at.deployed.clear();
    const { terminal, done } = destroyHere(at);
    await done;
    expect(terminal.out()).toBe("No stack of this deployment is there.\n");
    expect(at.ran).toEqual(["app.mjs"]);
  });

  it("Without a terminal and --yes, nothing is run at all", async () => {
    const at = await deployed();
    const work = destroy(fakeTerminal().context, at.folder, {}, { ...at, entries: none });
    expect(await failureOf(work)).toMatchObject({ code: "not-confirmed-by-flag" });
    expect(at.ran).toEqual([]);
  });

  it("--json has the deleted stacks in their order, and what stays", async () => {
    const { terminal, done } = destroyHere(await deployed(), { json: true });
    await done;
    expect(JSON.parse(terminal.out())).toMatchObject({
      deleted: ORDER.toReversed().map((name) => ({ name })),
      kept: ["Audit of Timelatch (AWS::DynamoDB::Table)"],
      entries: [],
    });
  });
});
