/** The options of `npm run demo`. */
const HELP = `npm run demo -- [options]

Starts a fresh sandbox, plays an incident in it with the real timelatch, kubectl and aws, and removes
the sandbox again: access is requested, approved, active, overlapped and gone in time. One grant is
asked for and approved in Slack. The console says who had access when. The record is verified,
CloudTrail confirms every call to EKS, and a change around Timelatch becomes a finding.
Takes about a minute. Exit status 0 only if every step passed.

  --browser           plays Slack and the console on their pages, in Chromium; otherwise by
                      calls alone
  --email             the broker has no Slack and writes e-mail: bob types the command that it names
  --without-user-ids  plays it in an Identity Center whose sessions lack the users' ids, with roles
                      that trust user names
  --json              progress goes to stderr; stdout gets one line of JSON at the end:
                      {"ok":true,"steps":[{"name","ok","detail"}…],"canI":{"before","during","after"}}
  --help              print this
`;

export const DEMO_COMMAND = {
  script: "demo",
  help: HELP,
  options: {
    browser: { type: "boolean", default: false },
    email: { type: "boolean", default: false },
    "without-user-ids": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
} as const;
