/**
 * Facts about the deployment itself: protection, reservations, and who may call. It makes nothing.
 */
import { isIdentityCenterRole, parseSessionArn } from "../../../../shared/domain/values/arn.ts";
import { apiClient } from "../../../api/api-client.ts";
import { awsIdentity } from "../../../api/aws-identity.ts";
import { Failure } from "../../../failures/failure.ts";
import { fusePlaces, fuseStackName, stackName } from "../../expected-names.ts";
import { contradicted, type Fact, holds, judged, unsettled } from "../fact.ts";
import type { Part } from "../part.ts";
import { named, redactable } from "../report/redactable.ts";
import { clientsAt } from "../scratch.ts";
import type { Stage } from "../stage.ts";
import { orUnsettled } from "./or-unsettled.ts";

export const deployment: Part = {
  name: "deployment",
  does: "looks at the stacks' protection and at reserved concurrency, takes your own role, and calls the API from other accounts",
  async play(stage): Promise<readonly Fact[]> {
    return [
      ...(await orUnsettled("protection", () => protection(stage))),
      ...(await orUnsettled("reservations", async () => [await reservations(stage)])),
      ...(await orUnsettled("runtimes", async () => [await runtimes(stage)])),
      ...(await orUnsettled("session-user-id", async () => [await session(stage)])),
      ...(await orUnsettled("callers", () => callers(stage))),
    ];
  },
};

async function protection({ policy, deployed, sights }: Stage): Promise<readonly Fact[]> {
  const { name, account, region } = deployed;
  const own = await sights.broker.stack(stackName(name), region);
  const facts = [protectionOf(stackName(name), own?.isProtected)];
  const hub = { account, region };
  for (const place of fusePlaces(policy, hub)) {
    const sight = place.account === account ? sights.broker : sights.others.get(place.account);
    if (!sight) continue;
    const stack = fuseStackName(name, place, hub);
    for (const each of [stack, `${stack}-${place.region}`]) {
      const found = await sight.stack(each, place.region);
      if (found) facts.push(protectionOf(each, found.isProtected));
    }
  }
  return facts;
}

const protectionOf = (name: string, isProtected: boolean | undefined): Fact =>
  judged(isProtected === true, "protection", {
    says: redactable`${named("stack", name)} ${isProtected ? redactable`is protected from deletion` : redactable`is not protected from deletion`}`,
    next: redactable`aws cloudformation update-termination-protection --enable-termination-protection --stack-name ${named("stack", name)}`,
  });

async function reservations({ deployed, sights }: Stage): Promise<Fact> {
  const { limit, unreserved } = await sights.broker.concurrency();
  const own = await sights.broker.convergeReserves(stackName(deployed.name));
  const numbers = { limit, unreserved, converge: own ?? 0 };
  if (own === undefined)
    return unsettled(
      "reservations",
      redactable`the deployment reserves nothing: Lambda has ${limit} executions in the account, ${unreserved} of them unreserved`,
      redactable`with 110 or more, set lambdaConcurrency in timelatch.config.yaml, and deploy`,
      numbers,
    );
  return holds(
    "reservations",
    redactable`Lambda took the reservations: converge has ${own} of ${limit} executions for itself, and ${unreserved} are unreserved`,
    numbers,
  );
}

/** Whether a session of Identity Center may take the person's own role, which pins the user's id. */
async function session({ sights, ownRole, deployed }: Stage): Promise<Fact> {
  if (ownRole === undefined)
    return unsettled(
      "session-user-id",
      redactable`no role of your own is configured`,
      redactable`timelatch config set role <your personal role>, and run it in a session of Identity Center`,
    );
  const { arn } = await sights.broker.caller();
  const { roleName = "" } = parseSessionArn(arn) ?? {};
  const role = { partition: deployed.partition, account: deployed.account, kind: "role" } as const;
  if (!isIdentityCenterRole({ ...role, path: "/", name: roleName }))
    return unsettled(
      "session-user-id",
      redactable`your session is not one of Identity Center`,
      redactable`run it in a session of Identity Center`,
    );
  return judged(await sights.broker.assumes(ownRole), "session-user-id", {
    says: redactable`a session of Identity Center takes ${named("role", ownRole)}`,
    next: redactable`write identity.identityCenter.pin: userName: timelatch docs identity#identity-center`,
  });
}

/** Whether the gateway refuses callers of other accounts. */
async function callers(stage: Stage): Promise<readonly Fact[]> {
  const { profiles, deployed, asker } = stage;
  const others = [...profiles].filter(([account]) => account !== deployed.account);
  if (others.length === 0)
    return [
      unsettled(
        "callers",
        redactable`nobody gave credentials of another account`,
        redactable`name a profile that may do everything there: --account <account>=<profile>`,
      ),
    ];
  const { address } = await asker.context.api();
  const facts: Fact[] = [];
  for (const [account, profile] of others) {
    const identity = await awsIdentity(deployed.region, asker.context.env, profile);
    const answer = await apiClient(address, identity)
      .send({ method: "GET", path: "/v1/whoami" })
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    facts.push(callerFact(account, answer));
  }
  return facts;
}

function callerFact(account: string, answer: unknown): Fact {
  const who = named("account", account);
  if (answer instanceof Failure && answer.code === "credentials-not-accepted")
    return holds("callers", redactable`API Gateway refuses a caller of ${who}`);
  const isUnanswered = answer instanceof Failure && answer.exit === "unavailable";
  return isUnanswered
    ? unsettled(
        "callers",
        redactable`the API gave a caller of ${who} no answer`,
        redactable`run it again`,
      )
    : contradicted(
        "callers",
        redactable`API Gateway lets a caller of ${who} through`,
        redactable`tell us: a caller whom access.yaml does not name is refused by api all the same`,
      );
}

/**
 * Whether all functions have one version of their runtime, which brings the rules of time zones. Lambda updates
 * runtimes function by function, so they may differ for some days.
 */
async function runtimes(stage: Stage): Promise<Fact> {
  const { deployed, sights } = stage;
  const contents = await sights.broker.stackContents(stackName(deployed.name), deployed.region);
  const lambda = await clientsAt(stage, deployed).lambda();
  const versions: (string | undefined)[] = [];
  for (const [id, { Type }] of Object.entries(contents?.template.Resources ?? {})) {
    const FunctionName = contents?.resources.get(id);
    if (Type !== "AWS::Lambda::Function" || FunctionName === undefined) continue;
    const { RuntimeVersionConfig } = await lambda.getFunctionConfiguration({ FunctionName });
    versions.push(RuntimeVersionConfig?.RuntimeVersionArn);
  }
  const numbers = { functions: versions.length, versions: new Set(versions).size };
  if (versions.length === 0 || versions.includes(undefined))
    return unsettled(
      "runtimes",
      redactable`Lambda does not say the version of the runtime of each of ${versions.length} functions`,
      redactable`run it again: timelatch doctor --smoke --only deployment`,
      numbers,
    );
  return judged(numbers.versions === 1, "runtimes", {
    says: redactable`${numbers.functions} functions have ${numbers.versions} version${numbers.versions === 1 ? redactable`` : redactable`s`} of their runtime`,
    next: redactable`look again in some days: Lambda updates functions one by one, and near a change of the clocks two may judge hours differently`,
    numbers,
  });
}
