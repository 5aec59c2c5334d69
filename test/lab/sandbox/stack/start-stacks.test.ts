/** The deployments at a start of the sandbox: an assembly with several stacks, again and again. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { startStacks } from "../../../../lab/sandbox/stack/start-stacks.ts";
import { deploymentOrder } from "../../../../lab/sandbox/template/deployment-order.ts";
import { ACCOUNT, PLACES, SPOKE_ACCOUNT } from "../../../../lab/sandbox/world/account.ts";
import { cloudFormationWorld, deployed, rolesTemplate } from "./cloudformation-world.ts";

interface AssembledStack {
  readonly account?: string;
  readonly after?: readonly string[];
  readonly template?: string;
  readonly terminationProtection?: boolean;
}

const ROOT = `arn:aws:iam::${ACCOUNT}:root`;

/** A folder as the CDK leaves it, with these stacks, each with a role of its name. */
function assembled(stacks: Readonly<Record<string, AssembledStack>>): string {
  const dir = mkdtempSync(path.join(tmpdir(), "assembled-"));
  const artifacts = Object.entries(stacks).map(
    ([name, { account = ACCOUNT, after = [], ...more }]) => [
      name,
      {
        type: "aws:cloudformation:stack",
        dependencies: after,
        properties: more,
        environment: `aws://${account}/us-west-2`,
      },
    ],
  );
  const manifest = { artifacts: Object.fromEntries(artifacts) };
  writeFileSync(path.join(dir, "manifest.json"), JSON.stringify(manifest));
  for (const [name, { template = rolesTemplate({ [name]: ROOT }) }] of Object.entries(stacks)) {
    writeFileSync(path.join(dir, `${name}.template.json`), template);
    writeFileSync(path.join(dir, `${name}.assets.json`), JSON.stringify({ files: {} }));
  }
  return dir;
}

/** The parameter that the CDK's command reads before it deploys. */
const versionIn = ({ ssm }: World["state"]["places"][number]) => {
  const { modifiedAt: _at, ...more } =
    ssm.state.parameters["/cdk-bootstrap/hnb659fds/version"] ?? {};
  return more;
};

type World = Awaited<ReturnType<typeof cloudFormationWorld>>;
const start = ({ accounts, state }: World, dir: string) => startStacks(accounts, state, dir, "Hub");
const roles = ({ state }: World) =>
  Object.values(state.iam.state.roles).filter(({ roleName }) => roleName.startsWith("probe-"));
/** The statuses of every stack but those that prepare a place. */
const statuses = ({ state }: World) =>
  Object.fromEntries(
    state.cloudFormation.state.stacks
      .filter(({ name }) => name !== "CDKToolkit")
      .map(({ name, status }) => [name, status]),
  );

describe("A start of the sandbox", () => {
  it("Every stack is made in its account, and again nothing changes", async () => {
    const world = await cloudFormationWorld();
    const dir = assembled({ Spoke: { account: SPOKE_ACCOUNT }, Hub: { after: ["Spoke"] } });
    await start(world, dir);
    expect(roles(world).map(({ arn }) => arn)).toEqual([
      `arn:aws:iam::${SPOKE_ACCOUNT}:role/probe-spoke`,
      `arn:aws:iam::${ACCOUNT}:role/probe-hub`,
    ]);
    expect(statuses(world)).toEqual({ Spoke: "CREATE_COMPLETE", Hub: "CREATE_COMPLETE" });
    const before = structuredClone([roles(world), world.state.cloudFormation.state]);
    await start(world, dir);
    expect([roles(world), world.state.cloudFormation.state]).toEqual(before);
    await world.close();
  });

  it("Roles of the first start are a minute old, and those of later ones and of operators are new", async () => {
    const world = await cloudFormationWorld();
    const began = Date.now();
    await start(world, assembled({ Hub: {} }));
    await deployed(world.admin, "Own", rolesTemplate({ Own: ROOT }));
    const ages = roles(world).map(({ createDate }) => Date.parse(createDate) - began);
    expect(ages[0]).toBeLessThan(-50_000);
    expect(ages[1]).toBeGreaterThanOrEqual(0);
    await world.close();
  });

  it("A stack has termination protection where the assembly says so", async () => {
    const world = await cloudFormationWorld();
    await start(world, assembled({ Hub: { terminationProtection: true }, People: {} }));
    const refused = async (StackName: string) =>
      (await world.admin("DeleteStack", { StackName })).first("Message");
    expect([await refused("Hub"), await refused("People")]).toEqual([
      "Stack [Hub] cannot be deleted while TerminationProtection is enabled",
      "",
    ]);
    await world.close();
  });

  it("Every place is prepared as by the CDK's command, and stays so", async () => {
    const world = await cloudFormationWorld();
    const dir = assembled({ Hub: {} });
    const prepared = () =>
      world.state.cloudFormation.state.stacks
        .filter(({ name }) => name === "CDKToolkit")
        .map(({ id, account, status }) => `${account} ${id.split(":")[3]} ${status}`);
    await start(world, dir);
    const [first, versions] = [prepared(), world.state.places.map(versionIn)];
    expect(first.sort()).toEqual(
      PLACES.map(({ account, region }) => `${account} ${region} CREATE_COMPLETE`).sort(),
    );
    const trusted = world.state.cloudFormation.state.stacks
      .filter(({ name }) => name === "CDKToolkit")
      .map(({ account, input: { parameters = {} } = {} }) => [
        account,
        ...["TrustedAccounts", "TrustedAccountsForLookup"].map((key) => parameters[key]?.value),
      ]);
    expect(trusted).toEqual(
      PLACES.map(({ account }) =>
        account === ACCOUNT ? [account, "", ""] : [account, ACCOUNT, ACCOUNT],
      ),
    );
    expect(versions).toEqual(PLACES.map(() => ({ type: "String", value: "33", version: 1 })));
    await start(world, dir);
    expect([prepared().sort(), world.state.places.map(versionIn)]).toEqual([first, versions]);
    await world.close();
  });

  it("A stack that the assembly has no more stays where it is protected", async () => {
    const world = await cloudFormationWorld();
    await start(world, assembled({ Hub: {}, Spoke: { terminationProtection: true } }));
    await start(world, assembled({ Hub: {} }));
    expect(statuses(world)).toEqual({ Hub: "CREATE_COMPLETE", Spoke: "CREATE_COMPLETE" });
    await world.close();
  });

  it("A stack that the assembly has no more is deleted, and one of an operator stays", async () => {
    const world = await cloudFormationWorld();
    await start(world, assembled({ Hub: {}, People: { after: ["Hub"] } }));
    await deployed(world.admin, "Own", rolesTemplate({ Own: ROOT }));
    await start(world, assembled({ Hub: {} }));
    expect(statuses(world)).toEqual({
      Hub: "CREATE_COMPLETE",
      People: "DELETE_COMPLETE",
      Own: "CREATE_COMPLETE",
    });
    expect(roles(world).map(({ roleName }) => roleName)).toEqual(["probe-hub", "probe-own"]);
    await world.close();
  });

  it("The first stack that fails is named with its reason, and can be corrected", async () => {
    const world = await cloudFormationWorld();
    const nobody = `arn:aws:iam::${ACCOUNT}:role/nobody`;
    const bad = assembled({ Hub: { template: rolesTemplate({ Hub: nobody }) } });
    await expect(start(world, bad)).rejects.toThrow(
      `Hub: MalformedPolicyDocument: Invalid principal in policy: "AWS":"${nobody}" Nothing was started.`,
    );
    await start(world, assembled({ Hub: {} }));
    expect(statuses(world)).toEqual({ Hub: "CREATE_COMPLETE" });
    await world.close();
  });

  it("A stack of an account that the sandbox lacks is refused", async () => {
    const world = await cloudFormationWorld();
    await expect(start(world, assembled({ Far: { account: "999999999999" } }))).rejects.toThrow(
      `A stack is for account 999999999999. The sandbox has ${ACCOUNT} and ${SPOKE_ACCOUNT} alone.`,
    );
    await world.close();
  });
});

describe("The order of stacks", () => {
  const order = (stacks: Readonly<Record<string, AssembledStack>>) =>
    deploymentOrder(assembled(stacks), "Hub").map(({ name }) => name);

  it("A stack comes after those that it depends on, and the broker's last where nothing says so", () => {
    expect(order({ Hub: { after: ["Spoke"] }, People: { after: ["Hub"] }, Spoke: {} })).toEqual([
      ...["Spoke", "Hub", "People"],
    ]);
    expect(order({ Hub: {}, People: {} })).toEqual(["People", "Hub"]);
  });

  it("Stacks that depend on each other are refused", () => {
    expect(() => order({ A: { after: ["B"] }, B: { after: ["A"] } })).toThrow(
      "A depends on B depends on A. Nothing was started.",
    );
  });
});
