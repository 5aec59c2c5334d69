import type { SandboxAddresses } from "../../sandbox/stack/start.ts";
import { callApi } from "../stage/person.ts";

/** @throws Error where the API refuses or does not answer: then nothing can be judged */
export async function read<Body>(
  sandbox: SandboxAddresses,
  person: string,
  path: string,
): Promise<Body> {
  const { status, text, body } = await callApi(sandbox, person, "GET", path);
  if (status !== 200) throw new Error(`GET ${path} as ${person}: ${text}.`);
  return body as Body;
}
