/** The view that somebody needs first. */
import { useMemo } from "react";
import type { AccessAnswer } from "../../shared/http/contract/access-answer.ts";
import { type Session, seesAll } from "../api/session.ts";
import { useRead } from "../api/use-read.ts";
import type { Address, Route, View } from "./route.ts";

/**
 * Auditors and admins whom no rule lends anything have nothing to hold or ask for. Where it cannot be read whether one
 * does, it is the same view as for everybody.
 *
 * @returns undefined until it is known
 */
export function useHome(session: Session): View | undefined {
  const { answer, problem } = useRead<AccessAnswer>(seesAll(session) ? "/v1/access" : undefined, 0);
  if (!seesAll(session) || problem) return "mine";
  if (!answer) return undefined;
  return answer.clusters.length === 0 ? "clusters" : "mine";
}

/** The view of an address: the same object as long as both stay. */
export const useShown = (address: Address, home: View | undefined): Route | undefined =>
  useMemo(() => {
    if (address.view !== "home") return address;
    return home === undefined ? undefined : { view: home };
  }, [address, home]);
