/** Whether a directory's user can stand in `access.yaml`, and why not. */
import { visible } from "../../domain/values/visible-text.ts";
import { Email } from "../../policy-file/file-values.ts";
import { Literal } from "../../policy-file/people/identity-file.ts";
import { UserId } from "../../policy-file/people/person-file.ts";
import { type DirectoryUser, userText } from "./directory-user.ts";

/** The fields of a user that are written. */
export interface UsableUser {
  readonly userId?: string;
  readonly userName: string;
  readonly email: string;
}

/** The fault of a user, and what to do. */
export type UserFault = { readonly fault: string };

/** Pure. */
export function usableUser(user: DirectoryUser): UsableUser | UserFault {
  const { userId, userName } = user;
  const fault = (why: string) => ({ fault: `${userText(user)} ${why}` });
  if (userName === "")
    return fault("has no user name. Give them one in the directory, or delete them there.");
  if (userId !== undefined && !UserId.safeParse(userId).success)
    return fault("has an id that is none of Identity Center. Export the users from there.");
  if (!isPlain(userName))
    return fault(
      "has a user name with *, ?, ${, or something invisible, or is too long. Rename them in the directory.",
    );
  const email = [user.email, userName].find(isEmail);
  if (email === undefined)
    return fault("has no e-mail address that can be used. Give them one in the directory.");
  return { ...(userId === undefined ? {} : { userId }), userName, email };
}

/** A literal too, since it is shown to approvers. */
const isEmail = (text: string | undefined): text is string =>
  Email.safeParse(text).success && isPlain(text ?? "");

/** No pattern or variable of IAM, and nothing that a reviewer would not see. */
const isPlain = (text: string): boolean =>
  Literal.safeParse(text).success && visible(text) === text;
