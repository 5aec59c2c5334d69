import { beforeEach, describe, expect, it } from "vitest";
import { MANAGED_BY, TAG_MANAGED_BY, TAG_TOKEN } from "../../shared/domain/entries/ledger.ts";
import type {
  AccessEntries,
  CallSession,
  EntryAddress,
} from "../../shared/ports/access-entries.ts";

/** An EKS with one cluster and one role, and no entries. */
export interface AccessEntriesWorld {
  readonly entries: AccessEntries;
  /** The role's address on the cluster. */
  readonly address: EntryAddress;
  /** The role's unique id. */
  readonly principalId: string;
  /** On the cluster, for a role that does not exist. */
  readonly nobody: EntryAddress;
  /** On a cluster that does not exist. */
  readonly nowhere: EntryAddress;
}

const EDIT = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy";
const VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
const SESSION: CallSession = { sessionName: "timelatch-grant-1", sourceIdentity: "alice" };
const token = (n: number) => `token-${n}`;
const namespaces = (...names: string[]) => ({ type: "namespace", namespaces: names }) as const;

/**
 * The guarantees of every AccessEntries on an EKS that shows its changes at once. The staleness of
 * reads depends on EKS; the tests of the fake and the sandbox cover stale reads.
 */
export function accessEntriesContract(name: string, make: () => Promise<AccessEntriesWorld>) {
  describe(`${name} as AccessEntries`, () => {
    let world: AccessEntriesWorld;
    let entries: AccessEntries;
    let address: EntryAddress;
    beforeEach(async () => {
      world = await make();
      ({ entries, address } = world);
    });
    const create = (n: number) => entries.create(address, SESSION, token(n));
    const setGroups = (groups: readonly string[], username: string | null = null) =>
      entries.updateGroups(address, SESSION, groups, username);
    const read = () => entries.read(address, SESSION);

    it("A read returns nothing where there is no entry", async () => {
      expect(await read()).toBeUndefined();
    });

    it("A created entry is STANDARD, has our tags and gives no access", async () => {
      await create(1);
      const entry = await read();
      expect(entry).toMatchObject({
        accessEntryArn: expect.stringMatching(/^arn:aws:eks:.+:access-entry\/.+\/[0-9a-f-]{36}$/),
        type: "STANDARD",
        username: expect.stringMatching(/./),
        createdAt: expect.stringMatching(/Z$/),
      });
      expect(entry?.tags).toEqual({ [TAG_MANAGED_BY]: MANAGED_BY, [TAG_TOKEN]: token(1) });
      expect(entry?.targets).toEqual({});
    });

    it("A create returns the ARN and creation time that reads show", async () => {
      const { accessEntryArn, createdAt } = await create(1);
      expect(await read()).toMatchObject({ accessEntryArn, createdAt });
    });

    it("A change returns its record: the operation, the session and AWS's request id", async () => {
      const { record } = await create(1);
      expect(record).toMatchObject({
        operation: "CreateAccessEntry",
        sessionName: SESSION.sessionName,
        result: "ok",
        requestId: expect.stringMatching(/./),
        at: expect.stringMatching(/Z$/),
      });
      const associated = await entries.associate(address, SESSION, VIEW, { type: "cluster" });
      expect(associated.operation).toBe("AssociateAccessPolicy");
      expect(associated.requestId).not.toBe(record.requestId);
    });

    it("A create repeated with its token returns the same entry and makes no second one", async () => {
      const { record: _, ...first } = await create(1);
      const before = await read();
      expect(await create(1)).toMatchObject(first);
      expect(await read()).toEqual(before);
    });

    it("A create over an entry with another token is refused and changes nothing", async () => {
      await create(1);
      const before = await read();
      await expect(create(2)).rejects.toMatchObject({
        failure: "refused",
        code: "ResourceInUseException",
      });
      expect(await read()).toEqual(before);
    });

    it("A recreated entry has another ARN", async () => {
      await create(1);
      const before = await read();
      await entries.remove(address, SESSION);
      await create(2);
      expect((await read())?.accessEntryArn).not.toBe(before?.accessEntryArn);
    });

    it("An update sets all groups", async () => {
      await create(1);
      await setGroups(["admins", "viewers"]);
      expect((await read())?.targets).toEqual({ groups: ["group/admins", "group/viewers"] });
      await setGroups(["editors"]);
      expect((await read())?.targets).toEqual({ groups: ["group/editors"] });
      await setGroups([]);
      expect((await read())?.targets).toEqual({});
    });

    it("An update keeps the username that it includes, and otherwise generates one", async () => {
      await create(1);
      const generated = (await read())?.username;
      await setGroups(["admins"], "deployer");
      expect(await read()).toMatchObject({ username: "deployer" });
      await setGroups([], "deployer");
      expect(await read()).toMatchObject({ username: "deployer" });
      await setGroups([]);
      expect((await read())?.username).toBe(generated);
    });

    it("Several policies are associated with an entry, each with its own scope", async () => {
      await create(1);
      await entries.associate(address, SESSION, EDIT, namespaces("b", "a-*"));
      await entries.associate(address, SESSION, VIEW, { type: "cluster" });
      expect((await read())?.targets).toEqual({ [EDIT]: ["ns/a-*", "ns/b"], [VIEW]: ["cluster"] });
    });

    it("An association gets a new scope in place of the old one", async () => {
      await create(1);
      await entries.associate(address, SESSION, EDIT, namespaces("a", "b"));
      await entries.associate(address, SESSION, EDIT, namespaces("c"));
      expect((await read())?.targets).toEqual({ [EDIT]: ["ns/c"] });
    });

    it("A disassociation removes one association and keeps the others", async () => {
      await create(1);
      await setGroups(["admins"]);
      await entries.associate(address, SESSION, EDIT, namespaces("a"));
      await entries.associate(address, SESSION, VIEW, namespaces("a"));
      await entries.disassociate(address, SESSION, EDIT);
      expect((await read())?.targets).toEqual({ groups: ["group/admins"], [VIEW]: ["ns/a"] });
    });

    it("A removal of something absent succeeds, and its record says that it was not found", async () => {
      await expect(entries.disassociate(address, SESSION, EDIT)).resolves.toMatchObject({
        operation: "DisassociateAccessPolicy",
        result: "ResourceNotFoundException",
      });
      await expect(entries.remove(address, SESSION)).resolves.toMatchObject({
        operation: "DeleteAccessEntry",
        result: "ResourceNotFoundException",
      });
      await create(1);
      await expect(entries.disassociate(address, SESSION, EDIT)).resolves.toMatchObject({
        result: "ResourceNotFoundException",
      });
    });

    it("A removed entry is gone with everything on it", async () => {
      await create(1);
      await entries.associate(address, SESSION, EDIT, namespaces("a"));
      await expect(entries.remove(address, SESSION)).resolves.toMatchObject({ result: "ok" });
      expect(await read()).toBeUndefined();
    });

    it("An associate without an entry counts as throttled, because the entry may not be visible yet", async () => {
      const associated = entries.associate(address, SESSION, EDIT, namespaces("a"));
      await expect(associated).rejects.toMatchObject({
        failure: "throttled",
        code: "ResourceNotFoundException",
      });
    });

    it("A missing cluster is distinguished from a missing entry", async () => {
      const gone = { failure: "refused", code: "ClusterNotFound" };
      const { nowhere } = world;
      await expect(entries.read(nowhere, SESSION)).rejects.toMatchObject(gone);
      await expect(entries.create(nowhere, SESSION, token(1))).rejects.toMatchObject(gone);
      await expect(entries.disassociate(nowhere, SESSION, EDIT)).rejects.toMatchObject(gone);
      await expect(entries.remove(nowhere, SESSION)).rejects.toMatchObject(gone);
    });

    it("A create for a principal that does not exist is refused", async () => {
      const created = entries.create(world.nobody, SESSION, token(1));
      await expect(created).rejects.toMatchObject({
        failure: "refused",
        code: "InvalidPrincipal",
      });
    });

    it("A principal is read with its unique id, and a missing one as undefined", async () => {
      expect(await entries.principal(address, SESSION)).toMatchObject({ id: world.principalId });
      expect(await entries.principal(world.nobody, SESSION)).toBeUndefined();
    });
  });
}
