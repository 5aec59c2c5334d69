import {
  AssociateAccessPolicyCommand,
  CreateAccessEntryCommand,
  DeleteAccessEntryCommand,
  DisassociateAccessPolicyCommand,
  type AccessScope as ScopeOfEks,
  UpdateAccessEntryCommand,
} from "@aws-sdk/client-eks";
import { TAG_MANAGED_BY, TAG_TOKEN } from "../../domain/entries/ledger.ts";
import type { AccessScope } from "../../domain/requests/request.ts";
import type { AccessEntries, EntryAddress } from "../../ports/access-entries.ts";
import { type EksCaller, entryNames } from "./eks-caller.ts";
import { incomplete, namedForNewEntry, orAbsent } from "./eks-error-names.ts";

type EntryChanges = Pick<
  AccessEntries,
  "create" | "updateGroups" | "associate" | "disassociate" | "remove"
>;

/** The calls that change an entry. They are repeated only if AWS did nothing.
 *
 * @param deployment its name, with which new entries are tagged
 */
export function eksEntryChanges(eks: EksCaller, deployment: string): EntryChanges {
  return {
    async create(address, session, token) {
      const command = createCommand(address, token, deployment);
      const { output, record } = await eks(address, session, "CreateAccessEntry", command);
      const { accessEntryArn, createdAt } = output.accessEntry ?? {};
      if (!accessEntryArn) throw incomplete(record, "accessEntryArn");
      if (!createdAt) throw incomplete(record, "createdAt");
      return { record, accessEntryArn, createdAt: createdAt.toISOString() };
    },

    async updateGroups(address, session, groups, username) {
      const command = new UpdateAccessEntryCommand({
        ...entryNames(address),
        kubernetesGroups: [...groups],
        ...(username ? { username } : {}),
      });
      const { record } = await eks(address, session, "UpdateAccessEntry", command, {
        role: "groups",
        reclassify: namedForNewEntry,
      });
      return record;
    },

    async associate(address, session, policyArn, scope) {
      const command = new AssociateAccessPolicyCommand({
        ...entryNames(address),
        policyArn,
        accessScope: scopeForEks(scope),
      });
      const { record } = await eks(address, session, "AssociateAccessPolicy", command, {
        reclassify: namedForNewEntry,
      });
      return record;
    },

    async disassociate(address, session, policyArn) {
      const command = new DisassociateAccessPolicyCommand({ ...entryNames(address), policyArn });
      const call = eks(address, session, "DisassociateAccessPolicy", command);
      return (await orAbsent(call)).record;
    },

    async remove(address, session) {
      const command = new DeleteAccessEntryCommand(entryNames(address));
      return (await orAbsent(eks(address, session, "DeleteAccessEntry", command))).record;
    },
  };
}

const createCommand = (address: EntryAddress, token: string, deployment: string) =>
  new CreateAccessEntryCommand({
    ...entryNames(address),
    // Explicit although it is the default, because IAM conditions match it in the request.
    type: "STANDARD",
    clientRequestToken: token,
    tags: { [TAG_MANAGED_BY]: deployment, [TAG_TOKEN]: token },
  });

/** EKS refuses a `namespaces` member beside the type `cluster`, even an empty one. */
const scopeForEks = (scope: AccessScope): ScopeOfEks =>
  scope.type === "cluster"
    ? { type: "cluster" }
    : { type: "namespace", namespaces: [...scope.namespaces] };
