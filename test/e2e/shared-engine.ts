/** One DynamoDB Local for all sandboxes of a test run. Each sandbox has tables of its own there. */
import { startLocalEngine } from "../../lab/sandbox/aws/dynamodb/local-engine.ts";
import { freePort } from "../../lab/sandbox/process/network-ports.ts";

const VARIABLE = "TIMELATCH_DYNAMODB";

export async function setup(): Promise<() => Promise<void>> {
  const engine = await startLocalEngine({ port: await freePort(), separates: true });
  process.env[VARIABLE] = engine.url;
  return () => engine.stop();
}

/** From here on, each sandbox of this test file starts an engine of its own, as it does for people. */
export function separateEngines(): void {
  delete process.env[VARIABLE];
}
