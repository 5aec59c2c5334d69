/** The cover over a page whose console does not answer, or does not know it: what it showed may no longer be true. */
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import { useEffect, useState } from "react";
import { token } from "../api/client.ts";
import { Instant } from "../parts/instant.tsx";

export function Over() {
  const [at] = useState(() => new Date().toISOString());
  useEffect(() => {
    document.title = "Lost – Timelatch";
    token.forget();
  }, []);
  return (
    <main className="alone">
      <Alert
        type="warning"
        header="This page has lost its console"
        action={<Button onClick={() => location.reload()}>Try again</Button>}
      >
        It ended before <Instant at={at} />, or does not know this page. A change that you sent just
        before may have been made. Run <code>timelatch console</code> again; it prints a new
        address. Grants go on without it.
      </Alert>
    </main>
  );
}
