/** `timelatch destroy --account`, with a CloudFormation in memory. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { DestroyOptions } from "../../../cli/commands/destroy.ts";
import { destroyAccount } from "../../../cli/commands/destroy-account.ts";
import type { StackPlace } from "../../../cli/deployment/assembly.ts";
import type { ListedCluster, ManagedEntries } from "../../../cli/deployment/managed-entries.ts";
import { Failure } from "../../../cli/failures/failure.ts";
import type { MemoryStack } from "../../../lab/fakes/memory-deployed-stacks.ts";
import { recordText } from "../../../shared/policy-file/assembly-record.ts";
import { fakeApi, fakeTerminal, typist } from "../fake-terminal.ts";
import { idOf } from "../sample-requests.ts";
import {
  brokerTemplate,
  complete,
  deployAll,
  type FakeDeployment,
  fakeDeployment,
  roleTemplate,
  SPOKE,
  STACKS,
} from "./fake-deployment.ts";

const LEFT = "999999999999";
const OWN = `TimelatchAccount-${LEFT}`;
const FURTHER = `${OWN}-eu-west-1`;
const FORWARD = ["us-west-2", "eu-west-1"].map((region) => `TimelatchForward-${LEFT}-${region}`);
const PEOPLE = [1, 2].map((number) => `TimelatchPeople-${LEFT}-${number}`);
const clusterIn = (region: string, name = "far", account = LEFT): ListedCluster => ({
  name,
  arn: `arn:aws:eks:${region}:${account}:cluster/${name}`,
});
const FAR = clusterIn("us-west-2");
const GRANT = { id: idOf(1), requester: "alice", cluster: "far", clusterArn: FAR.arn };

/** A deployment that the account has left, with its stacks in two regions and a record of them. */
function leftBehind(regions: readonly string[] = ["us-west-2", "eu-west-1"]): FakeDeployment {
  const at = fakeDeployment();
  deployAll(at.deployed);
  const template = roleTemplate("timelatch-grantor");
  const add = (name: string, region: string, isProtected: boolean) =>
    (at.deployed as Map<string, MemoryStack>).set(name, {
      ...complete(template, { isProtected }),
      at: { account: LEFT, region },
    });
  for (const name of PEOPLE) add(name, "us-west-2", false);
  add(OWN, "us-west-2", true);
  add(FURTHER, "eu-west-1", true);
  for (const name of FORWARD) add(name, name.slice(-9), false);
  writeFileSync(
    path.join(at.folder, "access.stacks.json"),
    recordText({
      deployment: "timelatch",
      clusters: {},
      groups: [],
      people: { alice: 1, bob: 2 },
      accounts: { [LEFT]: regions, [SPOKE]: ["us-west-2"] },
    }),
  );
  return at;
}

interface Setting extends DestroyOptions {
  readonly api?: ReturnType<typeof fakeApi>;
  readonly grants?: readonly object[];
  /** The answers of an entry's reader about the cluster `far` of us-west-2. */
  readonly entries?: Partial<ManagedEntries>;
}

function destroyHere(at: FakeDeployment, { grants = [], entries = {}, ...setting }: Setting = {}) {
  const {
    api = fakeApi(({ path: asked }) =>
      asked === "/v1/suspensions"
        ? { suspended: [], drain: null }
        : asked === "/v1/grants"
          ? { requests: grants }
          : { ...grants[0], state: "active" },
    ),
    account = LEFT,
    ...options
  } = setting;
  const asked: string[] = [];
  const terminal = fakeTerminal({ api });
  const done = destroyAccount(
    terminal.context,
    at.folder,
    { yes: true, account, ...options },
    {
      ...at,
      async clusters({ account: of, region, lookupRole }: StackPlace) {
        asked.push([of, region, lookupRole].join(" ").trim());
        return [clusterIn(region)];
      },
      entries: async (cluster) => ({
        cluster,
        principals: [],
        ...(cluster.arn === FAR.arn ? entries : {}),
      }),
    },
  );
  return { terminal, done, api, asked };
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const ended = await work.catch((error: unknown) => error);
  if (!(ended instanceof Failure)) throw new Error(`No failure: ${String(ended)}`);
  return ended;
}

const recorded = (at: FakeDeployment) =>
  JSON.parse(readFileSync(path.join(at.folder, "access.stacks.json"), "utf8")).accounts;
/** Those of the account that are there, each with whether it is protected. */
const there = (at: FakeDeployment) =>
  [...at.deployed].flatMap(([name, { isProtected }]) =>
    name.includes(LEFT) ? [`${name} ${isProtected}`] : [],
  );
const ALL = [
  ...PEOPLE.map((name) => `${name} false`),
  ...[`${OWN} true`, `${FURTHER} true`],
  ...FORWARD.map((name) => `${name} false`),
];

describe("timelatch destroy --account", () => {
  it("It deletes the account's stacks, its own roles last, and takes it off the record", async () => {
    const at = leftBehind();
    const { terminal, done, asked } = destroyHere(at);
    await done;
    expect(there(at)).toEqual([]);
    expect([...at.deployed.keys()].sort()).toEqual(Object.keys(STACKS).sort());
    expect(terminal.out().match(/^Timelatch\S+/gm)).toEqual([...FORWARD, ...PEOPLE, FURTHER, OWN]);
    expect(asked).toEqual([`${LEFT} us-west-2`, `${LEFT} eu-west-1`]);
    expect(recorded(at)).toEqual({ [SPOKE]: ["us-west-2"] });
    expect(at.ran).toEqual(["app.mjs"]);
  });

  it.each<readonly [string, Setting, string, string]>([
    ["a grant there has not ended", { grants: [GRANT] }, "lent-in-account", GRANT.id],
    ["an entry carries the tag", { entries: { principals: ["arn:a"] } }, "entries-live", "arn:a"],
    [
      "a cluster cannot be read",
      { entries: { principals: undefined, unread: "AccessDenied" } },
      "entries-live",
      "AccessDenied",
    ],
  ])("It deletes nothing while %s", async (_, setting, code, said) => {
    const at = leftBehind();
    const failure = await failureOf(destroyHere(at, setting).done);
    expect(failure).toMatchObject({ exit: "conflict", code });
    expect(failure.text.findings?.join()).toContain(said);
    expect(there(at)).toEqual(ALL);
  });

  it("A grant in a region whose stack is gone already holds up the account's own roles", async () => {
    const at = leftBehind();
    for (const name of [FURTHER, FORWARD[1] ?? ""]) at.deployed.delete(name);
    const grant = { ...GRANT, clusterArn: clusterIn("eu-west-1").arn };
    const failure = await failureOf(destroyHere(at, { grants: [grant] }).done);
    expect(failure).toMatchObject({ code: "lent-in-account" });
    expect(there(at)).toEqual(ALL.filter((one) => !one.includes("eu-west-1")));
  });

  it("It deletes nothing while the deployed broker has a cluster there, retired or not", async () => {
    const at = leftBehind();
    const template = brokerTemplate({ [FAR.arn]: "retired" });
    at.deployed.set("Timelatch", complete(template, { isProtected: true }));
    const failure = await failureOf(destroyHere(at).done);
    expect(failure).toMatchObject({ code: "account-in-broker" });
    expect(there(at)).toEqual(ALL);
  });

  it("It deletes nothing where the API does not answer", async () => {
    const at = leftBehind();
    const api = fakeApi(() => {
      throw new Failure("unavailable", "no-answer", {
        what: "No.",
        notDone: "",
        next: ["Next: try later."],
      });
    });
    expect(await failureOf(destroyHere(at, { api }).done)).toMatchObject({ code: "no-answer" });
    expect(there(at)).toEqual(ALL);
  });

  it("Without a broker, the entries only are asked", async () => {
    const at = leftBehind();
    at.deployed.delete("Timelatch");
    const { done, api } = destroyHere(at);
    await done;
    expect([there(at), api.calls]).toEqual([[], []]);
  });

  it("Where clusters of the account stay, only the region that left is deleted", async () => {
    const at = leftBehind();
    const stacks = {
      ...STACKS,
      [OWN]: { account: LEFT, template: roleTemplate("timelatch-grantor"), isProtected: true },
      ...Object.fromEntries(
        [...PEOPLE, FORWARD[0] ?? ""].map((name) => [
          name,
          { account: LEFT, template: roleTemplate(name) },
        ]),
      ),
    } as const;
    const partly = fakeDeployment({ stacks });
    for (const [name, stack] of at.deployed) partly.deployed.set(name, stack);
    const file = "access.stacks.json";
    writeFileSync(path.join(partly.folder, file), readFileSync(path.join(at.folder, file), "utf8"));
    // If the account stays, a grant and an entry of its other region hold up nothing.
    const { done, asked, terminal } = destroyHere(partly, {
      grants: [GRANT],
      entries: { principals: ["arn:a"] },
    });
    await done;
    expect(terminal.err()).toContain(`Nothing is lent in eu-west-1 of account ${LEFT}.`);
    expect(terminal.err()).toContain("the record has only us-west-2 of the account now");
    expect(there(partly)).toEqual(ALL.filter((one) => !one.includes("eu-west-1")));
    expect(asked).toEqual([`${LEFT} eu-west-1`]);
    expect(recorded(partly)).toMatchObject({ [LEFT]: ["us-west-2"] });
  });

  it("An account whose stacks all belong to the policy is refused", async () => {
    const at = leftBehind();
    const failure = await failureOf(destroyHere(at, { account: SPOKE }).done);
    expect(failure).toMatchObject({ exit: "conflict", code: "account-in-policy" });
    expect(there(at)).toEqual(ALL);
  });

  it("An account that is not on record needs its regions by name", async () => {
    const at = leftBehind([]);
    expect(await failureOf(destroyHere(at).done)).toMatchObject({ code: "account-not-on-record" });
    await destroyHere(at, { region: ["us-west-2", "eu-west-1"] }).done;
    expect(there(at)).toEqual([]);
  });

  it("A stack that stays is protected again, and what comes after it is not touched", async () => {
    const at = leftBehind();
    const { stacks } = at;
    const stuck = { ...stacks, remove: async () => undefined };
    const failure = await failureOf(destroyHere({ ...at, stacks: stuck }).done);
    expect(failure).toMatchObject({ exit: "undeployed", code: "account-not-destroyed" });
    expect(there(at)).toEqual(ALL);
    const late: typeof stacks = {
      ...stacks,
      remove: async (place) => (place.name === FURTHER ? undefined : stacks.remove(place)),
    };
    await failureOf(destroyHere({ ...at, stacks: late }).done);
    expect(there(at)).toEqual([`${OWN} true`, `${FURTHER} true`]);
  });

  it("A no deletes nothing", async () => {
    const [at, person] = [leftBehind(), typist()];
    const api = fakeApi(() => ({ suspended: [], drain: null, requests: [] }));
    const terminal = fakeTerminal({ api, prompt: person.prompt, interactive: true });
    const work = destroyAccount(...([terminal.context, at.folder, { account: LEFT }] as const), {
      ...at,
      clusters: async () => [],
      entries: async (cluster) => ({ cluster, principals: [] }),
    });
    const failure = failureOf(work);
    await person.answer(`Delete 6 stacks of account ${LEFT}? [y/N]`, "n");
    expect([(await failure).exit, there(at)]).toEqual(["interrupted", ALL]);
  });
});
