/** The page's calls to the sandbox. The token stands in the page's address. */
const token = new URLSearchParams(location.search).get("token") ?? "";
const headers = { authorization: `Bearer ${token}` };

/** The person's view; undefined if the sandbox does not answer. */
export async function fetchState(user) {
  try {
    const response = await fetch(`/_sandbox/page?user=${encodeURIComponent(user)}`, { headers });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

/** Lets a person act. Answers `{ok, error?, messages?, errors?, options?}`; never rejects. */
export async function sendAction(action) {
  try {
    const response = await fetch("/_sandbox/actions", {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(action),
    });
    const answer = await response.json();
    const error = answer.error ?? (response.ok ? undefined : answer.message);
    return { ...answer, ok: response.ok && error === undefined, error };
  } catch {
    return { ok: false, error: "The sandbox does not answer." };
  }
}
