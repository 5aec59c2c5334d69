/** Several requests that are stored at once, in memory. */
import type { Step } from "../../shared/domain/requests/lifecycle.ts";
import { BrokerError } from "../../shared/domain/values/errors.ts";
import {
  type PartsRefusal,
  PartsRefused,
  type TogetherStore,
} from "../../shared/ports/together-store.ts";
import { lastOf, type RequestChecks } from "./memory-request-checks.ts";

/** @param write writes the steps of one request, after all checks */
export const memoryTogether = (
  checks: RequestChecks,
  write: (steps: readonly Step[]) => void,
): TogetherStore => ({
  async createTogether(parts, options = {}) {
    const requests = parts.map(({ steps }) => lastOf(steps));
    checks.checkOnce(options);
    const at = <T>(group: readonly number[], list: readonly T[]): readonly T[] =>
      list.filter((_, place) => group.includes(place));
    const refusals = [
      ...parts.flatMap(({ steps }, place) => [
        ...refusalOf([place], () => checks.checkTerms(lastOf(steps))),
        ...refusalOf([place], () => checks.checkNew(steps)),
      ]),
      ...grouped(requests, ({ state }) => (state === "pending" ? state : undefined)).flatMap(
        (group) =>
          refusalOf(group, () => checks.checkPending(at(group, requests), options.mostPending)),
      ),
      ...grouped(parts, ({ automatic }) => automatic?.rule).flatMap((group) =>
        refusalOf(group, () => {
          checks.checkAutomatic(at(group, parts)[0]?.automatic, group.length);
        }),
      ),
      ...grouped(requests, (request) =>
        request.state === "approved" ? checks.bindingOf(request) : undefined,
      ).flatMap((group) =>
        refusalOf(group, () => checks.checkCapacity(at(group, requests), options.capacity)),
      ),
    ];
    if (refusals.length > 0) throw new PartsRefused(refusals);
    for (const { steps, automatic } of parts) {
      checks.countAutomatic(automatic);
      write(steps);
    }
    checks.keep(options, requests);
  },
});

/** The places of those with the same name; without those that have no name. */
function grouped<T>(
  list: readonly T[],
  nameOf: (item: T) => string | undefined,
): readonly (readonly number[])[] {
  const names = list.map(nameOf);
  return [...new Set(names)].flatMap((name) =>
    name === undefined ? [] : [names.flatMap((each, place) => (each === name ? [place] : []))],
  );
}

function refusalOf(parts: readonly number[], check: () => void): readonly PartsRefusal[] {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof BrokerError) return [{ parts, error }];
    throw error;
  }
}
