/** Loads a function as Lambda does, over ports of a test. Its log and its metrics are kept for the test. */
import type { Context } from "aws-lambda";
import { vi } from "vitest";
import type { Troubles } from "../../functions/metrics/trouble-metrics.ts";

/** A line of a function's log. */
interface Line {
  readonly level: string;
  readonly message: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** The output of a function about its work. */
export interface Said {
  /** Each report of a fault, with its unit unless it is a count. */
  readonly reported: Readonly<Record<string, unknown>>[];
  readonly lines: Line[];
  /** The keys that each later line has. */
  readonly keys: Record<string, unknown>;
}

/** A context whose invocation has this time left. */
export const contextWith = (millisLeft: () => number) =>
  ({ getRemainingTimeInMillis: millisLeft, awsRequestId: "invocation" }) as unknown as Context;

/**
 * Has a function find these exports in place of a module's own: of one that connects ports to AWS, or of a use case
 * that other tests cover. A test calls this before it imports the function, once in a file: a module is loaded once in
 * a process.
 *
 * @param modules by their place in `shared`, without `.ts`
 */
export function standIns(
  modules: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): Said {
  const said: Said = { reported: [], lines: [], keys: {} };
  vi.doMock("../../shared/config.ts", async (original) =>
    Object.fromEntries(Object.keys(await original<object>()).map((name) => [name, () => ({})])),
  );
  for (const [place, exports] of Object.entries(modules))
    vi.doMock(`../../shared/${place}.ts`, () => exports);
  vi.doMock("../../functions/metrics/trouble-metrics.ts", () => ({
    troubleMetrics: () => (troubles: Troubles, unit?: string) =>
      said.reported.push({ ...troubles, ...(unit === undefined ? {} : { unit }) }),
  }));
  const logged =
    (level: string) =>
    (message: string, facts: Line["facts"] = {}) =>
      said.lines.push({ level, message, facts });
  vi.doMock("@aws-lambda-powertools/logger/middleware", () => ({
    injectLambdaContext: () => ({ before: () => undefined }),
  }));
  vi.doMock("@aws-lambda-powertools/logger", () => ({
    Logger: class {
      readonly info = logged("info");
      readonly warn = logged("warn");
      readonly error = logged("error");
      addContext({ awsRequestId }: Context) {
        Object.assign(said.keys, { awsRequestId });
      }
      appendKeys(keys: object) {
        Object.assign(said.keys, keys);
      }
    },
  }));
  return said;
}
