import {
  AssociateAccessPolicyCommand,
  CreateAccessEntryCommand,
  DeleteAccessEntryCommand,
  DescribeAccessEntryCommand,
  DescribeClusterCommand,
  DisassociateAccessPolicyCommand,
  ListAccessEntriesCommand,
  ListAssociatedAccessPoliciesCommand,
  UpdateAccessEntryCommand,
  UpdateClusterConfigCommand,
} from "@aws-sdk/client-eks";
import { describe, expect, it } from "vitest";
import { EDIT, VIEW } from "./eks-fixture.ts";
import { alice, bob, laggingEks } from "./lagging-eks.ts";

const address = { clusterName: "prod", principalArn: alice.arn };
const CLUSTER_SCOPE = { type: "cluster" as const, namespaces: [] };
const create = new CreateAccessEntryCommand(address);
const remove = new DeleteAccessEntryCommand(address);
const read = new DescribeAccessEntryCommand(address);
const list = new ListAssociatedAccessPoliciesCommand(address);
const associate = (policyArn = VIEW) =>
  new AssociateAccessPolicyCommand({ ...address, policyArn, accessScope: CLUSTER_SCOPE });
const disassociate = new DisassociateAccessPolicyCommand({ ...address, policyArn: VIEW });
const NOT_FOUND = { name: "ResourceNotFoundException" };
const IN_USE = { name: "ResourceInUseException" };

type World = Awaited<ReturnType<typeof laggingEks>>;
const trueEntry = ({ eks }: World) => eks.state.clusters["prod"]?.entries[alice.arn];

describe("A stale read", () => {
  it("A stale read misses an entry that is younger than the state it shows", async () => {
    const { client, stale, advance } = await laggingEks();
    await client.send(create);
    advance(1000);
    stale("DescribeAccessEntry", 1001);
    await expect(client.send(read)).rejects.toMatchObject(NOT_FOUND);
    stale("DescribeAccessEntry", 999);
    await expect(client.send(read)).resolves.toBeDefined();
  });

  it("A stale read shows an entry that is gone, with its ARN and its policies", async () => {
    const { client, stale, advance } = await laggingEks();
    const { accessEntry } = await client.send(create);
    await client.send(associate());
    advance(1000);
    await client.send(remove);
    advance(1000);
    stale("DescribeAccessEntry", 1500);
    expect((await client.send(read)).accessEntry).toEqual(accessEntry);
    stale("ListAssociatedAccessPolicies", 1500);
    expect((await client.send(list)).associatedAccessPolicies).toMatchObject([{ policyArn: VIEW }]);
    await expect(client.send(read)).rejects.toMatchObject(NOT_FOUND);
  });

  it("Stale reads may go back in time, Describe and List each at an age of its own", async () => {
    const { client, stale, advance } = await laggingEks();
    await client.send(create);
    advance(1000);
    await client.send(associate());
    advance(1000);
    await client.send(associate(EDIT));
    advance(1000);
    const seen: number[] = [];
    for (const age of [500, 2500, 1500]) {
      stale("ListAssociatedAccessPolicies", age);
      seen.push((await client.send(list)).associatedAccessPolicies?.length ?? -1);
    }
    expect(seen).toEqual([2, 0, 1]);
  });

  it("A stale read shows a cluster's former mode until it is young enough", async () => {
    const { client, stale, advance } = await laggingEks();
    await client.send(
      new UpdateClusterConfigCommand({
        name: "mixed",
        accessConfig: { authenticationMode: "API" },
      }),
    );
    advance(6000);
    const modes: unknown[] = [];
    for (const age of [1, 999, 1001, 6001]) {
      stale("DescribeCluster", age);
      const { cluster } = await client.send(new DescribeClusterCommand({ name: "mixed" }));
      modes.push([cluster?.accessConfig?.authenticationMode, cluster?.status]);
    }
    expect(modes).toEqual([
      ["API", "ACTIVE"],
      ["API", "ACTIVE"],
      ["API_AND_CONFIG_MAP", "UPDATING"],
      ["API_AND_CONFIG_MAP", "ACTIVE"],
    ]);
  });
});

describe("A change that is judged on a stale state", () => {
  it("A create on a stale state creates nothing where a deleted entry is still seen", async () => {
    const world = await laggingEks();
    const { client, stale, advance } = world;
    await client.send(create);
    advance(1000);
    await client.send(remove);
    advance(1000);
    stale("CreateAccessEntry", 1500);
    await expect(client.send(create)).rejects.toMatchObject(IN_USE);
    expect(trueEntry(world)).toBeUndefined();
  });

  it("A create on a stale state creates nothing beside an entry that it does not see", async () => {
    const { client, stale, advance } = await laggingEks();
    const { accessEntry } = await client.send(create);
    advance(1000);
    stale("CreateAccessEntry", 1500);
    await expect(client.send(create)).rejects.toMatchObject(IN_USE);
    expect((await client.send(read)).accessEntry).toEqual(accessEntry);
  });

  it("A create on a stale state answers a spent token with the deleted entry", async () => {
    const world = await laggingEks();
    const { client, stale, advance } = world;
    const once = { ...address, clientRequestToken: "token-1" };
    const { accessEntry } = await client.send(new CreateAccessEntryCommand(once));
    advance(1000);
    await client.send(remove);
    advance(1000);
    stale("CreateAccessEntry", 1500);
    expect((await client.send(new CreateAccessEntryCommand(once))).accessEntry).toEqual(
      accessEntry,
    );
    expect(trueEntry(world)).toBeUndefined();
  });

  it.each([
    ["DeleteAccessEntry", (world: World) => world.client.send(remove)],
    ["AssociateAccessPolicy", (world: World) => world.client.send(associate(EDIT))],
    ["DisassociateAccessPolicy", (world: World) => world.client.send(disassociate)],
    [
      "UpdateAccessEntry",
      (world: World) =>
        world.client.send(new UpdateAccessEntryCommand({ ...address, kubernetesGroups: ["a"] })),
    ],
  ])(
    "On a stale state, %s answers 404 and changes nothing where it does not see the entry",
    async (name, change) => {
      const world = await laggingEks();
      await world.client.send(create);
      await world.client.send(associate());
      const before = structuredClone(trueEntry(world));
      world.advance(1000);
      world.stale(name, 1500);
      await expect(change(world)).rejects.toMatchObject(NOT_FOUND);
      expect(trueEntry(world)).toEqual(before);
      await change(world);
      expect(trueEntry(world)).not.toEqual(before);
    },
  );

  it.each([
    ["DeleteAccessEntry", (world: World) => world.client.send(remove)],
    ["AssociateAccessPolicy", (world: World) => world.client.send(associate(EDIT))],
    ["DisassociateAccessPolicy", (world: World) => world.client.send(disassociate)],
  ])(
    "On a stale state, %s has no effect where the entry it sees is gone, and may be answered",
    async (name, change) => {
      const world = await laggingEks();
      await world.client.send(create);
      await world.client.send(associate());
      world.advance(1000);
      await world.client.send(remove);
      world.advance(1000);
      world.stale(name, 1500);
      world.fractions.push(0.5);
      await expect(change(world)).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } });
      world.stale(name, 1500);
      world.fractions.push(0.49);
      await expect(change(world)).rejects.toMatchObject(NOT_FOUND);
      expect(trueEntry(world)).toBeUndefined();
    },
  );

  it("A disassociation on a stale state leaves a policy that it does not see yet", async () => {
    const { client, stale, advance } = await laggingEks();
    await client.send(create);
    advance(1000);
    await client.send(associate());
    advance(1000);
    stale("DisassociateAccessPolicy", 1500);
    await expect(client.send(disassociate)).rejects.toMatchObject(NOT_FOUND);
    expect((await client.send(list)).associatedAccessPolicies).toHaveLength(1);
  });

  it("A disassociation on a stale state is answered for a policy that is gone", async () => {
    const { client, stale, advance } = await laggingEks();
    await client.send(create);
    await client.send(associate());
    advance(1000);
    await client.send(disassociate);
    advance(1000);
    stale("DisassociateAccessPolicy", 1500);
    await expect(client.send(disassociate)).resolves.toBeDefined();
  });

  it("A change on a stale state applies to the true entry", async () => {
    const { client, stale, advance } = await laggingEks();
    await client.send(create);
    advance(1000);
    await client.send(associate());
    advance(1000);
    stale("AssociateAccessPolicy", 1500);
    await client.send(associate(EDIT));
    expect((await client.send(list)).associatedAccessPolicies).toHaveLength(2);
  });
});

describe("With a read lag", () => {
  it("Under a read lag, a read shows the present or an earlier state, at random", async () => {
    const { client, fractions, advance } = await laggingEks({ readLagSeconds: 2 });
    await client.send(create);
    advance(1000);
    // The cluster is drawn first and then the entry: a coin each, and an age where it says stale.
    fractions.push(0.4, 0.4);
    await expect(client.send(read)).resolves.toBeDefined();
    fractions.push(0.4, 0.5, 0.6);
    await expect(client.send(read)).rejects.toMatchObject(NOT_FOUND);
    fractions.push(0.4, 0.5, 0.4);
    await expect(client.send(read)).resolves.toBeDefined();
  });

  it("Under a read lag, a list shows each entry at an age of its own", async () => {
    const { client, fractions, advance } = await laggingEks({ readLagSeconds: 2 });
    await client.send(create);
    await client.send(new CreateAccessEntryCommand({ ...address, principalArn: bob.arn }));
    advance(1000);
    const listed = async (...drawn: number[]) => {
      fractions.push(0, ...drawn);
      const { accessEntries } = await client.send(
        new ListAccessEntriesCommand({ clusterName: "prod" }),
      );
      return accessEntries;
    };
    expect(await listed(0, 0)).toEqual([alice.arn, bob.arn]);
    expect(await listed(0.9, 0.9, 0)).toEqual([bob.arn]);
    expect(await listed(0, 0.9, 0.9)).toEqual([alice.arn]);
  });

  it("Under a read lag, a change is judged by the same fractions", async () => {
    const { client, fractions, advance } = await laggingEks({ readLagSeconds: 2 });
    await client.send(create);
    advance(1000);
    fractions.push(0.9, 0.9);
    await expect(client.send(remove)).rejects.toMatchObject(NOT_FOUND);
    await expect(client.send(remove)).resolves.toBeDefined();
  });

  it("Every read is true again once the lag has passed", async () => {
    const { client, fractions, advance } = await laggingEks({ readLagSeconds: 2 });
    await client.send(create);
    advance(2000);
    for (let round = 0; round < 20; round += 1) {
      fractions.push(0.9, 0.999, 0.9, 0.999);
      await expect(client.send(read)).resolves.toBeDefined();
    }
  });
});
