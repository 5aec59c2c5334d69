import { Failure, type NextSteps } from "../failures/failure.ts";

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Reads the API's address, from `--api`, `TIMELATCH_API` or the configuration file: `https://host`,
 * perhaps with a stage, without `/v1`. Plain http is accepted for this machine only.
 *
 * @returns the address without a slash at its end
 * @throws Failure `usage`
 */
export function parseApiAddress(text: string | undefined): string {
  if (!text)
    throw usage("The API's address is not set.", [
      "Next: run timelatch config set api <address>, set TIMELATCH_API, or pass --api <address>.",
      "The address is the output ApiUrl of the deployed stack.",
    ]);
  const url = URL.parse(text);
  if (!url || !["https:", "http:"].includes(url.protocol))
    throw usage(`"${text}" is not an https address.`, [
      "Next: write it as https://<id>.execute-api.<region>.amazonaws.com",
    ]);
  if (url.protocol === "http:" && !LOOPBACK.test(url.hostname))
    throw usage(`"${text}" is plain http, which is accepted for this machine only.`, [
      "Next: use https.",
    ]);
  if (url.username || url.password || url.search || url.hash)
    throw usage("The API's address has more than a host and a path.", [
      "Next: leave out user, query and fragment.",
    ]);
  const address = `${url.origin}${url.pathname}`.replace(/\/+$/, "");
  if (/\/v1$/.test(address))
    throw usage("The API's address ends in /v1, which timelatch adds itself.", [
      `Next: use ${address.replace(/\/v1$/, "")}.`,
    ]);
  return address;
}

const usage = (what: string, next: NextSteps) =>
  new Failure("usage", "api-address", { what, notDone: "Nothing was sent.", next });

/**
 * The region in an API Gateway host: a signature has to name it.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-publish.html
 */
export function regionOfHost(address: string): string | undefined {
  const [, region] =
    /^[a-z0-9-]+\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/.exec(
      new URL(address).hostname,
    ) ?? [];
  return region;
}
