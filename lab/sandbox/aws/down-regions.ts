/** The regions that are down: the sandbox's own switch for the outage of a whole region. */
import { jsonBody } from "./json-body.ts";
import { AwsError } from "./service.ts";
import type { Answer } from "./wire.ts";

export interface DownRegions {
  readonly isDown: (region: string) => boolean;
  /** Over HTTP: `PUT {"down":["us-west-2"]}` says which are down, all others are up again. GET answers the same. */
  readonly serve: (method: string, body: Buffer) => Answer;
  /** Calls back at each change. */
  readonly listen: (callback: () => void) => void;
}

/** @param regions those that the sandbox has */
export function downRegions(regions: readonly string[]): DownRegions {
  let down: readonly string[] = [];
  const listeners: (() => void)[] = [];
  return {
    isDown: (region) => down.includes(region),
    listen: (callback) => void listeners.push(callback),
    serve(method, body) {
      if (method === "GET") return json(200, { down });
      if (method !== "PUT")
        return json(405, { message: `Regions take GET and PUT, not ${method}.` });
      try {
        down = parse(jsonBody(body), regions);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        return json(400, { message: error.message });
      }
      for (const listener of listeners) listener();
      return json(200, { down });
    },
  };
}

function parse(body: Record<string, unknown>, regions: readonly string[]): readonly string[] {
  const { down, ...others } = body;
  const isKnown = (one: unknown): one is string => regions.some((region) => region === one);
  if (Object.keys(others).length > 0 || !Array.isArray(down) || !down.every(isKnown))
    throw new AwsError(
      "ValidationException",
      400,
      `It takes down, a list of regions among ${regions.join(", ")}. Nothing was changed.`,
    );
  return down;
}

const json = (status: number, value: unknown): Answer => ({
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(value),
});
