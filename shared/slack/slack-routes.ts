/** The routes that Slack calls: `POST /slack/<route>`. Infra makes API Gateway routes of them. */
export const SLACK_ROUTES = ["commands", "interactivity", "options", "events"] as const;

export type SlackRoute = (typeof SLACK_ROUTES)[number];

export const slackPath = (route: SlackRoute): string => `/slack/${route}`;
