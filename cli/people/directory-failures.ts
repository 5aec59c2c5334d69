/** Why no list of people came from a directory. */
import { SyncRefusal } from "../../shared/policy-tools/people-sync/sync-refusal.ts";
import { Failure } from "../failures/failure.ts";

const NOT_DONE = "Nothing was written.";

/** A refusal of the rules as a failure of the command; anything else as it is. */
export const syncFailure = (error: unknown, prefix = ""): unknown =>
  error instanceof SyncRefusal
    ? new Failure(
        "refused",
        "people-not-synced",
        { what: `${prefix}${error.message}`, notDone: NOT_DONE, next: [`Next: ${error.next}`] },
        { cause: error },
      )
    : error;

/** The failure for a refusal of AWS; a failure of ours as it is. */
export const identityCenterRefused = (error: unknown, region: string): unknown =>
  error instanceof Failure || !(error instanceof Error)
    ? error
    : new Failure(
        "refused",
        "directory-unread",
        {
          what: `Cannot read Identity Center in ${region}: ${error.message.replace(/\.?\s*$/, ".")}`,
          notDone: NOT_DONE,
          next: [
            "Next: use credentials of the management account or a delegated administrator (AWS_PROFILE).",
            "They need sso:ListInstances and identitystore:ListUsers, ListGroups and ListGroupMemberships.",
            "Without such credentials: timelatch people sync --from-csv <file>, or --from-scim <file>.",
          ],
        },
        { cause: error },
      );

export const noIdentityCenter = (region: string) =>
  new Failure("usage", "no-directory", {
    what: `There is no Identity Center in ${region} for these credentials.`,
    notDone: NOT_DONE,
    next: ["Next: name its home region: --region <region>, or its store: --identity-store d-…"],
  });

export const severalStores = (stores: readonly string[]) =>
  new Failure("usage", "no-directory", {
    what: `There are several directories: ${stores.join(", ")}.`,
    notDone: NOT_DONE,
    next: ["Next: name one of them: --identity-store d-…"],
  });

export const nobodyCameBack = () =>
  new Failure("refused", "directory-empty", {
    what: "The directory answered no user.",
    notDone: NOT_DONE,
    next: ["Next: look whether it is the right one, and whether the export is whole."],
  });
