/** The page where another program's service worker stands between it and the server. */
import Alert from "@cloudscape-design/components/alert";

export const Foreign = () => (
  <main className="alone">
    <Alert type="error" header="The console does not start here">
      Another program used this port before, and left a service worker in your browser. Close every
      tab of this address, then start timelatch console again.
    </Alert>
  </main>
);
