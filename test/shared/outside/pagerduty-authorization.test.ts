/** Answers of PagerDuty's token service that its pages show, and those that nobody may lean on. */
import { describe, expect, it } from "vitest";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import { pagerdutyAuthorization } from "../../../shared/outside/pagerduty-authorization.ts";
import { NOW, secretOf, whyUnknown } from "./answering.ts";

const STORED = JSON.stringify({
  client_id: "id",
  client_secret: "secret",
  subdomain: "companysubdomain",
});
/** https://developer.pagerduty.com/docs/app-oauth-token, with the scopes that are asked for here */
const DOCUMENTED = {
  access_token: "pdus+_0XBPWQQ_dfd3c718-4a46-400d-a8ec-45bab1fd417e",
  scope: "as_account-us.companysubdomain schedules.read",
  token_type: "bearer",
  expires_in: 2_592_000,
};

/** The authorization where the token service answers that, and what it was asked. */
function answered(body: unknown, status = 200) {
  const asked: { url: string; init: RequestInit | undefined }[] = [];
  const clock = { at: NOW, now: () => clock.at };
  const authorization = pagerdutyAuthorization({
    ...{ secret: secretOf(STORED), clock, origin: "https://" },
    ...{ region: "us", scopes: ["schedules.read"] },
    fetch: async (url, init) => {
      asked.push({ url: String(url), init });
      return Response.json(body, { status });
    },
  });
  return { asked, clock, why: () => whyUnknown(authorization.read()) };
}

describe("The authorization for PagerDuty", () => {
  it("An app's secret is sent as a form, to one host, and the answer's token is used", async () => {
    const { asked, why } = answered(DOCUMENTED);
    expect(await why()).toBe(`Bearer ${DOCUMENTED.access_token}`);
    expect(asked).toMatchObject([
      {
        url: "https://identity.pagerduty.com/oauth/token",
        init: { method: "POST", redirect: "manual" },
      },
    ]);
    expect(Object.fromEntries(new URLSearchParams(String(asked[0]?.init?.body)))).toEqual({
      ...{ grant_type: "client_credentials", client_id: "id", client_secret: "secret" },
      scope: "as_account-us.companysubdomain schedules.read",
    });
  });

  it("Reads at the same time ask for one token, also once the one before has expired", async () => {
    const { asked, clock, why } = answered({ ...DOCUMENTED, expires_in: 3_600 });
    const many = () => Promise.all([why(), why(), why()]);
    const token = `Bearer ${DOCUMENTED.access_token}`;
    expect(await many()).toEqual([token, token, token]);
    expect(asked).toHaveLength(1);
    clock.at = plusSeconds(NOW, 3_600);
    expect(await many()).toEqual([token, token, token]);
    expect(asked).toHaveLength(2);
  });

  it.each([
    ["fewer scopes", { ...DOCUMENTED, scope: "as_account-us.companysubdomain" }, 200, "forbidden"],
    [
      "another account",
      { ...DOCUMENTED, scope: "as_account-us.other schedules.read" },
      200,
      "forbidden",
    ],
    ["no scope", { ...DOCUMENTED, scope: undefined }, 200, "odd"],
    ["a token that no header takes", { ...DOCUMENTED, access_token: "a\r\nb" }, 200, "odd"],
    ["a time that is none", { ...DOCUMENTED, expires_in: "soon" }, 200, "odd"],
    ["a refusal", { error: "invalid_client" }, 401, "token-refused"],
    ["a refusal of a scope", { error: "invalid_scope" }, 400, "token-refused"],
    ["a page of another form", [], 200, "odd"],
  ])("An answer with %s gives no token", async (_, body, status, why) => {
    expect(await answered(body, status).why()).toBe(why);
  });
});
