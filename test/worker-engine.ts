/** One DynamoDB Local for the test files of a worker: a start of Java takes two seconds of a processor. */
import { randomUUID } from "node:crypto";
import { type LocalEngine, startLocalEngine } from "../lab/sandbox/aws/dynamodb/local-engine.ts";
import { freePort } from "../lab/sandbox/process/network-ports.ts";

let started: Promise<LocalEngine> | undefined;

/** The URL of an engine without tables: nobody else has its access key. It ends with the worker, because its input ends then. */
export async function emptyEngine(): Promise<string> {
  started ??= freePort().then((port) => startLocalEngine({ port, separates: true }));
  const { url } = await started;
  return url.replace("://", `://${randomUUID().replaceAll("-", "")}@`);
}
