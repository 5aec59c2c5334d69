/** Asks kubectl, as each person, for what was lent to them. */

import { hasOwnRole } from "../../../test/sample-principals.ts";
import type { SandboxAddresses } from "../../sandbox/stack/start.ts";
import type { KubectlAnswer } from "../judge/seen.ts";
import { runClient } from "../stage/clients.ts";

interface Question {
  readonly person: string;
  readonly cluster: string;
  readonly words: readonly string[];
}

const CREATE = ["create", "deployments", "-n", "payments-api"];
const LIST = ["list", "pods", "-n", "payments-api"];
/** Each is two processes: those whose access is of every kind, and not everybody's. */
const QUESTIONS: readonly Question[] = [
  { person: "alice", cluster: "prod", words: CREATE },
  { person: "mallory", cluster: "prod", words: CREATE },
  { person: "carol", cluster: "prod", words: ["delete", "nodes"] },
  { person: "mallory", cluster: "staging", words: LIST },
];

async function ask(
  sandbox: SandboxAddresses,
  { person, cluster, words }: Question,
): Promise<KubectlAnswer> {
  const isOwn = hasOwnRole(person);
  if (isOwn) await runClient(sandbox, person, "timelatch", ["kubeconfig"]);
  const args = ["--context", isOwn ? `timelatch-${cluster}` : cluster, "auth", "can-i", ...words];
  const env = isOwn ? {} : { KUBECONFIG: sandbox.kubeconfig };
  const { stdout, stderr } = await runClient(sandbox, person, "kubectl", args, env);
  const answer = stdout.trim() || stderr.trim();
  return { person, cluster, question: words.join(" "), answer, at: Date.now() };
}

export async function askKubectl(sandbox: SandboxAddresses): Promise<readonly KubectlAnswer[]> {
  const answers: KubectlAnswer[] = [];
  // One after the other: two processes each, on a machine that is busy enough.
  for (const question of QUESTIONS) answers.push(await ask(sandbox, question));
  return answers;
}
