/** The person who uses this page, and the deployment. */
import { createContext, useContext } from "react";
import type { WhoAmIAnswer } from "../../shared/http/contract/who-am-i.ts";

export interface Session extends Pick<WhoAmIAnswer, "person" | "groups" | "roles" | "identityArn"> {
  /** The API's address. */
  readonly api: string;
  /** The version of the command that serves the page. */
  readonly release: string;
}

const Current = createContext<Session | undefined>(undefined);

export const SessionOf = Current.Provider;

/** @throws Error outside of the frame */
export function useSession(): Session {
  const session = useContext(Current);
  if (!session) throw new Error("There is no session here.");
  return session;
}

/** Whether somebody may see everything: cluster, findings, operation. */
export const seesAll = ({ roles }: Pick<Session, "roles">): boolean => roles.length > 0;
