/** The terms that the page was served last, by request: a decision is on those, and on no others. */
import { digestOf } from "../../shared/domain/requests/digest.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import type { Refusal } from "./gate.ts";

/** More than anybody looks at in one sitting; the oldest is forgotten. */
const MOST = 200;

export interface ServedTerms {
  keep(request: RequestAnswer): void;
  of(id: string): RequestAnswer | undefined;
  /** Why a decision with this body may not be sent; undefined where it may. */
  fault(id: string, body: unknown): Refusal | undefined;
}

export function servedTerms(): ServedTerms {
  const served = new Map<string, RequestAnswer>();
  return {
    keep(request) {
      served.delete(request.id);
      served.set(request.id, request);
      for (const id of [...served.keys()].slice(0, -MOST)) served.delete(id);
    },
    of: (id) => served.get(id),
    fault(id, body) {
      const request = served.get(id);
      const digest = (body as { readonly digest?: unknown } | null | undefined)?.digest;
      if (!request) return refuse("This page has not shown the request. Nothing was decided.");
      if (digest !== request.digest)
        return refuse(
          "The decision is not on the terms that were shown last. Nothing was decided.",
        );
      return matches(request)
        ? undefined
        : refuse("The request's digest does not match its terms. Nothing was decided.");
    },
  };
}

/** The digest is made again from what was shown, so that nobody decides on other terms. */
const matches = (request: RequestAnswer): boolean => {
  const { cluster: name, clusterArn: arn } = request;
  return digestOf({ ...request, cluster: { name, arn } }) === request.digest;
};

const refuse = (detail: string): Refusal => ({ status: 409, code: "not-shown", detail });
