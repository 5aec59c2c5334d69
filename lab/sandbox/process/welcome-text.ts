/** The text that the sandbox prints when it is ready. */
import path from "node:path";

/** The folder as somebody in `cwd` would type it. */
const shown = (dir: string, cwd: string): string => {
  const relative = path.relative(cwd, dir);
  return relative === "" || relative.startsWith("..") ? dir : relative;
};

const quoted = (word: string): string =>
  /^[\w./@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/**
 * The text that the sandbox prints when it deploys nothing by itself. At most 80 columns wide in
 * the default folder.
 */
export function emptyWelcomeText(dir: string, cwd: string): string {
  const folder = shown(dir, cwd);
  const as = (who: string) => quoted(path.join(folder, "as", who));
  return `
The sandbox runs. Ctrl-C stops it and keeps its state. Logs: ${path.join(folder, "logs")}

Nothing is in the accounts, and the sandbox deploys nothing by itself.
In a new terminal, as the administrator of an account:
  111122223333      source ${as("admin")}
  444455556666      source ${as("spoke-admin")}
Where to go on:     docs/deploy.md; docs/sandbox.md
`;
}

/**
 * At most 80 columns wide in the default folder.
 * @param dir the sandbox's folder, absolute
 * @param slackPageUrl the address of Slack's page, with its token
 */
export function welcomeText(dir: string, cwd: string, slackPageUrl: string): string {
  const folder = shown(dir, cwd);
  return `
The sandbox runs. Ctrl-C stops it and keeps its state. Logs: ${path.join(folder, "logs")}

In a new terminal:  source ${quoted(path.join(folder, "as", "alice"))}
Who is who:         alice requests, bob approves, carol is on call, dave audits,
                    heidi is an admin as carol is, mallory has no rights,
                    admin administers the AWS account
Slack in a browser, where you may act as anybody:
  ${slackPageUrl}
Where to go on:     timelatch access, or timelatch console in a browser;
                    docs/walkthrough.md; docs/sandbox.md
`;
}
