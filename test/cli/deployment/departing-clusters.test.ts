/** `timelatch deploy` where clusters leave, with a CDK that is played. */
import { describe, expect, it } from "vitest";
import { type DeployOptions, deploy } from "../../../cli/commands/deploy.ts";
import { assembledIn, departedFrom } from "../../../cli/deployment/assembled-clusters.ts";
import { Failure } from "../../../cli/failures/failure.ts";
import { fakeApi, fakeTerminal } from "../fake-terminal.ts";
import { idOf } from "../sample-requests.ts";
import {
  brokerTemplate,
  complete,
  deployAll,
  type FakeDeployment,
  fakeDeployment,
  roleTemplate,
  statement,
} from "./fake-deployment.ts";

const HUB = "111122223333";
const FAR_ACCOUNT = "999999999999";
const PROD = `arn:aws:eks:us-west-2:${HUB}:cluster/prod`;
const FAR = `arn:aws:eks:us-west-2:${FAR_ACCOUNT}:cluster/far`;
const GRANT = { id: idOf(1), requester: "alice", cluster: "far", clusterArn: FAR };

type State = "active" | "ending" | "ended";

/** An API with grants, whose states follow each other at each look at them. */
const apiOf = (grants: readonly (typeof GRANT)[], ...states: readonly State[]) => {
  let look = 0;
  return fakeApi(({ method, path }) => {
    if (method === "POST") return {};
    if (path === "/v1/suspensions") return { suspended: [], drain: null };
    if (path === "/v1/grants") return { requests: grants };
    const grant = grants.find(({ id }) => path === `/v1/requests/${id}`);
    const state = states[Math.min(look, states.length - 1)] ?? "active";
    look += 1;
    return { ...grant, state };
  });
};

/** A deployment whose broker has prod and, beside it, what the next policy has no more. */
function deployedWith(far: "lends" | "retired"): FakeDeployment {
  const at = fakeDeployment();
  deployAll(at.deployed);
  at.deployed.set(
    "Timelatch",
    complete(brokerTemplate({ [PROD]: "lends", [FAR]: far }), {
      isProtected: true,
      outputs: { ApiUrl: "https://api.example.com" },
    }),
  );
  return at;
}

interface Setting extends DeployOptions {
  readonly api?: ReturnType<typeof fakeApi>;
  readonly json?: true;
}

function deployHere(at: FakeDeployment, { api, json, ...options }: Setting = {}) {
  const terminal = fakeTerminal({ ...(api ? { api } : {}), ...(json ? { json } : {}) });
  const pauses: number[] = [];
  const pause = async (ms: number) => pauses.push(ms);
  const done = deploy(terminal.context, at.folder, { yes: true, ...options }, { ...at, pause });
  return { terminal, done, pauses };
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const ended = await work.catch((error: unknown) => error);
  if (!(ended instanceof Failure)) throw new Error(`No failure: ${String(ended)}`);
  return ended;
}

const isDeployed = (at: FakeDeployment) => at.ran.some((line) => line.startsWith("cdk deploy"));

describe("timelatch deploy, where a cluster leaves", () => {
  it("It refuses one that lends, and asks no API", async () => {
    const at = deployedWith("lends");
    const failure = await failureOf(deployHere(at, { drain: true }).done);
    expect(failure).toMatchObject({ exit: "conflict", code: "leaves-while-lending" });
    expect(failure.text.findings).toEqual([FAR]);
    expect(isDeployed(at)).toBe(false);
  });

  it("It refuses a retired one while a grant there has not ended, whatever the policy calls it", async () => {
    const at = deployedWith("retired");
    const api = apiOf([{ ...GRANT, cluster: "prod" }], "ending");
    const failure = await failureOf(deployHere(at, { api }).done);
    expect(failure).toMatchObject({ exit: "conflict", code: "lent-where-leaving" });
    expect(failure.text.findings).toEqual([`${GRANT.id}  alice on prod, ending`]);
    expect(isDeployed(at)).toBe(false);
  });

  it("It deploys once the API says that nothing is lent there, and names what deletes the stacks", async () => {
    const at = deployedWith("retired");
    const api = apiOf([{ ...GRANT, clusterArn: PROD }], "active");
    const { terminal, done } = deployHere(at, { api });
    await done;
    expect(isDeployed(at)).toBe(true);
    expect(terminal.err().replace(/\s+/g, " ")).toContain(`nothing is lent there: ${FAR}`);
    expect(terminal.out()).toContain(`timelatch destroy --account ${FAR_ACCOUNT}`);
  });

  it("A grant that ended since the list was read does not hold it up", async () => {
    const at = deployedWith("retired");
    await deployHere(at, { api: apiOf([GRANT], "ended") }).done;
    expect(isDeployed(at)).toBe(true);
  });

  it.each([
    ["refuses", "refused", "--admin-profile"],
    ["does not answer", "unavailable", "later"],
  ] as const)("It refuses where the API %s", async (_, exit, next) => {
    const at = deployedWith("retired");
    const api = fakeApi(() => {
      throw new Failure(exit, "no-answer", {
        what: "No.",
        notDone: "Nothing was sent.",
        next: ["Next: try later."],
      });
    });
    const failure = await failureOf(deployHere(at, { api, drain: true }).done);
    expect(failure).toMatchObject({ exit, code: "no-answer" });
    expect(failure.message).toContain(
      "Nothing was changed in AWS. A cluster leaves only once the API has said that nothing is lent there",
    );
    expect(failure.text.next.join()).toContain(next);
    expect(isDeployed(at)).toBe(false);
  });

  it("A person who sees only their own grants is refused, since others may have some", async () => {
    const at = deployedWith("retired");
    const api = fakeApi(({ path }) => {
      if (path !== "/v1/suspensions") return { requests: [] };
      throw new Failure("refused", "forbidden", {
        what: "No.",
        notDone: "",
        next: ["Next: ask."],
      });
    });
    expect(await failureOf(deployHere(at, { api }).done)).toMatchObject({ exit: "refused" });
    expect(isDeployed(at)).toBe(false);
  });

  it("Another deployment's API proves nothing", async () => {
    const at = deployedWith("retired");
    const api = { ...apiOf([]), address: "https://other.example.com" };
    expect(await failureOf(deployHere(at, { api }).done)).toMatchObject({ code: "other-api" });
  });

  it("With --drain, it revokes what is lent there, waits until it has ended, and deploys then", async () => {
    const at = deployedWith("retired");
    const other = { ...GRANT, id: idOf(2), clusterArn: PROD };
    const api = apiOf([GRANT, other], "active", "active", "ending", "active", "ended");
    const { terminal, done, pauses } = deployHere(at, { api, drain: true });
    await done;
    const posts = api.calls.filter(({ method }) => method === "POST");
    expect(posts.map(({ path }) => path)).toEqual([`/v1/requests/${GRANT.id}/revoke`]);
    expect(pauses).toEqual([2_000]);
    expect(terminal.err()).toContain(`${GRANT.id}  alice on far, active`);
    expect(isDeployed(at)).toBe(true);
  });

  it("With --drain, what does not end keeps it from deploying", async () => {
    const at = deployedWith("retired");
    const api = apiOf([GRANT], "ending");
    const { done, pauses } = deployHere(at, { api, drain: true });
    expect(await failureOf(done)).toMatchObject({ exit: "timeout", code: "not-ended" });
    expect(api.calls.filter(({ method }) => method === "POST")).toEqual([]);
    expect(pauses.reduce((sum, ms) => sum + ms, 0)).toBe(7 * 60_000);
    expect(isDeployed(at)).toBe(false);
  });

  it("Where nothing leaves, or no broker answers yet, no API is asked", async () => {
    for (const broker of [
      complete(brokerTemplate(), { outputs: { ApiUrl: "https://api.example.com" } }),
      complete(brokerTemplate({ [FAR]: "lends" }), { status: "ROLLBACK_COMPLETE" }),
      undefined,
    ]) {
      const at = fakeDeployment();
      deployAll(at.deployed);
      at.deployed.delete("Timelatch");
      if (broker) at.deployed.set("Timelatch", broker);
      await deployHere(at).done;
      expect(isDeployed(at)).toBe(true);
    }
  });
});

describe("The clusters that leave from one template of the broker to the next", () => {
  const roleOf = (...accounts: readonly string[]) =>
    roleTemplate(
      "timelatch-converge",
      statement(
        "sts:AssumeRole",
        accounts.map((account) => `arn:aws:iam::${account}:role/timelatch-grantor`),
      ),
    );

  it("In an earlier release, accounts are known by the roles that converge may assume", () => {
    const after = assembledIn(brokerTemplate());
    expect(departedFrom(assembledIn(roleOf(HUB)), after).lending).toEqual([]);
    expect(departedFrom(assembledIn(roleOf(HUB, FAR_ACCOUNT)), after).lending).toEqual([
      `account ${FAR_ACCOUNT}`,
    ]);
  });

  it("An account is named by its clusters, where these are known", () => {
    const before = assembledIn(brokerTemplate({ [PROD]: "lends", [FAR]: "retired" }));
    expect(departedFrom(before, assembledIn(brokerTemplate()))).toEqual({
      clusters: [FAR],
      lending: [],
    });
  });
});
