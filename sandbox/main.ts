/** `npm run sandbox`: AWS on a laptop, with the broker's own stack in it. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { takeLock } from "./process/lock.ts";
import { HELP, parseOptions, type SandboxOptions, UsageError } from "./process/options.ts";
import { type SandboxAddresses, startSandbox } from "./stack/start.ts";
import { PEOPLE_SAY } from "./world/world.ts";

/** What a person needs to go on. */
const welcome = (addresses: SandboxAddresses): string => `
The sandbox runs. Ctrl-C stops it; its state is kept.

In another terminal:
  export TIMELATCH_API=${addresses.apiUrl}
  export AWS_CONFIG_FILE=${addresses.awsConfigFile}
  export AWS_SHARED_CREDENTIALS_FILE=${addresses.awsCredentialsFile}
  export KUBECONFIG=${addresses.kubeconfig}

Be someone, with AWS_PROFILE:
${Object.entries(PEOPLE_SAY)
  .map(([name, what]) => `  ${name.padEnd(8)} ${what}`)
  .join("\n")}

Try:
  AWS_PROFILE=alice kubectl --context prod auth can-i delete pods -n payments-api
  AWS_PROFILE=alice npx timelatch request --cluster prod --policy AmazonEKSEditPolicy --namespace payments-api --duration 2m --reason "INC-4711 stuck rollout"
  AWS_PROFILE=bob npx timelatch list --to-approve
  AWS_PROFILE=admin aws eks list-access-entries --cluster-name prod

`;

/** A terminal's Ctrl-C reaches us twice when npm passes it on: within this time it is one request. */
const ONE_REQUEST_MS = 1000;

async function run(options: SandboxOptions): Promise<void> {
  mkdirSync(options.dir, { recursive: true });
  const unlock = takeLock(path.join(options.dir, "lock"));
  process.once("exit", unlock);
  const say = (line: string) => void process.stderr.write(`sandbox: ${line}\n`);
  const starting = startSandbox(options, say);

  let askedAt = 0;
  const end = async () => {
    if (askedAt > 0) {
      if (Date.now() - askedAt < ONE_REQUEST_MS) return;
      // In a hurry: what is written down is kept, and what runs is killed with us.
      (await starting).flush();
      process.exit(0);
    }
    askedAt = Date.now();
    say("Stopping; once more to hurry");
    try {
      const sandbox = await starting;
      await sandbox.stop();
    } catch {
      // It did not start, which `run` reports.
      return;
    }
    process.exit(0);
  };
  process.on("SIGINT", () => void end());
  process.on("SIGTERM", () => void end());

  const { addresses } = await starting;
  if (askedAt > 0) return;
  process.stdout.write(options.json ? `${JSON.stringify(addresses)}\n` : welcome(addresses));
}

try {
  const options = parseOptions(process.argv.slice(2), process.cwd());
  if (options === "help") process.stdout.write(HELP);
  else await run(options);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (error instanceof UsageError) process.stderr.write(`\n${HELP}`);
  process.exit(error instanceof UsageError ? 2 : 1);
}
